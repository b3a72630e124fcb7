/** getConsent and listSubjectConsents. */
import { expect } from 'chai';
import { dayMs, toIso } from '../../src/domain/calendar/instant.ts';
import type { Json, JsonObject } from '../../src/domain/json.ts';
import { getConsent } from '../../src/operations/consents/get-consent.ts';
import { listSubjectConsents } from '../../src/operations/consents/list-subject-consents.ts';
import { listSubjectTimeline } from '../../src/operations/subjects/list-subject-timeline.ts';
import { answered } from '../support/contract.ts';
import { makeTestGate, shippedSet } from '../support/gate.ts';
import {
  allItems,
  bodyOf,
  codeOf,
  decide,
  grant,
  idOf,
  makeSubject,
  nextOf,
  read,
  withdraw,
} from './calls.ts';

const nowhere = 'sub_0192f0c4-3333-7aaa-8bbb-0123456789ab';

/** Every name that a reader of JSON-LD would have to know. */
function termsIn(value: Json): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(termsIn);
  return Object.entries(value).flatMap(([name, inner]: [string, Json]) => {
    if (name === '@context') return [];
    if (name === '@type') return typeof inner === 'string' ? [inner] : [];
    return [name, ...termsIn(inner)];
  });
}

describe('a consent receipt', () => {
  it('is absent under an id that no consent has', async () => {
    const { gate } = await makeTestGate();
    const id = 'con_0192f0c4-1111-7aaa-8bbb-0123456789ab';
    expect(codeOf(await getConsent(gate, read({ id })))).to.equal('consent-unknown');
  });

  it('is read again as it was given', async () => {
    const { gate } = await makeTestGate();
    const receipt = bodyOf(await grant(gate, { frequency: { max: 1, per: 'week' } }));
    const again = answered('getConsent', await getConsent(gate, read({ id: idOf(receipt) })));
    expect(again).to.deep.equal(receipt);
    expect(again['evidence']).to.include({ ip: '203.0.113.7' });
  });

  it('keeps what is no data of the person when the key of the subject is gone', async () => {
    const { gate, store } = await makeTestGate();
    const receipt = bodyOf(await grant(gate));
    const subject = await makeSubject(gate);
    const { revision = 0 } = (await store.get('subjects', subject)) ?? {};
    await store.write([
      { kind: 'delete', collection: 'subjects', id: subject, expectedRevision: revision },
    ]);
    const again = answered('getConsent', await getConsent(gate, read({ id: idOf(receipt) })));
    expect(again).to.deep.equal({ ...receipt, evidence: null });
  });

  it('speaks DPV, in terms that its own context explains, and without the evidence', async () => {
    const { gate } = await makeTestGate();
    const receipt = bodyOf(await grant(gate, { frequency: { max: 1, per: 'week' } }));
    const path = { id: idOf(receipt) };
    const linked = answered(
      'getConsent',
      await getConsent(gate, read(path, { format: 'dpv' as const })),
      'application/ld+json',
    );
    expect(linked).to.include({ '@type': 'dpv:ConsentRecord', 'dct:identifier': path.id });
    expect(linked['dpv:hasConsentStatus']).to.include({
      '@type': 'dpv:ConsentGiven',
      'dpv:isIndicatedAtTime': receipt['occurredAt'],
    });
    expect(linked['dpv:hasRecipient']).to.deep.include.members([
      {
        '@id': 'urn:porteiro:recipient:meta-whatsapp',
        '@type': 'dpv:DataProcessor',
        'dpv:hasName': 'WhatsApp LLC (Meta)',
        'dpv:hasCountry': { '@type': 'dpv:Country', 'dct:identifier': 'US' },
      },
    ]);
    expect(linked['dpv:hasPurpose']).to.include({
      '@type': 'dpv:Marketing',
      'dpv:hasFrequency': '1 per week',
    });
    const context = linked['@context'] as JsonObject;
    for (const term of termsIn(linked)) {
      if (!term.startsWith('@')) expect(context, term).to.have.property(term.split(':')[0] ?? '');
    }
    expect(JSON.stringify(linked)).not.to.match(/203\.0\.113|ana@/);
  });

  it('speaks DPV of a withdrawal too', async () => {
    const { gate, clock } = await makeTestGate();
    await grant(gate);
    clock.advance(1);
    const path = { id: idOf(bodyOf(await withdraw(gate))) };
    const linked = bodyOf(await getConsent(gate, read(path, { format: 'dpv' as const })));
    expect(linked['dpv:hasConsentStatus']).to.include({ '@type': 'dpv:ConsentWithdrawn' });
    expect(linked['dpv:hasNotice']).to.deep.equal([]);
  });

  it('describes the purpose as it was when the person acted', async () => {
    const { gate, clock, activate } = await makeTestGate();
    const path = { id: idOf(bodyOf(await grant(gate))) };
    clock.advance(dayMs);
    const title = { 'pt-BR': 'Outra coisa', en: 'Another thing' };
    await activate(
      shippedSet((parts) => ({
        ...parts,
        purposes: parts.purposes.map((purpose) => ({ ...purpose, title })),
      })),
    );
    const linked = bodyOf(await getConsent(gate, read(path, { format: 'dpv' as const })));
    expect(JSON.stringify(linked['dpv:hasPurpose'])).to.include('Promotions and offers');
  });
});

describe('the receipts of a subject', () => {
  it('are refused for a subject that nobody is, and a cursor of another list', async () => {
    const { gate } = await makeTestGate();
    const unknown = await listSubjectConsents(gate, read({ id: nowhere }, {}));
    expect(codeOf(unknown)).to.equal('subject-unknown');
    await grant(gate);
    await decide(gate);
    const path = { id: await makeSubject(gate) };
    const timeline = bodyOf(await listSubjectTimeline(gate, read(path, { limit: 1 })));
    const answer = await listSubjectConsents(gate, read(path, nextOf(timeline) ?? {}));
    expect(codeOf(answer)).to.equal('invalid-cursor');
  });

  it('begin with the one received last', async () => {
    const { gate, clock } = await makeTestGate();
    const ids: string[] = [];
    for (const make of [grant, withdraw, grant]) {
      clock.advance(1);
      const occurredAt = toIso(clock.read() - ids.length * dayMs);
      ids.unshift(idOf(bodyOf(await make(gate, { occurredAt }))));
    }
    const path = { id: await makeSubject(gate) };
    const list = async (query: object): Promise<JsonObject> =>
      answered('listSubjectConsents', await listSubjectConsents(gate, read(path, query)));
    for (const limit of [1, 2, 3, 50]) {
      const items = await allItems((more) => list({ limit, ...more }));
      expect(items.map(idOf)).to.deep.equal(ids);
    }
    expect(await list({ limit: 3 })).to.have.property('nextCursor', null);
  });
});
