/** dryRunDecision, apart from how the past is folded, which as-of.test.ts tells. */
import { expect } from 'chai';
import { dayMs, hourMs, toIso } from '../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { dryRunDecision } from '../../src/operations/decisions/dry-run-decision.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { giveInstruction } from '../../src/operations/instructions/instruction-change.ts';
import type { components } from '../../src/operations/wire.ts';
import { answered } from '../support/contract.ts';
import { makeTestGate, shippedSet } from '../support/gate.ts';
import {
  ana,
  bruno,
  call,
  codeOf,
  decide,
  grant,
  makeSubject,
  recordsIn,
  rulesOf,
  templated,
} from './calls.ts';

type DryRunRequest = components['schemas']['DryRunRequest'];
type TracedRule = components['schemas']['TracedRule'];

function ask(changes: Partial<DryRunRequest>): DryRunRequest {
  return {
    subject: ana,
    action: 'send',
    purpose: 'promocoes',
    channel: 'email',
    content: templated(),
    ...changes,
  };
}

async function dryRun(gate: Gate, changes: Partial<DryRunRequest> = {}): Promise<JsonObject> {
  return answered('dryRunDecision', await dryRunDecision(gate, call(ask(changes))));
}

async function refusal(gate: Gate, changes: Partial<DryRunRequest>): Promise<string> {
  return codeOf(await dryRunDecision(gate, call(ask(changes))));
}

function traceOf(answer: JsonObject, rule: string): TracedRule | undefined {
  return (answer['trace'] as readonly TracedRule[]).find((each) => each.rule === rule);
}

/** Tightened so that nothing is allowed by e-mail. */
const stricter = shippedSet((parts) => ({
  ...parts,
  caps: parts.caps.map((cap) => ({ ...cap, max: 1, per: 'month' })),
}));

describe('a dry run', () => {
  it('is refused for an identifier that cannot be one', async () => {
    const { gate } = await makeTestGate();
    const subject = { type: 'phone', value: '12' } as const;
    expect(await refusal(gate, { subject })).to.equal('identifier-invalid');
  });

  it('is refused for an instant more than a year ahead', async () => {
    const { gate, clock } = await makeTestGate();
    const asOf = toIso(clock.read() + 367 * dayMs);
    expect(await refusal(gate, { asOf })).to.equal('instant-out-of-range');
  });

  it('is refused for a policy set that was never in force', async () => {
    const { gate } = await makeTestGate();
    const policySet = stricter.digest;
    expect(await refusal(gate, { policySet })).to.equal('policy-set-unknown');
  });

  it('answers as the decision would, and records and reserves nothing', async () => {
    const { gate, store } = await makeTestGate();
    await grant(gate);
    const subject = await makeSubject(gate);
    const before = { records: await recordsIn(gate), slots: await store.get('slots', subject) };
    const tried = await dryRun(gate, { data: ['first_name', 'city'] });
    expect(tried).to.include({ id: null, reservation: null, outcome: 'allow' });
    const after = { records: await recordsIn(gate), slots: await store.get('slots', subject) };
    expect(after).to.deep.equal(before);
    const decided = await decide(gate, { data: ['first_name', 'city'] });
    for (const member of ['outcome', 'reasons', 'basis', 'frequency', 'explanation', 'policySet']) {
      expect(tried[member], member).to.deep.equal(decided[member]);
    }
  });

  it('knows nobody by an identifier that nobody has', async () => {
    const { gate } = await makeTestGate();
    const answer = await dryRun(gate, { subject: bruno });
    expect(rulesOf(answer)).to.deep.equal(['subject-unknown']);
    expect(answer['trace']).to.deep.equal([]);
  });

  it('traces every rule, with the facts that each condition met', async () => {
    const { gate } = await makeTestGate();
    await makeSubject(gate);
    const answer = await dryRun(gate);
    const trace = answer['trace'] as readonly JsonObject[];
    const { rules } = gate.policies.active().set;
    expect(trace.map(({ rule }) => rule)).to.have.members(rules.map(({ name }) => name));
    const fired = trace.filter((each) => each['fired'] === true).map(({ rule }) => rule);
    expect(fired).to.include.members([...rulesOf(answer)]);
    expect(traceOf(answer, 'consent-granted')).to.deep.include({
      effect: 'deny',
      fired: true,
      conditions: {
        all: [
          {
            fact: 'purpose.basis',
            operator: 'in',
            value: ['consent', 'explicit_consent'],
            factValue: 'consent',
            result: true,
          },
          {
            fact: 'consent.state',
            operator: 'notEqual',
            value: 'granted',
            factValue: 'never_asked',
            result: true,
          },
        ],
        result: true,
      },
    });
  });

  it('names the facts that a rule was not judged for', async () => {
    // A zone that no longer exists: attributes are checked when they come, and zones go.
    const { gate, activate } = await makeTestGate();
    await grant(gate);
    await activate(
      shippedSet((parts) => ({
        ...parts,
        controller: { ...parts.controller, timeZone: 'Nowhere/Gone' },
      })),
    );
    const answer = await dryRun(gate, { channel: 'whatsapp' });
    expect(rulesOf(answer)).to.deep.equal(['fact-unavailable']);
    expect(traceOf(answer, 'quiet-hours')).to.deep.include({ fired: false });
    const missing = traceOf(answer, 'quiet-hours')?.conditions ?? {};
    expect(JSON.stringify(missing)).to.include('"fact":"clock.quiet"');
  });

  it('looks ahead with what holds today', async () => {
    const { gate, clock } = await makeTestGate();
    await grant(gate, { channels: ['whatsapp', 'email'] });
    const night = toIso(clock.read() + 12 * hourMs);
    const answer = await dryRun(gate, { channel: 'whatsapp', asOf: night });
    expect(answer).to.include({ outcome: 'defer', decidedAt: night });
    expect(rulesOf(answer)).to.deep.equal(['quiet-hours']);
    const body = { purposes: ['*'], until: toIso(clock.read() + dayMs) };
    const path = { id: await makeSubject(gate) };
    await giveInstruction(gate, 'pause', call(body, { path }));
    const paused = { asOf: toIso(clock.read() + hourMs) };
    expect(rulesOf(await dryRun(gate, paused))).to.deep.equal(['pause']);
    const over = { asOf: toIso(clock.read() + dayMs) };
    expect(await dryRun(gate, over)).to.include({ outcome: 'allow' });
  });

  it('can be judged by another set that was in force', async () => {
    const { gate, clock, activate } = await makeTestGate();
    const first = gate.policies.active().set.digest;
    await grant(gate);
    await decide(gate);
    await activate(stricter);
    clock.advance(2 * dayMs);
    expect(await dryRun(gate)).to.include({ outcome: 'defer', policySet: stricter.digest });
    expect(await dryRun(gate, { policySet: first })).to.include({
      outcome: 'allow',
      policySet: first,
    });
  });
});
