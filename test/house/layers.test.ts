/**
 * Imports point one way. An edge that is added to this table needs its line of reason in
 * docs/decisions/0002-house-layers.md.
 */
import { expect } from 'chai';
import { posix } from 'node:path';
import { Visitor } from 'oxc-parser';
import { expectNoFaults, parse, placeOf, type Source, sourcesUnder } from './sources.ts';

/** Layer -> the layers it may import besides itself. `main` and `config` are single files. */
const edges: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  rules: ['domain'],
  ledger: ['domain'],
  store: ['domain'],
  keys: ['domain', 'ledger'],
  identity: ['domain', 'keys'],
  policies: ['domain', 'rules'],
  operations: ['domain', 'rules', 'ledger', 'store', 'policies', 'keys', 'identity'],
  messages: ['domain', 'operations'],
  html: ['domain'],
  http: ['domain', 'operations', 'html'],
  portal: ['domain', 'operations', 'html'],
  console: ['domain', 'operations', 'html'],
  reports: ['domain', 'operations'],
  config: ['domain'],
};
/** These wire the others, so they may import every layer. */
const wiring = new Set(['main', 'start', 'cli']);

const engines = ['src/store/sqlite', 'src/store/mongo'];
/** What a layer outside store may import of it: the port and what it is written in terms of. */
const storePort = new Set(['src/store/port.ts', 'src/store/collections.ts']);

/** Package -> the folders and files that may import it, where that is not everywhere. */
const homes: Readonly<Record<string, readonly string[]>> = {
  mongoose: ['src/store/mongo'],
  '@photostructure/sqlite': ['src/store/sqlite'],
  'json-rules-engine': ['src/rules'],
  koa: ['src/http', 'src/portal', 'src/console'],
  '@koa/router': ['src/http', 'src/portal', 'src/console'],
  'koa-helmet': ['src/http'],
  'rate-limiter-flexible': ['src/http'],
  'swagger-ui-dist': ['src/http'],
  nodemailer: ['src/messages'],
  preact: ['src/html', 'src/portal', 'src/console', 'src/http/pages'],
  'preact-render-to-string': ['src/html'],
  commander: ['src/cli'],
  picocolors: ['src/cli'],
};

interface Edge {
  readonly from: string;
  readonly specifier: string;
  readonly place: string;
}

/** Static, type-only, re-exported, dynamic and `import('...')` type imports of one file. */
function edgesOf(source: Source): Edge[] {
  const found: Edge[] = [];
  const add = (specifier: string, offset: number): void => {
    found.push({ from: source.path, specifier, place: placeOf(source, offset) });
  };
  const addSource = (node: { source: { value: string } | null; start: number }): void => {
    if (node.source !== null) add(node.source.value, node.start);
  };
  new Visitor({
    ImportDeclaration: addSource,
    ExportNamedDeclaration: addSource,
    ExportAllDeclaration: addSource,
    TSImportType: addSource,
    ImportExpression: (node) => {
      const literal = node.source.type === 'Literal' ? node.source.value : null;
      add(typeof literal === 'string' ? literal : 'a computed path', node.start);
    },
  }).visit(parse(source).program);
  return found;
}

function layerOf(path: string): string {
  return /^src\/([^/.]+)/.exec(path)?.[1] ?? path;
}

function within(path: string, places: readonly string[]): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`));
}

function packageFault(edge: Edge): string | null {
  if (layerOf(edge.from) === 'domain') {
    return `domain imports no package and nothing of Node ("${edge.specifier}"): take an argument`;
  }
  const name = /^(@[^/]+\/)?[^/]+/.exec(edge.specifier)?.[0] ?? edge.specifier;
  const home = homes[name];
  if (home === undefined || within(edge.from, home)) return null;
  return `"${name}" belongs to ${home.join(', ')}: go through what that folder exports`;
}

function layerFault(from: string, to: string): string | null {
  if (wiring.has(from) || from === to) return null;
  const may = edges[from];
  if (may === undefined) return `layer "${from}" is not in the table of test/house/layers.test.ts`;
  if (may.includes(to)) return null;
  const instead = may.length === 0 ? 'nothing but itself' : may.join(', ');
  return `layer "${from}" may not import "${to}"; it may import ${instead}`;
}

function storeFault(edge: Edge, target: string): string | null {
  const from = layerOf(edge.from);
  const engine = engines.find((folder) => within(target, [folder]));
  if (engine !== undefined && !wiring.has(from) && !within(edge.from, [engine])) {
    return `"${edge.specifier}" opens a store: only src/start and cli do, take a Store`;
  }
  const outside = layerOf(target) === 'store' && from !== 'store' && !wiring.has(from);
  if (!outside || storePort.has(target)) return null;
  return `"${edge.specifier}" is inside the store: import src/store/port.ts instead`;
}

function faultOf(edge: Edge): string | null {
  if (!edge.specifier.startsWith('.')) return packageFault(edge);
  const target = posix.join(posix.dirname(edge.from), edge.specifier);
  if (!target.startsWith('src/')) return `"${edge.specifier}" leaves src, which is all that ships`;
  return layerFault(layerOf(edge.from), layerOf(target)) ?? storeFault(edge, target);
}

function faultsOf(source: Source): string[] {
  return edgesOf(source).flatMap((edge) => {
    const fault = faultOf(edge);
    return fault === null ? [] : [`${edge.place} ${fault}`];
  });
}

describe('layers', () => {
  it('lets imports point inwards only', () => {
    expectNoFaults(sourcesUnder('src').flatMap(faultsOf));
  });

  it('sees every form of import', () => {
    const text = [
      "import { a } from '../store/port.ts';",
      "import type { b } from '../store/port.ts';",
      "export * from '../store/port.ts';",
      "export { c } from '../store/port.ts';",
      "export const d = import('../store/port.ts');",
      "export type E = import('../store/port.ts').Store;",
    ].join('\n');
    const lines = faultsOf({ path: 'src/domain/planted.ts', text }).map((fault) =>
      fault.slice(0, 'src/domain/planted.ts:1'.length),
    );
    expect(lines).to.have.members([1, 2, 3, 4, 5, 6].map((n) => `src/domain/planted.ts:${n}`));
  });

  const refusals: readonly (readonly [from: string, specifier: string, words: string])[] = [
    ['src/domain/consent.ts', 'koa', 'imports no package'],
    ['src/domain/consent.ts', 'node:crypto', 'nothing of Node'],
    ['src/rules/core.ts', '../ledger/tree.ts', 'may not import "ledger"'],
    ['src/operations/create-decision.ts', '../http/app.ts', 'may not import "http"'],
    ['src/operations/create-decision.ts', '../store/sqlite/open.ts', 'opens a store'],
    ['src/operations/create-decision.ts', '../store/conformance.ts', 'src/store/port.ts instead'],
    ['src/http/app.ts', '../store/port.ts', 'may not import "store"'],
    ['src/http/app.ts', '../config.ts', 'may not import "config"'],
    ['src/store/mongo/open.ts', '../sqlite/open.ts', 'opens a store'],
    ['src/ledger/tree.ts', 'mongoose', 'belongs to src/store/mongo'],
    ['src/main.ts', '../test/support/cast.ts', 'leaves src'],
    ['src/helpful/thing.ts', '../domain/consent.ts', 'not in the table'],
  ];
  for (const [from, specifier, words] of refusals) {
    it(`refuses ${specifier} in ${from}`, () => {
      expect(faultOf({ from, specifier, place: `${from}:1` })).to.include(words);
    });
  }

  const allowed: readonly (readonly [from: string, specifier: string])[] = [
    ['src/operations/create-decision.ts', '../store/port.ts'],
    ['src/operations/create-decision.ts', '../domain/decision.ts'],
    ['src/store/sqlite/open.ts', '../port.ts'],
    ['src/main.ts', './store/sqlite/open.ts'],
    ['src/cli/main.ts', '../main.ts'],
    ['src/ledger/tree.ts', 'node:crypto'],
  ];
  for (const [from, specifier] of allowed) {
    it(`allows ${specifier} in ${from}`, () => {
      expect(faultOf({ from, specifier, place: `${from}:1` })).to.equal(null);
    });
  }
});
