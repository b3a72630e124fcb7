/** Every operation that writes, each with what must stand before it and what its success means. */
import { expect } from 'chai';
import type { Gate } from '../../src/operations/gate.ts';
import type { ConsentRequest } from '../../src/operations/consents/consent-record.ts';
import { importConsents, type ImportRow } from '../../src/operations/consents/import-consents.ts';
import { recordConsent } from '../../src/operations/consents/record-consent.ts';
import { createBestDecision } from '../../src/operations/decisions/create-best-decision.ts';
import { createContentReview } from '../../src/operations/content-reviews/create-content-review.ts';
import { settleContentReview } from '../../src/operations/content-reviews/settle-content-review.ts';
import { createDecision } from '../../src/operations/decisions/create-decision.ts';
import { type BatchLine, decideBatch } from '../../src/operations/batches/decide-batch.ts';
import type { BestDecisionRequest } from '../../src/operations/decisions/decision-record.ts';
import { reportOutcome } from '../../src/operations/decisions/report-outcome.ts';
import { eraseSubject } from '../../src/operations/erasure/erase-subject.ts';
import { recordEvents } from '../../src/operations/events/record-events.ts';
import { createBlock } from '../../src/operations/instructions/create-block.ts';
import { createExclusion } from '../../src/operations/instructions/create-exclusion.ts';
import { createObjection } from '../../src/operations/instructions/create-objection.ts';
import { createPause } from '../../src/operations/instructions/create-pause.ts';
import { endBlock } from '../../src/operations/instructions/end-block.ts';
import { endExclusion } from '../../src/operations/instructions/end-exclusion.ts';
import { endObjection } from '../../src/operations/instructions/end-objection.ts';
import { endPause } from '../../src/operations/instructions/end-pause.ts';
import { mergeSubjects } from '../../src/operations/merging/merge-subjects.ts';
import { undoMerge } from '../../src/operations/merging/undo-merge.ts';
import { wishesToStop } from '../../src/domain/portal/preferences.ts';
import { openSession, readSession } from '../../src/operations/entries/session.ts';
import { changePreferences } from '../../src/operations/preferences/change-preferences.ts';
import { createReconciliation } from '../../src/operations/sends/create-reconciliation.ts';
import type { SentRow } from '../../src/operations/sends/judge-send.ts';
import type { Answer, Streamed } from '../../src/operations/operation.ts';
import type { Row } from '../../src/operations/rows/row.ts';
import type { Problem } from '../../src/domain/problem.ts';
import { putSubject } from '../../src/operations/subjects/put-subject.ts';
import { unsubscribe } from '../../src/operations/unsubscribe/unsubscribe.ts';
import { unsubscribeUrl } from '../../src/operations/unsubscribe/unsubscribe-link.ts';
import { StoreFailure } from '../../src/store/port.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { toIso } from '../../src/domain/calendar/instant.ts';
import type { Policies } from './world.ts';
import {
  ana,
  anaPhone,
  bodyOf,
  bruno,
  call,
  decide,
  grant,
  linesTold,
  makeSubject,
  withdraw,
  reviewOf,
} from '../operations/calls.ts';

/** Ids that the arrangement made. */
export interface Arranged {
  readonly subject: string;
  readonly instruction: string;
  readonly decision: string;
  /** A second subject, and the merge that took it in. */
  readonly other: string;
  readonly merge: string;
  readonly review: string;
}

export interface Scenario {
  readonly name: string;
  readonly arrange: (gate: Gate) => Promise<Arranged>;
  /** The operation under test; `key` is null where it is called without one, or takes none. */
  readonly act: (gate: Gate, made: Arranged, key: string | null) => Promise<Answer>;
  readonly takesKey: boolean;
  /** Whether promotions to ana by e-mail are forbidden once it is acknowledged. */
  readonly forbids: boolean;
  /** Those that are shipped, unless stated. */
  readonly policies?: Policies;
  /** Whether it makes the subject unknown. */
  readonly erases?: boolean;
}

const nothing: Arranged = {
  subject: '',
  instruction: '',
  decision: '',
  review: '',
  other: '',
  merge: '',
};

async function consenting(gate: Gate): Promise<Arranged> {
  const subject = await makeSubject(gate);
  bodyOf(await grant(gate));
  return { ...nothing, subject };
}

async function allowed(gate: Gate): Promise<Arranged> {
  const made = await consenting(gate);
  return { ...made, decision: idOf(await decide(gate)) };
}

function idOf({ id }: JsonObject): string {
  if (typeof id !== 'string') throw new Error('the answer has no id');
  return id;
}

function keyed(key: string | null): { key?: string } {
  return key === null ? {} : { key };
}

function consent(
  name: string,
  event: 'granted' | 'withdrawn',
  arrange: Scenario['arrange'],
): Scenario {
  return {
    name,
    arrange,
    takesKey: true,
    forbids: event === 'withdrawn',
    act: (gate, _made, key) => {
      if (event === 'granted') return grant(gate, {}, key ?? undefined);
      const body = {
        subject: ana,
        event,
        purpose: 'promocoes',
        channels: ['email'],
        occurredAt: toIso(gate.clock()),
      } as const;
      return recordConsent(gate, call(body, keyed(key)));
    },
  };
}

function decision(name: string, arrange: Scenario['arrange']): Scenario {
  const body = { subject: ana, action: 'send', purpose: 'promocoes', channel: 'email' } as const;
  return {
    name,
    arrange,
    takesKey: true,
    forbids: false,
    act: (gate, _made, key) => createDecision(gate, call(body, keyed(key))),
  };
}

/** The promotion by e-mail is chosen wherever it is permitted: nobody agreed to WhatsApp. */
export const choiceForAna: BestDecisionRequest = {
  subject: ana,
  candidates: [
    { action: 'send', purpose: 'promocoes', channel: 'whatsapp', score: 2 },
    { action: 'send', purpose: 'promocoes', channel: 'email', score: 1 },
  ],
};

function choice(name: string, arrange: Scenario['arrange']): Scenario {
  return {
    name,
    arrange,
    takesKey: true,
    forbids: false,
    act: (gate, _made, key) => createBestDecision(gate, call(choiceForAna, keyed(key))),
  };
}

/** A decision about ana and one about nobody; what is on record already is as good as new. */
function batch(name: string, arrange: Scenario['arrange']): Scenario {
  const act = { action: 'send', purpose: 'promocoes', channel: 'email' } as const;
  return {
    name,
    arrange,
    takesKey: false,
    forbids: false,
    act: async (gate) => {
      async function* rows(): AsyncGenerator<Row<BatchLine>> {
        yield { line: 1, request: { ref: 'a', subject: ana, ...act } };
        yield { line: 2, request: { ref: 'b', subject: bruno, ...act } };
      }
      const query = { mode: 'decide' as const };
      return decidedAll(decideBatch(gate, call(rows(), { query, key: 'batch' })));
    },
  };
}

/** What was answered; rejects as the store did where that stopped the batch. */
async function decidedAll(answer: Streamed | Problem): Promise<Answer> {
  const answers: JsonObject[] = [];
  for await (const { content, problem } of linesTold(answer)) {
    if (problem !== null) throw new StoreFailure('unavailable', problem);
    if (content['summary'] === undefined) answers.push(content);
  }
  return { answers };
}

/** Everything at once from the portal: a withdrawal, and the objections that go with it. */
const stopFromPortal: Scenario = {
  name: 'preferences, stopped',
  arrange: consenting,
  takesKey: false,
  forbids: true,
  act: async (gate, { subject }) => {
    const secret = await openSession(gate, { subject, proved: null });
    const session = await readSession(gate, secret);
    if (session === null) throw new Error('the session is over already');
    const refused = await changePreferences(
      gate,
      { session, locale: 'pt-BR', ip: null, port: null, userAgent: null },
      {
        kind: 'stopped',
        wishes: wishesToStop,
        control: 'button',
        page: '/portal/preferences/stop',
        policySet: gate.policies.active().set.digest,
      },
    );
    return refused ?? {};
  },
};

const instructions = [
  ['pause', createPause, endPause],
  ['objection', createObjection, endObjection],
  ['block', createBlock, endBlock],
  ['exclusion', createExclusion, endExclusion],
] as const;

function instruction(
  kind: (typeof instructions)[number][0],
  create: typeof createPause,
  end: typeof endPause,
): readonly Scenario[] {
  const give = (gate: Gate, { subject }: Arranged, key: string | null): Promise<Answer> => {
    const until = kind === 'pause' || kind === 'block' ? toIso(gate.clock() + 86_400_000) : null;
    const body = { until, ...(kind === 'exclusion' ? { kind: 'custom' as const } : {}) };
    const path = { id: subject };
    return create(gate, call({ ...body, reason: 'asked by phone' }, { path, ...keyed(key) }));
  };
  return [
    { name: `${kind}, given`, arrange: consenting, act: give, takesKey: true, forbids: true },
    {
      name: `${kind}, ended`,
      arrange: async (gate) => {
        const made = await consenting(gate);
        return { ...made, instruction: idOf(bodyOf(await give(gate, made, null))) };
      },
      act: (gate, made) => {
        const path = { id: made.subject, instructionId: made.instruction };
        return end(gate, call(null, { path }));
      },
      takesKey: false,
      forbids: false,
    },
  ];
}

function outcome(result: 'sent' | 'failed'): Scenario {
  return {
    name: `outcome, ${result}`,
    arrange: allowed,
    act: (gate, made, key) =>
      reportOutcome(gate, call({ result }, { path: { id: made.decision }, ...keyed(key) })),
    takesKey: true,
    forbids: false,
  };
}

const brunoPhone = { type: 'phone', value: '+55 11 91234-5678' } as const;

/** Ana, and Bruno as somebody else who is she: each has a consent and a contact. */
async function twoOfOne(gate: Gate, first = allowed): Promise<Arranged> {
  const made = await first(gate);
  const other = await makeSubject(gate, [bruno, brunoPhone], { first_name: 'Bruno' });
  bodyOf(await grant(gate, { subject: bruno }));
  await decide(gate, { subject: bruno });
  const path = { id: other };
  const body = { channels: ['sms'], reason: 'asked by phone' } as const;
  bodyOf(await createObjection(gate, call(body, { path })));
  return { ...made, other };
}

async function withdrawnElsewhere(gate: Gate): Promise<Arranged> {
  const made = await twoOfOne(gate, consenting);
  bodyOf(await withdraw(gate, { subject: bruno }));
  return made;
}

async function merged(gate: Gate): Promise<Arranged> {
  const made = await twoOfOne(gate);
  const id = idOf(bodyOf(await mergeTwo(gate, made, null)));
  bodyOf(await withdraw(gate, { subject: bruno, channels: ['whatsapp'] }));
  return { ...made, merge: id };
}

function mergeTwo(gate: Gate, made: Arranged, key: string | null): Promise<Answer> {
  const path = { id: made.subject };
  return mergeSubjects(gate, call({ other: made.other }, { path, ...keyed(key) }));
}

/** A request for consent and a withdrawal; what is on record already is as good as new. */
function importing(name: string, forbids: boolean, arrange: Scenario['arrange']): Scenario {
  return {
    name,
    arrange,
    takesKey: false,
    forbids,
    act: async (gate) => {
      const event = { subject: ana, purpose: 'promocoes', channels: ['email'] } as const;
      const requests: readonly ConsentRequest[] = [
        { ...event, event: 'requested', occurredAt: toIso(gate.clock() - 1000) },
        { ...event, event: 'withdrawn', occurredAt: toIso(gate.clock()) },
      ];
      return imported(gate, requests);
    },
  };
}

/** How many rows are on record; rejects as the store did where that stopped the import. */
async function imported(gate: Gate, requests: readonly ConsentRequest[]): Promise<Answer> {
  async function* rows(): AsyncGenerator<ImportRow> {
    for (const [index, request] of requests.entries()) yield { line: index + 1, request };
  }
  for await (const { content, problem } of linesTold(importConsents(gate, call(rows())))) {
    if (content['summary'] === undefined) continue;
    if (problem !== null) throw new StoreFailure('unavailable', problem);
    const { recorded, repeated, rejected } = content['summary'] as Record<string, number>;
    return { onRecord: (recorded ?? 0) + (repeated ?? 0), rejected: rejected ?? null };
  }
  throw new Error('the import told no summary');
}

/** Ana's decision, and one that nobody made; what was noted already is as good as new. */
const reconciliation: Scenario = {
  name: 'reconciliation',
  arrange: allowed,
  takesKey: true,
  forbids: false,
  act: async (gate, made, key) => {
    async function* rows(): AsyncGenerator<Row<SentRow>> {
      const at = toIso(gate.clock());
      yield { line: 1, request: { decision: made.decision, at, message: 'm-1' } };
      yield { line: 2, request: { subject: ana, channel: 'email', at, message: 'm-2' } };
    }
    const sent = call(rows(), { query: { report: 'all' as const }, ...keyed(key) });
    const told: JsonObject[] = [];
    for await (const { content, problem } of linesTold(await createReconciliation(gate, sent))) {
      if (problem !== null) throw new StoreFailure('unavailable', problem);
      told.push(content);
    }
    return { told };
  },
};
function erasing(name: string, arrange: Scenario['arrange']): Scenario {
  return {
    name,
    arrange,
    takesKey: true,
    forbids: true,
    erases: true,
    act: (gate, { subject }, key) => {
      const body = { reason: 'erase-consented', actor: { kind: 'subject' } } as const;
      return eraseSubject(gate, call(body, { path: { id: subject }, ...keyed(key) }));
    },
  };
}

const doubtful = { text: 'Última chance na Loja Exemplo', generatedBy: 'llm' } as const;

function textual(name: string, arrange: Scenario['arrange']): Scenario {
  return {
    name,
    arrange,
    takesKey: true,
    forbids: false,
    act: (gate, _made, key) => {
      const act = { action: 'send', purpose: 'promocoes', channel: 'email' } as const;
      return createDecision(gate, call({ subject: ana, ...act, content: doubtful }, keyed(key)));
    },
  };
}

/** Somebody for whom a text waits. */
async function asking(gate: Gate): Promise<Arranged> {
  const made = await consenting(gate);
  return { ...made, review: reviewOf(await decide(gate, { content: doubtful })) };
}

function settling(verdict: 'approve_once' | 'reject'): Scenario {
  const act: Scenario['act'] = (gate, { review }, key) => {
    const body = verdict === 'reject' ? { verdict, reason: 'Não acaba hoje.' } : { verdict };
    return settleContentReview(gate, call(body, { path: { id: review }, ...keyed(key) }));
  };
  const name = `content review, settled: ${verdict}`;
  return { name, arrange: asking, act, takesKey: true, forbids: false };
}

const reviews: readonly Scenario[] = [
  textual('decision, whose text goes to people', consenting),
  textual('decision, whose text was approved once', async (gate) => {
    const made = await asking(gate);
    const once = call({ verdict: 'approve_once' } as const, { path: { id: made.review } });
    bodyOf(await settleContentReview(gate, once));
    return made;
  }),
  textual('decision, whose text was approved and used up', async (gate) => {
    const made = await asking(gate);
    const once = call({ verdict: 'approve_once' } as const, { path: { id: made.review } });
    bodyOf(await settleContentReview(gate, once));
    await makeSubject(gate, [bruno]);
    bodyOf(await grant(gate, { subject: bruno }));
    const used = await decide(gate, { subject: bruno, content: doubtful });
    expect(used['outcome']).to.equal('allow');
    return made;
  }),
  {
    name: 'content review, submitted',
    arrange: async () => nothing,
    act: (gate, _made, key) => {
      const body = { purpose: 'promocoes', channel: 'email', ...doubtful } as const;
      return createContentReview(gate, call(body, keyed(key)));
    },
    takesKey: true,
    forbids: false,
  },
  settling('approve_once'),
  settling('reject'),
];

export const scenarios: readonly Scenario[] = [
  stopFromPortal,
  ...reviews,
  decision('decision, allowed', consenting),
  decision('decision, denied', async (gate) => ({ ...nothing, subject: await makeSubject(gate) })),
  decision('decision, of somebody unknown', async () => nothing),
  choice('choice, one permitted', consenting),
  choice('choice, none permitted', async (gate) => ({
    ...nothing,
    subject: await makeSubject(gate),
  })),
  choice('choice, for somebody unknown', async () => nothing),
  batch('batch, one permitted', consenting),
  batch('batch, none permitted', async () => nothing),
  consent('consent, granted', 'granted', async (gate) => {
    return { ...nothing, subject: await makeSubject(gate) };
  }),
  consent('consent, granted by somebody unknown', 'granted', async () => nothing),
  consent('consent, withdrawn', 'withdrawn', consenting),
  consent('consent, withdrawn by somebody unknown', 'withdrawn', async () => nothing),
  importing('import, of a withdrawal', true, consenting),
  importing('import, of somebody unknown', false, async () => nothing),
  {
    name: 'subject, created',
    arrange: async () => nothing,
    act: (gate) =>
      putSubject(gate, call({ identifiers: [ana, anaPhone], attributes: { first_name: 'Ana' } })),
    takesKey: false,
    forbids: false,
  },
  {
    name: 'subject, completed',
    arrange: consenting,
    act: (gate) => putSubject(gate, call({ identifiers: [ana, bruno], attributes: {} })),
    takesKey: false,
    forbids: false,
  },
  {
    name: 'subject, given an identifier that was left behind',
    arrange: async (gate) => {
      await makeSubject(gate, [anaPhone]);
      const id = `email:${gate.vault.hash('email', ana.value)}`;
      const document = { id, fields: { subject: gate.newId('sub_') }, body: '{}' };
      await gate.store.write([{ kind: 'insert', collection: 'identifiers', document }]);
      return nothing;
    },
    act: (gate) => putSubject(gate, call({ identifiers: [anaPhone, ana], attributes: {} })),
    takesKey: false,
    forbids: false,
  },
  ...instructions.flatMap(([kind, create, end]) => instruction(kind, create, end)),
  {
    name: 'merge, of two who granted',
    arrange: (gate) => twoOfOne(gate),
    act: mergeTwo,
    takesKey: true,
    forbids: false,
  },
  {
    name: 'merge, of one who withdrew',
    arrange: withdrawnElsewhere,
    act: mergeTwo,
    takesKey: true,
    forbids: true,
  },
  {
    name: 'merge, undone',
    arrange: merged,
    act: (gate, made, key) => {
      const path = { id: made.subject, mergeId: made.merge };
      return undoMerge(gate, call(null, { path, ...keyed(key) }));
    },
    takesKey: true,
    forbids: false,
  },
  erasing('erasure, of one who granted', consenting),
  erasing('erasure, of one for whom a text waits', asking),
  erasing('erasure, of one who said no elsewhere', async (gate) => {
    const made = await consenting(gate);
    const path = { id: made.subject };
    bodyOf(await createObjection(gate, call({ channels: ['sms'] } as const, { path })));
    return made;
  }),
  erasing('erasure, of one with records that the law holds', async (gate) => {
    const made = await consenting(gate);
    const occurredAt = toIso(gate.clock());
    const body = { id: 'order-1', type: 'purchase', subject: ana, occurredAt } as const;
    bodyOf(await recordEvents(gate, call(body)));
    return made;
  }),
  erasing('erasure, of two who were merged', async (gate) => {
    const made = await consenting(gate);
    const other = await makeSubject(gate, [bruno], { first_name: 'Bruno' });
    bodyOf(await mergeTwo(gate, { ...made, other }, null));
    return made;
  }),
  outcome('sent'),
  outcome('failed'),
  reconciliation,
  {
    name: 'event',
    arrange: consenting,
    act: (gate, _made, key) => {
      const occurredAt = toIso(gate.clock());
      const body = { id: 'order-1', type: 'purchase', subject: ana, occurredAt } as const;
      return recordEvents(gate, call(body, keyed(key)));
    },
    takesKey: true,
    forbids: false,
  },
  { ...decision('decision in an experiment', consenting), policies: 'treated' },
  { ...decision('decision of who is held out', consenting), policies: 'held-out' },
  { ...decision('decision in an experiment, again', allowed), policies: 'treated' },
  { ...choice('best decision in an experiment', consenting), policies: 'treated' },
  {
    name: 'event that converts',
    arrange: allowed,
    act: (gate, _made, key) => {
      const occurredAt = toIso(gate.clock());
      const body = { id: 'order-1', type: 'purchase', subject: ana, occurredAt } as const;
      return recordEvents(gate, call(body, keyed(key)));
    },
    takesKey: true,
    forbids: false,
    policies: 'treated',
  },
  {
    name: 'event that excludes',
    arrange: consenting,
    act: (gate, _made, key) => {
      const occurredAt = toIso(gate.clock());
      const body = { id: 'call-1', type: 'complaint', subject: ana, occurredAt } as const;
      return recordEvents(gate, call(body, keyed(key)));
    },
    takesKey: true,
    forbids: true,
  },
  {
    name: 'refusal that excludes',
    arrange: consenting,
    act: (gate, _made, key) => {
      const occurredAt = toIso(gate.clock());
      const act = { event: 'refused', purpose: 'promocoes', occurredAt } as const;
      return recordConsent(gate, call({ subject: ana, channels: ['push'], ...act }, keyed(key)));
    },
    takesKey: true,
    forbids: true,
  },
  {
    name: 'unsubscription',
    arrange: consenting,
    act: (gate, { subject }) => {
      const url = unsubscribeUrl(gate, { subject, purpose: 'promocoes', channel: 'email' });
      return unsubscribe(gate, call(null, { path: { token: url.split('/u/')[1] ?? '' } }));
    },
    takesKey: false,
    forbids: true,
  },
];
