/** Clocks that jump, disks that fill, stores that stop or lag: a clear problem, never an allow. */
import { expect } from 'chai';
import { hourMs } from '../../src/domain/calendar/instant.ts';
import { reportWithinMs } from '../../src/domain/decision.ts';
import { bindOperations } from '../../src/http/bound-operations.ts';
import { getConsent } from '../../src/operations/consents/get-consent.ts';
import { getContentReview } from '../../src/operations/content-reviews/get-content-review.ts';
import { listContentReviews } from '../../src/operations/content-reviews/list-content-reviews.ts';
import { settleContentReview } from '../../src/operations/content-reviews/settle-content-review.ts';
import { createDecision } from '../../src/operations/decisions/create-decision.ts';
import { dryRunDecision } from '../../src/operations/decisions/dry-run-decision.ts';
import { getDecision } from '../../src/operations/decisions/get-decision.ts';
import { reportOutcome } from '../../src/operations/decisions/report-outcome.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { createPause } from '../../src/operations/instructions/create-pause.ts';
import { putSubject } from '../../src/operations/subjects/put-subject.ts';
import type { Json, JsonObject } from '../../src/domain/json.ts';
import { type Store, type Stored, StoreFailure } from '../../src/store/port.ts';
import { openGate, problemOf, token } from '../http/gate.ts';
import {
  ana,
  anaPhone,
  bodyOf,
  bruno,
  call,
  codeOf,
  decide,
  grant,
  itemsOf,
  makeSubject,
  read,
  recordsIn,
  rulesOf,
  withdraw,
} from '../operations/calls.ts';
import { emptyShelves, MemoryStore } from '../store/memory-store.ts';
import { makeSqliteFolder } from '../store/sqlite-folder.ts';
import { makeTestGate, shippedSet } from '../support/gate.ts';
import { FailingStore } from './failing-store.ts';
import { pictureOf } from './picture.ts';
import { contactsIn } from './truths.ts';
import { makeWorld, type World } from './world.ts';

const promotion = { subject: ana, action: 'send', purpose: 'promocoes', channel: 'email' } as const;

function textIn(answer: JsonObject, name: string): string {
  const value: Json | undefined = answer[name];
  if (typeof value !== 'string') throw new Error(`no ${name} in the answer`);
  return value;
}

async function consenting(gate: Gate): Promise<string> {
  const subject = await makeSubject(gate);
  bodyOf(await grant(gate));
  return subject;
}

describe('a clock that jumps back an hour', () => {
  it('denies with a reason of its own, changes nothing, and goes on when it is right', async () => {
    const { shelves, clock, boot } = await makeWorld();
    const gate = boot();
    const subject = await consenting(gate);
    const decision = textIn(await decide(gate), 'id');
    const before = pictureOf(shelves, gate.vault).lines;
    clock.advance(-hourMs);

    const denied = await decide(gate);
    expect(denied['outcome']).to.equal('deny');
    expect(rulesOf(denied)).to.deep.equal(['clock-unreliable']);
    expect(codeOf(await withdraw(gate))).to.equal('clock-unreliable');
    const identifiers = [ana, bruno];
    expect(codeOf(await putSubject(gate, call({ identifiers, attributes: {} })))).to.equal(
      'clock-unreliable',
    );
    const until = new Date(gate.clock() + 5 * hourMs).toISOString();
    expect(codeOf(await createPause(gate, call({ until }, { path: { id: subject } })))).to.equal(
      'clock-unreliable',
    );
    const sent = call({ result: 'sent' } as const, { path: { id: decision } });
    expect(codeOf(await reportOutcome(gate, sent))).to.equal('clock-unreliable');

    const kinds = ['subject', 'slots'];
    const kept = (lines: readonly string[]): readonly string[] =>
      lines.filter((line) => kinds.includes(line.split(' ')[0] ?? ''));
    expect(kept(pictureOf(shelves, gate.vault).lines)).to.deep.equal(kept(before));
    clock.advance(hourMs);
    bodyOf(await withdraw(gate));
    bodyOf(await reportOutcome(gate, sent));
    expect(rulesOf(await decide(gate))).not.to.include('clock-unreliable');
  });

  it('takes two seconds for the difference of two machines', async () => {
    const { clock, boot } = await makeWorld();
    const gate = boot();
    await consenting(gate);
    clock.advance(-1500);
    expect((await decide(gate))['outcome']).to.equal('allow');
    bodyOf(await withdraw(gate));
  });
});

describe('a disk that fills up', function () {
  this.timeout(20_000);

  it('is a 507 to the caller, and what was acknowledged stays', async () => {
    const folder = makeSqliteFolder();
    const store = await folder.open({ fileBytesMax: 700_000 });
    const { gate } = await makeTestGate({ store });
    const http = await openGate(bindOperations(gate));
    try {
      const kept = await fillUp(gate);
      expect(kept.length).to.be.greaterThan(10);
      const response = await http.request('/v1/decisions', {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token('decisions:write')}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ ...promotion, subject: emailOf(0) }),
      });
      expect(response.status).to.equal(507);
      expect((await problemOf(response)).code).to.equal('store-full');
      for (const { consent, decision } of kept) {
        expect(bodyOf(await getConsent(gate, read({ id: consent })))['event']).to.equal('granted');
        expect(bodyOf(await getDecision(gate, read({ id: decision })))['outcome']).to.equal(
          'allow',
        );
      }
    } finally {
      await http.close();
      await folder.remove();
    }
  });
});

interface Kept {
  readonly consent: string;
  readonly decision: string;
}

function emailOf(person: number): { readonly type: 'email'; readonly value: string } {
  return { type: 'email', value: `pessoa-${person}@example.com` };
}

/** People one after the other, until nothing more fits; answers what was acknowledged. */
async function fillUp(gate: Gate): Promise<readonly Kept[]> {
  const kept: Kept[] = [];
  for (let person = 0; person < 1000; person += 1) {
    const subject = emailOf(person);
    try {
      const consent = textIn(bodyOf(await grant(gate, { subject })), 'id');
      const decision = textIn(await decide(gate, { subject }), 'id');
      kept.push({ consent, decision });
    } catch (error) {
      expect(error).to.be.instanceOf(StoreFailure).and.have.property('code', 'full');
      await fillRest(gate);
      return kept;
    }
  }
  throw new Error('the file never filled up');
}

/** Where a consent found no room, the smaller record of a decision may still find some. */
async function fillRest(gate: Gate): Promise<void> {
  for (let tried = 0; tried < 100; tried += 1) {
    const asked = { subject: emailOf(0) };
    const answer = await decide(gate, asked).catch((failure: unknown) => failure);
    if (answer instanceof StoreFailure) return;
  }
  throw new Error('decisions went on where the file was full');
}

describe('a store that stops in the middle of a request', () => {
  it('is a 503 that says to come again, and the same key goes on', async () => {
    const failing = new FailingStore(new MemoryStore());
    const { gate } = await makeTestGate({ store: failing });
    await consenting(gate);
    const http = await openGate(bindOperations(gate));
    const ask = (): Promise<Response> =>
      http.request('/v1/decisions', {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token('decisions:write')}`,
          'content-type': 'application/json',
          'idempotency-key': 'one',
        },
        body: JSON.stringify(promotion),
      });
    try {
      failing.arm(3, 'crash');
      for (let times = 0; times < 2; times += 1) {
        const response = await ask();
        expect(response.status).to.equal(503);
        expect(Number(response.headers.get('retry-after'))).to.be.greaterThan(0);
        expect((await problemOf(response)).code).to.equal('store-unavailable');
      }
      failing.restart();
      const answer = (await (await ask()).json()) as { outcome: string };
      expect(answer.outcome).to.equal('allow');
      expect(await (await ask()).json()).to.deep.equal(answer);
    } finally {
      await http.close();
    }
  });
});

/** Answers with subjects as they were when it was asked to. */
class LaggingStore extends MemoryStore {
  #old: ReadonlyMap<string, Stored> | null = null;

  lag(subjects: ReadonlyMap<string, Stored> | null): void {
    this.#old = subjects === null ? null : new Map(subjects);
  }

  override async get(...[collection, id]: Parameters<Store['get']>): Promise<Stored | null> {
    const old = collection === 'subjects' ? this.#old?.get(id) : undefined;
    return old ?? super.get(collection, id);
  }
}

describe('a replica that lags behind', () => {
  it('makes a decision fail where it would have allowed what was withdrawn', async () => {
    const shelves = emptyShelves();
    const store = new LaggingStore(shelves);
    const { gate, clock } = await makeTestGate({ store });
    await consenting(gate);
    const old = new Map(shelves.get('subjects'));
    bodyOf(await withdraw(gate));
    const { gate: other } = await makeTestGate({ store, clock, seed: 2 });
    store.lag(old);
    const answer = await createDecision(other, call(promotion)).catch((error: unknown) => error);
    expect(answer).to.be.instanceOf(StoreFailure).and.have.property('code', 'unavailable');
    store.lag(null);
    expect((await decide(other))['outcome']).to.equal('deny');
  });
});

describe('an identifier that a cut-off request left behind', () => {
  /** The e-mail address leads to a subject that was never made. */
  async function leftBehind(): Promise<World & { gate: Gate; other: Gate }> {
    const stores: FailingStore[] = [];
    const world = await makeWorld((inner) => {
      const failing = new FailingStore(inner);
      stores.push(failing);
      return failing;
    });
    const [gate, other] = [world.boot(), world.boot()];
    stores[0]?.arm(2, 'before');
    const cut = await makeSubject(gate, [ana]).catch((error: unknown) => error);
    expect(cut).to.be.instanceOf(StoreFailure);
    return { ...world, gate, other };
  }

  it('leads to nobody, then to whoever takes it over, also where it was remembered', async () => {
    const { gate, other } = await leftBehind();
    expect(rulesOf(await decide(other))).to.deep.equal(['subject-unknown']);
    const known = await makeSubject(gate, [anaPhone]);
    expect(await makeSubject(gate, [anaPhone, ana])).to.equal(known);
    bodyOf(await grant(gate));
    expect((await decide(other))['outcome']).to.equal('allow');
  });

  it('is taken up again by the same request', async () => {
    const { gate, other } = await leftBehind();
    const made = await makeSubject(other, [ana]);
    expect(await makeSubject(gate, [ana])).to.equal(made);
    bodyOf(await grant(gate));
    expect((await decide(gate))['outcome']).to.equal('allow');
  });
});

describe('a review of a text whose record is not appended yet', () => {
  it('is looked at by a dry run, a list and a reader that write nothing', async () => {
    const store = new FailingStore(new MemoryStore());
    const { gate } = await makeTestGate({ store });
    await consenting(gate);
    const content = { text: 'Última chance na Loja Exemplo', generatedBy: 'llm' } as const;
    // The review is durable, and neither its record nor the decision is.
    store.arm(2, 'before');
    const cut = await decide(gate, { content }).catch((error: unknown) => error);
    expect(cut).to.be.instanceOf(StoreFailure);
    store.arm(1, 'before');
    const tried = bodyOf(await dryRunDecision(gate, call({ ...promotion, content })));
    expect(rulesOf(tried)).to.include('content-pending');
    const [listed] = itemsOf(bodyOf(await listContentReviews(gate, read({}))));
    const id = textIn(listed ?? {}, 'id');
    expect(bodyOf(await getContentReview(gate, read({ id })))['state']).to.equal('pending');
    expect(store.hasFailed).to.equal(false);
    store.restart();
    const verdict = call({ verdict: 'approve_once' } as const, { path: { id } });
    bodyOf(await settleContentReview(gate, verdict));
    expect((await recordsIn(gate)).map(({ kind }) => kind).slice(-2)).to.deep.equal([
      'content-review',
      'content-review-settled',
    ]);
  });
});

describe('a report that is cut off', () => {
  it('leaves a contact that counts, also where an unreported one is given back', async () => {
    const shelves = emptyShelves();
    const store = new FailingStore(new MemoryStore(shelves));
    const given = shippedSet((parts) => ({
      ...parts,
      caps: parts.caps.map((cap) => ({ ...cap, unreported: 'release' as const })),
    }));
    const { gate, clock } = await makeTestGate({ store, set: given });
    const subject = await consenting(gate);
    const decision = textIn(await decide(gate), 'id');
    const sent = call({ result: 'sent' } as const, { path: { id: decision } });
    store.arm(2, 'before');
    const cut = await reportOutcome(gate, sent).catch((error: unknown) => error);
    expect(cut).to.be.instanceOf(StoreFailure);
    clock.advance(2 * reportWithinMs);
    expect((await decide(gate))['outcome']).to.equal('allow');
    expect(contactsIn(shelves, subject)).to.include(decision);
  });
});
