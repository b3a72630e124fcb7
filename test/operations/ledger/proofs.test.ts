/** What the ledger answers, on each engine, held to the verifier, which knows no store. */
import { expect } from 'chai';
import { Problem } from '../../../src/domain/problem.ts';
import { readCheckpoint } from '../../../src/ledger/checkpoint.ts';
import { isConsistent, leafHash, rootByInclusion } from '../../../src/ledger/merkle.ts';
import { verifyEvidence } from '../../../src/ledger/verify.ts';
import { getConsent } from '../../../src/operations/consents/get-consent.ts';
import { getDecision } from '../../../src/operations/decisions/get-decision.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import { getConsentEvidence } from '../../../src/operations/ledger/get-consent-evidence.ts';
import { getDecisionEvidence } from '../../../src/operations/ledger/get-decision-evidence.ts';
import { listLedgerEntries } from '../../../src/operations/ledger/list-ledger-entries.ts';
import { proveConsistency } from '../../../src/operations/ledger/prove-consistency.ts';
import { proveInclusion } from '../../../src/operations/ledger/prove-inclusion.ts';
import { readLedgerCheckpoint } from '../../../src/operations/ledger/read-ledger-checkpoint.ts';
import { readLedgerKeys } from '../../../src/operations/ledger/read-ledger-keys.ts';
import { Sequencer } from '../../../src/operations/ledger/sequencer.ts';
import { noteLedgerKeys } from '../../../src/operations/ledger/store-ledger.ts';
import type { Answer } from '../../../src/operations/operation.ts';
import { makeTestGate } from '../../support/gate.ts';
import { describeWithMongod } from '../../support/mongod.ts';
import { bodyOf, call, codeOf, decide, grant, idOf, makeSubject } from '../calls.ts';
import {
  appendRecords,
  makeLedgerKeys,
  openMemory,
  openMongo,
  type OpenedStore,
  openSqlite,
} from './records.ts';

const keys = makeLedgerKeys();

interface Ask {
  readonly index?: number;
  readonly record?: string;
  readonly size?: number;
}

function hashesIn(answer: Answer): readonly Buffer[] {
  const path = bodyOf(answer)['path'] as readonly string[];
  return path.map((hash) => Buffer.from(hash, 'base64'));
}

function describeProofs(engine: string, openNew: () => Promise<OpenedStore>): void {
  describe(`the ledger on ${engine}`, function () {
    this.timeout(60_000);
    let opened: OpenedStore;
    let gate: Gate;
    beforeEach(async () => {
      opened = await openNew();
      ({ gate } = await makeTestGate({ store: opened.store }));
      expect(await noteLedgerKeys(gate.store, keys)).to.equal(null);
    });
    afterEach(() => opened.destroy());

    async function sequence(): Promise<void> {
      const sequencer = new Sequencer(gate.store, keys);
      while ((await sequencer.step()) > 0);
    }

    async function head(): Promise<{ size: number; root: Buffer }> {
      const answer = await readLedgerCheckpoint(gate);
      const note = answer instanceof Problem ? null : readCheckpoint(answer.text);
      if (note === null) throw new Error('there is no checkpoint');
      return note.checkpoint;
    }

    const include = (query: Ask): Promise<Answer> => proveInclusion(gate, call(null, { query }));

    it('says that nothing has its place yet, and when to come again', async () => {
      await makeSubject(gate);
      const decision = idOf(await decide(gate));
      const path = { id: decision };
      const told = await getDecisionEvidence(gate, call(null, { path }));
      expect(told).to.include({ code: 'not-sequenced-yet', retryAfterSeconds: 2 });
      expect(await readLedgerCheckpoint(gate)).to.include({ code: 'not-sequenced-yet' });
      expect(codeOf(await include({ record: decision }))).to.equal('not-sequenced-yet');
      await sequence();
      const late = idOf(await decide(gate));
      expect(codeOf(await include({ record: late }))).to.equal('not-sequenced-yet');
      const evidence = await getDecisionEvidence(gate, call(null, { path: { id: late } }));
      expect(codeOf(evidence)).to.equal('not-sequenced-yet');
    });

    it('gives evidence of decisions and consents that holds by itself', async () => {
      await makeSubject(gate);
      const receipt = idOf(bodyOf(await grant(gate)));
      const decision = idOf(await decide(gate));
      await appendRecords(gate.store, 300);
      await sequence();
      const { size } = await head();
      const bundles = [
        await getConsentEvidence(gate, call(null, { path: { id: receipt } })),
        await getDecisionEvidence(gate, call(null, { path: { id: decision } })),
      ].map((answer) => JSON.stringify(bodyOf(answer)));
      for (const bundle of bundles) {
        const found = verifyEvidence(bundle, { keys: keys.verifiers, older: null });
        expect(found).to.deep.include({ origin: keys.origin, size });
        const forged = bundle.replace('promocoes', 'pedidos');
        const refused = verifyEvidence(forged, { keys: keys.verifiers, older: null });
        expect(refused).to.deep.include({ check: 'digest' });
      }
      const shown = bodyOf(await getDecision(gate, call(null, { path: { id: decision } })));
      const index = (JSON.parse(bundles[1] ?? '') as { index: number }).index;
      expect(shown['ledger']).to.deep.include({ entry: decision, position: index });
      const read = bodyOf(await getConsent(gate, call(null, { path: { id: receipt } })));
      expect(read['ledger']).to.have.property('position').that.is.a('number');
    });

    it('has no evidence of what is unknown, or of another kind', async () => {
      await makeSubject(gate);
      const receipt = idOf(bodyOf(await grant(gate)));
      const decision = idOf(await decide(gate));
      await sequence();
      const asConsent = await getConsentEvidence(gate, call(null, { path: { id: decision } }));
      expect(codeOf(asConsent)).to.equal('consent-unknown');
      const asDecision = await getDecisionEvidence(gate, call(null, { path: { id: receipt } }));
      expect(codeOf(asDecision)).to.equal('decision-unknown');
    });

    it('proves each entry at each size, and that the one grew out of the other', async () => {
      await appendRecords(gate.store, 5);
      await sequence();
      const earlier = await head();
      await appendRecords(gate.store, 600);
      await sequence();
      const later = await head();
      for (const { size, root } of [earlier, later]) {
        for (const index of [0, 1, size - 1]) {
          const answer = await include({ index, size });
          const leaf = leafHash(bodyOf(answer)['entry'] as string);
          const found = rootByInclusion(leaf, { index, size, path: hashesIn(answer) });
          expect(found).to.deep.equal(root);
        }
      }
      const query = { first: earlier.size, second: later.size };
      const path = hashesIn(await proveConsistency(gate, call(null, { query })));
      expect(isConsistent(earlier, later, path)).to.equal(true);
      const unstated = await proveConsistency(gate, call(null, { query: { first: earlier.size } }));
      expect(hashesIn(unstated)).to.deep.equal(path);
      const fromNothing = await proveConsistency(gate, call(null, { query: { first: 0 } }));
      expect(hashesIn(fromNothing)).to.deep.equal([]);
    });

    it('refuses places that the ledger does not have', async () => {
      await appendRecords(gate.store, 5);
      await sequence();
      const { size } = await head();
      expect(codeOf(await include({ index: size }))).to.equal('ledger-range');
      expect(codeOf(await include({ index: 0, size: size + 1 }))).to.equal('ledger-range');
      expect(codeOf(await include({ index: 4, size: 4 }))).to.equal('ledger-range');
      expect(codeOf(await include({ index: 0, size: 0 }))).to.equal('ledger-range');
      expect(codeOf(await include({}))).to.equal('invalid-request');
      expect(codeOf(await include({ index: 1, record: 'evt_1' }))).to.equal('invalid-request');
      expect(codeOf(await include({ record: 'evt_1' }))).to.equal('record-unknown');
      for (const query of [{ first: size + 1 }, { first: 4, second: 3 }]) {
        const answer = await proveConsistency(gate, call(null, { query }));
        expect(codeOf(answer)).to.equal('ledger-range');
      }
    });

    it('lists entries from any place, and none behind the last', async () => {
      await appendRecords(gate.store, 600);
      await sequence();
      const { size } = await head();
      const read = async (query: { from?: number; limit?: number }): Promise<readonly string[]> => {
        const answer = bodyOf(await listLedgerEntries(gate, call(null, { query })));
        expect(answer).to.include({ size, from: query.from ?? 0 });
        return answer['entries'] as readonly string[];
      };
      const all = [...(await read({ limit: 1024 }))];
      expect(all).to.have.length(size);
      expect(await read({})).to.deep.equal(all.slice(0, 256));
      expect(await read({ from: 250, limit: 10 })).to.deep.equal(all.slice(250, 260));
      expect(await read({ from: size - 1, limit: 10 })).to.deep.equal(all.slice(-1));
      expect(await read({ from: size })).to.deep.equal([]);
      expect(await read({ from: size + 5000 })).to.deep.equal([]);
    });

    it('names its keys, those of before as well, and keeps its name', async () => {
      const told = async (): Promise<unknown> => bodyOf(await readLedgerKeys(gate))['keys'];
      const [first] = keys.verifiers;
      expect(await told()).to.deep.equal([first?.line]);
      const fresh = makeLedgerKeys(keys.origin);
      expect(await noteLedgerKeys(gate.store, fresh)).to.equal(null);
      expect(await told()).to.deep.equal([first?.line, fresh.verifiers[0]?.line]);
      const refusal = await noteLedgerKeys(gate.store, makeLedgerKeys('outra.example/livro'));
      expect(refusal).to.include(`"origin" must be ${keys.origin}`);
    });
  });
}

describeProofs('memory', openMemory);
describeProofs('SQLite', openSqlite);
describeWithMongod('the ledger', 'set', () => describeProofs('MongoDB', openMongo));
