/** Where values stand in the files of a set, looked up once it is known what to say of them. */
import { type Document, isCollection, isNode, parseDocument } from 'yaml';
import { type JsonNode, positionIn, readJson } from '../../rules/json-source.ts';
import { noticeParts } from '../notice.ts';
import type { PolicyFile } from '../source.ts';
import type { FindingPlace, Step } from './set-finding.ts';

interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

type Way = FindingPlace['way'];

export class FilePlaces {
  readonly #files: ReadonlyMap<string, PolicyFile>;
  readonly #offsets = new Map<string, (way: Way) => number>();

  /** Files by the paths that findings are to show. */
  constructor(files: readonly PolicyFile[]) {
    this.#files = new Map(files.map((file) => [file.path, file]));
  }

  /** Of the value, else of what is nearest around it, else of the file. */
  at({ file, way }: FindingPlace): Place {
    const text = this.#files.get(file)?.text ?? '';
    const offsetOf = this.#offsets.get(file) ?? offsetsIn(file, text);
    this.#offsets.set(file, offsetOf);
    for (let length = way.length; length > 0; length -= 1) {
      const offset = offsetOf(way.slice(0, length));
      if (offset >= 0) return { path: file, ...positionIn(text, offset) };
    }
    return { path: file, line: 1, column: 1 };
  }
}

/** Gives -1 for a way that leads nowhere. */
function offsetsIn(path: string, text: string): (way: Way) => number {
  if (path.endsWith('.json')) {
    const { root } = readJson(text);
    return (way) => (root === null ? -1 : jsonOffset(root, way));
  }
  const document = parseDocument(path.endsWith('.md') ? (noticeParts(text)?.head ?? '') : text);
  return (way) => yamlOffset(document, way);
}

function yamlOffset({ contents }: Document, way: Way): number {
  let node: unknown = contents;
  for (const step of way) node = yamlStep(node, step);
  return isNode(node) ? (node.range?.[0] ?? -1) : -1;
}

function yamlStep(node: unknown, step: Step): unknown {
  if (!isCollection(node)) return undefined;
  if (typeof step !== 'object') return node.get(step, true);
  const { key, is } = step;
  return node.items.find((item) => isCollection(item) && item.get(key) === is);
}

function jsonOffset(root: JsonNode, way: Way): number {
  let node: JsonNode | undefined = root;
  for (const step of way) node = jsonStep(node, step);
  return node?.offset ?? -1;
}

function jsonStep(node: JsonNode | undefined, step: Step): JsonNode | undefined {
  if (node?.kind === 'object' && typeof step === 'string') return node.members.get(step)?.node;
  if (node?.kind === 'list' && typeof step === 'number') return node.items[step];
  return undefined;
}
