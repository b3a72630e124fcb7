/** eraseSubject: what goes, what stays, what is refused, and what is told afterwards. */
import { expect } from 'chai';
import { dayMs, hourMs, minuteMs, toIso } from '../../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { getConsent } from '../../../src/operations/consents/get-consent.ts';
import { createDecision } from '../../../src/operations/decisions/create-decision.ts';
import { getDecision } from '../../../src/operations/decisions/get-decision.ts';
import { listDecisions } from '../../../src/operations/decisions/list-decisions.ts';
import { reportOutcome } from '../../../src/operations/decisions/report-outcome.ts';
import { eraseSubject } from '../../../src/operations/erasure/erase-subject.ts';
import { getErasure } from '../../../src/operations/erasure/get-erasure.ts';
import { sweepErasures } from '../../../src/operations/erasure/sweep-erasures.ts';
import { recordEvents } from '../../../src/operations/events/record-events.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import { createExclusion } from '../../../src/operations/instructions/create-exclusion.ts';
import { createObjection } from '../../../src/operations/instructions/create-objection.ts';
import { endExclusion } from '../../../src/operations/instructions/end-exclusion.ts';
import { endObjection } from '../../../src/operations/instructions/end-objection.ts';
import { mergeSubjects } from '../../../src/operations/merging/merge-subjects.ts';
import { undoMerge } from '../../../src/operations/merging/undo-merge.ts';
import type { Answer } from '../../../src/operations/operation.ts';
import type { Row } from '../../../src/operations/rows/row.ts';
import { createReconciliation } from '../../../src/operations/sends/create-reconciliation.ts';
import type { SentRow } from '../../../src/operations/sends/judge-send.ts';
import { getSubject } from '../../../src/operations/subjects/get-subject.ts';
import { listSubjectTimeline } from '../../../src/operations/subjects/list-subject-timeline.ts';
import { showUnsubscribe } from '../../../src/operations/unsubscribe/show-unsubscribe.ts';
import { unsubscribe } from '../../../src/operations/unsubscribe/unsubscribe.ts';
import { unsubscribeUrl } from '../../../src/operations/unsubscribe/unsubscribe-link.ts';
import { entryText, recordDigest } from '../../../src/ledger/entry.ts';
import { experimentSet } from '../../support/experiments.ts';
import { makeTestGate, type TestGate } from '../../support/gate.ts';
import {
  ana,
  anaPhone,
  bodyOf,
  bruno,
  call,
  codeOf,
  decide,
  grant,
  idOf,
  itemsOf,
  linesTold,
  makeSubject,
  read,
  recordsIn,
  rulesOf,
  withdraw,
} from '../calls.ts';

const demand = {
  reason: 'erase-consented',
  actor: { kind: 'subject' },
  reference: '2026/118',
} as const;

function erase(gate: Gate, id: string, key?: string): Promise<Answer> {
  return eraseSubject(gate, call(demand, { path: { id }, ...(key === undefined ? {} : { key }) }));
}

function tried(gate: Gate, id: string): Promise<Answer> {
  return eraseSubject(gate, call({ ...demand, dryRun: true }, { path: { id } }));
}

async function purchase(gate: Gate): Promise<JsonObject> {
  const occurredAt = toIso(gate.clock());
  const body = { id: 'order-1', type: 'purchase', subject: ana, occurredAt } as const;
  return bodyOf(await recordEvents(gate, call(body)));
}

const delivery = { purpose: 'pedidos', channel: 'email' } as const;

describe('erasing a subject', () => {
  let world: TestGate;
  let gate: Gate;
  beforeEach(async () => {
    world = await makeTestGate();
    ({ gate } = world);
  });

  it('is refused for a reference that says who asked, and for nobody', async () => {
    const id = await makeSubject(gate);
    for (const reference of ['52998224725', '529.982.247-25', '11987654321']) {
      const asked = eraseSubject(gate, call({ ...demand, reference }, { path: { id } }));
      expect(codeOf(await asked), reference).to.equal('reference-personal');
    }
    expect(codeOf(await erase(gate, gate.newId('sub_')))).to.equal('subject-unknown');
    expect(codeOf(await getErasure(gate, read({ id })))).to.equal('erasure-unknown');
    const nobody = read({ id: gate.newId('sub_') });
    expect(codeOf(await getErasure(gate, nobody))).to.equal('subject-unknown');
  });

  it('is refused while proceedings are under way, and says until when', async () => {
    const id = await makeSubject(gate);
    const until = toIso(gate.clock() + 30 * dayMs);
    const path = { id };
    const held = bodyOf(
      await createExclusion(gate, call({ kind: 'litigation', until } as const, { path })),
    );
    for (const answer of [await erase(gate, id), await tried(gate, id)]) {
      expect(codeOf(answer)).to.equal('erasure-refused');
      expect(answer).to.have.nested.property('detail.en').that.includes(until);
    }
    expect(bodyOf(await getSubject(gate, read({ id })))).to.include({ id });
    const ending = { path: { id, instructionId: idOf(held) } };
    bodyOf(await endExclusion(gate, call(null, ending)));
    expect(bodyOf(await erase(gate, id))).to.include({ state: 'erased' });
  });

  it('says in a dry run what would go, and changes nothing', async () => {
    const id = await makeSubject(gate);
    await grant(gate);
    await decide(gate);
    const before = (await recordsIn(gate)).length;
    const answer = bodyOf(await tried(gate, id));
    expect(answer).to.include({ id: null, state: null, ledger: null, article: 'LGPD art. 18, VI' });
    expect(answer['found']).to.deep.equal({ identifiers: 2, contentReviews: 0, records: 3 });
    expect((await recordsIn(gate)).length).to.equal(before);
    expect((await decide(gate))['outcome']).to.equal('defer');
  });

  it('tells by the id what happened, and by an identifier that nobody is known', async () => {
    const id = await makeSubject(gate, undefined, { first_name: 'Ana' });
    const consent = idOf(bodyOf(await grant(gate)));
    const decision = idOf(await decide(gate));
    const erased = bodyOf(await erase(gate, id));
    expect(erased).to.include({
      subject: id,
      state: 'erased',
      reference: '2026/118',
      client: 'crm',
    });
    expect(erased['found']).to.deep.equal({ identifiers: 2, contentReviews: 0, records: 3 });
    expect(erased['kept']).to.deep.equal([]);
    expect(bodyOf(await getErasure(gate, read({ id })))).to.deep.equal(erased);
    const gone = await getSubject(gate, read({ id }));
    expect(codeOf(gone)).to.equal('subject-erased');
    expect(gone).to.have.nested.property('detail.en').that.includes(idOf(erased));
    expect(codeOf(await listSubjectTimeline(gate, read({ id })))).to.equal('subject-erased');
    expect(codeOf(await erase(gate, id))).to.equal('subject-erased');
    expect(codeOf(await createObjection(gate, call({}, { path: { id } })))).to.equal(
      'subject-erased',
    );
    expect(codeOf(await getDecision(gate, read({ id: decision })))).to.equal('record-erased');
    expect(codeOf(await getConsent(gate, read({ id: consent })))).to.equal('record-erased');
    const outcome = call({ result: 'sent' } as const, { path: { id: decision } });
    expect(codeOf(await reportOutcome(gate, outcome))).to.equal('record-erased');
    for (const subject of [ana, { type: 'id', value: id } as const]) {
      const answer = await decide(gate, { subject });
      expect(answer['outcome']).to.equal('deny');
      expect(rulesOf(answer)).to.include('subject-unknown');
    }
    const list = bodyOf(await listDecisions(gate, call(null, { query: {} })));
    expect(itemsOf(list).map((item) => item['id'])).not.to.include(decision);
  });

  it('leaves of each record its ledger entry, and nothing that it was made of', async () => {
    const id = await makeSubject(gate);
    await grant(gate);
    await decide(gate);
    const before = await gate.store.readLog('records', null, 1000);
    const entries = (await recordsIn(gate)).map(entryText);
    const erasure = idOf(bodyOf(await erase(gate, id)));
    const after = await gate.store.readLog('records', null, 1000);
    expect((await recordsIn(gate)).slice(0, entries.length).map(entryText)).to.deep.equal(entries);
    for (const [index, { fields, body }] of after.items.entries()) {
      const { erased } = JSON.parse(body) as { erased?: string };
      if (!before.items[index]?.body.includes(id)) continue;
      expect(erased).to.equal(erasure);
      expect(fields).to.include({ subject: null, salt: null });
    }
    const told = after.items.slice(before.items.length).map(({ body, fields }) => {
      expect(fields['digest']).to.equal(recordDigest(String(fields['salt']), body));
      return JSON.parse(body) as JsonObject;
    });
    expect(told.map(({ kind }) => kind)).to.deep.equal(['erasure', 'erasure-finished']);
    expect(told[0]).to.include({ article: 'LGPD art. 18, VI', actor: 'subject', subject: id });
  });

  it('is done once under one key, and a request that comes again makes nobody known', async () => {
    const id = await makeSubject(gate);
    const kept = await grant(gate, {}, 'consent-key');
    await decide(gate, {}, 'decision-key');
    const first = bodyOf(await erase(gate, id, 'erasure-key'));
    expect(bodyOf(await erase(gate, id, 'erasure-key'))).to.deep.equal(first);
    expect(bodyOf(kept)).to.include({ event: 'granted' });
    expect(codeOf(await grant(gate, {}, 'consent-key'))).to.equal('record-erased');
    const act = { subject: ana, action: 'send', purpose: 'promocoes', channel: 'email' } as const;
    const again = createDecision(gate, call(act, { key: 'decision-key' }));
    expect(codeOf(await again)).to.equal('record-erased');
    expect((await gate.store.find('identifiers', bySubject(id))).items).to.deep.equal([]);
  });

  it('takes everybody along who was merged, by whichever id it is asked for', async () => {
    const id = await makeSubject(gate);
    const other = await makeSubject(gate, [bruno], { first_name: 'Bruno' });
    await grant(gate, { subject: bruno });
    const merge = idOf(bodyOf(await mergeSubjects(gate, call({ other }, { path: { id } }))));
    const erased = bodyOf(await erase(gate, other));
    expect(erased['subjects']).to.deep.equal([id, other]);
    for (const each of [id, other]) {
      expect(codeOf(await getSubject(gate, read({ id: each })))).to.equal('subject-erased');
      expect(bodyOf(await getErasure(gate, read({ id: each })))).to.deep.equal(erased);
      expect((await gate.store.find('records', bySubject(each))).items.length).to.be.at.most(2);
    }
    const undo = undoMerge(gate, call(null, { path: { id, mergeId: merge } }));
    expect(codeOf(await undo)).to.equal('subject-erased');
    const again = mergeSubjects(gate, call({ other }, { path: { id } }));
    expect(codeOf(await again)).to.equal('subject-erased');
  });

  it('takes from who was merged by mistake what is held there of the person', async () => {
    const id = await makeSubject(gate);
    const other = await makeSubject(gate, [bruno], { first_name: 'Bruno' });
    const merge = idOf(bodyOf(await mergeSubjects(gate, call({ other }, { path: { id } }))));
    world.clock.advance(hourMs);
    const undo = call(null, { path: { id, mergeId: merge } });
    bodyOf(await undoMerge(gate, undo));
    const before = await gate.store.readLog('records', null, 1000);
    const hash = gate.vault.hash('email', bruno.value);
    const telling = before.items.filter(({ body }) => body.includes(hash));
    expect(telling.map(({ id: each }) => each)).to.include(merge);
    await erase(gate, other);
    const after = await gate.store.readLog('records', null, 1000);
    expect(after.items.filter(({ body }) => body.includes(hash))).to.deep.equal([]);
    expect(bodyOf(await getSubject(gate, read({ id })))).to.include({ id });
    const timeline = bodyOf(await listSubjectTimeline(gate, read({ id })));
    const texts = itemsOf(timeline).map(({ summary }) => (summary as JsonObject)['en']);
    expect(texts).to.include('Content erased with another person.');
    expect(codeOf(await undoMerge(gate, undo))).to.equal('record-erased');
    bodyOf(await erase(gate, id));
    expect((await gate.store.find('records', bySubject(id))).items.length).to.equal(2);
  });

  it('takes along what the person drew, and what providers told of messages', async () => {
    await world.activate(experimentSet({ holdoutPercent: 0 }));
    const id = await makeSubject(gate);
    await grant(gate);
    const decision = idOf(await decide(gate));
    async function* rows(): AsyncGenerator<Row<SentRow>> {
      const request = { decision, at: toIso(gate.clock()), message: 'm-1' };
      yield { line: 1, request };
    }
    const query = { report: 'all' as const };
    for await (const _line of linesTold(await createReconciliation(gate, call(rows(), { query }))));
    expect(await gate.store.get('sends', decision)).not.to.equal(null);
    expect(await gate.store.get('exposures', `frete/${id}`)).not.to.equal(null);
    bodyOf(await erase(gate, id));
    expect(await gate.store.get('sends', decision)).to.equal(null);
    expect(await gate.store.get('exposures', `frete/${id}`)).to.equal(null);
  });

  it('tells an unsubscribe link of somebody erased that nothing is sent any more', async () => {
    const subject = await makeSubject(gate);
    const url = unsubscribeUrl(gate, { subject, purpose: 'promocoes', channel: 'email' });
    await erase(gate, subject);
    const click = read({ token: url.split('/u/')[1] ?? '' });
    expect(bodyOf(await showUnsubscribe(gate, click))).to.include({ state: 'unsubscribed' });
    expect(bodyOf(await unsubscribe(gate, click))).to.include({ state: 'unsubscribed' });
  });

  describe('of somebody who had said no', () => {
    it('gives the no back to whoever comes with the same address, and names nobody', async () => {
      const id = await makeSubject(gate);
      await grant(gate);
      await withdraw(gate);
      await createObjection(gate, call({ purposes: ['novidades'] }, { path: { id } }));
      await erase(gate, id);
      world.clock.advance(hourMs);
      const anew = await makeSubject(gate, [anaPhone], { first_name: 'Outra' });
      expect(anew).not.to.equal(id);
      const seen = bodyOf(await getSubject(gate, read({ id: anew })));
      expect(seen['objections']).to.have.lengthOf(1);
      expect((seen['consents'] as readonly JsonObject[]).map(({ state }) => state)).to.deep.equal([
        'withdrawn',
      ]);
      const answer = await decide(gate, { subject: { type: 'id', value: anew } });
      expect(rulesOf(answer)).to.include('withdrawn');
    });

    it('voids an older grant that is brought in again, and not a newer one', async () => {
      const id = await makeSubject(gate);
      const occurredAt = toIso(gate.clock());
      await grant(gate);
      world.clock.advance(minuteMs);
      await withdraw(gate);
      await erase(gate, id);
      world.clock.advance(hourMs);
      bodyOf(await grant(gate, { occurredAt }));
      expect((await decide(gate))['outcome']).to.equal('deny');
      world.clock.advance(minuteMs);
      bodyOf(await grant(gate));
      expect((await decide(gate))['outcome']).to.equal('allow');
    });

    it('lets the person take it back, and leaves it so', async () => {
      const id = await makeSubject(gate);
      await createObjection(gate, call({}, { path: { id } }));
      await erase(gate, id);
      const anew = await makeSubject(gate, [ana]);
      const [objection] = bodyOf(await getSubject(gate, read({ id: anew })))[
        'objections'
      ] as readonly JsonObject[];
      const ending = { path: { id: anew, instructionId: idOf(objection ?? {}) } };
      bodyOf(await endObjection(gate, call(null, ending)));
      await makeSubject(gate, [ana], { first_name: 'Ana' });
      expect(bodyOf(await getSubject(gate, read({ id: anew })))['objections']).to.deep.equal([]);
    });

    it('keeps nothing under the hash by which people are found', async () => {
      const id = await makeSubject(gate);
      await withdraw(gate);
      await erase(gate, id);
      const found = await gate.store.get('suppressions', gate.vault.hash('email', ana.value));
      expect(found).to.equal(null);
    });
  });

  describe('with records that the law holds', () => {
    it('keeps them with their key until their end, says so, and destroys them then', async () => {
      const id = await makeSubject(gate);
      await purchase(gate);
      const criteria = { segment: 'entrega' };
      const decision = idOf(await decide(gate, { ...delivery, criteria }));
      const promotion = idOf(await decide(gate));
      world.clock.advance(dayMs);
      const wanted = bodyOf(await tried(gate, id))['kept'];
      const erased = bodyOf(await erase(gate, id));
      expect(erased['kept']).to.deep.equal(wanted);
      const [orders] = erased['kept'] as readonly JsonObject[];
      expect(orders).to.include({ class: 'orders', records: 2 });
      expect(orders?.['until']).to.equal('2031-11-24T14:00:00.000Z');
      expect(codeOf(await getDecision(gate, read({ id: promotion })))).to.equal('record-erased');
      const held = bodyOf(await getDecision(gate, read({ id: decision })));
      expect(held).to.have.nested.property('request.criteria').that.deep.equals(criteria);
      world.clock.set(Date.UTC(2031, 10, 24, 14));
      expect(await sweepErasures(gate)).to.equal(1);
      expect(codeOf(await getDecision(gate, read({ id: decision })))).to.equal('record-erased');
      expect((await gate.store.get('subjects', id))?.body).to.include('"key":null');
      expect(await sweepErasures(gate)).to.equal(0);
    });
  });

  it('destroys what a process that was held up writes afterwards', async () => {
    const id = await makeSubject(gate);
    await grant(gate);
    await decide(gate);
    const late = (await gate.store.readLog('records', null, 1000)).items.at(-1);
    await erase(gate, id);
    if (late === undefined) throw new Error('there is a decision');
    const lateId = gate.newId('dec_');
    const body = late.body.replaceAll(late.id, lateId);
    const document = { id: lateId, fields: late.fields, body };
    await gate.store.write([{ kind: 'insert', collection: 'records', document }]);
    world.clock.advance(hourMs);
    expect(await sweepErasures(gate)).to.equal(1);
    expect(codeOf(await getDecision(gate, read({ id: lateId })))).to.equal('record-erased');
  });

  it('is known to another process, in its memory and in its log', async () => {
    const { store, clock } = world;
    const { gate: other } = await makeTestGate({ store, clock, seed: 2, set: null });
    const id = await makeSubject(gate);
    await grant(gate);
    expect((await decide(other))['outcome']).to.equal('allow');
    const erasure = idOf(bodyOf(await erase(gate, id)));
    clock.advance(5 * hourMs);
    expect((await decide(other))['outcome']).to.equal('deny');
    await sweepErasures(other);
    expect(other.cache.get(id)).to.equal(undefined);
    expect(other.erasureLog.has(erasure)).to.equal(true);
  });
});

function bySubject(subject: string): {
  index: string;
  where: { subject: string };
  order: 'ascending';
  limit: number;
} {
  return { index: 'subject', where: { subject }, order: 'ascending', limit: 100 };
}
