/** What WhatsApp asks besides the law, from the event and the template to the answer. */
import { expect } from 'chai';
import { hourMs, toIso } from '../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { recordEvents } from '../../src/operations/events/record-events.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { makeTestGate } from '../support/gate.ts';
import { anaPhone, bodyOf, call, decide, grant, makeSubject, rulesOf } from './calls.ts';

const order = { subject: anaPhone, purpose: 'pedidos', channel: 'whatsapp' } as const;
const freeText = { text: 'Oi, Ana! Seu pedido saiu para entrega.' };

async function writeIn(gate: Gate, id: string): Promise<void> {
  const occurredAt = toIso(gate.clock());
  const event = { id, type: 'reply_whatsapp', subject: anaPhone, occurredAt } as const;
  bodyOf(await recordEvents(gate, call(event)));
}

function templateOf(category?: 'marketing' | 'utility'): JsonObject {
  return { template: { name: 'modelo', ...(category === undefined ? {} : { category }) } };
}

describe('a WhatsApp message', () => {
  it('of free text waits for the person to write, and has 24 hours then', async () => {
    const { gate, clock } = await makeTestGate();
    await makeSubject(gate);
    const before = await decide(gate, { ...order, content: freeText });
    expect(rulesOf(before)).to.deep.equal(['whatsapp-window']);
    await writeIn(gate, 'entrada-1');
    expect(await decide(gate, { ...order, content: freeText })).to.include({ outcome: 'allow' });
    clock.advance(24 * hourMs - 1);
    expect(await decide(gate, { ...order, content: freeText })).to.include({ outcome: 'allow' });
    clock.advance(1);
    const after = await decide(gate, { ...order, content: freeText });
    expect(rulesOf(after)).to.deep.equal(['whatsapp-window']);
  });

  it('about an order goes by a utility template, not by one for marketing', async () => {
    const { gate } = await makeTestGate();
    await makeSubject(gate);
    const utility = await decide(gate, { ...order, content: templateOf('utility') });
    expect(utility).to.include({ outcome: 'allow' });
    for (const content of [templateOf('marketing'), templateOf(), {}]) {
      const refused = await decide(gate, { ...order, content });
      expect(refused, JSON.stringify(content)).to.include({ outcome: 'deny' });
      expect(rulesOf(refused)).to.deep.equal(['whatsapp-window']);
    }
  });

  it('that promotes needs the consent, which is the opt-in too', async () => {
    const { gate } = await makeTestGate();
    await makeSubject(gate);
    const ask = { subject: anaPhone, channel: 'whatsapp' } as const;
    const unasked = await decide(gate, ask);
    expect(rulesOf(unasked)).to.deep.equal(['consent-granted', 'whatsapp-optin']);
    await grant(gate, { subject: anaPhone, channels: ['whatsapp'] });
    expect(await decide(gate, ask)).to.include({ outcome: 'allow' });
  });
});
