/** Sizes at which a reader would rather meet two things than one. */
import { expect } from 'chai';
import { posix } from 'node:path';
import { type Span, Visitor } from 'oxc-parser';
import {
  expectNoFaults,
  lineAt,
  parse,
  pathsUnder,
  placeOf,
  type Source,
  sourcesUnder,
} from './sources.ts';

const fileLinesMax = 400;
const functionLinesMax = 70;
const lineWidthMax = 100;
const folderFilesMax = 20;
const parametersMax = 4;

/**
 * Functions over the limit, as `path#name`, with the lines they have. A ratchet: an entry may only
 * shrink and, once its function fits, must go.
 */
const longFunctions: Readonly<Record<string, number>> = {};

interface FunctionSize {
  readonly key: string;
  readonly place: string;
  readonly lines: number;
  readonly parameters: number;
}

type FunctionNode = Span & { readonly params: readonly Span[] };

/** The functions of a file in the order of their text, each named by what it is bound to. */
function functionsOf(source: Source): FunctionSize[] {
  const names = new Map<number, string>();
  const name = (holder: { key?: Span; id?: Span | null }, value: Span | null): void => {
    const label = holder.key ?? holder.id;
    if (label && value) names.set(value.start, source.text.slice(label.start, label.end));
  };
  const found: FunctionSize[] = [];
  const add = (node: FunctionNode): void => {
    const lines = lineAt(source, node.end) - lineAt(source, node.start) + 1;
    const label = names.get(node.start) ?? 'anonymous';
    found.push({
      key: `${source.path}#${label}`,
      place: `${placeOf(source, node.start)} function ${label}`,
      lines,
      parameters: node.params.length,
    });
  };
  new Visitor({
    VariableDeclarator: (node) => name(node, node.init),
    MethodDefinition: (node) => name(node, node.value),
    PropertyDefinition: (node) => name(node, node.value),
    Property: (node) => name(node, node.value),
    FunctionDeclaration: (node) => {
      name(node, node);
      add(node);
    },
    FunctionExpression: add,
    ArrowFunctionExpression: add,
  }).visit(parse(source).program);
  return found;
}

function functionFaults(source: Source, known: Readonly<Record<string, number>>): string[] {
  return functionsOf(source).flatMap(({ key, place, lines, parameters }) => {
    const allowed = known[key] ?? functionLinesMax;
    const faults: string[] = [];
    if (lines > allowed) {
      faults.push(
        `${place} has ${lines} lines, limit ${allowed}: keep the branches, name the rest`,
      );
    }
    if (known[key] !== undefined && lines < allowed) {
      const now = lines <= functionLinesMax ? 'remove its entry' : `lower its entry to ${lines}`;
      faults.push(`${place} shrank: ${now} in longFunctions`);
    }
    if (parameters > parametersMax) {
      faults.push(
        `${place} takes ${parameters} parameters, limit ${parametersMax}: take an object`,
      );
    }
    return faults;
  });
}

function fileFaults(source: Source): string[] {
  const lines = source.text.trimEnd().split('\n').length;
  if (lines <= fileLinesMax) return [];
  return [`${source.path}:${fileLinesMax} ${lines} lines, limit ${fileLinesMax}: split by noun`];
}

/** A text that is alone on its line stays whole: cut in pieces, it cannot be searched for. */
const loneText = /^\s*(?:[\w'-]+: )?(['"`]).*\1[,;]?$/;

function widthFaults(source: Source): string[] {
  return source.text.split('\n').flatMap((line, index) => {
    if (line.length <= lineWidthMax || loneText.test(line)) return [];
    return [
      `${source.path}:${index + 1} ${line.length} wide, limit ${lineWidthMax}: break the line`,
    ];
  });
}

function folderFaults(paths: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const folder = posix.dirname(path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts].flatMap(([folder, count]) => {
    if (count <= folderFilesMax) return [];
    return [`${folder}:1 ${count} files, limit ${folderFilesMax}: divide the folder by noun`];
  });
}

describe('sizes', () => {
  it(`keeps files in src to ${fileLinesMax} lines`, () => {
    expectNoFaults(sourcesUnder('src').flatMap(fileFaults));
  });

  it(`keeps functions to ${functionLinesMax} lines and ${parametersMax} parameters`, () => {
    expectNoFaults(sourcesUnder('src').flatMap((source) => functionFaults(source, longFunctions)));
  });

  it('keeps no entry for a long function that is gone', () => {
    const present = new Set(
      sourcesUnder('src')
        .flatMap(functionsOf)
        .map(({ key }) => key),
    );
    const gone = Object.keys(longFunctions).filter((key) => !present.has(key));
    expectNoFaults(
      gone.map((key) => `test/house/sizes.test.ts:1 ${key} is gone: remove its entry`),
    );
  });

  it(`keeps lines to ${lineWidthMax} characters`, () => {
    expectNoFaults(['src', 'test', 'bench'].flatMap(sourcesUnder).flatMap(widthFaults));
  });

  it(`keeps folders in src to ${folderFilesMax} files`, () => {
    expectNoFaults(folderFaults(pathsUnder('src')));
  });

  describe('on planted faults', () => {
    const long = `export const busy = (a, b, c, d, e) => {\n${'  a();\n'.repeat(80)}};\n`;
    const source: Source = { path: 'src/planted.ts', text: long };

    it('names a long function and one with many parameters', () => {
      const faults = functionFaults(source, {}).join('\n');
      expect(faults).to.include('src/planted.ts:1 function busy has 82 lines, limit 70');
      expect(faults).to.include('src/planted.ts:1 function busy takes 5 parameters, limit 4');
    });

    it('lets a known long function stay, but not grow', () => {
      const key = 'src/planted.ts#busy';
      expect(functionFaults(source, { [key]: 82 }).join()).not.to.include('lines');
      expect(functionFaults(source, { [key]: 81 }).join()).to.include('82 lines, limit 81');
      expect(functionFaults(source, { [key]: 90 }).join()).to.include('lower its entry to 82');
    });

    it('names a long file, a wide line and a full folder', () => {
      const text = `${'a\n'.repeat(400)}${'b'.repeat(101)}\n`;
      expect(fileFaults({ path: 'src/planted.ts', text })).to.have.length(1);
      expect(widthFaults({ path: 'src/planted.ts', text })[0]).to.include('src/planted.ts:401');
      const paths = Array.from({ length: 21 }, (_, index) => `src/full/file-${index}.ts`);
      expect(folderFaults(paths)[0]).to.include('src/full:1 21 files');
    });
  });
});
