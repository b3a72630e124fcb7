/** How tests call operations: what a client with every scope would ask, and what it is answered. */
import { toIso } from '../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { Problem } from '../../src/domain/problem.ts';
import type { ProblemCode } from '../../src/domain/problems/problem-code.ts';
import { recordConsent } from '../../src/operations/consents/record-consent.ts';
import { createDecision } from '../../src/operations/decisions/create-decision.ts';
import type { DecisionRequest } from '../../src/operations/decisions/decision-record.ts';
import type { Gate } from '../../src/operations/gate.ts';
import {
  type Answer,
  type Call,
  Rendered,
  RenderedLines,
  type Scope,
  scopes,
  type Streamed,
} from '../../src/operations/operation.ts';
import { readRecord, type ReadRecord } from '../../src/operations/record.ts';
import { putSubject } from '../../src/operations/subjects/put-subject.ts';
import type { components } from '../../src/operations/wire.ts';

type Schemas = components['schemas'];

export const ana = { type: 'email', value: 'ana@example.com' } as const;
export const anaPhone = { type: 'whatsapp', value: '+55 11 98765-4321' } as const;
export const bruno = { type: 'email', value: 'bruno@example.com' } as const;

const everyScope: ReadonlySet<Scope> = new Set(scopes);

export function call<Body, Query = Record<string, never>, Path = Record<string, never>>(
  body: Body,
  more: { readonly query?: Query; readonly path?: Path; readonly key?: string } = {},
): Call<Body, Query, Path> {
  return {
    actor: { kind: 'client', id: 'crm', scopes: everyScope },
    body,
    query: more.query ?? ({} as Query),
    path: more.path ?? ({} as Path),
    idempotencyKey: more.key ?? null,
    locale: 'pt-BR',
  };
}

/** A call of an operation that takes a path and maybe a query, and no body. */
export function read<Path, Query = Record<string, never>>(
  path: Path,
  query?: Query,
): Call<null, Query, Path> {
  return call(null, { path, ...(query === undefined ? {} : { query }) });
}

/** The JSON of an answer; fails where it is a problem. */
export function bodyOf(answer: Answer): JsonObject {
  if (answer instanceof Problem) {
    throw new Error(`${answer.code}: ${answer.detail.en} ${JSON.stringify(answer.errors)}`);
  }
  return answer instanceof Rendered ? (JSON.parse(answer.json) as JsonObject) : answer;
}

/** The code of the problem that an answer is; fails where it is none. */
export function codeOf(answer: Answer): ProblemCode {
  if (answer instanceof Problem) return answer.code;
  throw new Error(`no problem: ${JSON.stringify(answer)}`);
}

export async function makeSubject(
  gate: Gate,
  identifiers: Schemas['SubjectRequest']['identifiers'] = [ana, anaPhone],
  attributes: Schemas['SubjectRequest']['attributes'] = {},
): Promise<string> {
  return idOf(bodyOf(await putSubject(gate, call({ identifiers, attributes }))));
}

/** A consent for promotions by e-mail that permits them, given now. */
export function grant(
  gate: Gate,
  changes: Partial<Schemas['ConsentRequest']> = {},
  key?: string,
): Promise<Answer> {
  const request: Schemas['ConsentRequest'] = {
    subject: ana,
    event: 'granted',
    purpose: 'promocoes',
    channels: ['email'],
    notice: noticeOf(gate, 'promocoes'),
    evidence: {
      class: 'native',
      actor: { kind: 'subject' },
      control: { kind: 'checkbox', initialState: 'off' },
      ip: '203.0.113.7',
    },
    occurredAt: toIso(gate.clock()),
    ...changes,
  };
  return recordConsent(gate, call(request, key === undefined ? {} : { key }));
}

/** A withdrawal, which needs neither notice nor evidence. */
export function withdraw(
  gate: Gate,
  changes: Partial<Schemas['ConsentRequest']> = {},
): Promise<Answer> {
  return recordConsent(
    gate,
    call<Schemas['ConsentRequest']>({
      subject: ana,
      event: 'withdrawn',
      purpose: 'promocoes',
      channels: ['email'],
      occurredAt: toIso(gate.clock()),
      ...changes,
    }),
  );
}

export async function decide(
  gate: Gate,
  changes: Partial<DecisionRequest> = {},
  key?: string,
): Promise<JsonObject> {
  const request: DecisionRequest = {
    subject: ana,
    action: 'send',
    purpose: 'promocoes',
    channel: 'email',
    ...(changes.channel === 'whatsapp' ? { content: templated(changes.purpose) } : {}),
    ...changes,
  };
  return bodyOf(await createDecision(gate, call(request, key === undefined ? {} : { key })));
}

let templates = 0;

/** A message template of the category that the purpose needs, and another one each time. */
export function templated(purpose: string = 'promocoes'): Schemas['Content'] {
  const category = purpose === 'pedidos' ? 'utility' : 'marketing';
  templates += 1;
  return { template: { name: `modelo-${templates}`, category } };
}

/** Every record in the order in which it became durable. */
export async function recordsIn(gate: Gate): Promise<readonly ReadRecord[]> {
  const { items } = await gate.store.readLog('records', null, 1000);
  return items.map(readRecord);
}

export function idOf(answer: JsonObject): string {
  const { id } = answer;
  if (typeof id !== 'string') throw new Error('the answer has no id');
  return id;
}

export interface LineTold {
  readonly content: JsonObject;
  /** Code of the problem beside it. */
  readonly problem: ProblemCode | null;
}

/** What the lines of an answer say, one after the other. */
export async function* linesTold(answer: Streamed | Problem): AsyncGenerator<LineTold> {
  if (answer instanceof Problem) throw new Error(`${answer.code}: ${answer.detail.en}`);
  for await (const line of answer.lines) {
    if (line instanceof RenderedLines) {
      for (const text of Buffer.from(line.bytes).toString().trimEnd().split('\n')) {
        yield { content: JSON.parse(text) as JsonObject, problem: null };
      }
    } else if (line instanceof Rendered) yield { content: bodyOf(line), problem: null };
    else yield { content: line.content, problem: line.problem?.code ?? null };
  }
}

/** Id of the review that an answer names. */
export function reviewOf({ contentReview }: JsonObject): string {
  if (typeof contentReview !== 'string') throw new Error('the answer names no review');
  return contentReview;
}

/** The items of a page of a list. */
export function itemsOf(page: JsonObject): readonly JsonObject[] {
  return page['items'] as readonly JsonObject[];
}

/** The query that goes on after a page; null after the last one. */
export function nextOf(page: JsonObject): { readonly cursor: string } | null {
  const { nextCursor } = page;
  return typeof nextCursor === 'string' ? { cursor: nextCursor } : null;
}

/** The items of every page of a list, read one after the other. */
export async function allItems(
  list: (more: { readonly cursor?: string }) => Promise<JsonObject>,
): Promise<readonly JsonObject[]> {
  const items: JsonObject[] = [];
  let more: { readonly cursor: string } | null = null;
  do {
    const page: JsonObject = await list(more ?? {});
    items.push(...itemsOf(page));
    more = nextOf(page);
  } while (more !== null);
  return items;
}

export function rulesOf(answer: JsonObject): readonly string[] {
  const reasons = answer['reasons'] as readonly { readonly rule: string }[];
  return reasons.map(({ rule }) => rule);
}

function noticeOf(gate: Gate, id: string): Schemas['NoticeShown'] {
  const notice = gate.policies.active().set.notices.get(id)?.at(-1);
  const digest = notice?.texts['pt-BR']?.digest;
  if (notice === undefined || digest === undefined) throw new Error(`no notice ${id}`);
  return { id, version: notice.version, locale: 'pt-BR', digest };
}
