/** showUnsubscribe and unsubscribe. */
import { expect } from 'chai';
import { hourMs, toIso } from '../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Channel } from '../../src/domain/policy.ts';
import { recordEvents } from '../../src/operations/events/record-events.ts';
import type { Gate } from '../../src/operations/gate.ts';
import type { Actor, Call } from '../../src/operations/operation.ts';
import { showUnsubscribe } from '../../src/operations/unsubscribe/show-unsubscribe.ts';
import { unsubscribeUrl } from '../../src/operations/unsubscribe/unsubscribe-link.ts';
import { unsubscribe } from '../../src/operations/unsubscribe/unsubscribe.ts';
import { answered } from '../support/contract.ts';
import { makeTestGate, shippedSet } from '../support/gate.ts';
import { ana, call, codeOf, decide, grant, makeSubject, recordsIn, rulesOf } from './calls.ts';

/** What the HTTP layer passes for whoever has no token. */
const anyone: Actor = { kind: 'client', id: 'public', scopes: new Set() };

function by(token: string): Call<object, object, { readonly token: string }> {
  return { ...call({ 'List-Unsubscribe': 'One-Click' }, { path: { token } }), actor: anyone };
}

async function show(gate: Gate, token: string): Promise<JsonObject> {
  return answered('showUnsubscribe', await showUnsubscribe(gate, by(token)));
}

async function click(gate: Gate, token: string): Promise<JsonObject> {
  return answered('unsubscribe', await unsubscribe(gate, by(token)));
}

function tokenFor(gate: Gate, subject: string, purpose: string, channel: Channel = 'email') {
  return unsubscribeUrl(gate, { subject, purpose, channel }).split('/u/')[1] ?? '';
}

/** The token of the link that an allow demands. */
async function tokenOf(gate: Gate, purpose: string): Promise<string> {
  const answer = await decide(gate, { purpose });
  expect(answer).to.include({ outcome: 'allow' });
  const obligations = answer['obligations'] as readonly JsonObject[];
  const link = obligations.find(({ kind }) => kind === 'list-unsubscribe')?.['url'];
  return typeof link === 'string' ? (link.split('/u/')[1] ?? '') : '';
}

describe('an unsubscribe link', () => {
  it('is invalid where this gate did not make it, or the person is gone', async () => {
    const { gate } = await makeTestGate();
    await grant(gate);
    const token = await tokenOf(gate, 'promocoes');
    const altered = (token.startsWith('A') ? 'B' : 'A') + token.slice(1);
    const gone = tokenFor(gate, 'sub_0192f0c4-3333-7aaa-8bbb-0123456789ab', 'promocoes');
    for (const wrong of ['x', altered, token.slice(0, -2), gone]) {
      expect(codeOf(await showUnsubscribe(gate, by(wrong)))).to.equal('link-invalid');
      expect(codeOf(await unsubscribe(gate, by(wrong)))).to.equal('link-invalid');
    }
    expect(await decide(gate, { purpose: 'pedidos' })).to.include({ outcome: 'allow' });
  });

  it('changes nothing by being followed', async () => {
    const { gate } = await makeTestGate();
    await grant(gate);
    const token = await tokenOf(gate, 'promocoes');
    const before = await recordsIn(gate);
    expect(await show(gate, token)).to.deep.equal({
      controller: 'Loja Exemplo Ltda.',
      purpose: 'promocoes',
      title: { 'pt-BR': 'Promoções e ofertas', en: 'Promotions and offers' },
      channel: 'email',
      state: 'subscribed',
    });
    expect(await recordsIn(gate)).to.deep.equal(before);
  });

  it('withdraws a consent, for its purpose and channel alone', async () => {
    const { gate, clock } = await makeTestGate();
    await grant(gate, { channels: ['email', 'site'] });
    const token = await tokenOf(gate, 'promocoes');
    clock.advance(5 * hourMs);
    expect(await click(gate, token)).to.include({ state: 'unsubscribed' });
    expect(rulesOf(await decide(gate))).to.include('withdrawn');
    expect(await decide(gate, { channel: 'site' })).to.include({ outcome: 'allow' });
    expect(await show(gate, token)).to.include({ state: 'unsubscribed' });
  });

  it('withdraws what a clock ahead of ours granted', async () => {
    const { gate, clock } = await makeTestGate();
    const token = tokenFor(gate, await makeSubject(gate), 'promocoes');
    clock.advance(1500);
    await grant(gate);
    clock.advance(-1500);
    await click(gate, token);
    clock.advance(hourMs);
    expect(rulesOf(await decide(gate))).to.include('withdrawn');
  });

  it('objects where the purpose does not rest on consent', async () => {
    const { gate, clock } = await makeTestGate();
    await makeSubject(gate);
    const occurredAt = toIso(clock.read());
    await recordEvents(gate, call({ id: 'p', type: 'purchase', subject: ana, occurredAt }));
    const token = await tokenOf(gate, 'novidades');
    expect(await show(gate, token)).to.include({ state: 'subscribed' });
    expect(await click(gate, token)).to.include({ state: 'unsubscribed', purpose: 'novidades' });
    expect(rulesOf(await decide(gate, { purpose: 'novidades' }))).to.include('objection');
    expect(await show(gate, token)).to.include({ state: 'unsubscribed' });
  });

  it('takes a no to a purpose that is declared no more, and keeps it', async () => {
    const { gate, clock, activate } = await makeTestGate();
    const token = tokenFor(gate, await makeSubject(gate), 'pedidos');
    const whole = gate.policies.active().set;
    clock.advance(1);
    await activate(
      shippedSet((parts) => ({
        ...parts,
        purposes: parts.purposes.filter(({ id }) => id !== 'pedidos'),
      })),
    );
    expect(await show(gate, token)).to.deep.include({
      title: { 'pt-BR': 'pedidos', en: 'pedidos' },
      state: 'subscribed',
    });
    expect(await click(gate, token)).to.include({ state: 'unsubscribed' });
    clock.advance(1);
    await activate(whole);
    expect(rulesOf(await decide(gate, { purpose: 'pedidos' }))).to.include('objection');
  });

  it('may be clicked again, and again later, with one record', async () => {
    const { gate, clock } = await makeTestGate();
    await grant(gate);
    const token = await tokenOf(gate, 'promocoes');
    const first = await click(gate, token);
    const records = (await recordsIn(gate)).length;
    clock.advance(hourMs);
    expect(await click(gate, token)).to.deep.equal(first);
    expect(await recordsIn(gate)).to.have.length(records);
  });

  it('works again after the person consented again', async () => {
    const { gate, clock } = await makeTestGate();
    await grant(gate);
    const token = await tokenOf(gate, 'promocoes');
    await click(gate, token);
    clock.advance(5 * hourMs);
    await grant(gate);
    expect(await show(gate, token)).to.include({ state: 'subscribed' });
    await click(gate, token);
    expect(rulesOf(await decide(gate))).to.include('withdrawn');
  });

  it('leaves a record with its evidence and entry, and no token in it', async () => {
    const { gate } = await makeTestGate();
    await grant(gate);
    const token = await tokenOf(gate, 'promocoes');
    await click(gate, token);
    const record = (await recordsIn(gate)).findLast(({ kind }) => kind === 'consent');
    expect(record).to.include({ client: 'unsubscribe-link' });
    expect(record?.body).to.deep.include({ event: 'withdrawn', evidenceClass: 'native' });
    expect(JSON.stringify(record)).not.to.include(token);
    expect(record?.kind).to.equal('consent');
    expect(record?.digest).to.match(/^sha256:[0-9a-f]{64}$/);
  });
});
