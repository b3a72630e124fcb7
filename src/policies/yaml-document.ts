/** YAML with positions: syntax errors become complaints, all else is for a shape to judge. */
import { Composer, type CST, Parser } from 'yaml';
import type { Shape } from './shape.ts';
import type { Source } from './source.ts';

/** One slip can confuse the parser on every later line. */
const syntaxErrorsMax = 10;
const depthMax = 32;

/** Undefined after a complaint. `text` is the beginning of the file where not all of it is YAML. */
export function readYaml<T>(source: Source, shape: Shape<T>, text: string): T | undefined {
  const tokens = [...new Parser().parse(text)];
  if (isTooDeep(tokens)) {
    source.complain(0, 'the file nests too deeply', `at most ${depthMax} levels`);
    return undefined;
  }
  const composer = new Composer({ prettyErrors: false, logLevel: 'silent' });
  const [document, second] = composer.compose(tokens, true, text.length);
  if (document === undefined) throw new Error('the library composes at least one document');
  if (second !== undefined) {
    source.complain(second.range[0], 'the file holds a second document', 'one document a file');
    return undefined;
  }
  const faults = [...document.errors, ...document.warnings];
  for (const { pos, message } of faults.slice(0, syntaxErrorsMax)) {
    source.complain(pos[0], message, 'YAML 1.2');
  }
  const torn = document.errors.some(({ code }) => code !== 'DUPLICATE_KEY');
  return torn ? undefined : shape.read(document.contents, source);
}

/**
 * The library makes its document by recursion, and hostile nesting can exhaust the stack where the
 * process cannot be saved: inside the engine's regular expressions. Its tokens come by iteration.
 */
function isTooDeep(tokens: readonly CST.Token[]): boolean {
  const waiting: { readonly token: CST.Token; readonly depth: number }[] = [];
  const wait = (token: CST.Token | null | undefined, depth: number): void => {
    if (token) waiting.push({ token, depth });
  };
  for (const token of tokens) wait(token, 0);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next;
    if (depth > depthMax) return true;
    if (token.type === 'document') wait(token.value, depth);
    for (const item of 'items' in token ? token.items : []) {
      wait(item.key, depth + 1);
      wait(item.value, depth + 1);
    }
  }
  return false;
}
