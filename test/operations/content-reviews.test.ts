/** Texts that go to people: asked for, submitted, settled, used up, ended. */
import { expect } from 'chai';
import { dayMs, hourMs } from '../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { Problem } from '../../src/domain/problem.ts';
import { createContentReview } from '../../src/operations/content-reviews/create-content-review.ts';
import { getContentReview } from '../../src/operations/content-reviews/get-content-review.ts';
import { listContentReviews } from '../../src/operations/content-reviews/list-content-reviews.ts';
import { settleContentReview } from '../../src/operations/content-reviews/settle-content-review.ts';
import { sweepContentReviews } from '../../src/operations/content-reviews/sweep-content-reviews.ts';
import { dryRunDecision } from '../../src/operations/decisions/dry-run-decision.ts';
import type { Gate } from '../../src/operations/gate.ts';
import type { Answer } from '../../src/operations/operation.ts';
import { listSubjectTimeline } from '../../src/operations/subjects/list-subject-timeline.ts';
import type { components } from '../../src/operations/wire.ts';
import { openMongoStore } from '../../src/store/mongo/mongo-store.ts';
import type { Store } from '../../src/store/port.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { makeSqliteFolder } from '../store/sqlite-folder.ts';
import {
  describeWithMongod,
  dropDatabase,
  newDatabase,
  sharedReplicaSet,
} from '../support/mongod.ts';
import { makeTestGate, shippedSet, type TestClock, type TestGate } from '../support/gate.ts';
import {
  allItems,
  ana,
  bodyOf,
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
  reviewOf,
  rulesOf,
} from './calls.ts';

type Schemas = components['schemas'];
type Settlement = Schemas['ContentReviewSettlementRequest'];

const doubtful = { text: 'Última chance na Loja Exemplo, Ana!', generatedBy: 'llm' } as const;
const template = {
  purpose: 'promocoes',
  channel: 'email',
  text: 'Última chance na Loja Exemplo, {{first_name}}!',
  generatedBy: 'template',
  campaign: 'volta-as-aulas',
} as const;

/** Where the same text may go to the same person twice. */
const repeating = shippedSet((parts) => ({ ...parts, duplicates: null }));

function submit(
  gate: Gate,
  changes: Partial<Schemas['ContentReviewRequest']> = {},
  key?: string,
): Promise<Answer> {
  const body: Schemas['ContentReviewRequest'] = { ...template, ...changes };
  return createContentReview(gate, call(body, key === undefined ? {} : { key }));
}

function settle(gate: Gate, id: string, body: Settlement, key?: string): Promise<Answer> {
  return settleContentReview(
    gate,
    call(body, { path: { id }, ...(key === undefined ? {} : { key }) }),
  );
}

async function show(gate: Gate, id: string): Promise<JsonObject> {
  return bodyOf(await getContentReview(gate, read({ id })));
}

async function queue(gate: Gate, state?: Schemas['ContentReviewState']): Promise<JsonObject> {
  const query = state === undefined ? {} : { state };
  return bodyOf(await listContentReviews(gate, read({}, query)));
}

async function kindsIn(gate: Gate): Promise<readonly string[]> {
  const records = await recordsIn(gate);
  return records.map(({ kind }) => kind).filter((kind) => kind.startsWith('content-review'));
}

describe('a text that a rule sends to people', () => {
  let gate: Gate;
  let clock: TestClock;
  let made: TestGate;
  beforeEach(async () => {
    made = await makeTestGate({ set: repeating });
    ({ gate, clock } = made);
    await makeSubject(gate);
    bodyOf(await grant(gate));
  });

  const ask = (content: Schemas['Content'] = doubtful): Promise<JsonObject> => {
    clock.advance(5 * hourMs);
    return decide(gate, { content });
  };

  it('is a review with an id, and is kept there alone, sealed', async () => {
    const answer = await ask();
    expect(answer['outcome']).to.equal('review');
    expect(rulesOf(answer)).to.deep.equal(['content-tone']);
    const review = await show(gate, reviewOf(answer));
    expect(review).to.deep.include({
      state: 'pending',
      text: doubtful.text,
      purpose: 'promocoes',
      channel: 'email',
      generatedBy: 'llm',
      decision: answer['id'],
      settlement: null,
    });
    expect(review['findings']).to.deep.include({ tone: ['urgency'], forbidden: [] });
    const { items } = await gate.store.find('contentReviews', {
      index: 'review',
      where: {},
      order: 'ascending',
      limit: 10,
    });
    expect(JSON.stringify([items, await recordsIn(gate)])).not.to.include('chance');
    expect(await kindsIn(gate)).to.deep.equal(['content-review']);
  });

  it('has one review, however often it is asked for', async () => {
    const first = await ask();
    const again = await ask({ ...doubtful, text: ` ${doubtful.text.replace(' ', '\n')}` });
    expect(rulesOf(again)).to.deep.equal(['content-tone', 'content-pending']);
    expect(reviewOf(again)).to.equal(reviewOf(first));
    expect(itemsOf(await queue(gate))).to.have.length(1);
    const other = await ask({ ...doubtful, text: `${doubtful.text}!` });
    expect(reviewOf(other)).not.to.equal(reviewOf(first));
  });

  it('goes to nobody where a rule denies, where it is clean, or in a dry run', async () => {
    for (const text of ['Tudo de graça, última chance', 'Tênis na Loja Exemplo']) {
      expect(await ask({ text, generatedBy: 'llm' })).not.to.have.property('contentReview');
    }
    const body = { subject: ana, action: 'send', purpose: 'promocoes', channel: 'email' } as const;
    const tried = bodyOf(await dryRunDecision(gate, call({ ...body, content: doubtful })));
    expect(tried['outcome']).to.equal('review');
    expect(itemsOf(await queue(gate))).to.deep.equal([]);
  });

  it('approved once, passes once', async () => {
    const review = reviewOf(await ask());
    const settled = bodyOf(await settle(gate, review, { verdict: 'approve_once' }));
    expect(settled).to.deep.include({ review, verdict: 'approve_once', state: 'approved_once' });
    const allowed = await ask();
    expect([allowed['outcome'], reviewOf(allowed)]).to.deep.equal(['allow', review]);
    expect(await show(gate, review)).to.deep.include({ state: 'used', usedBy: allowed['id'] });
    const next = await ask();
    expect(next['outcome']).to.equal('review');
    expect(reviewOf(next)).not.to.equal(review);
    expect(await kindsIn(gate)).to.deep.equal([
      'content-review',
      'content-review-settled',
      'content-review',
    ]);
  });

  it('approved as an example, passes from then on, for everybody', async () => {
    const review = reviewOf(await ask());
    bodyOf(await settle(gate, review, { verdict: 'approve_example' }));
    expect((await ask())['outcome']).to.equal('allow');
    await makeSubject(gate, [bruno]);
    bodyOf(await grant(gate, { subject: bruno }));
    const other = await decide(gate, { subject: bruno, content: doubtful });
    expect([other['outcome'], reviewOf(other)]).to.deep.equal(['allow', review]);
    expect((await show(gate, review))['state']).to.equal('approved_example');
  });

  it('rejected, is denied with the review that says why', async () => {
    const review = reviewOf(await ask());
    expect(codeOf(await settle(gate, review, { verdict: 'reject' }))).to.equal('invalid-request');
    const reason = 'A promoção não acaba hoje.';
    expect(bodyOf(await settle(gate, review, { verdict: 'reject', reason }))).to.deep.include({
      state: 'rejected',
      reason,
    });
    const denied = await ask();
    expect(denied['outcome']).to.equal('deny');
    expect(rulesOf(denied)).to.include('content-rejected');
    expect(reviewOf(denied)).to.equal(review);
    expect((await show(gate, review))['settlement']).to.deep.include({ verdict: 'reject', reason });
    expect(JSON.stringify(await recordsIn(gate))).not.to.include('acaba');
  });

  it('has an approval that can be taken back, and no other second settlement', async () => {
    const review = reviewOf(await ask());
    bodyOf(await settle(gate, review, { verdict: 'approve_example' }));
    for (const verdict of ['approve_once', 'approve_example'] as const) {
      expect(codeOf(await settle(gate, review, { verdict }))).to.equal('content-review-conflict');
    }
    bodyOf(await settle(gate, review, { verdict: 'reject', reason: 'Mudou.' }));
    expect((await ask())['outcome']).to.equal('deny');
    const again = await settle(gate, review, { verdict: 'approve_example' });
    expect(codeOf(again)).to.equal('content-review-conflict');
    expect(codeOf(await settle(gate, gate.newId('crv_'), { verdict: 'approve_once' }))).to.equal(
      'content-review-unknown',
    );
    expect(codeOf(await getContentReview(gate, read({ id: gate.newId('crv_') })))).to.equal(
      'content-review-unknown',
    );
  });

  it('is told in the timeline of its subject', async () => {
    const answer = await ask();
    bodyOf(await settle(gate, reviewOf(answer), { verdict: 'approve_once' }));
    const subject = await makeSubject(gate);
    const page = bodyOf(await listSubjectTimeline(gate, read({ id: subject })));
    const told = itemsOf(page).slice(0, 2);
    expect(told.map(({ id, kind, purpose }) => [id, kind, purpose])).to.deep.equal([
      [reviewOf(answer), 'content-review-settled', 'promocoes'],
      [reviewOf(answer), 'content-review', 'promocoes'],
    ]);
  });

  it('ends at its date: the text goes, and an approval for one act with it', async () => {
    const pending = reviewOf(await ask());
    const once = reviewOf(await ask({ ...doubtful, text: `${doubtful.text} 1` }));
    const example = reviewOf(await ask({ ...doubtful, text: `${doubtful.text} 2` }));
    bodyOf(await settle(gate, once, { verdict: 'approve_once' }));
    bodyOf(await settle(gate, example, { verdict: 'approve_example' }));
    clock.advance(31 * dayMs);
    expect((await ask({ ...doubtful, text: `${doubtful.text} 1` }))['outcome']).to.equal('review');
    expect(codeOf(await settle(gate, pending, { verdict: 'approve_once' }))).to.equal(
      'content-review-conflict',
    );
    expect(await sweepContentReviews(gate)).to.equal(3);
    expect(await sweepContentReviews(gate)).to.equal(0);
    for (const [id, state] of [
      [pending, 'expired'],
      [once, 'expired'],
      [example, 'approved_example'],
    ] as const) {
      const shown = await show(gate, id);
      expect(shown).to.deep.include({ state, text: null, textUntil: null });
      expect(shown['textDigest']).to.match(/^sha256:/);
    }
    expect((await ask({ ...doubtful, text: `${doubtful.text} 2` }))['outcome']).to.equal('allow');
    const ended = (await kindsIn(gate)).filter((kind) => kind === 'content-review-ended');
    expect(ended).to.have.length(3);
  });

  it('has every earlier review still, each with its own text until its own end', async () => {
    const first = reviewOf(await ask());
    bodyOf(await settle(gate, first, { verdict: 'approve_once' }));
    expect((await ask())['outcome']).to.equal('allow');
    const second = reviewOf(await ask());
    clock.advance(29 * dayMs + 18 * hourMs);
    expect(await sweepContentReviews(gate)).to.equal(1);
    expect(await show(gate, first)).to.deep.include({ state: 'used', text: null });
    expect(await show(gate, second)).to.deep.include({ state: 'pending', text: doubtful.text });
    const listed = itemsOf(await queue(gate)).map(({ id, state }) => [id, state]);
    expect(listed).to.deep.equal([
      [second, 'pending'],
      [first, 'used'],
    ]);
    clock.advance(dayMs);
    expect(await sweepContentReviews(gate)).to.equal(1);
    expect(await show(gate, second)).to.deep.include({ state: 'expired', text: null });
  });

  it('is judged in a dry run of the past as people had judged it by then', async () => {
    const review = reviewOf(await ask());
    const before = clock.read();
    clock.advance(hourMs);
    bodyOf(await settle(gate, review, { verdict: 'approve_example' }));
    clock.advance(hourMs);
    const tried = async (asOf?: number): Promise<unknown> => {
      const at = asOf === undefined ? {} : { asOf: new Date(asOf).toISOString() };
      const body = {
        subject: ana,
        action: 'send',
        purpose: 'promocoes',
        channel: 'email',
      } as const;
      return bodyOf(await dryRunDecision(gate, call({ ...body, content: doubtful, ...at })))[
        'outcome'
      ];
    };
    expect(await tried(before + 60_000)).to.equal('review');
    expect(await tried(before + hourMs + 60_000)).to.equal('allow');
    expect(await tried()).to.equal('allow');
  });

  it('binds on another process once it is settled, though its clock runs behind', async () => {
    const review = reviewOf(await ask());
    const { gate: other } = await makeTestGate({
      store: made.store,
      clock,
      seed: 2,
      set: repeating,
    });
    bodyOf(await settle(gate, review, { verdict: 'reject', reason: 'Não.' }));
    clock.advance(-1500);
    expect((await decide(other, { content: doubtful }))['outcome']).to.equal('deny');
  });
});

describe('a text that is submitted', () => {
  let gate: Gate;
  let clock: TestClock;
  beforeEach(async () => {
    ({ gate, clock } = await makeTestGate({ set: repeating }));
    await makeSubject(gate);
    bodyOf(await grant(gate));
  });

  const ask = (text: string = template.text): Promise<JsonObject> =>
    decide(gate, { content: { text, generatedBy: 'template' } });

  it('waits, and so do decisions with it, though no rule asked for it', async () => {
    const text = 'Tênis na Loja Exemplo';
    const review = bodyOf(await submit(gate, { text }, 'key'));
    expect(review).to.deep.include({ state: 'pending', subject: null, campaign: 'volta-as-aulas' });
    expect(bodyOf(await submit(gate, { text }, 'key'))).to.deep.equal(review);
    const answer = await ask(text);
    expect(answer['outcome']).to.equal('review');
    expect(rulesOf(answer)).to.deep.equal(['content-pending']);
    expect(reviewOf(answer)).to.equal(review['id']);
    expect((await show(gate, idOf(review)))['text']).to.equal(text);
    expect(await kindsIn(gate)).to.deep.equal(['content-review']);
    expect(codeOf(await submit(gate, {}, 'key'))).to.equal('idempotency-key-reused');
  });

  it('stays with its example, and passes', async () => {
    const id = idOf(bodyOf(await submit(gate)));
    const settled = bodyOf(await settle(gate, id, { verdict: 'approve_example' }, 'key'));
    expect(bodyOf(await settle(gate, id, { verdict: 'approve_example' }, 'key'))).to.deep.equal(
      settled,
    );
    expect((await ask())['outcome']).to.equal('allow');
    clock.advance(31 * dayMs);
    await sweepContentReviews(gate);
    expect(await show(gate, id)).to.deep.include({ text: template.text, textUntil: null });
    bodyOf(await settle(gate, id, { verdict: 'reject', reason: 'Acabou.' }));
    await sweepContentReviews(gate);
    expect(await show(gate, id)).to.deep.include({ text: null, state: 'rejected' });
    expect((await ask())['outcome']).to.equal('deny');
  });

  it('is refused while it waits or stands, and may come again after a rejection', async () => {
    const id = idOf(bodyOf(await submit(gate)));
    expect(codeOf(await submit(gate))).to.equal('content-review-conflict');
    bodyOf(await settle(gate, id, { verdict: 'reject', reason: 'Não.' }));
    expect((await ask())['outcome']).to.equal('deny');
    const again = idOf(bodyOf(await submit(gate)));
    expect(again).not.to.equal(id);
    const { outcome } = await decide(gate, { content: { text: template.text } });
    expect(outcome).to.equal('review');
  });

  it('is refused for purposes and channels unheard of, and without guardrails', async () => {
    expect(codeOf(await submit(gate, { purpose: 'nada' }))).to.equal('purpose-unknown');
    expect(codeOf(await submit(gate, { channel: 'sms' }))).to.equal('channel-not-offered');
    const set = shippedSet((parts) => ({ ...parts, guardrails: null }));
    const { gate: bare } = await makeTestGate({ set, store: new MemoryStore() });
    expect(codeOf(await submit(bare))).to.equal('guardrails-undeclared');
    const example = {
      channel: 'whatsapp',
      text: 'Oi {{first_name}}! Hoje o frete é grátis na Loja Exemplo: https://loja.example/frete',
    } as const;
    expect(codeOf(await submit(gate, example))).to.equal('content-review-conflict');
  });

  it('is listed by state, a page at a time', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      clock.advance(1000);
      ids.unshift(idOf(bodyOf(await submit(gate, { text: `Texto número ${index}` }))));
    }
    bodyOf(await settle(gate, ids[0] ?? '', { verdict: 'approve_once' }));
    const list = (state?: 'pending') => (more: { readonly cursor?: string }) =>
      listContentReviews(
        gate,
        read({}, { limit: 2, ...(state === undefined ? {} : { state }), ...more }),
      ).then(bodyOf);
    const every = await allItems(list());
    expect(every.map(({ id }) => id)).to.deep.equal(ids);
    expect((await allItems(list('pending'))).map(({ id }) => id)).to.deep.equal(ids.slice(1));
    expect(JSON.stringify(every)).not.to.include('Texto');
    expect(itemsOf(await queue(gate, 'approved_once'))).to.have.length(1);
    const page = bodyOf(await listContentReviews(gate, read({}, { limit: 2 })));
    const query = { ...nextOf(page), state: 'pending' } as const;
    expect(codeOf(await listContentReviews(gate, read({}, query)))).to.equal('invalid-cursor');
  });
});

/** Two processes on one store, and two people who agreed to promotions. */
async function expectOneReview(store: Store): Promise<void> {
  const set = repeating;
  const { gate, clock } = await makeTestGate({ store, set });
  const { gate: other } = await makeTestGate({ store, clock, set, seed: 2 });
  for (const subject of [ana, bruno]) {
    await makeSubject(gate, [subject]);
    bodyOf(await grant(gate, { subject }));
  }
  const both = (): Promise<readonly JsonObject[]> =>
    Promise.all([
      decide(gate, { content: doubtful }),
      decide(other, { subject: bruno, content: doubtful }),
    ]);
  const [one = {}, two = {}] = await both();
  expect(reviewOf(one)).to.equal(reviewOf(two));
  expect(await kindsIn(gate)).to.deep.equal(['content-review']);
  const settled = await Promise.all([
    settle(gate, reviewOf(one), { verdict: 'approve_once' }),
    settle(other, reviewOf(one), { verdict: 'approve_once' }),
  ]);
  expect(settled.filter((answer) => answer instanceof Problem)).to.have.length(1);
  const outcomes = (await both()).map(({ outcome }) => outcome);
  expect(outcomes).to.have.members(['allow', 'review']);
  expect(itemsOf(await queue(gate, 'pending'))).to.have.length(1);
  clock.advance(31 * dayMs);
  // Of the one that was used up, and of the one that still waits.
  expect(await sweepContentReviews(other)).to.equal(2);
  expect(itemsOf(await queue(gate, 'expired'))).to.have.length(1);
}

describe('two who ask at the same time', () => {
  it('have one review, and one use of an approval', async () => {
    const folder = makeSqliteFolder();
    try {
      await expectOneReview(await folder.open());
    } finally {
      await folder.remove();
    }
  });
});

describeWithMongod('two who ask at the same time, on MongoDB', 'set', () => {
  it('have one review, and one use of an approval', async function run() {
    this.timeout(40_000);
    const set = await sharedReplicaSet();
    const database = newDatabase();
    const store = await openMongoStore({ url: set.url(database) });
    try {
      await expectOneReview(store);
    } finally {
      await store.close();
      await dropDatabase(set, database);
    }
  });
});
