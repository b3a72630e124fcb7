/** Evidence and exported ledgers by the vectors, which any other program can be held to as well. */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { anchorLine } from '../../src/ledger/anchor.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { exportEntryLine, exportHeadLine } from '../../src/ledger/exported.ts';
import { isFailure, readKeys } from '../../src/ledger/verification.ts';
import { verifyEvidence, verifyExport } from '../../src/ledger/verify.ts';
import type { VerifierKey } from '../../src/ledger/verifier-key.ts';

interface EvidenceVectors {
  readonly good: readonly { readonly name: string; readonly evidence: JsonObject }[];
  readonly bad: readonly {
    readonly name: string;
    readonly check: string;
    readonly evidence: JsonObject;
  }[];
}

interface Exported {
  readonly name: string;
  readonly lines: readonly string[];
  readonly older: string | null;
}

interface ExportVectors {
  readonly good: readonly Exported[];
  readonly bad: readonly (Exported & { readonly check: string })[];
}

function vectors(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8'));
}

const bundles = vectors('ledger-evidence.json') as EvidenceVectors;
const ledgers = vectors('ledger-exports.json') as ExportVectors;
const silent = (): void => undefined;

async function* linesOf(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

async function checkOf({ lines, older }: Exported): Promise<string | null> {
  const found = await verifyExport(linesOf(lines), { keys: null, older }, silent);
  return isFailure(found) ? found.check : null;
}

function keysIn(evidence: JsonObject): readonly VerifierKey[] {
  const keys = readKeys(evidence['keys'] as readonly string[]);
  if (isFailure(keys)) throw new Error(keys.detail);
  return keys;
}

describe('docs/ledger-format.md', () => {
  it('names every check that a vector fails', () => {
    const page = readFileSync(new URL('../../docs/ledger-format.md', import.meta.url), 'utf8');
    for (const { check } of [...bundles.bad, ...ledgers.bad])
      expect(page).to.include(`\`${check}\``);
  });
});

describe('an evidence bundle', () => {
  for (const { name, evidence } of bundles.good) {
    it(`passes: ${name}`, () => {
      const found = verifyEvidence(JSON.stringify(evidence), { keys: null, older: null });
      expect(found).to.deep.include({ origin: 'loja.example/porteiro', olderSize: null });
    });
  }

  for (const { name, check, evidence } of bundles.bad) {
    it(`fails ${check}: ${name}`, () => {
      const found = verifyEvidence(JSON.stringify(evidence), { keys: null, older: null });
      expect(found).to.deep.include({ check });
    });
  }

  it('is not taken at its word where keys came another way', () => {
    const [first] = bundles.good;
    const other = bundles.good.find(({ name }) => name.includes('a new key'));
    if (first === undefined || other === undefined) throw new Error('vectors are missing');
    const text = JSON.stringify(first.evidence);
    const own = { keys: keysIn(first.evidence), older: null };
    expect(verifyEvidence(text, own)).to.deep.include({ olderSize: null });
    const foreign = { keys: keysIn(other.evidence), older: null };
    expect(verifyEvidence(text, foreign)).to.deep.include({ check: 'signature' });
  });

  it('is compared with an older checkpoint of its own size alone', () => {
    const [first] = bundles.good;
    const one = bundles.good.find(({ name }) => name.includes('one entry'));
    const text = JSON.stringify(first?.evidence);
    const against = (older: unknown): unknown =>
      verifyEvidence(text, { keys: null, older: String(older) });
    expect(against(first?.evidence['checkpoint'])).to.deep.include({ olderSize: 6 });
    expect(against(one?.evidence['checkpoint'])).to.equal('incomparable');
    expect(against('no checkpoint')).to.deep.include({ check: 'older-checkpoint' });
  });

  it('is compared with those of a file of anchors that are of its size', () => {
    const [first] = bundles.good;
    const one = bundles.good.find(({ name }) => name.includes('one entry'));
    const text = JSON.stringify(first?.evidence);
    const lineOf = (checkpoint: unknown): string =>
      anchorLine({ at: '2026-11-25T14:00:00.000Z', checkpoint: String(checkpoint) });
    const mine = lineOf(first?.evidence['checkpoint']);
    const foreign = lineOf(one?.evidence['checkpoint']);
    const against = (older: string): unknown => verifyEvidence(text, { keys: null, older });
    expect(against(mine)).to.deep.include({ olderSize: 6 });
    expect(against(foreign + mine)).to.deep.include({ olderSize: 6 });
    expect(against(foreign)).to.equal('incomparable');
    const torn = against(`${mine}{"at":"2026-`);
    expect(torn).to.deep.include({ check: 'older-checkpoint' });
    expect(torn).to.have.property('detail').that.includes('line 2');
  });

  it('is refused where it is no JSON object at all', () => {
    for (const text of ['', '[]', '7', '"x"', '{', '\u0000', '['.repeat(100_000)]) {
      const found = verifyEvidence(text, { keys: null, older: null });
      expect(found).to.deep.include({ check: 'evidence-form' });
    }
  });
});

describe('an exported ledger', () => {
  for (const ledger of ledgers.good) {
    it(`passes: ${ledger.name}`, async () => {
      expect(await checkOf(ledger)).to.equal(null);
    });
  }

  for (const ledger of ledgers.bad) {
    it(`fails ${ledger.check}: ${ledger.name}`, async () => {
      expect(await checkOf(ledger)).to.equal(ledger.check);
    });
  }

  it('is held to every line of a file of anchors', async () => {
    const older = ledgers.good.find((ledger) => ledger.older !== null);
    const rewritten = ledgers.bad.find(({ check }) => check === 'consistency');
    if (older === undefined || rewritten === undefined) throw new Error('vectors are missing');
    const anchors = (...notes: readonly (string | null)[]): string =>
      notes
        .map((note) => anchorLine({ at: '2026-11-25T14:00:00.000Z', checkpoint: note ?? '' }))
        .join('');
    const newest = (lines: readonly string[]): string =>
      (JSON.parse(lines[0] ?? '') as { readonly checkpoint: string }).checkpoint;
    const good = { ...older, older: anchors(newest(older.lines), older.older) };
    expect(await checkOf(good)).to.equal(null);
    const bad = { ...rewritten, older: anchors(rewritten.older, newest(rewritten.lines)) };
    expect(await checkOf(bad)).to.equal('consistency');
    expect(await checkOf({ ...older, older: anchors('no checkpoint') })).to.equal(
      'older-checkpoint',
    );
  });

  it('is written as it is read', () => {
    const [head = '', first = ''] = ledgers.good[0]?.lines ?? [];
    const { checkpoint, keys } = JSON.parse(head) as { checkpoint: string; keys: string[] };
    expect(exportHeadLine({ checkpoint, keys })).to.equal(head);
    const entry = first.slice('{"entry":'.length, first.indexOf(',"index":'));
    expect(exportEntryLine({ entry, index: 0 })).to.equal(first);
  });
});
