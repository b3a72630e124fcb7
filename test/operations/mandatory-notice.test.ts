/** What the law orders to be told reaches people who want no marketing, and nothing else does. */
import { expect } from 'chai';
import { dayMs, toIso } from '../../src/domain/calendar/instant.ts';
import { dryRunDecision } from '../../src/operations/decisions/dry-run-decision.ts';
import type { Gate } from '../../src/operations/gate.ts';
import {
  giveInstruction,
  type InstructionRequest,
} from '../../src/operations/instructions/instruction-change.ts';
import { answered } from '../support/contract.ts';
import { makeTestGate } from '../support/gate.ts';
import { anaPhone, call, decide, makeSubject, rulesOf } from './calls.ts';

type Kind = Parameters<typeof giveInstruction>[1];

async function instruct(gate: Gate, kind: Kind, request: InstructionRequest): Promise<void> {
  const path = { id: await makeSubject(gate) };
  await giveInstruction(gate, kind, call(request, { path }));
}

const incident = {
  subject: anaPhone,
  purpose: 'avisos',
  channel: 'whatsapp',
  content: { template: { name: 'incidente', category: 'utility' } },
} as const;

describe('a notice that the law orders', () => {
  it('reaches a child who objected, paused and sleeps', async () => {
    const { gate, clock } = await makeTestGate();
    await makeSubject(gate, undefined, { age_band: 'child' });
    await instruct(gate, 'objection', { purposes: ['*'] });
    await instruct(gate, 'pause', { purposes: ['*'], until: toIso(clock.read() + 30 * dayMs) });
    // A Sunday, at two in the morning in São Paulo.
    clock.set(Date.UTC(2026, 10, 29, 5));
    const answer = await decide(gate, incident);
    expect(answer).to.deep.include({
      outcome: 'allow',
      explanation: {
        'pt-BR': 'Comunicação obrigatória por lei. Avisos obrigatórios por lei.',
        en: 'A notice that the law orders. Notices that the law orders.',
      },
    });
    expect(rulesOf(answer)).to.deep.equal(['mandatory-notice']);
  });

  it('shows in a dry run what it set aside', async () => {
    const { gate } = await makeTestGate();
    await instruct(gate, 'objection', { purposes: ['*'] });
    const request = { action: 'send', ...incident } as const;
    const tried = answered('dryRunDecision', await dryRunDecision(gate, call(request)));
    expect(tried).to.include({ outcome: 'allow' });
    const trace = tried['trace'] as readonly { rule: string; effect: string; fired: boolean }[];
    const fired = trace.filter((each) => each.fired).map(({ rule, effect }) => [rule, effect]);
    expect(fired).to.deep.equal([
      ['objection', 'deny'],
      ['mandatory-notice', 'lift'],
    ]);
  });

  it('is held back by a block, and by a template for marketing', async () => {
    const { gate } = await makeTestGate();
    await makeSubject(gate);
    const content = { template: { name: 'oferta', category: 'marketing' } } as const;
    const refused = await decide(gate, { ...incident, content });
    expect(rulesOf(refused)).to.deep.equal(['whatsapp-window']);
    await instruct(gate, 'block', { purposes: ['*'] });
    expect(rulesOf(await decide(gate, incident))).to.deep.equal(['blocked']);
  });
});
