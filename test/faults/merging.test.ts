/**
 * Merges and undos that are cut off, and that race: nobody is allowed what one of the two forbade,
 * no reference leads nowhere, caps count both, and no two merges end in a circle.
 */
import { expect } from 'chai';
import { hourMs, toIso } from '../../src/domain/calendar/instant.ts';
import { recordConsent } from '../../src/operations/consents/record-consent.ts';
import { createDecision } from '../../src/operations/decisions/create-decision.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { mergeSubjects } from '../../src/operations/merging/merge-subjects.ts';
import { undoMerge } from '../../src/operations/merging/undo-merge.ts';
import type { Answer } from '../../src/operations/operation.ts';
import { lookupSubject } from '../../src/operations/subjects/lookup-subject.ts';
import { sweepPending } from '../../src/operations/subjects/pending-sweep.ts';
import { StoreFailure } from '../../src/store/port.ts';
import {
  ana,
  bodyOf,
  bruno,
  call,
  decide,
  grant,
  idOf,
  makeSubject,
  rulesOf,
  withdraw,
} from '../operations/calls.ts';
import { capMax } from '../support/capped-policies.ts';
import { FailingStore, failureModes } from './failing-store.ts';
import { makeStorm, type Storm, stormy } from './storm.ts';
import { contactsIn, expectSettled, expectTruths } from './truths.ts';
import { makeWorld } from './world.ts';

const writesMax = 24;
const seeds = 60;
const carla = { type: 'email', value: 'carla@example.com' } as const;
type Person = typeof ana | typeof bruno | typeof carla;

function merge(gate: Gate, id: string, other: string, key: string): Promise<Answer> {
  return mergeSubjects(gate, call({ other }, { path: { id }, key }));
}

function undo(gate: Gate, id: string, mergeId: string, key: string): Promise<Answer> {
  return undoMerge(gate, call(null, { path: { id, mergeId }, key }));
}

/** One of the two is known and consents, the other one withdrew; or both consent. */
type Silence = 'nobody' | 'the survivor' | 'the other';
const silences: readonly Silence[] = ['nobody', 'the survivor', 'the other'];
type Operation = 'merge' | 'undo';
interface Cut {
  readonly silence: Silence;
  readonly operation: Operation;
}

interface Couple {
  readonly id: string;
  readonly other: string;
  /** Of an undo: the merge. */
  readonly merged: string;
}

async function makeCouple(gate: Gate, { silence, operation }: Cut): Promise<Couple> {
  const id = await makeSubject(gate, [ana]);
  const other = await makeSubject(gate, [bruno]);
  for (const subject of [ana, bruno]) {
    bodyOf(await grant(gate, { subject }));
    await decide(gate, { subject });
  }
  if (silence === 'the survivor') bodyOf(await withdraw(gate));
  if (silence === 'the other') bodyOf(await withdraw(gate, { subject: bruno }));
  const merged = operation === 'merge' ? '' : idOf(bodyOf(await merge(gate, id, other, 'first')));
  return { id, other, merged };
}

function act(gate: Gate, { operation }: Cut, { id, other, merged }: Couple): Promise<Answer> {
  return operation === 'merge' ? merge(gate, id, other, 'one') : undo(gate, id, merged, 'one');
}

/** Fails each write in turn; `check` sees what it left, with processes that remember the two. */
async function failingEach(
  cut: Cut,
  check: (left: {
    readonly gates: readonly Gate[];
    readonly boot: () => Gate;
    readonly couple: Couple;
    readonly advance: (ms: number) => void;
    readonly expectWhole: () => Promise<void>;
  }) => Promise<void>,
): Promise<void> {
  for (const mode of failureModes) {
    for (let at = 1; at <= writesMax; at += 1) {
      const stores: FailingStore[] = [];
      const world = await makeWorld((inner) => {
        const failing = new FailingStore(inner);
        stores.push(failing);
        return failing;
      });
      const [store] = stores;
      if (store === undefined) throw new Error('the world has no store');
      const [gate, remembering] = [world.boot(), world.boot()];
      const couple = await makeCouple(gate, cut);
      world.clock.advance(5 * hourMs);
      for (const subject of [ana, bruno]) await decide(remembering, { subject, purpose: 'perfil' });
      store.arm(at, mode);
      const answer = await act(gate, cut, couple).catch((error: unknown) => error);
      const hasFailed = store.hasFailed;
      store.restart();
      if (!hasFailed) {
        expect(at, 'writes').to.be.greaterThan(5);
        break;
      }
      expect(answer, `write ${at}`).to.be.instanceOf(StoreFailure);
      await check({
        gates: [remembering, gate, world.boot()],
        boot: world.boot,
        couple,
        advance: world.clock.advance,
        expectWhole: async () => {
          await sweepPending(gate);
          await expectSettled(world.shelves, world.boot());
        },
      });
      expect(at, 'writes').to.be.lessThan(writesMax);
    }
  }
}

function named(
  couple: Couple,
): readonly (readonly [Person | { type: 'id'; value: string }, Silence])[] {
  return [
    [ana, 'the survivor'],
    [bruno, 'the other'],
    [{ type: 'id', value: couple.id }, 'the survivor'],
    [{ type: 'id', value: couple.other }, 'the other'],
  ];
}

describe('a merge or an undo that is cut off', function () {
  this.timeout(60_000);

  for (const operation of ['merge', 'undo'] as const) {
    for (const silence of silences) {
      it(`${operation}, ${silence} withdrew: allows nothing more, loses nobody`, async () => {
        await failingEach({ operation, silence }, async (left) => {
          const allows = { 'the survivor': 0, 'the other': 0, nobody: 0 };
          for (const gate of [...left.gates, ...left.gates]) {
            for (const [subject, whose] of named(left.couple)) {
              left.advance(5 * hourMs);
              const answer = await decide(gate, { subject });
              expect(rulesOf(answer)).not.to.include('subject-unknown');
              if (answer['outcome'] !== 'allow') continue;
              allows[whose] += 1;
              expect(whose, 'allowed').not.to.equal(silence);
            }
          }
          // Each had one contact of two a week, before it was merged or parted.
          expect(allows['the survivor'], 'survivor').to.be.at.most(1);
          expect(allows['the other'], 'other').to.be.at.most(1);
          await left.expectWhole();
        });
      });
    }
  }

  it('binds on every process once a retry acknowledges it', async () => {
    for (const silence of silences) {
      await failingEach({ operation: 'merge', silence }, async (left) => {
        const [remembering, gate] = left.gates;
        if (remembering === undefined || gate === undefined) throw new Error('no process');
        bodyOf(await act(gate, { operation: 'merge', silence }, left.couple));
        for (const process of left.gates) {
          for (const [subject] of named(left.couple)) {
            left.advance(5 * hourMs);
            const answer = await decide(process, { subject });
            // Two contacts a week are used up together, where nobody has withdrawn.
            expect(answer['outcome']).to.equal(silence === 'nobody' ? 'defer' : 'deny');
          }
        }
        await left.expectWhole();
      });
    }
  });
});

function ask(storm: Storm, subject: Person): Promise<boolean> {
  const body = { subject, action: 'send', purpose: 'promocoes', channel: 'email' } as const;
  const key = storm.key();
  return storm
    .insistTwice((gate) => createDecision(gate, call(body, { key })))
    .then(({ outcome }) => outcome === 'allow');
}

function stop(storm: Storm, subject: Person): Promise<unknown> {
  const key = storm.key();
  const said = { event: 'withdrawn', purpose: 'promocoes', channels: ['email'] } as const;
  return storm.insistTwice((gate) =>
    recordConsent(gate, call({ subject, ...said, occurredAt: toIso(gate.clock()) }, { key })),
  );
}

async function eachSeed(run: (storm: Storm) => Promise<void>): Promise<void> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    try {
      await run(await makeStorm(seed));
    } catch (error) {
      if (error instanceof Error) error.message = `seed ${seed}: ${error.message}`;
      throw error;
    }
  }
}

async function inStorm(storm: Storm, people: readonly Person[]): Promise<readonly string[]> {
  const [first] = storm.gates;
  if (first === undefined) throw new Error('no process');
  const ids: string[] = [];
  for (const subject of people) {
    ids.push(await makeSubject(first, [subject]));
    bodyOf(await grant(first, { subject }));
    // Every process remembers both.
    for (const gate of storm.gates) await decide(gate, { subject, purpose: 'perfil' });
  }
  return ids;
}

async function expectWhole({ world }: Storm): Promise<void> {
  const fresh = world.boot();
  await expectTruths(world.shelves, fresh);
  await sweepPending(fresh);
  await expectSettled(world.shelves, fresh);
}

/** A merge among decisions about both, and maybe a withdrawal of one of them. */
async function mergeInTheMidst(storm: Storm): Promise<void> {
  const { dice } = storm;
  const [id = '', other = ''] = await inStorm(storm, [ana, bruno]);
  storm.begin(dice.chance(0.5) ? stormy : 0);
  const state = { isMerged: false, isStopped: false, allows: 0, allowsAfter: 0 };
  const asking = Array.from({ length: 10 }, async () => {
    await storm.idle(160);
    const { isMerged, isStopped } = state;
    const isAllowed = await ask(storm, dice.pick([ana, bruno]));
    if (isAllowed) state.allows += 1;
    if (isMerged && isAllowed) state.allowsAfter += 1;
    expect(isMerged && isStopped && isAllowed, 'allowed after both').to.equal(false);
  });
  const key = storm.key();
  const merging = (async () => {
    await storm.idle(60);
    await storm.insistTwice((gate) => merge(gate, id, other, key));
    state.isMerged = true;
  })();
  const stopping = (async () => {
    await storm.idle(120);
    if (dice.chance(0.4)) return;
    await stop(storm, dice.pick([ana, bruno]));
    state.isStopped = true;
  })();
  await Promise.all([...asking, merging, stopping]);
  for (const gate of storm.gates) {
    for (const subject of [ana, bruno]) {
      const asked = { subject, action: 'send', purpose: 'promocoes', channel: 'email' } as const;
      const { outcome } = await storm.insist(() => createDecision(gate, call(asked)));
      if (state.isStopped) expect(outcome, 'after both').to.equal('deny');
      if (outcome === 'allow') state.allowsAfter += 1;
      if (outcome === 'allow') state.allows += 1;
      const { id: found } = await storm.insist(() => lookupSubject(gate, call({ subject })));
      expect(found).to.equal(id);
    }
  }
  // As two they had a cap each; as one, nothing more beyond one cap.
  if (state.allowsAfter > 0) expect(state.allows, 'allows').to.be.at.most(capMax);
  storm.end();
  await expectWhole(storm);
}

/** An undo among decisions about both and a withdrawal of the one that leaves. */
async function undoInTheMidst(storm: Storm): Promise<void> {
  const { dice } = storm;
  const [id = '', other = ''] = await inStorm(storm, [ana, bruno]);
  const [first] = storm.gates;
  if (first === undefined) throw new Error('no process');
  const merged = idOf(bodyOf(await merge(first, id, other, 'first')));
  storm.begin(dice.chance(0.5) ? stormy : 0);
  const state = { isStopped: false };
  const asking = Array.from({ length: 14 }, async () => {
    await storm.idle(160);
    const { isStopped } = state;
    const isAllowed = await ask(storm, bruno);
    expect(isStopped && isAllowed, 'allowed after the withdrawal').to.equal(false);
  });
  const key = storm.key();
  const undoing = (async () => {
    await storm.idle(60);
    await storm.insistTwice((gate) => undo(gate, id, merged, key));
  })();
  const stopping = (async () => {
    await storm.idle(120);
    await stop(storm, bruno);
    state.isStopped = true;
  })();
  await Promise.all([...asking, undoing, stopping]);
  for (const gate of storm.gates) {
    const asked = {
      subject: bruno,
      action: 'send',
      purpose: 'promocoes',
      channel: 'email',
    } as const;
    const { outcome } = await storm.insist(() => createDecision(gate, call(asked)));
    expect(outcome, 'after the withdrawal').to.equal('deny');
    for (const [subject, leads] of [
      [ana, id],
      [bruno, other],
    ] as const) {
      const found = await storm.insist(() => lookupSubject(gate, call({ subject })));
      expect(found['id']).to.equal(leads);
    }
  }
  storm.end();
  expect(contactsIn(storm.world.shelves, other).length, 'contacts').to.be.at.most(capMax);
  await expectWhole(storm);
}

/** Merged, parted and merged again, while those who help with the one before are still about. */
async function mergeAgainAndAgain(storm: Storm): Promise<void> {
  const { dice } = storm;
  const [id = '', other = ''] = await inStorm(storm, [ana, bruno]);
  storm.begin(dice.chance(0.5) ? stormy : 0);
  const state = { isOver: false, allows: 0 };
  const asking = Array.from({ length: 3 }, async () => {
    while (!state.isOver) {
      await storm.idle(40);
      if (await ask(storm, dice.pick([ana, bruno]))) state.allows += 1;
    }
  });
  for (let round = 0; round < 3; round += 1) {
    const [first, second] = [storm.key(), storm.key()];
    const merged = idOf(await storm.insistTwice((gate) => merge(gate, id, other, first)));
    await storm.insistTwice((gate) => undo(gate, id, merged, second));
  }
  const last = storm.key();
  await storm.insistTwice((gate) => merge(gate, id, other, last));
  state.isOver = true;
  await Promise.all(asking);
  storm.end();
  const contacts = contactsIn(storm.world.shelves, id).length;
  expect(contacts, 'contacts of both').to.be.at.least(state.allows);
  for (const subject of [ana, bruno]) {
    const isAllowed = await ask(storm, subject);
    if (isAllowed) state.allows += 1;
    if (isAllowed) expect(state.allows, 'allows').to.be.at.most(capMax);
  }
  await expectWhole(storm);
}

/** Merges that would end in a circle, of two or of three. */
async function mergesInACircle(storm: Storm): Promise<void> {
  const people = storm.dice.chance(0.5) ? [ana, bruno] : [ana, bruno, carla];
  const ids = await inStorm(storm, people);
  storm.begin(storm.dice.chance(0.5) ? stormy : 0);
  const merging = ids.map(async (id, place) => {
    const key = storm.key();
    const other = ids[(place + 1) % ids.length] ?? '';
    await storm.idle(40);
    try {
      await storm.insist((gate) => merge(gate, id, other, key));
      return 1;
    } catch (error) {
      expect(String(error)).to.include('subject-merged');
      return 0;
    }
  });
  const asking = Array.from({ length: 8 }, async () => {
    await storm.idle(100);
    await ask(storm, storm.dice.pick(people));
  });
  const [done] = await Promise.all([Promise.all(merging), ...asking]);
  const merged = done.reduce<number>((sum, each) => sum + each, 0);
  expect(merged, 'merges').to.be.within(1, ids.length - 1);
  const leads = new Set<unknown>();
  for (const subject of people) {
    const found = await storm.insist((gate) => lookupSubject(gate, call({ subject })));
    leads.add(found['id']);
  }
  expect(leads.size, 'people').to.equal(ids.length - merged);
  storm.end();
  await expectWhole(storm);
}

describe('three processes over one store, merging', function () {
  this.timeout(60_000);

  it('allow nothing that one of the two forbade, and count both', () => eachSeed(mergeInTheMidst));

  it('lose no withdrawal over an undo, and nobody', () => eachSeed(undoInTheMidst));

  it('count every contact, however often the two are merged and parted', () =>
    eachSeed(mergeAgainAndAgain));

  it('end in no circle', () => eachSeed(mergesInACircle));
});
