/** Retention runs: what goes when its term is over, what stays, and what is on record of it. */
import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { dayMs, hourMs, toIso } from '../../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { getConsent } from '../../../src/operations/consents/get-consent.ts';
import { dryRunDecision } from '../../../src/operations/decisions/dry-run-decision.ts';
import { getDecision } from '../../../src/operations/decisions/get-decision.ts';
import { eraseSubject } from '../../../src/operations/erasure/erase-subject.ts';
import { recordEvents } from '../../../src/operations/events/record-events.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import { Sequencer } from '../../../src/operations/ledger/sequencer.ts';
import { auditLedger } from '../../../src/operations/ledger-audit/audit.ts';
import { mergeSubjects } from '../../../src/operations/merging/merge-subjects.ts';
import { entryOf, readRecord } from '../../../src/operations/record.ts';
import { createRetentionRun } from '../../../src/operations/retention/create-retention-run.ts';
import { getRetentionRun } from '../../../src/operations/retention/get-retention-run.ts';
import { listRetentionRuns } from '../../../src/operations/retention/list-retention-runs.ts';
import { retentionLeaseMs } from '../../../src/operations/retention/retention-desk.ts';
import { openRun } from '../../../src/operations/retention/retention-run.ts';
import { scheduleRetention } from '../../../src/operations/retention/retention-schedule.ts';
import { listSubjectTimeline } from '../../../src/operations/subjects/list-subject-timeline.ts';
import { StoreFailure } from '../../../src/store/port.ts';
import { FailingStore, failureModes } from '../../faults/failing-store.ts';
import { MemoryStore } from '../../store/memory-store.ts';
import { onBothEngines } from '../../support/engines.ts';
import { makeTestGate, shippedSet } from '../../support/gate.ts';
import { makeLedgerKeys } from '../ledger/records.ts';
import {
  ana,
  bodyOf,
  bruno,
  call,
  codeOf,
  decide,
  idOf,
  itemsOf,
  makeSubject,
  read,
  recordsIn,
} from '../calls.ts';
import { asked, deskOf, ran, retainedPeople } from './retained.ts';

const keys = makeLedgerKeys();

async function expectAuditClean({ store }: Gate): Promise<void> {
  const sequencer = new Sequencer(store, keys);
  while ((await sequencer.step()) > 0);
  const order = { keys: keys.verifiers, older: null, progress: () => undefined };
  const { findings } = await auditLedger(store, order);
  expect(findings.kept).to.deep.equal([]);
}

function certificateOf(run: JsonObject): JsonObject {
  const { certificate } = run as { certificate: { record: JsonObject } | null };
  if (certificate === null) throw new Error('there is no certificate');
  return certificate.record;
}

/** As whoever holds the store adds it up again. */
async function checksumOf({ store }: Gate, run: string): Promise<string> {
  const { items } = await store.readLog('records', null, 1000);
  const sum = items
    .filter((stored) => readRecord(stored).erasure === run)
    .map((stored) => createHash('sha256').update(entryOf(stored)).digest('hex'))
    .reduce((total, hash) => (total + BigInt(`0x${hash}`)) % 2n ** 256n, 0n);
  return `sha256-sum:${sum.toString(16).padStart(64, '0')}`;
}

onBothEngines('a retention run', shippedSet, async ({ first, last, clock, restart }) => {
  const made = await retainedPeople(first, clock);
  const tried = await ran(first, true);
  expect(tried).to.include({
    state: 'done',
    dryRun: true,
    people: 2,
    records: 2,
    certificate: null,
  });
  expect(bodyOf(await getDecision(last, read({ id: made.gone })))).to.include({ id: made.gone });

  const run = await ran(first);
  expect(run).to.include({ state: 'done', dryRun: false, people: 2, records: 2 });
  expect(run['classes']).to.deep.equal(tried['classes']);
  expect(run['classes']).to.deep.equal([
    {
      class: 'marketing',
      trigger: 'consent-ended',
      duration: 'P30D',
      action: 'erase',
      ground: 'LGPD art. 15, III; art. 16',
      records: [
        { kind: 'decision', count: 1 },
        { kind: 'outcome', count: 1 },
      ],
    },
  ]);
  const certificate = certificateOf(run);
  expect(certificate).to.include({ run: idOf(run), records: 2, policySet: run['policySet'] });
  expect(certificate['checksum']).to.equal(await checksumOf(first, idOf(run)));
  await expectAuditClean(first);

  const gone = await getDecision(last, read({ id: made.gone }));
  expect(codeOf(gone)).to.equal('record-erased');
  expect(gone).to.have.nested.property('detail.en').that.includes(idOf(run));
  expect(bodyOf(await getDecision(last, read({ id: made.kept })))).to.include({ id: made.kept });
  expect(bodyOf(await getConsent(last, read({ id: made.consent })))).to.include({
    id: made.consent,
  });

  // The no stands, the next run finds nothing, and a restart finds the certificate.
  expect((await decide(last))['outcome']).to.equal('deny');
  const again = await ran(last);
  expect(again).to.include({ records: 0 });
  const restarted = await restart();
  expect(bodyOf(await getRetentionRun(restarted, read({ id: idOf(run) })))).to.deep.equal(run);
  expect(itemsOf(bodyOf(await listRetentionRuns(restarted, call(null))))).to.have.length(3);
});

describe('a retention run', () => {
  it('waits for the last day of the term, of each record as well', async () => {
    const { gate, clock } = await makeTestGate();
    const made = await retainedPeople(gate, clock);
    clock.advance(-2);
    const denied = idOf(await decide(gate));
    expect(await ran(gate)).to.include({ records: 0 });
    clock.advance(2 + 29 * dayMs);
    expect(await ran(gate)).to.include({ records: 2 });
    expect(bodyOf(await getDecision(gate, read({ id: denied })))).to.include({ id: denied });
    clock.advance(dayMs);
    expect(await ran(gate)).to.include({ records: 1 });
    expect(codeOf(await getDecision(gate, read({ id: denied })))).to.equal('record-erased');
    expect(codeOf(await getDecision(gate, read({ id: made.gone })))).to.equal('record-erased');
  });

  it('leaves a record that another class keeps, and a past without it is not told', async () => {
    const event = { id: 'order-1', type: 'purchase', subject: ana } as const;
    for (const hasOrders of [true, false]) {
      const { gate, clock } = await makeTestGate({
        set: shippedSet((parts) => ({
          ...parts,
          retention: parts.retention.map((kept) =>
            kept.name === 'orders' && !hasOrders
              ? { ...kept, trigger: 'recorded' as const, events: [] }
              : kept,
          ),
        })),
      });
      const subject = await makeSubject(gate, [ana]);
      bodyOf(await recordEvents(gate, call({ ...event, occurredAt: toIso(clock.read()) })));
      const asOf = toIso(clock.read());
      clock.advance(366 * dayMs);
      await makeSubject(gate, [ana], { first_name: 'Ana' });
      expect(await ran(gate)).to.include({ records: hasOrders ? 0 : 1 });
      const act = { action: 'send', purpose: 'promocoes', channel: 'email' } as const;
      const past = await dryRunDecision(gate, call({ subject: ana, ...act, asOf }));
      if (hasOrders) bodyOf(past);
      else expect(codeOf(past)).to.equal('record-erased');
      const told = itemsOf(bodyOf(await listSubjectTimeline(gate, read({ id: subject }))));
      expect(told.map(({ kind }) => kind)).to.include('event');
      const demand = { reason: 'minimise', actor: { kind: 'subject' } } as const;
      const erased = await eraseSubject(gate, call(demand, { path: { id: subject } }));
      expect(bodyOf(erased)).to.include({ state: 'erased' });
      await expectAuditClean(gate);
    }
  });

  it('reaches what was of somebody who was merged', async () => {
    const { gate, clock } = await makeTestGate();
    const survivor = await makeSubject(gate, [bruno]);
    const made = await retainedPeople(gate, clock);
    const merge = { other: made.ana };
    bodyOf(await mergeSubjects(gate, call(merge, { path: { id: survivor } })));
    // The no of the one is the no of both.
    expect(await ran(gate)).to.include({ people: 1, records: 3 });
    for (const id of [made.gone, made.kept]) {
      expect(codeOf(await getDecision(gate, read({ id })))).to.equal('record-erased');
    }
  });

  it('is answered again under its key, and waits for its turn with nine others', async () => {
    const { gate } = await makeTestGate();
    const first = await asked(gate, false, 'a');
    expect(await asked(gate, false, 'a')).to.deep.equal(first);
    for (let at = 1; at < 10; at += 1) await asked(gate, true);
    expect(codeOf(await createRetentionRun(gate, call({})))).to.equal('overloaded');
    expect(codeOf(await getRetentionRun(gate, read({ id: gate.newId('rtr_') })))).to.equal(
      'retention-run-unknown',
    );
    await deskOf(gate).look();
    const { items } = bodyOf(await listRetentionRuns(gate, call(null))) as { items: JsonObject[] };
    expect(items.map(({ state }) => state)).to.deep.equal(Array.from({ length: 10 }, () => 'done'));
  });

  it('is the work of one process at a time', async () => {
    const world = await makeTestGate();
    const { gate, store, clock } = world;
    await retainedPeople(gate, clock);
    const id = idOf(await asked(gate));
    const stored = await store.get('retentionRuns', id);
    if (stored === null) throw new Error('the run is on file');
    const held = { ...openRun(stored), holder: 'prc_other', leaseUntil: clock.read() + 1000 };
    const body = JSON.stringify(held);
    const document = { ...stored, body };
    await store.write([
      { kind: 'replace', collection: 'retentionRuns', document, expectedRevision: 1 },
    ]);
    await deskOf(gate).look();
    expect(bodyOf(await getRetentionRun(gate, read({ id })))).to.include({ state: 'running' });
    clock.advance(retentionLeaseMs);
    await deskOf(gate).look();
    expect(bodyOf(await getRetentionRun(gate, read({ id })))).to.include({ state: 'done' });
  });

  it('begins by itself once it is time, and once over all processes', async () => {
    const { gate, store, clock } = await makeTestGate();
    const other = (await makeTestGate({ store, clock, set: null, seed: 2 })).gate;
    for (const each of [gate, other]) await scheduleRetention(each, 24);
    clock.advance(24 * hourMs);
    await Promise.all([scheduleRetention(gate, 24), scheduleRetention(other, 24)]);
    clock.advance(hourMs);
    await scheduleRetention(other, 24);
    const { items } = bodyOf(await listRetentionRuns(gate, call(null))) as { items: JsonObject[] };
    expect(items.map(({ client, dryRun }) => [client, dryRun])).to.deep.equal([
      ['porteiro', false],
    ]);
  });
});

describe('a retention run whose n-th write fails', () => {
  for (const mode of failureModes) {
    it(`erases everything once and certifies it once (${mode})`, async () => {
      for (let at = 1; ; at += 1) {
        expect(at, 'writes of a run').to.be.lessThan(40);
        const store = new FailingStore(new MemoryStore());
        const { gate, clock } = await makeTestGate({ store });
        const made = await retainedPeople(gate, clock);
        store.arm(at, mode);
        const failed = await (async () => {
          await asked(gate, false, 'key');
          await deskOf(gate).look();
        })().then(
          () => false,
          (error: unknown) => {
            expect(error, `write ${at}`).to.be.instanceOf(StoreFailure);
            return true;
          },
        );
        store.restart();
        const fresh = (await makeTestGate({ store, clock, set: null, seed: 2 })).gate;
        clock.advance(retentionLeaseMs + 2001);
        const id = idOf(await asked(fresh, false, 'key'));
        await deskOf(fresh).look();
        const run = bodyOf(await getRetentionRun(fresh, read({ id: id })));
        expect(run, `write ${at}`).to.include({ state: 'done', records: 2, people: 2 });
        expect(certificateOf(run)['checksum']).to.equal(await checksumOf(fresh, id));
        expect(codeOf(await getDecision(fresh, read({ id: made.gone })))).to.equal('record-erased');
        const kinds = (await recordsIn(fresh)).map(({ kind }) => kind);
        expect(kinds.filter((kind) => kind.startsWith('retention'))).to.deep.equal([
          'retention-run',
          'retention-certificate',
        ]);
        await expectAuditClean(fresh);
        if (!failed) return;
      }
    });
  }
});
