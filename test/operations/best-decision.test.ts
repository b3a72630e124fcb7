/** createBestDecision: which candidate is chosen, what is reserved, and what the record says. */
import { expect } from 'chai';
import { hourMs, toIso } from '../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { canonicalJson } from '../../src/ledger/canonical.ts';
import { createBestDecision } from '../../src/operations/decisions/create-best-decision.ts';
import type {
  BestDecisionRequest,
  Candidate,
} from '../../src/operations/decisions/decision-record.ts';
import { getDecision } from '../../src/operations/decisions/get-decision.ts';
import { reportOutcome } from '../../src/operations/decisions/report-outcome.ts';
import { searchDecisions } from '../../src/operations/decisions/search-decisions.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { openSlots } from '../../src/operations/subjects/slots-file.ts';
import { listSubjectTimeline } from '../../src/operations/subjects/list-subject-timeline.ts';
import { answered } from '../support/contract.ts';
import { makeTestGate, start, type TestGate } from '../support/gate.ts';
import {
  ana,
  anaPhone,
  bruno,
  call,
  codeOf,
  decide,
  grant,
  idOf,
  itemsOf,
  makeSubject,
  read,
  recordsIn,
  rulesOf,
  templated,
} from './calls.ts';

const email: Candidate = { action: 'send', purpose: 'promocoes', channel: 'email' };
const whatsapp: Candidate = { ...email, channel: 'whatsapp', content: templated() };
const orders: Candidate = { action: 'send', purpose: 'pedidos', channel: 'email' };

interface PassedOver extends JsonObject {
  readonly candidate: number;
  readonly why: string;
  readonly retryAt: string | null;
  readonly explanation: { readonly 'pt-BR': string; readonly en: string };
}

async function best(
  gate: Gate,
  candidates: BestDecisionRequest['candidates'],
  more: { readonly key?: string; readonly subject?: BestDecisionRequest['subject'] } = {},
): Promise<JsonObject> {
  const { subject = ana, ...key } = more;
  const answer = await createBestDecision(gate, call({ subject, candidates }, key));
  return answered('createBestDecision', answer);
}

function passedOverIn(answer: JsonObject): readonly PassedOver[] {
  return answer['passedOver'] as readonly PassedOver[];
}

function whyIn(answer: JsonObject): readonly string[] {
  return passedOverIn(answer).map(({ candidate, why }) => `${candidate} ${why}`);
}

/** Ana takes promotions by e-mail, and by no other channel. */
async function consenting(): Promise<TestGate & { readonly subject: string }> {
  const made = await makeTestGate();
  const subject = await makeSubject(made.gate);
  await grant(made.gate);
  return { ...made, subject };
}

/** Purpose and channel of each contact that counts. */
async function contactsOf(gate: Gate, subject: string): Promise<readonly string[]> {
  const stored = await gate.store.get('slots', subject);
  if (stored === null) return [];
  return openSlots(stored).slots.slots.map(({ purpose, channel }) => `${purpose} ${channel}`);
}

describe('the best of several acts', () => {
  it('is the permitted one with the highest score, then the first', async () => {
    const { gate } = await consenting();
    const scored = await best(gate, [
      { ...whatsapp, score: 9 },
      { ...orders, score: 1 },
      { ...email, score: 5 },
    ]);
    expect(scored).to.include({ outcome: 'allow', chosen: 2 });
    expect(whyIn(scored)).to.deep.equal(['0 deny', '1 outranked']);
    expect(scored['explanation']).to.have.property('pt-BR').that.includes('escolhida entre 3');
    expect(passedOverIn(scored)[0]?.explanation['pt-BR']).to.match(/não autorizou/);
    expect(await best(gate, [orders, orders])).to.include({ outcome: 'allow', chosen: 0 });
    expect(await best(gate, [orders, { ...orders, score: -1 }])).to.include({ chosen: 1 });
  });

  it('answers one candidate as a decision answers it', async () => {
    const [first, second] = [await consenting(), await consenting()];
    const answer = await best(first.gate, [email]);
    const { id: _id, whyUrl: _why, obligations: _links, ...alone } = await decide(second.gate);
    expect(answer).to.deep.include({ ...alone, chosen: 0, passedOver: [] });
  });

  it('reserves the chosen one alone', async () => {
    const { gate, subject } = await consenting();
    await best(gate, [
      { ...email, score: 1 },
      { ...orders, score: 2 },
    ]);
    expect(await contactsOf(gate, subject)).to.deep.equal([]);
    const answer = await best(gate, [whatsapp, email]);
    expect(answer['reservation']).to.deep.include({ ifUnreported: 'presume-sent' });
    expect(await contactsOf(gate, subject)).to.deep.equal(['promocoes email']);
    expect((await recordsIn(gate)).filter(({ kind }) => kind === 'decision').length).to.equal(2);
  });

  it('is the next permitted one where a cap is used up', async () => {
    const { gate } = await consenting();
    const candidates = [
      { ...email, score: 2 },
      { ...orders, score: 1 },
    ];
    expect(await best(gate, candidates)).to.include({ chosen: 0 });
    const later = await best(gate, candidates);
    expect(later).to.include({ outcome: 'allow', chosen: 1 });
    expect(whyIn(later)).to.deep.equal(['0 defer']);
    expect(passedOverIn(later)[0]?.retryAt).to.equal(toIso(start + 4 * hourMs));
  });

  it('is none where none is permitted: the nearest is told, and the earliest instant', async () => {
    const { gate, clock } = await consenting();
    await grant(gate, { subject: anaPhone, channels: ['whatsapp'] });
    await best(gate, [email]);
    clock.advance(5 * hourMs);
    await best(gate, [email]);
    const answer = await best(gate, [{ ...whatsapp, channel: 'sms', score: 9 }, email, whatsapp], {
      subject: anaPhone,
    });
    expect(answer).to.include({ outcome: 'defer', chosen: null, reservation: null });
    expect(whyIn(answer)).to.deep.equal(['0 deny', '1 defer', '2 defer']);
    const times = passedOverIn(answer).flatMap(({ retryAt }) => retryAt ?? []);
    expect(new Set(times).size, 'instants that differ').to.equal(2);
    expect(answer['retryAt']).to.equal(times.toSorted()[0]);
    expect(answer['explanation'])
      .to.have.property('pt-BR')
      .that.match(/^Nenhuma das 3 opções era permitida\. /);
    expect(rulesOf(answer).length).to.be.greaterThan(0);
  });

  it('is none for somebody unknown, and makes nobody known', async () => {
    const { gate } = await makeTestGate();
    const answer = await best(gate, [email, orders], { subject: bruno });
    expect(answer).to.include({ outcome: 'deny', chosen: null });
    expect(rulesOf(answer)).to.deep.equal(['subject-unknown']);
    expect(whyIn(answer)).to.deep.equal(['0 deny', '1 deny']);
    expect((await recordsIn(gate)).at(-1)).to.include({ kind: 'decision', subject: null });
  });

  it('is none where the clock went back', async () => {
    const { gate, clock } = await consenting();
    clock.advance(-hourMs);
    const answer = await best(gate, [email, orders]);
    expect(rulesOf(answer)).to.deep.equal(['clock-unreliable']);
    expect(answer).to.include({ outcome: 'deny', chosen: null });
  });

  it('refuses an identifier that cannot be one', async () => {
    const { gate } = await makeTestGate();
    const subject = { type: 'email', value: 'no mail' } as const;
    const answer = await createBestDecision(gate, call({ subject, candidates: [email] }));
    expect(codeOf(answer)).to.equal('identifier-invalid');
  });

  it('has one answer and one record under a key, and another body is refused', async () => {
    const { gate } = await consenting();
    const asked = [whatsapp, email];
    const answer = await best(gate, asked, { key: 'one' });
    expect(await best(gate, asked, { key: 'one' })).to.deep.equal(answer);
    const other = { subject: ana, candidates: asked.toReversed() };
    const refused = await createBestDecision(gate, call(other, { key: 'one' }));
    expect(codeOf(refused)).to.equal('idempotency-key-reused');
    expect((await recordsIn(gate)).filter(({ kind }) => kind === 'decision').length).to.equal(1);
    // The key of an ordinary decision is another one.
    expect(await decide(gate, orders, 'one')).to.include({ outcome: 'allow' });
  });
});

describe('the record of a choice', () => {
  const content = { campaign: 'natal', text: 'Oi, Ana!' };
  const criteria = { segment: 'tenis' };
  const candidates = [{ ...whatsapp, content, score: 0.75 }, { ...email, criteria }, orders];

  it('is canonical, and holds neither texts nor scores in the clear', async () => {
    const { gate, store } = await consenting();
    const id = idOf(await best(gate, candidates));
    const { body = '' } = (await store.get('records', id)) ?? {};
    expect(body).to.equal(canonicalJson(JSON.parse(body) as JsonObject));
    expect(body).not.to.include('Oi, Ana').and.not.include('0.75').and.not.include('tenis');
  });

  it('says of every candidate what was asked and what was known', async () => {
    const { gate } = await consenting();
    const answer = await best(gate, candidates);
    const path = { id: idOf(answer) };
    const record = answered('getDecision', await getDecision(gate, read(path)));
    expect(record).to.deep.include(answer);
    expect(record['request']).to.deep.include({ channel: 'email', criteria, content: null });
    const seen = record['candidates'] as readonly JsonObject[];
    expect(seen.map(({ candidate, channel, score }) => [candidate, channel, score])).to.deep.equal([
      [0, 'whatsapp', 0.75],
      [1, 'email', null],
      [2, 'email', null],
    ]);
    expect(seen[0]?.['content']).to.have.keys('campaign', 'textDigest');
    expect(seen[0]?.['facts']).to.include({ 'consent.state': 'never_asked' });
    expect(seen[1]?.['facts']).to.deep.equal(record['facts']);
  });

  it('outlives what was sealed, once the key of the subject is gone', async () => {
    const { gate, store, subject } = await consenting();
    const id = idOf(await best(gate, candidates));
    const { revision = 0 } = (await store.get('subjects', subject)) ?? {};
    await store.write([
      { kind: 'delete', collection: 'subjects', id: subject, expectedRevision: revision },
    ]);
    const record = answered('getDecision', await getDecision(gate, read({ id })));
    const seen = record['candidates'] as readonly JsonObject[];
    expect(seen.map(({ score, content: kept }) => [score, kept])).to.deep.equal([
      [null, null],
      [null, null],
      [null, null],
    ]);
  });

  it('is found as a decision about what was chosen', async () => {
    const { gate } = await consenting();
    const id = idOf(await best(gate, [whatsapp, email]));
    const found = async (channel: 'email' | 'whatsapp'): Promise<readonly string[]> => {
      const page = await searchDecisions(gate, call({ subject: ana, channel }));
      return itemsOf(answered('searchDecisions', page)).map(idOf);
    };
    expect(await found('email')).to.deep.equal([id]);
    expect(await found('whatsapp')).to.deep.equal([]);
  });

  it('is told to the person in the timeline', async () => {
    const { gate, subject } = await consenting();
    await best(gate, [whatsapp, email]);
    await best(gate, [whatsapp, { ...whatsapp, channel: 'sms' }]);
    const page = await listSubjectTimeline(gate, read({ id: subject }, {}));
    const items = itemsOf(answered('listSubjectTimeline', page));
    const said = items.filter(({ kind }) => kind === 'decision').map(({ summary }) => summary);
    expect(said[1]).to.deep.include({
      'pt-BR': 'Permitido: “Promoções e ofertas” por e-mail. Foi a opção escolhida entre 2.',
    });
    expect(said[0])
      .to.have.property('pt-BR')
      .that.match(/^Negado: .* por WhatsApp\. Nenhuma das 2 opções era permitida\. Você /);
  });

  it('takes a report, which gives the contact back or keeps it', async () => {
    const { gate, subject } = await consenting();
    const report = async (result: 'sent' | 'failed', answer: JsonObject): Promise<void> => {
      const path = { id: idOf(answer) };
      answered('reportOutcome', await reportOutcome(gate, call({ result }, { path })));
    };
    await report('failed', await best(gate, [whatsapp, email]));
    expect(await contactsOf(gate, subject)).to.deep.equal([]);
    await report('sent', await best(gate, [whatsapp, email]));
    expect(await contactsOf(gate, subject)).to.deep.equal(['promocoes email']);
    const none = await best(gate, [whatsapp]);
    const refused = await reportOutcome(
      gate,
      call({ result: 'sent' } as const, { path: { id: idOf(none) } }),
    );
    expect(codeOf(refused)).to.equal('outcome-conflict');
  });
});
