/** Data whose term is over: from the event that starts the count to the answer. */
import { expect } from 'chai';
import { dayMs, toIso } from '../../src/domain/calendar/instant.ts';
import { recordEvents } from '../../src/operations/events/record-events.ts';
import { makeTestGate, shippedSet } from '../support/gate.ts';
import { ana, bodyOf, call, decide, makeSubject, rulesOf } from './calls.ts';

describe('data of an order', () => {
  it('serve five years from the last one, and no longer', async () => {
    const { gate, clock } = await makeTestGate();
    await makeSubject(gate);
    const occurredAt = toIso(clock.read());
    const event = { id: 'pedido-1', type: 'purchase', subject: ana, occurredAt } as const;
    bodyOf(await recordEvents(gate, call(event)));
    clock.set(Date.UTC(2031, 10, 24, 14) - 1);
    expect(await decide(gate, { purpose: 'pedidos' })).to.include({ outcome: 'allow' });
    clock.advance(1);
    const over = await decide(gate, { purpose: 'pedidos' });
    expect(over).to.include({ outcome: 'deny' });
    expect(rulesOf(over)).to.deep.equal(['retention-over']);
    await makeSubject(gate);
    const again = { ...event, id: 'pedido-2', occurredAt: toIso(clock.read()) };
    bodyOf(await recordEvents(gate, call(again)));
    expect(await decide(gate, { purpose: 'pedidos' })).to.include({ outcome: 'allow' });
  });

  it('serve no purpose after its last day', async () => {
    const set = shippedSet((parts) => ({
      ...parts,
      purposes: parts.purposes.map((each) => ({ ...each, endsOn: '2026-11-24' })),
    }));
    const { gate, clock } = await makeTestGate({ set });
    await makeSubject(gate);
    expect(await decide(gate, { purpose: 'pedidos' })).to.include({ outcome: 'allow' });
    clock.advance(dayMs);
    expect(rulesOf(await decide(gate, { purpose: 'pedidos' }))).to.deep.equal(['retention-over']);
  });
});
