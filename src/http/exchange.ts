/** One request and its answer, as the steps of the app pass it on. */
import type { Middleware, ParameterizedContext } from 'koa';
import type { Controller } from '../domain/policy.ts';
import type { ProblemCode } from '../domain/problems/problem-code.ts';
import type { Locale } from '../domain/text.ts';
import type { Actor, Answer, PlainText, Streamed } from '../operations/operation.ts';
import type { OperationId } from './routes.ts';

/** An answer that is no JSON of an operation: a page, a script, the contract itself. */
export class Page {
  readonly status: number;
  readonly mediaType: string;
  readonly content: string | Buffer;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    mediaType: string,
    content: string | Buffer,
    headers: Readonly<Record<string, string>> = {},
    status: number = 200,
  ) {
    this.status = status;
    this.mediaType = mediaType;
    this.content = content;
    this.headers = headers;
  }
}

/** Names and values by turns, as writeHead takes them. */
export type HeaderList = readonly string[];

export interface Exchange {
  readonly requestId: string;
  readonly startedAt: number;
  readonly locale: Locale;
  /** Of the pages for people: whose they are. */
  readonly controller: () => Controller;
  operation: OperationId | null;
  /** Null where no token is asked for, or none was given. */
  actor: Actor | null;
  body: unknown;
  query: Readonly<Record<string, unknown>>;
  path: Readonly<Record<string, unknown>>;
  idempotencyKey: string | null;
  /** What the steps made of it; null until one of them answers. */
  answer: Answer | Page | PlainText | Streamed | null;
  /** Headers that a step asks for beside those of the answer. */
  headers: Record<string, string>;
  securityHeaders: HeaderList;
  outcome: string | null;
  problem: ProblemCode | null;
}

export interface ExchangeState {
  exchange: Exchange;
}

/** What the router leaves in the context. */
export interface RoutedContext {
  /** Routes of the path, whatever their method. */
  matched?: readonly { readonly methods: readonly string[] }[];
  params?: Readonly<Record<string, string>>;
}

export type ExchangeContext = ParameterizedContext<ExchangeState, RoutedContext>;
export type Step = Middleware<ExchangeState, RoutedContext>;
