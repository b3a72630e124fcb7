/**
 * Three processes over one store in bad weather, by seeds: whatever order their steps take and
 * whichever of them fail, what was acknowledged binds, caps hold and one key makes one record.
 */
import { expect } from 'chai';
import { toIso } from '../../src/domain/calendar/instant.ts';
import { recordConsent } from '../../src/operations/consents/record-consent.ts';
import { createBestDecision } from '../../src/operations/decisions/create-best-decision.ts';
import { createDecision } from '../../src/operations/decisions/create-decision.ts';
import { recordEvents } from '../../src/operations/events/record-events.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { createBlock } from '../../src/operations/instructions/create-block.ts';
import { createExclusion } from '../../src/operations/instructions/create-exclusion.ts';
import { createPause } from '../../src/operations/instructions/create-pause.ts';
import type { Answer } from '../../src/operations/operation.ts';
import { putSubject } from '../../src/operations/subjects/put-subject.ts';
import { sweepPending } from '../../src/operations/subjects/pending-sweep.ts';
import { unsubscribeUrl } from '../../src/operations/unsubscribe/unsubscribe-link.ts';
import { unsubscribe } from '../../src/operations/unsubscribe/unsubscribe.ts';
import { ana, anaPhone, bodyOf, bruno, call, grant, makeSubject } from '../operations/calls.ts';
import { capMax } from '../support/capped-policies.ts';
import { pictureOf } from './picture.ts';
import { choiceForAna } from './scenarios.ts';
import { contactsIn, expectSettled, expectTruths } from './truths.ts';
import { makeStorm, type Storm, stormy } from './storm.ts';

const seeds = 60;
const callers = 16;

function promotion(subject: typeof ana | typeof anaPhone = ana) {
  return { subject, action: 'send', purpose: 'promocoes', channel: 'email' } as const;
}

/** A question with a key of its own, about one act or several; tells whether it was allowed. */
async function ask(storm: Storm, allows: Set<string>): Promise<boolean> {
  const key = storm.key();
  const asked = storm.dice.chance(0.5)
    ? (gate: Gate): Promise<Answer> => createDecision(gate, call(promotion(), { key }))
    : (gate: Gate): Promise<Answer> => createBestDecision(gate, call(choiceForAna, { key }));
  const { id, outcome } = await storm.insistTwice(asked);
  if (outcome === 'allow' && typeof id === 'string') allows.add(id);
  return outcome === 'allow';
}

const stops: Readonly<
  Record<string, (gate: Gate, subject: string, key: string) => Promise<Answer>>
> = {
  withdrawal: (gate, _subject, key) => {
    const occurredAt = toIso(gate.clock());
    const said = { event: 'withdrawn', purpose: 'promocoes', channels: ['email'] } as const;
    return recordConsent(gate, call({ subject: ana, ...said, occurredAt }, { key }));
  },
  pause: (gate, id, key) => {
    const until = toIso(gate.clock() + 86_400_000);
    return createPause(gate, call({ until, reason: 'quiet' }, { path: { id }, key }));
  },
  block: (gate, id, key) => createBlock(gate, call({}, { path: { id }, key })),
  exclusion: (gate, id, key) =>
    createExclusion(gate, call({ kind: 'custom' }, { path: { id }, key })),
  unsubscription: (gate, subject) => {
    const url = unsubscribeUrl(gate, { subject, purpose: 'promocoes', channel: 'email' });
    return unsubscribe(gate, call(null, { path: { token: url.split('/u/')[1] ?? '' } }));
  },
};

/** Records of a subject's stops: whoever repeats a stop must not make two of them. */
function stopRecords({ world, gates }: Storm, stop: string): number {
  const [gate] = gates;
  if (gate === undefined) return 0;
  const marks: Readonly<Record<string, string>> = {
    withdrawal: '"event":"withdrawn"',
    unsubscription: '"event":"withdrawn"',
  };
  const mark = marks[stop] ?? `"kind":"${stop}"`;
  const { records } = pictureOf(world.shelves, gate.vault);
  return records.filter(({ body }) => body.includes(mark)).length;
}

async function stopInTheMidst(storm: Storm): Promise<void> {
  const [first] = storm.gates;
  if (first === undefined) throw new Error('no process');
  const subject = await makeSubject(first);
  bodyOf(await grant(first));
  storm.begin(storm.dice.chance(0.5) ? stormy : 0);
  const allows = new Set<string>();
  const stop = storm.dice.pick(Object.keys(stops));
  let isStopped = false;
  const asking = Array.from({ length: callers / 2 }, async () => {
    await storm.idle(60);
    const wasStopped = isStopped;
    const isAllowed = await ask(storm, allows);
    expect(wasStopped && isAllowed, `allowed after the ${stop}`).to.equal(false);
  });
  const stopping = (async () => {
    await storm.idle(60);
    const key = storm.key();
    await storm.insistTwice((gate) => stops[stop]?.(gate, subject, key) ?? grant(gate));
    isStopped = true;
    for (const gate of storm.gates) {
      const { outcome } = await storm.insist(() => createDecision(gate, call(promotion())));
      expect(outcome, `after the ${stop}`).not.to.equal('allow');
    }
  })();
  const changing = storm.insist((gate) =>
    putSubject(gate, call({ identifiers: [ana, bruno], attributes: {} })),
  );
  const occurredAt = toIso(first.clock());
  const event = { id: 'order-1', type: 'purchase', subject: ana, occurredAt } as const;
  const seeing = storm.insistTwice((gate) => recordEvents(gate, call(event, { key: 'events' })));
  const sweeping = sweepPending(storm.gate).catch(() => 0);
  await Promise.all([...asking, stopping, changing, seeing, sweeping]);
  storm.end();
  expect(allows.size, 'allows').to.be.at.most(capMax);
  if (stop !== 'unsubscription') expect(stopRecords(storm, stop), stop).to.equal(1);
  await expectAfterwards(storm, { subject, allows });
}

async function expectAfterwards(
  storm: Storm,
  { subject, allows }: { readonly subject: string; readonly allows: ReadonlySet<string> },
): Promise<void> {
  const { world } = storm;
  const fresh = world.boot();
  await expectTruths(world.shelves, fresh);
  await sweepPending(fresh);
  await expectSettled(world.shelves, fresh);
  const contacts = contactsIn(world.shelves, subject);
  expect(contacts.length, 'contacts on file').to.be.at.most(capMax);
  expect(contacts).to.include.members([...allows]);
}

async function capUnderPressure(storm: Storm, failures: number): Promise<number> {
  const [first] = storm.gates;
  if (first === undefined) throw new Error('no process');
  const subject = await makeSubject(first);
  bodyOf(await grant(first));
  storm.begin(failures);
  const allows = new Set<string>();
  await Promise.all(Array.from({ length: callers }, () => ask(storm, allows)));
  storm.end();
  await expectAfterwards(storm, { subject, allows });
  return allows.size;
}

/** One e-mail address claimed at once by somebody new and by somebody known. */
async function oneAddressTwice(storm: Storm): Promise<void> {
  const [first] = storm.gates;
  if (first === undefined) throw new Error('no process');
  await makeSubject(first, [anaPhone]);
  storm.begin(storm.dice.chance(0.5) ? stormy : 0);
  const asking = Array.from({ length: 6 }, async () => {
    await storm.idle(40);
    await storm.insist((gate) => createDecision(gate, call(promotion())));
  });
  const key = storm.key();
  const granting = storm.insist((gate) => grant(gate, {}, key));
  const linking = (async () => {
    await storm.idle(40);
    const identifiers = [anaPhone, ana];
    return storm.insist((gate) => putSubject(gate, call({ identifiers, attributes: {} })));
  })().catch((error: unknown) => {
    expect(String(error)).to.include('identity-conflict');
  });
  await Promise.all([...asking, granting, linking]);
  const withdrawal = storm.key();
  await storm.insist((gate) => stops['withdrawal']?.(gate, '', withdrawal) ?? grant(gate));
  storm.end();
  for (const gate of storm.gates) {
    const { outcome } = bodyOf(await createDecision(gate, call(promotion())));
    expect(outcome, 'after the withdrawal').not.to.equal('allow');
  }
  const { subjects } = pictureOf(storm.world.shelves, first.vault);
  const listed = subjects.flatMap(({ subject }) => subject.identifiers.map(({ hash }) => hash));
  expect(new Set(listed).size, 'one list for an identifier').to.equal(listed.length);
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

describe('three processes over one store', function () {
  this.timeout(60_000);

  it('allow nothing after a stop was acknowledged', () => eachSeed(stopInTheMidst));

  it('allow exactly as often as the cap says', () =>
    eachSeed(async (storm) => {
      expect(await capUnderPressure(storm, 0)).to.equal(capMax);
    }));

  it('never allow more often than the cap says while calls fail', () =>
    eachSeed(async (storm) => {
      expect(await capUnderPressure(storm, stormy)).to.be.at.most(capMax);
    }));

  it('never give one identifier to two subjects', () => eachSeed(oneAddressTwice));
});
