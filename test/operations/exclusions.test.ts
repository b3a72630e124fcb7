/** Exclusions that events and refusals make: applied at once, on both engines and every process. */
import { expect } from 'chai';
import { dayMs, toIso } from '../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { recordConsent } from '../../src/operations/consents/record-consent.ts';
import { dryRunDecision } from '../../src/operations/decisions/dry-run-decision.ts';
import { getDecision } from '../../src/operations/decisions/get-decision.ts';
import { recordEvents } from '../../src/operations/events/record-events.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { endExclusion } from '../../src/operations/instructions/end-exclusion.ts';
import { mergeSubjects } from '../../src/operations/merging/merge-subjects.ts';
import { undoMerge } from '../../src/operations/merging/undo-merge.ts';
import { getSubject } from '../../src/operations/subjects/get-subject.ts';
import type { components } from '../../src/operations/wire.ts';
import { answered } from '../support/contract.ts';
import { onBothEngines } from '../support/engines.ts';
import { makeTestGate, shippedSet, type TestClock } from '../support/gate.ts';
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
} from './calls.ts';

type EventRequest = components['schemas']['EventRequest'];
type Line = components['schemas']['EventAnswer'];

const nothing = { status: 'unused', event: null, exclusions: [] };

async function happen(
  gate: Gate,
  type: EventRequest['type'],
  changes: Partial<EventRequest> & { readonly ago?: number } = {},
): Promise<Line> {
  const { ago = 0, ...more } = changes;
  const occurredAt = toIso(gate.clock() - ago);
  const event = { id: `${type}-${ago}`, type, subject: ana, occurredAt, ...more };
  const answer = answered('recordEvents', await recordEvents(gate, call(event)));
  const [line] = answer['items'] as readonly Line[];
  if (line === undefined) throw new Error('no line');
  return line;
}

async function refuse(gate: Gate, ago: number = 0): Promise<JsonObject> {
  const occurredAt = toIso(gate.clock() - ago);
  const channels = ['email'] as const;
  const body = { subject: ana, event: 'refused', purpose: 'promocoes', channels, occurredAt };
  return bodyOf(await recordConsent(gate, call(body as components['schemas']['ConsentRequest'])));
}

async function exclusionsOf(gate: Gate, id: string): Promise<readonly JsonObject[]> {
  const shown = answered('getSubject', await getSubject(gate, read({ id })));
  return shown['exclusions'] as readonly JsonObject[];
}

function textOf(answer: JsonObject): string {
  return (answer['explanation'] as { readonly 'pt-BR': string })['pt-BR'];
}

async function consenting(gate: Gate): Promise<string> {
  const subject = await makeSubject(gate);
  bodyOf(await grant(gate, { channels: ['email', 'whatsapp'] }));
  return subject;
}

/** What an event forbids, any process forbids from its answer on. */
async function forbidsAtOnce(gates: readonly Gate[], clock: TestClock): Promise<void> {
  const [first, last] = [gates[0], gates.at(-1)];
  if (first === undefined || last === undefined) throw new Error('no process');
  const subject = await consenting(first);
  for (const gate of gates) expect(rulesOf(await decide(gate))).not.to.include('exclusion');
  const line = await happen(first, 'complaint');
  expect(line).to.include({ status: 'stored' });
  const [exclusion = ''] = line.exclusions;
  for (const gate of gates) {
    const denied = await decide(gate);
    expect(denied['outcome']).to.equal('deny');
    expect(rulesOf(denied)[0]).to.equal('exclusion-complaint');
    expect(textOf(denied)).to.equal(
      'Você tem uma reclamação em aberto; até ela ser resolvida não mandamos ofertas.',
    );
    const record = bodyOf(await getDecision(gate, read({ id: idOf(denied) })));
    const facts = record['facts'] as JsonObject;
    expect(facts['exclusion.kinds']).to.deep.equal(['complaint_open']);
    expect(facts['exclusion.causes']).to.deep.equal([line.event]);
    expect(await exclusionsOf(gate, subject)).to.deep.equal([
      {
        id: exclusion,
        kind: 'complaint_open',
        cause: { policy: 'complained', record: line.event, occurredAt: toIso(clock.read()) },
        purposes: ['promocoes', 'novidades'],
        channels: ['*'],
        until: toIso(clock.read() + 180 * dayMs),
        reason: null,
        createdAt: toIso(clock.read()),
        endedAt: null,
      },
    ]);
  }
  // Once more, by the process that did not see the first.
  expect(await happen(last, 'complaint')).to.deep.include({
    ...line,
    status: 'duplicate',
  });
  expect(await exclusionsOf(last, subject)).to.have.length(1);
  clock.advance(dayMs);
  const closed = { id: 'c', properties: { name: 'complaint_closed' } };
  expect((await happen(last, 'custom', closed)).status).to.equal('stored');
  for (const gate of gates) {
    expect(await exclusionsOf(gate, subject)).to.deep.equal([]);
    expect(rulesOf(await decide(gate))).not.to.include('exclusion-complaint');
  }
  // A caller that ends what is over is told when that was.
  const path = { id: subject, instructionId: exclusion };
  expect(bodyOf(await endExclusion(first, call(null, { path })))).to.include({
    id: exclusion,
    kind: 'complaint_open',
    endedAt: toIso(clock.read()),
  });
}

describe('exclusions of events', () => {
  it('are made by an event that is of no other use, which leaves no signal', async () => {
    const { gate } = await makeTestGate();
    const subject = await consenting(gate);
    await happen(gate, 'not_interested');
    const record = (await recordsIn(gate)).find(({ kind }) => kind === 'event');
    expect(record?.body).to.deep.include({ signals: {} });
    expect(await exclusionsOf(gate, subject)).to.have.length(1);
    expect(textOf(await decide(gate))).to.equal('Você disse que não tem interesse nisto.');
  });

  it('are none where the term of a late event is over, and nothing is stored', async () => {
    const { gate } = await makeTestGate();
    const subject = await consenting(gate);
    expect(await happen(gate, 'complaint', { ago: 180 * dayMs })).to.deep.include(nothing);
    expect(await exclusionsOf(gate, subject)).to.deep.equal([]);
    expect((await recordsIn(gate)).some(({ kind }) => kind === 'event')).to.equal(false);
    const late = await happen(gate, 'complaint', { ago: 180 * dayMs - 1 });
    expect(late.exclusions).to.have.length(1);
  });

  it('do not pile up: the same again lengthens the one that stands', async () => {
    const { gate, clock } = await makeTestGate();
    const subject = await consenting(gate);
    const first = await happen(gate, 'purchase');
    clock.advance(dayMs);
    const second = await happen(gate, 'purchase', { id: 'again' });
    expect(second.exclusions).to.deep.equal(first.exclusions);
    const [only, ...others] = await exclusionsOf(gate, subject);
    expect(others).to.deep.equal([]);
    expect(only).to.deep.include({ until: toIso(clock.read() + 7 * dayMs) });
    expect(only?.['cause']).to.include({ record: second.event });
    // A shorter one changes nothing, though the event is of use as a signal.
    const older = await happen(gate, 'purchase', { ago: 3 * dayMs });
    expect(older).to.include({ status: 'stored' });
    expect(older.exclusions).to.deep.equal([]);
  });

  it('reach the channels and purposes of the policy alone', async () => {
    const { gate } = await makeTestGate();
    await consenting(gate);
    await happen(gate, 'purchase');
    const rules = async (changes: Parameters<typeof decide>[1]): Promise<readonly string[]> =>
      rulesOf(await decide(gate, changes));
    expect(await rules({ channel: 'whatsapp' })).to.include('exclusion-bought');
    expect(await rules({})).not.to.include('exclusion-bought');
    expect(await rules({ purpose: 'pedidos', channel: 'whatsapp' })).not.to.include(
      'exclusion-bought',
    );
  });

  it('make way for what the law orders to be sent', async () => {
    const everything = { event: 'complaint', purposes: ['*'] } as const;
    const { gate } = await makeTestGate({
      set: shippedSet((parts) => ({
        ...parts,
        exclusions: parts.exclusions.map((each) =>
          each.name === 'complained' ? { ...each, ...everything } : each,
        ),
      })),
    });
    await consenting(gate);
    await happen(gate, 'complaint');
    expect((await decide(gate))['outcome']).to.equal('deny');
    expect(await decide(gate, { purpose: 'avisos' })).to.include({ outcome: 'allow' });
  });

  it('lapse, and can be ended by a client before that', async () => {
    const { gate, clock } = await makeTestGate();
    const subject = await consenting(gate);
    const { exclusions } = await happen(gate, 'asked_for_human');
    const path = { id: subject, instructionId: exclusions[0] ?? '' };
    const first = bodyOf(await endExclusion(gate, call(null, { path })));
    expect(first).to.include({ endedAt: toIso(clock.read()) });
    expect(bodyOf(await endExclusion(gate, call(null, { path })))).to.deep.equal(first);
    const again = await happen(gate, 'asked_for_human', { id: 'again' });
    clock.advance(7 * dayMs);
    expect(await exclusionsOf(gate, subject)).to.deep.equal([]);
    const lapsed = { id: subject, instructionId: again.exclusions[0] ?? '' };
    expect(bodyOf(await endExclusion(gate, call(null, { path: lapsed })))).to.include({
      endedAt: null,
    });
    const nowhere = { id: subject, instructionId: 'ins_0192f0c4-4444-7aaa-8bbb-0123456789ac' };
    expect(codeOf(await endExclusion(gate, call(null, { path: nowhere })))).to.equal(
      'instruction-unknown',
    );
  });

  it('are seen by a look at the past', async () => {
    const { gate, clock } = await makeTestGate();
    await consenting(gate);
    const act = { subject: ana, action: 'send', purpose: 'promocoes', channel: 'email' } as const;
    const outcomeAt = async (at: number): Promise<unknown> =>
      bodyOf(await dryRunDecision(gate, call({ ...act, asOf: toIso(at) })))['outcome'];
    clock.advance(dayMs);
    const begun = clock.read();
    await happen(gate, 'complaint');
    clock.advance(dayMs);
    await happen(gate, 'custom', { properties: { name: 'complaint_closed' } });
    clock.advance(dayMs);
    expect(await outcomeAt(begun - 1)).to.equal('allow');
    expect(await outcomeAt(begun)).to.equal('deny');
    expect(await outcomeAt(begun + dayMs - 1)).to.equal('deny');
    expect(await outcomeAt(begun + dayMs)).to.equal('allow');
  });

  it('go with both when a merge is undone', async () => {
    const { gate } = await makeTestGate();
    const one = await consenting(gate);
    const other = await makeSubject(gate, [bruno]);
    const path = { id: one };
    const merge = idOf(bodyOf(await mergeSubjects(gate, call({ other }, { path }))));
    const { exclusions } = await happen(gate, 'complaint');
    bodyOf(await undoMerge(gate, call(null, { path: { id: one, mergeId: merge } })));
    for (const subject of [one, other]) {
      expect((await exclusionsOf(gate, subject)).map(({ id }) => id)).to.deep.equal(exclusions);
    }
  });
});

describe('exclusions of refusals', () => {
  it('are about the purpose on every channel, and end with a later yes', async () => {
    const { gate, clock } = await makeTestGate();
    const subject = await makeSubject(gate);
    const receipt = await refuse(gate);
    const denied = await decide(gate, { channel: 'whatsapp' });
    expect(rulesOf(denied)).to.include('exclusion-refusal');
    const [only] = await exclusionsOf(gate, subject);
    expect(only).to.deep.include({ kind: 'recent_refusal', purposes: ['promocoes'] });
    expect(only?.['cause']).to.deep.include({ policy: 'refused', record: receipt['id'] });
    clock.advance(dayMs);
    bodyOf(await grant(gate));
    expect(await exclusionsOf(gate, subject)).to.deep.equal([]);
    expect(await decide(gate)).to.include({ outcome: 'allow' });
  });

  it('are none where the refusal is older than the term', async () => {
    const { gate } = await makeTestGate();
    const subject = await makeSubject(gate);
    await refuse(gate, 200 * dayMs);
    expect(await exclusionsOf(gate, subject)).to.deep.equal([]);
    await refuse(gate, 3 * dayMs);
    expect(await exclusionsOf(gate, subject)).to.have.length(1);
  });
});

onBothEngines('an exclusion by an event', shippedSet, async ({ first, last, clock, restart }) => {
  await forbidsAtOnce([first, last], clock);
  await happen(last, 'not_interested');
  expect(rulesOf(await decide(await restart()))).to.include('exclusion-uninterested');
});
