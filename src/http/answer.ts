/**
 * Writes an answer: the status, the headers and the bytes. It writes to the response itself, not
 * through Koa's responder, which costs a decision more than everything else here together.
 */
import type { JsonObject } from '../domain/json.ts';
import { Problem } from '../domain/problem.ts';
import { PlainText, Rendered, Streamed } from '../operations/operation.ts';
import type { UnsubscribeState } from '../operations/wire.ts';
import { type Exchange, type ExchangeContext, Page } from './exchange.ts';
import { problemBody, problemHeaders, problemMediaType, statusOf } from './problems.ts';
import { type OperationId, routes } from './routes.ts';
import type { Frame } from '../html/layout.tsx';
import { isPortalPath } from './pages/page-path.ts';
import { problemPage } from './pages/problem-page.tsx';
import { unsubscribePage } from './pages/unsubscribe-page.tsx';

export interface Reply {
  readonly status: number;
  readonly mediaType: string;
  readonly content: string | Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const json = 'application/json';
export const noStore: Readonly<Record<string, string>> = { 'Cache-Control': 'no-store' };
/** A channel looks a key up again after so long, and a new key should be there before it signs. */
const cachedKeys: Readonly<Record<string, string>> = { 'Cache-Control': 'public, max-age=300' };
const forPeople: ReadonlySet<OperationId | null> = new Set(['showUnsubscribe', 'unsubscribe']);

function wantsPage(ctx: ExchangeContext): boolean {
  const { operation } = ctx.state.exchange;
  const isForPeople = forPeople.has(operation) && ctx.accepts('html', 'json') === 'html';
  return isForPeople || isPortalPath(ctx.path);
}

/** Of a page on which nobody is signed in. */
function frameOf(ctx: ExchangeContext): Frame {
  const { locale, controller } = ctx.state.exchange;
  return { controller: controller(), locale, path: ctx.path, token: null };
}

function problemReply(ctx: ExchangeContext, problem: Problem): Reply {
  const { operation, locale, requestId } = ctx.state.exchange;
  const status = statusOf(problem);
  const scope = operation === null ? null : routes[operation].scope;
  const headers = { ...noStore, ...problemHeaders(problem, locale, scope) };
  if (wantsPage(ctx)) {
    const content = problemPage(problem, frameOf(ctx));
    return { status, mediaType: 'text/html', content, headers };
  }
  const content = JSON.stringify(problemBody(problem, locale, requestId));
  return { status, mediaType: problemMediaType, content, headers };
}

function isUnsubscribeState(body: JsonObject): body is UnsubscribeState {
  return typeof body['controller'] === 'string' && typeof body['state'] === 'string';
}

function locationOf(operation: OperationId, content: string): Record<string, string> {
  if (operation !== 'recordConsent') return {};
  const id = /"id":"(con_[0-9a-f-]{36})"/.exec(content)?.[1];
  return id === undefined ? {} : { Location: `/v1/consents/${id}` };
}

function jsonReply(ctx: ExchangeContext, answer: JsonObject | Rendered): Reply {
  const { operation, locale, query } = ctx.state.exchange;
  const status = operation === null ? 200 : routes[operation].status;
  if (!(answer instanceof Rendered) && wantsPage(ctx) && isUnsubscribeState(answer)) {
    const content = unsubscribePage(answer, frameOf(ctx));
    const headers = {
      ...noStore,
      'Content-Language': locale,
      Vary: 'Accept, Accept-Language, Cookie',
    };
    return { status, mediaType: 'text/html', content, headers };
  }
  const content = answer instanceof Rendered ? answer.json : JSON.stringify(answer);
  const linked = operation === 'getConsent' && query['format'] === 'dpv';
  const kept = operation === 'readPermitKeys' ? cachedKeys : noStore;
  const headers = operation === null ? kept : { ...kept, ...locationOf(operation, content) };
  return { status, mediaType: linked ? 'application/ld+json' : json, content, headers };
}

export function replyTo(ctx: ExchangeContext): Reply {
  const { answer } = ctx.state.exchange;
  if (answer instanceof Problem) return problemReply(ctx, answer);
  if (answer instanceof Page) {
    const { status, mediaType, content, headers } = answer;
    return { status, mediaType, content, headers };
  }
  if (answer instanceof PlainText) {
    return { status: 200, mediaType: 'text/plain', content: answer.text, headers: noStore };
  }
  if (answer === null) throw new Error('no step answered the request');
  if (answer instanceof Streamed) throw new Error('an answer of many lines is no single reply');
  return jsonReply(ctx, answer);
}

const decisions: ReadonlySet<OperationId | null> = new Set([
  'createDecision',
  'createBestDecision',
]);

/** `allow`, of a decision, for the log; inside of a text the quotes would be escaped. */
function outcomeOf({ operation }: Exchange, content: string | Buffer): string | null {
  if (!decisions.has(operation) || typeof content !== 'string') return null;
  return /"outcome":"([a-z]+)"/.exec(content)?.[1] ?? null;
}

/** Names and values by turns; those that every answer has come first. */
export function headerList(exchange: Exchange, own: Reply['headers']): string[] {
  const list = [...exchange.securityHeaders, 'X-Request-Id', exchange.requestId];
  for (const [name, value] of Object.entries(own)) list.push(name, value);
  for (const [name, value] of Object.entries(exchange.headers)) list.push(name, value);
  return list;
}

export function write(ctx: ExchangeContext, reply: Reply): void {
  const { exchange } = ctx.state;
  const { status, mediaType, content, headers } = reply;
  const textual = mediaType.startsWith('text/') || mediaType === json;
  exchange.problem = exchange.answer instanceof Problem ? exchange.answer.code : null;
  exchange.outcome = status === 200 ? outcomeOf(exchange, content) : null;
  ctx.respond = false;
  const list = headerList(exchange, headers);
  if (status !== 204) {
    list.push('Content-Type', textual ? `${mediaType}; charset=utf-8` : mediaType);
    list.push('Content-Length', String(Buffer.byteLength(content)));
  }
  ctx.res.writeHead(status, list);
  ctx.res.end(ctx.method === 'HEAD' ? undefined : content);
}
