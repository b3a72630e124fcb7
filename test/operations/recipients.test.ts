/** Sharing with others, from the register of recipients to the answer and its record. */
import { expect } from 'chai';
import type { Recipient } from '../../src/domain/guards/recipient.ts';
import type { PolicySet } from '../../src/domain/policy.ts';
import { getDecision } from '../../src/operations/decisions/get-decision.ts';
import { makeTestGate, shippedSet } from '../support/gate.ts';
import { answered } from '../support/contract.ts';
import { call, decide, grant, idOf, makeSubject, read, rulesOf } from './calls.ts';
import { createDecision } from '../../src/operations/decisions/create-decision.ts';

const ads: Recipient = {
  id: 'anuncios',
  name: 'Anúncios Exemplo',
  country: 'US',
  role: 'controller',
  mechanism: null,
  clauseVersion: null,
  since: '2026-01-05',
  data: ['first_name'],
};

function withAds(change: Partial<Recipient>): PolicySet {
  return shippedSet((parts) => ({
    ...parts,
    recipients: [...parts.recipients, { ...ads, ...change }],
    purposes: parts.purposes.map((each) =>
      each.id === 'promocoes'
        ? {
            ...each,
            actions: ['sync_audience'],
            data: ['first_name', 'city'],
            recipients: [ads.id],
          }
        : each,
    ),
  }));
}

const sync = { action: 'sync_audience', recipient: ads.id } as const;

describe('sharing data', () => {
  it('abroad without a mechanism is refused, and with one permitted', async () => {
    const { gate, activate } = await makeTestGate({ set: withAds({}) });
    await makeSubject(gate);
    await grant(gate);
    const refused = await decide(gate, sync);
    expect(refused).to.include({ outcome: 'deny' });
    expect(rulesOf(refused)).to.deep.equal(['transfer']);
    const clauses = { mechanism: 'standard_clauses', clauseVersion: 'Res. 19/2024' } as const;
    await activate(withAds(clauses));
    expect(await decide(gate, sync)).to.include({ outcome: 'allow' });
  });

  it('with nobody, or with somebody that the purpose does not list, is refused', async () => {
    const { gate } = await makeTestGate({ set: withAds({ country: 'BR' }) });
    await makeSubject(gate);
    await grant(gate);
    const unsaid = await decide(gate, { action: 'sync_audience' });
    expect(rulesOf(unsaid)).to.deep.equal(['recipient-declared']);
    const unlisted = await decide(gate, { ...sync, recipient: 'meta-whatsapp' });
    expect(rulesOf(unlisted)).to.deep.equal(['recipient-declared']);
    const unknown = await decide(gate, { ...sync, recipient: 'ninguem' });
    expect(rulesOf(unknown)).to.deep.equal(['recipient-declared', 'transfer']);
  });

  it('strips what the recipient has no need of, and records with whom', async () => {
    const { gate } = await makeTestGate({ set: withAds({ country: 'BR' }) });
    await makeSubject(gate);
    await grant(gate);
    const request = {
      subject: { type: 'email', value: 'ana@example.com' },
      purpose: 'promocoes',
      channel: 'email',
      data: ['first_name', 'city'],
      ...sync,
    } as const;
    const answer = answered('createDecision', await createDecision(gate, call(request)));
    expect(answer['obligations']).to.deep.include.members([
      { kind: 'use-only-data', data: ['first_name'] },
      { kind: 'strip-data', data: ['city'] },
    ]);
    const why = answered('getDecision', await getDecision(gate, read({ id: idOf(answer) })));
    expect(why['request']).to.include({ recipient: ads.id });
    expect(why['facts']).to.include({ 'recipient.status': 'declared' });
  });
});
