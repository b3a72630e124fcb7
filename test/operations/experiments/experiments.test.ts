/** Experiments from the decision to the report, on both engines and every process. */
import { expect } from 'chai';
import { dayMs, minuteMs, toIso } from '../../../src/domain/calendar/instant.ts';
import type { Experiment } from '../../../src/domain/experiments/experiment.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { createBestDecision } from '../../../src/operations/decisions/create-best-decision.ts';
import { dryRunDecision } from '../../../src/operations/decisions/dry-run-decision.ts';
import { getDecision } from '../../../src/operations/decisions/get-decision.ts';
import { placeOf } from '../../../src/operations/experiments/lot.ts';
import { recordEvents } from '../../../src/operations/events/record-events.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import { mergeSubjects } from '../../../src/operations/merging/merge-subjects.ts';
import { getUpliftReport } from '../../../src/operations/reports/get-uplift-report.ts';
import { answered } from '../../support/contract.ts';
import { onBothEngines } from '../../support/engines.ts';
import { experimentSet, frete } from '../../support/experiments.ts';
import { makeTestGate, type TestGate } from '../../support/gate.ts';
import {
  ana,
  bodyOf,
  bruno,
  call,
  codeOf,
  decide,
  grant,
  idOf,
  makeSubject,
  read,
  recordsIn,
  rulesOf,
} from '../calls.ts';

const act = { action: 'send', purpose: 'promocoes', channel: 'email' } as const;

interface Person {
  readonly id: string;
  readonly subject: { readonly type: 'email'; readonly value: string };
}

async function people(gate: Gate, from: number, count: number): Promise<readonly Person[]> {
  const made: Person[] = [];
  for (let index = from; index < from + count; index += 1) {
    const subject = { type: 'email', value: `p${index}@example.com` } as const;
    const id = await makeSubject(gate, [subject]);
    bodyOf(await grant(gate, { subject }));
    made.push({ id, subject });
  }
  return made;
}

async function buy(gate: Gate, subject: Person['subject'], ago: number = 0): Promise<void> {
  const occurredAt = toIso(gate.clock() - ago);
  const event = { id: `${subject.value}-${ago}`, type: 'purchase', subject, occurredAt } as const;
  const { items } = bodyOf(await recordEvents(gate, call(event)));
  expect(items).to.have.nested.property('[0].status', 'stored');
}

async function uplift(gate: Gate, query: object = {}): Promise<JsonObject> {
  const request = call(null, { query: { experiment: 'frete', ...query } });
  return answered('getUpliftReport', await getUpliftReport(gate, request));
}

function counts(group: unknown): readonly unknown[] {
  const { people: all, conversions, open } = group as JsonObject;
  return [all, conversions, open];
}

async function gateWith(changes: Partial<Experiment> = {}): Promise<TestGate> {
  const made = await makeTestGate({ set: experimentSet(changes) });
  await makeSubject(made.gate, [ana]);
  bodyOf(await grant(made.gate));
  return made;
}

describe('a decision in an experiment', () => {
  it('is denied to the holdout, with a reason of its own, and takes no slot', async () => {
    const { gate } = await gateWith({ holdoutPercent: 100 });
    const denied = await decide(gate);
    expect(denied).to.deep.include({
      outcome: 'deny',
      experiment: { name: 'frete', variant: 'holdout' },
      reservation: null,
    });
    expect(rulesOf(denied)).to.deep.equal(['experiment-holdout']);
    expect(denied['explanation']).to.have.property('pt-BR').that.includes('Por sorteio');
    const record = answered('getDecision', await getDecision(gate, read({ id: idOf(denied) })));
    expect(record['experiment']).to.deep.equal({ name: 'frete', variant: 'holdout' });
    expect(record['facts']).to.include({ 'experiment.holdout': true, 'experiment.name': 'frete' });
  });

  it('tells the others their variant', async () => {
    const { gate } = await gateWith({ holdoutPercent: 0 });
    const experiment = { name: 'frete', variant: 'A' };
    expect(await decide(gate)).to.deep.include({ outcome: 'allow', experiment });
  });

  it('says nothing of it where the contact is of none', async () => {
    const { gate } = await gateWith({ holdoutPercent: 100 });
    expect(await decide(gate, { purpose: 'novidades' })).not.to.have.property('experiment');
    expect(await decide(gate, { action: 'show', channel: 'site' })).not.to.have.property(
      'experiment',
    );
    expect(await decide(gate, { purpose: 'avisos' })).to.include({ outcome: 'allow' });
  });

  it('is denied where the caller names another variant, of this experiment alone', async () => {
    const { gate } = await gateWith({ holdoutPercent: 0 });
    const naming = (name: string, variant: string) =>
      decide(gate, { criteria: { experiment: { name, variant } } });
    const other = await naming('frete', 'B');
    expect(other).to.deep.include({ outcome: 'deny', experiment: { name: 'frete', variant: 'A' } });
    expect(rulesOf(other)).to.deep.equal(['experiment-variant']);
    expect((await naming('cor-do-botao', 'B'))['outcome']).to.equal('allow');
    expect(rulesOf(await naming('frete', 'A'))).not.to.include('experiment-variant');
  });

  it('is tried without being counted', async () => {
    const { gate, clock, store } = await gateWith({ holdoutPercent: 100 });
    const tried = bodyOf(await dryRunDecision(gate, call({ subject: ana, ...act })));
    expect(tried).to.deep.include({
      outcome: 'deny',
      experiment: { name: 'frete', variant: 'holdout' },
    });
    const asOf = toIso(clock.read() + 60 * dayMs);
    const later = bodyOf(await dryRunDecision(gate, call({ subject: ana, ...act, asOf })));
    expect(later).not.to.have.property('experiment');
    const all = { index: 'experiment', where: {}, order: 'ascending', limit: 10 } as const;
    expect((await store.find('exposures', all)).items).to.deep.equal([]);
  });

  it('is counted of the best of several for both groups alike', async () => {
    for (const holdoutPercent of [0, 100]) {
      const { gate, clock } = await gateWith({ holdoutPercent });
      bodyOf(await grant(gate, { channels: ['push'] }));
      const candidates = [
        { ...act, score: 1 },
        { ...act, channel: 'push' as const, score: 2 },
      ];
      const answer = await createBestDecision(gate, call({ subject: ana, candidates }));
      // The other one is chosen in both, so nobody got the contact.
      expect(bodyOf(answer)).to.deep.include({ outcome: 'allow', chosen: 1 });
      clock.advance(8 * dayMs);
      const { control, treated } = await uplift(gate);
      expect([counts(control), counts(treated)]).to.deep.equal(
        holdoutPercent === 0
          ? [
              [0, 0, 0],
              [1, 0, 0],
            ]
          : [
              [1, 0, 0],
              [0, 0, 0],
            ],
      );
    }
  });
});

describe('the report of an experiment', () => {
  it('is refused for one that nobody declared', async () => {
    const { gate } = await gateWith();
    const asked = call(null, { query: { experiment: 'outro' } });
    expect(codeOf(await getUpliftReport(gate, asked))).to.equal('experiment-unknown');
  });

  it('counts nobody whom something else than the holdout stops', async () => {
    for (const holdoutPercent of [0, 100]) {
      const { gate } = await gateWith({ holdoutPercent });
      await makeSubject(gate, [bruno]);
      await decide(gate, { subject: bruno });
      const { control, treated } = await uplift(gate);
      expect([counts(control), counts(treated)]).to.deep.equal([
        [0, 0, 0],
        [0, 0, 0],
      ]);
    }
  });

  it('counts a conversion after the first decision and within its time, once', async () => {
    const { gate, clock } = await gateWith({ holdoutPercent: 0 });
    const [first, second, third, fourth] = await people(gate, 0, 4);
    if (!first || !second || !third || !fourth) throw new Error('no people');
    await buy(gate, first.subject);
    clock.advance(minuteMs);
    for (const { subject } of [first, second, third, fourth]) await decide(gate, { subject });
    expect(counts((await uplift(gate))['treated'])).to.deep.equal([0, 0, 4]);
    clock.advance(7 * dayMs - 1);
    await buy(gate, second.subject);
    await buy(gate, second.subject, minuteMs);
    clock.advance(1);
    await buy(gate, third.subject);
    // What happened in time counts when it is told later.
    clock.advance(dayMs);
    await buy(gate, fourth.subject, 2 * dayMs);
    expect(counts((await uplift(gate))['treated'])).to.deep.equal([4, 2, 0]);
  });

  it('counts a conversion that is of no other use, and stores nothing of it', async () => {
    const conversion = { event: 'custom:assinou', within: 'P7D' };
    const { gate, clock } = await gateWith({ holdoutPercent: 0, conversion });
    await decide(gate);
    const occurredAt = toIso(clock.read());
    const event = { id: 'e', type: 'custom', subject: ana, occurredAt } as const;
    const before = (await recordsIn(gate)).length;
    for (const name of ['leu', 'assinou', 'assinou']) {
      const sent = call({ ...event, id: name, properties: { name } });
      const { items } = bodyOf(await recordEvents(gate, sent));
      expect(items).to.have.nested.property('[0].status', 'unused');
    }
    expect(await recordsIn(gate)).to.have.length(before);
    clock.advance(8 * dayMs);
    expect(counts((await uplift(gate))['treated'])).to.deep.equal([1, 1, 0]);
  });

  it('keeps to the instants of the first decisions', async () => {
    const { gate, clock } = await gateWith({ holdoutPercent: 100 });
    await decide(gate);
    const at = clock.read();
    clock.advance(8 * dayMs);
    await decide(gate);
    const of = async (query: object) => counts((await uplift(gate, query))['control'])[0];
    expect(await of({ from: toIso(at) })).to.equal(1);
    expect(await of({ from: toIso(at + 1) })).to.equal(0);
    expect(await of({ to: toIso(at) })).to.equal(0);
    expect(await of({ to: toIso(at + 1) })).to.equal(1);
  });

  it('tells no difference of groups that are too small', async () => {
    const { gate } = await gateWith();
    const { treated } = await uplift(gate);
    expect(treated).to.deep.include({ difference: null });
    expect(treated).to.have.nested.property('summary.en').that.includes('too small');
  });

  it('keeps the row of who is merged, and gives it what the survivor does', async () => {
    const { gate, clock } = await gateWith({ holdoutPercent: 0 });
    const [survivor, other] = await people(gate, 0, 2);
    if (!survivor || !other) throw new Error('no people');
    await decide(gate, { subject: other.subject });
    const path = { id: survivor.id };
    bodyOf(await mergeSubjects(gate, call({ other: other.id }, { path })));
    await buy(gate, survivor.subject);
    clock.advance(8 * dayMs);
    expect(counts((await uplift(gate))['treated'])).to.deep.equal([1, 1, 0]);
  });
});

onBothEngines('an experiment', experimentSet, async ({ first, last, clock, restart }) => {
  const all = await people(first, 0, 90);
  const held: Person[] = [];
  for (const person of all) {
    const { subject } = person;
    // Both at once: the row is written by one of them.
    const asked = [decide(first, { subject }), decide(last, { subject })];
    const [one, again] = await Promise.all(asked);
    expect(again?.['experiment']).to.deep.equal(one?.['experiment']);
    const isHeld = placeOf(first.vault, 'frete', person.id) < 0.4;
    const outcomes = [one?.['outcome'], again?.['outcome']];
    expect(outcomes.includes('allow')).to.equal(!isHeld);
    if (isHeld) expect(outcomes).to.deep.equal(['deny', 'deny']);
    if (isHeld) held.push(person);
  }
  const treated = all.filter((person) => !held.includes(person));
  clock.advance(minuteMs);
  for (const { subject } of treated.slice(0, 30)) await buy(last, subject);
  for (const { subject } of held.slice(0, 3)) await buy(first, subject);
  clock.advance(7 * dayMs);
  const report = await uplift(first);
  expect(counts(report['control'])).to.deep.equal([held.length, 3, 0]);
  expect(counts(report['treated'])).to.deep.equal([treated.length, 30, 0]);
  expect(report['variants']).to.have.length(1);
  expect(held.length).to.be.at.least(frete.minimum.people);
  const { difference } = report['treated'] as { readonly difference: Record<string, number> };
  expect(difference['value']).to.equal(30 / treated.length - 3 / held.length);
  expect(difference['low']).to.be.greaterThan(0);
  expect(await uplift(await restart())).to.deep.equal(report);
});
