/** What a page is asked and what it answers: plain values, of which the HTTP layer makes bytes. */
import type { Problem } from '../domain/problem.ts';
import type { ProblemKind } from '../domain/problems/problem-code.ts';
import type { Locale } from '../domain/text.ts';

/** Small values that a browser keeps for the pages; how they are guarded is the HTTP layer's. */
export type CookieName = 'session' | 'entry' | 'place' | 'language';

export interface Cookie {
  readonly name: CookieName;
  /** Empty to take it away. */
  readonly value: string;
  readonly seconds: number;
}

export interface PageRequest {
  readonly method: 'GET' | 'POST';
  /** Without the query, which pages do not read. */
  readonly path: string;
  readonly locale: Locale;
  readonly cookies: Readonly<Partial<Record<CookieName, string>>>;
  /** Fields of the form; none of a GET. */
  readonly form: URLSearchParams;
  /** Whether the browser says that the form was one of ours. */
  readonly isOwnForm: boolean;
  readonly visitor: Visitor;
}

/** Where the request came from, as far as it is known. */
export interface Visitor {
  readonly ip: string | null;
  /** Null behind a proxy, which does not tell it. */
  readonly port: number | null;
  readonly userAgent: string | null;
  /** The address, or of an IPv6 address its network: what attempts are counted by. */
  readonly network: string;
}

export type PageReply =
  | {
      readonly kind: 'page';
      readonly html: string;
      /** What went wrong; null where nothing did. */
      readonly fault: ProblemKind | null;
      readonly cookie: Cookie | null;
    }
  /** On to another of our pages, which is read anew. */
  | { readonly kind: 'onward'; readonly path: string; readonly cookie: Cookie | null }
  /** For the browser to keep, and not to show. */
  | {
      readonly kind: 'file';
      /** Of letters, digits and `-._`. */
      readonly name: string;
      readonly mediaType: string;
      readonly text: string;
    }
  | {
      readonly kind: 'asset';
      readonly mediaType: string;
      readonly text: string;
      /** Whether the path names exactly this text, so that it may be kept for good. */
      readonly isLasting: boolean;
    };

export type AnswerPage = (request: PageRequest) => Promise<PageReply | Problem>;
