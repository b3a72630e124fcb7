/** Constructs that the house does without, each refused with what to write instead. */
import { expect } from 'chai';
import { posix } from 'node:path';
import {
  type Expression,
  type IdentifierName,
  type PrivateIdentifier,
  type Span,
  type Super,
  Visitor,
} from 'oxc-parser';
import { expectNoFaults, parse, placeOf, type Source, sourcesUnder } from './sources.ts';

type Report = (node: Span, fault: string) => void;

/** `process.env` of a member of a plain name, `fetch` of a plain name, else an empty text. */
function nameOf(node: Expression | PrivateIdentifier | IdentifierName | Super): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression' || node.object.type !== 'Identifier') return '';
  return `${node.object.name}.${nameOf(node.property)}`;
}

/** What the compiler lets into the domain, or would if its ambient types came back. */
const ambient = /^(?:console|process|globalThis|performance|crypto|Buffer)\./;
const ambientCalls = /^(?:fetch|setTimeout|setInterval|setImmediate|queueMicrotask)$/;
const clocksAndDice = /^(?:Date\.now|Math\.random)$/;

/** Pure and synchronous: no clock, no random, no input or output, no await. */
function domainBans(source: Source, report: Report): void {
  const synchronous = (node: Span & { async?: boolean; await?: boolean }): void => {
    const waits = node.async === true || node.await === true;
    if (waits) report(node, 'async: let the operation load first and pass values in');
  };
  new Visitor({
    NewExpression: (node) => {
      const now = nameOf(node.callee) === 'Date' && node.arguments.length === 0;
      if (now) report(node, 'Date of now: take an instant as an argument');
    },
    CallExpression: (node) => {
      const name = nameOf(node.callee);
      if (name === 'Date') report(node, 'Date of now: take an instant as an argument');
      if (ambientCalls.test(name)) report(node, `${name}: take the outcome as an argument`);
    },
    MemberExpression: (node) => {
      const name = nameOf(node);
      const banned = clocksAndDice.test(name) || ambient.test(name);
      if (banned) report(node, `${name}: take the value as an argument`);
    },
    AwaitExpression: (node) => report(node, 'await: let the operation load first'),
    FunctionDeclaration: synchronous,
    FunctionExpression: synchronous,
    ArrowFunctionExpression: synchronous,
    ForOfStatement: synchronous,
  }).visit(parse(source).program);
}

const readsEnvironment = /^src\/(main|config)\.ts$|^src\/cli\//;
const printsLines = /^src\/cli\//;

function sourceBans(source: Source, report: Report): void {
  new Visitor({
    TSAnyKeyword: (node) => report(node, 'any: name the type, or unknown and narrow it'),
    TSNonNullExpression: (node) => report(node, 'non-null mark: handle the absence'),
    TSAsExpression: (node) => {
      const inner = node.expression;
      const throughUnknown =
        inner.type === 'TSAsExpression' && inner.typeAnnotation.type === 'TSUnknownKeyword';
      if (throughUnknown) report(node, 'cast through unknown: write a guard that checks the value');
    },
    MemberExpression: (node) => {
      const name = nameOf(node);
      if (name === 'process.env' && !readsEnvironment.test(source.path)) {
        report(node, 'process.env: only src/config.ts, src/main.ts and src/cli read it');
      }
      if (name.startsWith('console.') && !printsLines.test(source.path)) {
        report(node, `${name}: write to the logger that is passed in`);
      }
      const ledgerBytes = source.path.startsWith('src/ledger/') && name === 'JSON.stringify';
      if (ledgerBytes && source.path !== 'src/ledger/canonical.ts') {
        report(node, 'JSON.stringify: evidence has canonical bytes, use src/ledger/canonical.ts');
      }
    },
  }).visit(parse(source).program);
}

const leftover = /\b(?:TODO|FIXME|XXX)\b(?!\s*\(?(?:issue )?#\d+)/;
const suppression = /\b(?:oxlint|eslint)-disable|biome-ignore|c8 ignore|@ts-expect-error/;
const reason = /(?:--|:)\s*\S+(?: \S+){2,}/;

function commentBans(source: Source, report: Report): void {
  for (const comment of parse(source).comments) {
    if (leftover.test(comment.value)) {
      report(comment, 'leftover without an issue number: write "TODO (#12)" or do it now');
    }
    if (/@ts-(?:ignore|nocheck)/.test(comment.value)) {
      report(comment, 'type check switched off: use @ts-expect-error with its reason');
    }
    if (suppression.test(comment.value) && !reason.test(comment.value)) {
      report(comment, 'suppression without its reason: add it after "--" or ":"');
    }
  }
}

const noNoun = /^(?:utils?|helpers?|common|misc|types?|constants?|data|info|base|impl)$/;
/** `processor` alone is the operador of the glossary; as an ending it says nothing. */
const emptyEnding = /^(?:service|manager|handler)$|-(?:service|manager|handler|processor|utils?)$/;

function nameFaults(path: string): string[] {
  const names = path.replace(/(?:\.test)?\.tsx?$/, '').split('/');
  const bad = names.filter((name) => noNoun.test(name) || emptyEnding.test(name));
  const faults = bad.map((name) => `${path}:1 "${name}" names no thing: use a noun of the product`);
  const file = posix.basename(path);
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.test)?\.tsx?$/.test(file)) {
    faults.push(`${path}:1 "${file}": write file names in kebab-case`);
  }
  return faults;
}

function faultsOf(source: Source): string[] {
  const faults: string[] = [];
  const report: Report = (node, fault) => faults.push(`${placeOf(source, node.start)} ${fault}`);
  if (source.path.startsWith('src/domain/')) domainBans(source, report);
  if (source.path.startsWith('src/')) sourceBans(source, report);
  commentBans(source, report);
  return faults;
}

describe('bans', () => {
  const written = ['src', 'test', 'bench'].flatMap(sourcesUnder);

  it('finds no banned construct', () => {
    expectNoFaults(written.flatMap(faultsOf));
  });

  it('finds no file or folder whose name says nothing', () => {
    expectNoFaults(written.flatMap(({ path }) => nameFaults(path)));
  });

  const planted: readonly (readonly [path: string, text: string, words: string])[] = [
    ['src/domain/a.ts', 'const a = new Date();', 'Date of now'],
    ['src/domain/a.ts', 'const a = Date.now();', 'Date.now'],
    ['src/domain/a.ts', 'const a = Math.random();', 'Math.random'],
    ['src/domain/a.ts', 'async function a() {}', 'async'],
    ['src/domain/a.ts', 'const a = await b;', 'await'],
    ['src/domain/a.ts', 'const a = Date();', 'Date of now'],
    ['src/domain/a.ts', 'export {}; for await (const a of b) c(a);', 'async'],
    ['src/domain/a.ts', 'globalThis.process.exit();', 'globalThis.process'],
    ['src/rules/a.ts', 'let a: any;', 'any: name the type'],
    ['src/rules/a.ts', 'const a = b as unknown as C;', 'cast through unknown'],
    ['src/rules/a.ts', 'const a = b!.c;', 'non-null mark'],
    ['src/rules/a.ts', 'console.log(1);', 'console.log'],
    ['src/rules/a.ts', 'const a = process.env.PORT;', 'process.env'],
    ['src/ledger/a.ts', 'const a = JSON.stringify(b);', 'canonical bytes'],
    ['test/rules/a.ts', '// TO' + 'DO later', 'issue number'],
    ['test/rules/a.ts', '// @ts-' + 'ignore', '@ts-expect-error'],
    ['test/rules/a.ts', '// oxlint-' + 'disable-next-line no-console', 'its reason'],
  ];
  for (const [path, text, words] of planted) {
    it(`refuses \`${text}\` in ${path}`, () => {
      const faults = faultsOf({ path, text: `\n${text}` });
      expect(faults.join('\n'))
        .to.match(/^\S+:2 /)
        .and.include(words);
    });
  }

  const allowed: readonly (readonly [path: string, text: string])[] = [
    ['src/domain/a.ts', 'const a = new Date(b);'],
    ['src/domain/a.ts', 'const a = { console: b.process };'],
    ['src/cli/a.ts', 'console.log(process.env.PORT);'],
    ['src/config.ts', 'const a = process.env.PORT;'],
    ['src/ledger/canonical.ts', 'const a = JSON.stringify(b);'],
    ['src/rules/a.ts', '// TO' + 'DO (#12): weekly caps'],
    ['src/rules/a.ts', '// oxlint-' + 'disable-next-line no-console -- the logger is not up yet'],
  ];
  for (const [path, text] of allowed) {
    it(`allows \`${text}\` in ${path}`, () => {
      expect(faultsOf({ path, text })).to.deep.equal([]);
    });
  }

  it('refuses file names that name no thing', () => {
    const bad = ['src/rules/utils.ts', 'src/http/consent-service.ts', 'src/types/consent.ts'];
    expect(bad.flatMap(nameFaults)).to.have.length(3);
    expect(nameFaults('src/rules/RuleSet.ts')).to.have.length(1);
    expect(nameFaults('src/domain/processor.ts')).to.deep.equal([]);
  });
});
