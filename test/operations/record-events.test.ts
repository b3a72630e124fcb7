import { expect } from 'chai';
import { dayMs, hourMs, toIso } from '../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { sweepExpired } from '../../src/operations/sweep-expired.ts';
import { recordEvents } from '../../src/operations/events/record-events.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { readSubject } from '../../src/operations/subjects/subject-lookup.ts';
import type { components } from '../../src/operations/wire.ts';
import { answered } from '../support/contract.ts';
import { makeTestGate, shippedSet } from '../support/gate.ts';
import { ana, bruno, call, codeOf, decide, makeSubject, recordsIn, rulesOf } from './calls.ts';

type EventRequest = components['schemas']['EventRequest'];
type Line = components['schemas']['EventAnswer'];

function purchase(gate: Gate, changes: Partial<EventRequest> = {}): EventRequest {
  const occurredAt = toIso(gate.clock());
  return { id: 'pedido-1', type: 'purchase', subject: ana, occurredAt, ...changes };
}

async function send(
  gate: Gate,
  events: EventRequest | readonly EventRequest[],
  key?: string,
): Promise<readonly Line[]> {
  const answer = await recordEvents(gate, call(events, key === undefined ? {} : { key }));
  return answered('recordEvents', answer)['items'] as readonly Line[];
}

async function eventsIn(gate: Gate): Promise<readonly JsonObject[]> {
  const records = await recordsIn(gate);
  return records.filter(({ kind }) => kind === 'event').map(({ body }) => body);
}

describe('recordEvents', () => {
  it('refuses an identifier that cannot be one, and a person nobody knows', async () => {
    const { gate } = await makeTestGate();
    await makeSubject(gate);
    const lines = await send(gate, [
      purchase(gate, { subject: { type: 'email', value: 'no mail' } }),
      purchase(gate, { subject: bruno }),
    ]);
    expect(lines.map(({ status, problem }) => [status, problem])).to.deep.equal([
      ['refused', 'identifier-invalid'],
      ['refused', 'subject-unknown'],
    ]);
    expect(await eventsIn(gate)).to.deep.equal([]);
  });

  it('refuses what has not happened yet', async () => {
    const { gate } = await makeTestGate();
    await makeSubject(gate);
    const occurredAt = toIso(gate.clock() + hourMs);
    const [line] = await send(gate, purchase(gate, { occurredAt }));
    expect(line).to.include({ status: 'refused', problem: 'instant-out-of-range', event: null });
  });

  it('refuses another event under an id that was used', async () => {
    const { gate, clock } = await makeTestGate();
    await makeSubject(gate);
    await send(gate, purchase(gate));
    clock.advance(1);
    const [line] = await send(gate, purchase(gate));
    expect(line).to.include({ status: 'refused', problem: 'idempotency-key-reused' });
    expect(await eventsIn(gate)).to.have.length(1);
  });

  it('refuses another body under the same Idempotency-Key', async () => {
    const { gate } = await makeTestGate();
    await makeSubject(gate);
    await send(gate, purchase(gate), 'k');
    const other = await recordEvents(gate, call(purchase(gate, { id: 'pedido-2' }), { key: 'k' }));
    expect(codeOf(other)).to.equal('idempotency-key-reused');
  });

  it('does not store what no active purpose may use', async () => {
    const { gate, store, activate } = await makeTestGate();
    await makeSubject(gate);
    const unused = await send(gate, purchase(gate, { type: 'view_item' }));
    expect(unused).to.deep.equal([
      { id: 'pedido-1', event: null, status: 'unused', exclusions: [], problem: null },
    ]);
    await activate(
      shippedSet((parts) => ({
        ...parts,
        exclusions: [],
        purposes: parts.purposes.map((purpose) => ({ ...purpose, active: false })),
      })),
    );
    expect(await send(gate, purchase(gate))).to.have.nested.property('[0].status', 'unused');
    expect(await eventsIn(gate)).to.deep.equal([]);
    const claims = { index: 'expiresAt', where: {}, order: 'ascending', limit: 1 } as const;
    expect((await store.find('claims', claims)).items).to.deep.equal([]);
  });

  it('keeps the kind and the instant, and nothing else of the event', async () => {
    const { gate, clock } = await makeTestGate();
    const subject = await makeSubject(gate);
    clock.advance(dayMs);
    const occurredAt = toIso(clock.read() - hourMs);
    const properties = { transaction_id: 'T-4711', value: 199.9, currency: 'BRL' };
    const [line] = await send(gate, purchase(gate, { occurredAt, properties, channel: 'site' }));
    expect(line).to.include({ status: 'stored', problem: null });
    const [event] = await eventsIn(gate);
    expect(event).to.deep.include({ id: line?.event, signals: { purchase: occurredAt } });
    expect(JSON.stringify(event)).not.to.match(/4711|199|site/);
    const file = await readSubject(gate, subject);
    expect(file?.subject.signals).to.deep.equal({ purchase: clock.read() - hourMs });
  });

  it('makes the prior relation that a legitimate interest needs', async () => {
    const { gate } = await makeTestGate();
    await makeSubject(gate);
    const before = await decide(gate, { purpose: 'novidades' });
    expect(rulesOf(before)).to.include('balancing-test');
    await send(gate, purchase(gate));
    expect(await decide(gate, { purpose: 'novidades' })).to.include({ outcome: 'allow' });
  });

  it('keeps the latest of several, in whatever order they come', async () => {
    const { gate, clock } = await makeTestGate();
    const subject = await makeSubject(gate);
    const ago = [2, 1, 3].map((days) => ({
      id: `pedido-${days}`,
      occurredAt: toIso(clock.read() - days * dayMs),
    }));
    const lines = await send(
      gate,
      ago.map((changes) => purchase(gate, changes)),
    );
    expect(lines.map(({ id, status }) => [id, status])).to.deep.equal([
      ['pedido-2', 'stored'],
      ['pedido-1', 'stored'],
      ['pedido-3', 'stored'],
    ]);
    const file = await readSubject(gate, subject);
    expect(file?.subject.signals).to.deep.equal({ purchase: clock.read() - dayMs });
  });

  it('takes begin_checkout for start_checkout', async () => {
    const relation = { events: ['start_checkout'], maxAgeDays: 30 };
    const { gate } = await makeTestGate({
      set: shippedSet((parts) => ({
        ...parts,
        exclusions: [],
        balancingTests: parts.balancingTests.map((test) => ({ ...test, priorRelation: relation })),
        retention: parts.retention.map((kept) => ({ ...kept, events: relation.events })),
      })),
    });
    await makeSubject(gate);
    await send(gate, [
      purchase(gate, { id: 'c1', type: 'begin_checkout' }),
      purchase(gate, { id: 'c2', type: 'purchase' }),
    ]);
    const [event, ...more] = await eventsIn(gate);
    expect(event?.['signals']).to.have.keys('start_checkout');
    expect(more).to.deep.equal([]);
  });

  it('stores an id once, and says so', async () => {
    const { gate, clock } = await makeTestGate();
    await makeSubject(gate);
    const event = purchase(gate);
    const [first] = await send(gate, event);
    clock.advance(hourMs);
    const [again] = await send(gate, event);
    expect(again).to.deep.equal({ ...first, status: 'duplicate' });
    const [one, two] = await send(gate, [purchase(gate, { id: 'x' }), purchase(gate, { id: 'x' })]);
    expect([one?.event, two?.event]).to.deep.equal([one?.event, one?.event]);
    expect(await eventsIn(gate)).to.have.length(2);
  });

  it('tells a repeated request the same as before', async () => {
    const { gate, clock } = await makeTestGate();
    await makeSubject(gate);
    const events = [
      purchase(gate),
      purchase(gate, { id: 'v', type: 'search' }),
      purchase(gate, { id: 'b', subject: bruno }),
    ];
    const first = await send(gate, events, 'k');
    clock.advance(hourMs);
    expect(await send(gate, events, 'k')).to.deep.equal(first);
    expect(await eventsIn(gate)).to.have.length(1);
  });

  it('forgets an id after two days', async () => {
    const { gate, clock } = await makeTestGate();
    await makeSubject(gate);
    const event = purchase(gate);
    await send(gate, event);
    clock.advance(2 * dayMs - 1);
    await sweepExpired(gate, 'claims');
    expect(await send(gate, event)).to.have.nested.property('[0].status', 'duplicate');
    clock.advance(2);
    await sweepExpired(gate, 'claims');
    expect(await send(gate, event)).to.have.nested.property('[0].status', 'stored');
  });

  it('takes five hundred at once', async () => {
    const { gate } = await makeTestGate();
    await makeSubject(gate);
    const ids = Array.from({ length: 500 }, (_, at) => `e-${at}`);
    const lines = await send(
      gate,
      ids.map((id) => purchase(gate, { id })),
    );
    expect(lines.map(({ id }) => id)).to.deep.equal(ids);
    expect(lines.every(({ status }) => status === 'stored')).to.equal(true);
  });

  it('leaves a ledger entry for each event that is stored', async () => {
    const { gate } = await makeTestGate();
    await makeSubject(gate);
    const [line] = await send(gate, purchase(gate));
    const record = (await recordsIn(gate)).find(({ kind }) => kind === 'event');
    expect(record).to.include({ id: line?.event, kind: 'event' });
    expect(record?.digest).to.match(/^sha256:[0-9a-f]{64}$/);
  });
});
