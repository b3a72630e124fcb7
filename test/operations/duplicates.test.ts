/** The same content to the same person: told by hashes, counted by slots, given back with them. */
import { expect } from 'chai';
import { dayMs, toIso } from '../../src/domain/calendar/instant.ts';
import { dryRunDecision } from '../../src/operations/decisions/dry-run-decision.ts';
import { reportOutcome } from '../../src/operations/decisions/report-outcome.ts';
import type { Gate } from '../../src/operations/gate.ts';
import type { components } from '../../src/operations/wire.ts';
import { makeTestGate, shippedSet, type TestGate } from '../support/gate.ts';
import {
  ana,
  anaPhone,
  bodyOf,
  call,
  decide,
  grant,
  idOf,
  makeSubject,
  recordsIn,
  rulesOf,
} from './calls.ts';

const text = { text: 'Frete grátis até domingo.', generatedBy: 'person' } as const;

async function makeUncapped(): Promise<TestGate> {
  const set = shippedSet((parts) => ({
    ...parts,
    caps: [],
    purposes: parts.purposes.map((each) => ({ ...each, frequency: null })),
  }));
  const made = await makeTestGate({ set });
  await makeSubject(made.gate);
  await grant(made.gate, { channels: ['email', 'site'] });
  return made;
}

function report(gate: Gate, id: string, result: 'sent' | 'failed'): Promise<unknown> {
  const body: components['schemas']['OutcomeRequest'] = { result };
  return reportOutcome(gate, call(body, { path: { id } }));
}

describe('a content', () => {
  it('does not go twice within three days, by whatever channel or identifier', async () => {
    const { gate, clock } = await makeUncapped();
    expect(await decide(gate, { content: text })).to.include({ outcome: 'allow' });
    clock.advance(3 * dayMs - 1);
    for (const change of [{}, { channel: 'site' as const }, { subject: anaPhone }]) {
      const again = await decide(gate, { content: text, ...change });
      expect(rulesOf(again), JSON.stringify(change)).to.deep.equal(['duplicate']);
    }
    expect(await decide(gate, { content: { ...text, text: 'Outra.' } })).to.include({
      outcome: 'allow',
    });
    clock.advance(1);
    expect(await decide(gate, { content: text })).to.include({ outcome: 'allow' });
  });

  it('is its campaign, offer and template where there is no text', async () => {
    const { gate } = await makeUncapped();
    const content = { campaign: 'volta-as-aulas', offer: 'frete-gratis' };
    await decide(gate, { content });
    expect(rulesOf(await decide(gate, { content }))).to.deep.equal(['duplicate']);
    const other = { ...content, offer: 'cupom' };
    expect(await decide(gate, { content: other })).to.include({ outcome: 'allow' });
    for (const content of [undefined, {}, undefined, {}]) {
      const unsaid = content === undefined ? {} : { content };
      const request = { subject: ana, ...unsaid };
      expect(await decide(gate, request)).to.include({ outcome: 'allow' });
    }
  });

  it('may go again after it failed, and not after it was sent', async () => {
    const { gate } = await makeUncapped();
    await report(gate, idOf(await decide(gate, { content: text })), 'failed');
    const second = await decide(gate, { content: text });
    expect(second).to.include({ outcome: 'allow' });
    await report(gate, idOf(second), 'sent');
    expect(rulesOf(await decide(gate, { content: text }))).to.deep.equal(['duplicate']);
  });

  it('is looked at again as it was then, and kept as a hash alone', async () => {
    const { gate, clock } = await makeUncapped();
    await decide(gate, { content: text });
    clock.advance(dayMs);
    await decide(gate, { content: text });
    const asOf = toIso(clock.read());
    clock.advance(9 * dayMs);
    const request = {
      subject: ana,
      action: 'send',
      purpose: 'promocoes',
      channel: 'email',
    } as const;
    const then = { ...request, content: text, asOf };
    expect(rulesOf(bodyOf(await dryRunDecision(gate, call(then))))).to.deep.equal(['duplicate']);
    const now = { ...request, content: text };
    expect(bodyOf(await dryRunDecision(gate, call(now)))).to.include({ outcome: 'allow' });
    const records = JSON.stringify(await recordsIn(gate));
    expect(records)
      .to.match(/"content":"[0-9a-f]{32}"/)
      .and.not.include('Frete');
  });

  it('about an order may go as often as it is needed', async () => {
    const { gate } = await makeUncapped();
    const code = { purpose: 'pedidos', content: { text: 'Seu código é 1234.' } };
    for (let time = 0; time < 3; time += 1) {
      expect(await decide(gate, code)).to.include({ outcome: 'allow' });
    }
  });
});
