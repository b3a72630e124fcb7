/** Legal holds: what they keep, from whom, how that is told, and how they end. */
import { expect } from 'chai';
import { dayMs, toIso } from '../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { getDecision } from '../../src/operations/decisions/get-decision.ts';
import { eraseSubject } from '../../src/operations/erasure/erase-subject.ts';
import { sweepErasures } from '../../src/operations/erasure/sweep-erasures.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { createLegalHold } from '../../src/operations/legal-holds/create-legal-hold.ts';
import { endLegalHold } from '../../src/operations/legal-holds/end-legal-hold.ts';
import { getLegalHold } from '../../src/operations/legal-holds/get-legal-hold.ts';
import { listLegalHolds } from '../../src/operations/legal-holds/list-legal-holds.ts';
import { sweepLegalHolds } from '../../src/operations/legal-holds/sweep-legal-holds.ts';
import type { Answer } from '../../src/operations/operation.ts';
import { listSubjectTimeline } from '../../src/operations/subjects/list-subject-timeline.ts';
import type { components } from '../../src/operations/wire.ts';
import { StoreFailure } from '../../src/store/port.ts';
import { FailingStore, failureModes } from '../faults/failing-store.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { onBothEngines } from '../support/engines.ts';
import { makeTestGate, shippedSet } from '../support/gate.ts';
import {
  ana,
  bodyOf,
  call,
  codeOf,
  decide,
  grant,
  idOf,
  itemsOf,
  makeSubject,
  read,
  recordsIn,
} from './calls.ts';
import { ran, retainedPeople } from './retention/retained.ts';

type Request = components['schemas']['LegalHoldRequest'];

const why = { reason: 'Processo 0001234-56.2026', author: 'Departamento jurídico' } as const;

function hold(
  gate: Gate,
  reach: Partial<Request>,
  more: { readonly days?: number; readonly key?: string } = {},
): Promise<Answer> {
  const { days = 365, ...keyed } = more;
  const until = toIso(gate.clock() + days * dayMs);
  return createLegalHold(gate, call({ ...why, until, ...reach }, keyed));
}

function erase(gate: Gate, id: string, dryRun = false): Promise<Answer> {
  const demand = { reason: 'erase-consented', actor: { kind: 'subject' }, dryRun } as const;
  return eraseSubject(gate, call(demand, { path: { id } }));
}

function end(gate: Gate, id: string): Promise<Answer> {
  return endLegalHold(gate, read({ id }));
}

onBothEngines('a legal hold', shippedSet, async ({ first, last, clock, restart }) => {
  const made = await retainedPeople(first, clock);
  const held = bodyOf(await hold(first, { subject: made.ana }, { key: 'a' }));
  expect(held).to.include({ ...why, subject: made.ana, purpose: null, class: null, endedAt: null });
  const run = await ran(last);
  expect(run).to.include({ people: 2, records: 0 });
  const until = held['until'];
  expect(run['held']).to.deep.equal({ reason: 'held', people: 1, records: 2, until });
  for (const isDry of [true, false]) {
    const refused = await erase(last, made.ana, isDry);
    expect(codeOf(refused)).to.equal('erasure-refused');
    expect(refused).to.have.nested.property('detail.en').that.includes(until);
    expect(refused).to.have.nested.property('errors[0].message', 'held');
  }
  const restarted = await restart();
  expect(bodyOf(await getLegalHold(restarted, read({ id: idOf(held) })))).to.deep.equal(held);
  bodyOf(await end(restarted, idOf(held)));
  expect(await ran(restarted)).to.include({ records: 2 });
  expect(bodyOf(await erase(restarted, made.ana))).to.include({ state: 'erased' });
});

describe('a legal hold', () => {
  it('is refused without one thing to reach, an end, or with data of a person in it', async () => {
    const { gate } = await makeTestGate();
    const id = await makeSubject(gate);
    const wrong: readonly (readonly [Partial<Request>, string])[] = [
      [{}, '/subject'],
      [{ subject: id, purpose: 'promocoes' }, '/subject'],
      [{ purpose: 'promocao' }, '/purpose'],
      [{ class: 'forever' }, '/class'],
      [{ subject: id, until: toIso(gate.clock()) }, '/until'],
      [{ subject: id, reason: 'CPF 529.982.247-25' }, '/reason'],
      [{ subject: id, author: 'ana@example.com' }, '/author'],
    ];
    for (const [reach, pointer] of wrong) {
      const refused = await hold(gate, reach);
      expect(codeOf(refused), pointer).to.equal('legal-hold-invalid');
      expect(refused).to.have.nested.property('errors[0].pointer', pointer);
    }
    expect(codeOf(await hold(gate, { subject: gate.newId('sub_') }))).to.equal('subject-unknown');
    expect(codeOf(await end(gate, gate.newId('hld_')))).to.equal('legal-hold-unknown');
    expect(codeOf(await getLegalHold(gate, read({ id: gate.newId('hld_') })))).to.equal(
      'legal-hold-unknown',
    );
  });

  it('is over at its end, permits nothing, and stands in the timeline', async () => {
    const { gate, clock } = await makeTestGate();
    const id = await makeSubject(gate, [ana]);
    await grant(gate);
    const held = bodyOf(await hold(gate, { subject: id }, { days: 1 }));
    expect((await decide(gate))['outcome']).to.equal('allow');
    expect(codeOf(await erase(gate, id))).to.equal('erasure-refused');
    const told = itemsOf(bodyOf(await listSubjectTimeline(gate, read({ id }))));
    expect(told.map(({ kind }) => kind)).to.include('legal-hold');
    clock.advance(dayMs);
    expect(bodyOf(await erase(gate, id))).to.include({ state: 'erased' });
    expect(codeOf(await getLegalHold(gate, read({ id: idOf(held) })))).to.equal(
      'legal-hold-unknown',
    );
  });

  it('keeps the records of a purpose or a class, through an erasure as well', async () => {
    for (const reach of [{ purpose: 'promocoes' }, { class: 'marketing' }]) {
      const { gate, clock } = await makeTestGate();
      const made = await retainedPeople(gate, clock);
      const held = bodyOf(await hold(gate, reach, { days: 10 }));
      const run = await ran(gate);
      expect(run).to.include({ records: 0 });
      expect(run['held']).to.include({ people: 1, records: 2, until: held['until'] });
      const erased = bodyOf(await erase(gate, made.ana));
      const [kept] = erased['kept'] as readonly JsonObject[];
      expect(kept).to.include({ class: idOf(held), until: held['until'] });
      expect(bodyOf(await getDecision(gate, read({ id: made.gone })))).to.include({
        id: made.gone,
      });
      clock.advance(10 * dayMs);
      await sweepErasures(gate);
      expect(codeOf(await getDecision(gate, read({ id: made.gone })))).to.equal('record-erased');
    }
  });

  it('ends once, is listed, and comes again under its key as it stands', async () => {
    const { gate, clock } = await makeTestGate();
    const id = await makeSubject(gate);
    const held = bodyOf(await hold(gate, { subject: id }, { key: 'a' }));
    expect(bodyOf(await hold(gate, { subject: id }, { key: 'a' }))).to.deep.equal(held);
    bodyOf(await hold(gate, { class: 'orders' }));
    clock.advance(1);
    const ended = bodyOf(await end(gate, idOf(held)));
    clock.advance(1);
    expect(bodyOf(await end(gate, idOf(held)))).to.deep.equal(ended);
    const listed = itemsOf(bodyOf(await listLegalHolds(gate, call(null))));
    expect(listed).to.have.length(2);
    expect(listed[1]).to.deep.equal(ended);
    const kinds = (await recordsIn(gate)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'legal-hold-ended')).to.have.length(1);
  });

  it('holds, or the erasure was first, whichever of the two comes when', async () => {
    for (let turns = 0; turns < 25; turns += 1) {
      const store = new MemoryStore();
      const { gate, clock } = await makeTestGate({ store });
      const other = (await makeTestGate({ store, clock, set: null, seed: 2 })).gate;
      const id = await makeSubject(gate, [ana]);
      const late = async (): Promise<Answer> => {
        for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
        return hold(other, { subject: id });
      };
      const [erased, held] = await Promise.all([erase(gate, id), late()]);
      const isErased = !('code' in erased);
      const isHeld = !('code' in held);
      expect(isErased && isHeld, `${turns} turns`).to.equal(false);
      expect(isErased || isHeld, `${turns} turns`).to.equal(true);
    }
  });
});

describe('a legal hold that comes while a run goes on', () => {
  it('is met by every list of writes that begins after it', async () => {
    for (let turns = 0; turns < 60; turns += 3) {
      const store = new MemoryStore();
      const { gate, clock } = await makeTestGate({ store });
      const other = (await makeTestGate({ store, clock, set: null, seed: 2 })).gate;
      const made = await retainedPeople(gate, clock);
      let isGoneBefore = false;
      const late = async (): Promise<void> => {
        for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
        bodyOf(await hold(other, { subject: made.ana }));
        const gone = await getDecision(other, read({ id: made.gone }));
        isGoneBefore = 'code' in gone;
      };
      const [run] = await Promise.all([ran(gate), late()]);
      const isGone = 'code' in (await getDecision(other, read({ id: made.gone })));
      expect(isGone, `${turns} turns`).to.equal(isGoneBefore);
      expect(run['records'], `${turns} turns`).to.equal(isGone ? 2 : 0);
    }
  });
});

describe('a legal hold whose n-th write fails', () => {
  for (const mode of failureModes) {
    for (const act of ['ordered', 'ended'] as const) {
      it(`is ${act} once, on record, after a retry or a sweep (${mode})`, async () => {
        for (let at = 1; ; at += 1) {
          expect(at, 'writes').to.be.lessThan(20);
          const store = new FailingStore(new MemoryStore());
          const { gate, clock } = await makeTestGate({ store });
          const id = await makeSubject(gate, [ana]);
          const until = toIso(clock.read() + dayMs);
          const order = (on: Gate): Promise<Answer> =>
            createLegalHold(on, call({ ...why, subject: id, until }, { key: 'a' }));
          const before = act === 'ended' ? idOf(bodyOf(await order(gate))) : '';
          const doIt = (on: Gate): Promise<Answer> =>
            act === 'ended' ? end(on, before) : order(on);
          store.arm(at, mode);
          const failed = await doIt(gate).then(
            () => false,
            (error: unknown) => error instanceof StoreFailure,
          );
          store.restart();
          const fresh = (await makeTestGate({ store, clock, set: null, seed: 2 })).gate;
          await sweepLegalHolds(fresh);
          const { items } = await store.find('legalHolds', {
            index: 'pendingRecord',
            where: {},
            from: '',
            order: 'ascending',
            limit: 10,
          });
          expect(items, `write ${at}`).to.have.length(0);
          bodyOf(await doIt(fresh));
          const kinds = (await recordsIn(fresh)).map(({ kind }) => kind);
          const wanted = act === 'ended' ? ['legal-hold', 'legal-hold-ended'] : ['legal-hold'];
          expect(kinds.filter((kind) => kind.startsWith('legal-hold'))).to.deep.equal(wanted);
          const isRefused = 'code' in (await erase(fresh, id));
          expect(isRefused, `write ${at}`).to.equal(act === 'ordered');
          if (!failed) return;
        }
      });
    }
  }
});
