/** What every operation is: an actor and typed input in, a value or a Problem out. */
import type { JsonObject } from '../domain/json.ts';
import type { Problem } from '../domain/problem.ts';
import type { Locale } from '../domain/text.ts';

export const scopes = [
  'decisions:write',
  'consents:write',
  'subjects:read',
  'subjects:write',
  'events:write',
  'audit:read',
  'policies:write',
  'rights:write',
  'ledger:read',
  'admin',
] as const;
export type Scope = (typeof scopes)[number];

/** Who acts: a client by its token. */
export interface Actor {
  readonly kind: 'client';
  readonly id: string;
  readonly scopes: ReadonlySet<Scope>;
}

/** A JSON answer whose text is at hand already, so that nobody writes it twice. */
export class Rendered {
  readonly json: string;
  constructor(json: string) {
    this.json = json;
  }
}

/** An answer that is text and no JSON. */
export class PlainText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Lines of an answer of many whose bytes are at hand already, each with its line break. */
export class RenderedLines {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** One line of an answer of many, or several; a problem in it is told as any other. */
export type AnswerLine =
  | { readonly content: JsonObject; readonly problem: Problem | null }
  | Rendered
  | RenderedLines;

/** An answer that is written while it is made, no faster than it is read. */
export class Streamed {
  readonly lines: AsyncIterable<AnswerLine>;
  constructor(lines: AsyncIterable<AnswerLine>) {
    this.lines = lines;
  }
}

export interface Call<Body, Query, Path> {
  readonly actor: Actor;
  readonly body: Body;
  readonly query: Query;
  readonly path: Path;
  readonly idempotencyKey: string | null;
  readonly locale: Locale;
}

export type Answer = JsonObject | Rendered | Problem;
