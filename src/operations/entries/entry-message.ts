/** What is sent to a contact point that asked to be let in, and the port that sends it. */
import type { Locale } from '../../domain/text.ts';

/** Kinds of contact points that a message can be sent to. */
export type PostKind = 'email' | 'phone';

export interface EntryMessage {
  readonly kind: PostKind;
  /** Canonical address: `ana@example.com`, `+5511987654321`. */
  readonly to: string;
  readonly controller: string;
  readonly code: string;
  readonly link: string;
  readonly minutes: number;
  readonly locale: Locale;
}

/** Sends messages; rejects where one could not be handed over. */
export interface Post {
  /** Whether messages of the kind can be sent at all. */
  readonly reaches: (kind: PostKind) => boolean;
  readonly send: (message: EntryMessage) => Promise<void>;
}
