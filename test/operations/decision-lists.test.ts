/** getDecision, listDecisions and searchDecisions. */
import { expect } from 'chai';
import { dayMs, hourMs, toIso } from '../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { getDecision } from '../../src/operations/decisions/get-decision.ts';
import { listDecisions } from '../../src/operations/decisions/list-decisions.ts';
import { reportOutcome } from '../../src/operations/decisions/report-outcome.ts';
import { searchDecisions } from '../../src/operations/decisions/search-decisions.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { answered } from '../support/contract.ts';
import { makeTestGate, start, type TestGate } from '../support/gate.ts';
import {
  allItems,
  anaPhone,
  bruno,
  call,
  codeOf,
  decide,
  grant,
  idOf,
  itemsOf,
  makeSubject,
  nextOf,
  read,
  recordsIn,
} from './calls.ts';

type Query = Parameters<typeof listDecisions>[1]['query'];
type Search = Parameters<typeof searchDecisions>[1]['body'];

async function list(gate: Gate, query: Query = {}): Promise<JsonObject> {
  return answered('listDecisions', await listDecisions(gate, read({}, query)));
}

async function search(gate: Gate, body: Search): Promise<JsonObject> {
  return answered('searchDecisions', await searchDecisions(gate, call(body)));
}

function idsOf(page: JsonObject): readonly string[] {
  return itemsOf(page).map(idOf);
}

async function pagesOf(gate: Gate, query: Query): Promise<readonly string[]> {
  return (await allItems((more) => list(gate, { ...query, ...more }))).map(idOf);
}

const apart: number = 5 * hourMs;

/** Four decisions, five hours apart: two allowed for Ana, one denied, one about nobody known. */
async function fourDecisions(): Promise<TestGate & { readonly ids: readonly string[] }> {
  const made = await makeTestGate();
  const { gate, clock } = made;
  await makeSubject(gate);
  await grant(gate);
  const answers: JsonObject[] = [];
  for (const changes of [
    {},
    { subject: anaPhone },
    { subject: anaPhone, channel: 'whatsapp' },
    { subject: bruno },
  ] as const) {
    clock.advance(apart);
    answers.push(await decide(gate, changes));
  }
  return { ...made, ids: answers.map(idOf) };
}

describe('the why record of a decision', () => {
  it('is absent under an id that no decision has', async () => {
    const { gate } = await makeTestGate();
    const id = 'dec_0192f0c4-5b1e-7c3a-9d2e-6a1f0b7c8d9e';
    expect(codeOf(await getDecision(gate, read({ id })))).to.equal('decision-unknown');
  });

  it('holds the answer, the request as it was seen, the facts and the place', async () => {
    const { gate } = await makeTestGate();
    await grant(gate);
    const content = { campaign: 'natal', text: 'Oi, Ana!' };
    const criteria = { segment: 'tenis', score: { name: 'propensao', value: 0.8 } };
    const answer = await decide(gate, { content, criteria, data: ['first_name'] });
    const record = answered('getDecision', await getDecision(gate, read({ id: idOf(answer) })));
    expect(record).to.deep.include(answer);
    expect(record['request']).to.deep.include({ criteria, data: ['first_name'] });
    expect(record['request']).to.have.property('content').that.has.keys('campaign', 'textDigest');
    expect(JSON.stringify(record)).not.to.include('Oi, Ana!').and.not.include('ana@');
    expect(record['facts']).to.include({ 'consent.state': 'granted' });
    expect(record).to.deep.include({ subjectReference: { type: 'email' }, outcomes: [] });
    const stored = (await recordsIn(gate)).find(({ id }) => id === answer['id']);
    expect(record['ledger']).to.have.property('entry', stored?.id);
  });

  it('says what was reported', async () => {
    const { gate, clock } = await makeTestGate();
    await grant(gate);
    const path = { id: idOf(await decide(gate)) };
    clock.advance(1000);
    const report = await reportOutcome(gate, call({ result: 'sent' }, { path }));
    const record = answered('getDecision', await getDecision(gate, read(path)));
    expect(record['outcomes']).to.deep.equal([report]);
  });

  it('is kept of somebody unknown, without saying who', async () => {
    const { gate } = await makeTestGate();
    const answer = await decide(gate, { subject: bruno, content: { campaign: 'natal' } });
    const record = answered('getDecision', await getDecision(gate, read({ id: idOf(answer) })));
    expect(record).to.deep.include({ subject: null, facts: {} });
    expect(record['request']).to.deep.include({ content: null, criteria: null });
  });

  it('outlives what was sealed, once the key of the subject is gone', async () => {
    const { gate, store } = await makeTestGate();
    await grant(gate);
    const id = idOf(await decide(gate, { content: { campaign: 'natal' } }));
    const subject = await makeSubject(gate);
    const { revision = 0 } = (await store.get('subjects', subject)) ?? {};
    await store.write([
      { kind: 'delete', collection: 'subjects', id: subject, expectedRevision: revision },
    ]);
    const record = answered('getDecision', await getDecision(gate, read({ id })));
    expect(record['request']).to.deep.include({ purpose: 'promocoes', content: null });
  });
});

describe('lists of decisions', () => {
  it('refuse a cursor of another list', async () => {
    const { gate } = await fourDecisions();
    const nextCursor = nextOf(await list(gate, { limit: 1 }))?.cursor ?? '';
    const wrong: readonly Query[] = [
      { cursor: 'garbage' },
      { cursor: nextCursor, outcome: 'deny' },
      { cursor: nextCursor, to: toIso(start) },
      { cursor: Buffer.from('a b').toString('base64url') },
    ];
    for (const query of wrong) {
      expect(codeOf(await listDecisions(gate, read({}, query)))).to.equal('invalid-cursor');
    }
  });

  it('refuse a kind of reference without its value', async () => {
    const { gate } = await makeTestGate();
    const answer = await listDecisions(gate, read({}, { 'subject.type': 'id' as const }));
    expect(codeOf(answer)).to.equal('invalid-request');
  });

  it('refuse an identifier that cannot be one', async () => {
    const { gate } = await makeTestGate();
    const subject = { type: 'email', value: 'no mail' } as const;
    expect(codeOf(await searchDecisions(gate, call({ subject })))).to.equal('identifier-invalid');
  });

  it('are empty for an identifier that nobody has', async () => {
    const { gate } = await fourDecisions();
    expect(await search(gate, { subject: bruno })).to.deep.equal({ items: [], nextCursor: null });
  });

  it('go from the newest to the oldest, whatever the length of their pages', async () => {
    const { gate, ids } = await fourDecisions();
    for (const limit of [1, 2, 3, 4, 200]) {
      expect(await pagesOf(gate, { limit })).to.deep.equal(ids.toReversed());
    }
    expect(await list(gate, { limit: 4 })).to.have.property('nextCursor', null);
  });

  it('tell of each decision what and why in short', async () => {
    const { gate } = await fourDecisions();
    const [, denied] = itemsOf(await list(gate));
    expect(denied).to.deep.include({
      outcome: 'deny',
      channel: 'whatsapp',
      client: 'crm',
      decidedAt: toIso(start + 3 * apart),
    });
    expect(denied).to.have.property('rules').that.includes('consent-granted');
  });

  it('hold what every filter fits', async () => {
    const { gate, ids } = await fourDecisions();
    const [first, second, third, fourth] = ids;
    const subject = await makeSubject(gate);
    const cases: readonly (readonly [query: Query, wanted: readonly (string | undefined)[]])[] = [
      [{ outcome: 'allow' }, [second, first]],
      [{ rule: 'subject-unknown' }, [fourth]],
      [{ channel: 'whatsapp' }, [third]],
      [{ purpose: 'novidades' }, []],
      [{ outcome: 'deny', channel: 'email' }, [fourth]],
      [{ 'subject.type': 'id', 'subject.value': subject }, [third, second, first]],
      [{ 'subject.value': subject, outcome: 'deny' }, [third]],
      [{ from: toIso(start + 3 * apart) }, [fourth, third]],
      [{ to: toIso(start + 3 * apart) }, [second, first]],
      [{ from: '2026-11-24T21:00:00-03:00', to: toIso(start + 3 * apart) }, [second]],
      [{ from: toIso(start + 3 * apart), to: toIso(start) }, []],
    ];
    for (const [query, wanted] of cases) {
      expect(await pagesOf(gate, query), JSON.stringify(query)).to.deep.equal(wanted);
    }
    const byPhone = await search(gate, { subject: anaPhone, to: toIso(start + 2 * dayMs) });
    expect(idsOf(byPhone)).to.deep.equal([third, second, first]);
  });

  it('look at so many records in one request and no more, and go on', async function () {
    this.timeout(30_000);
    const { gate, clock } = await makeTestGate();
    const wanted = idOf(await decide(gate, { subject: bruno, channel: 'sms' }));
    for (let count = 0; count < 5000; count += 1) {
      clock.advance(1);
      await decide(gate, { subject: bruno });
    }
    const first = await list(gate, { channel: 'sms' });
    expect(first['items']).to.deep.equal([]);
    expect(first['nextCursor']).to.be.a('string');
    expect(await pagesOf(gate, { channel: 'sms' })).to.deep.equal([wanted]);
  });
});
