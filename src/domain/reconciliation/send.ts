/**
 * A send, as a provider says that it was made. It rests on one decision, and a decision permits one
 * send, within its life: that of its permit, or of its reservation where no permit was shown.
 */
import type { Instant } from '../calendar/instant.ts';
import { reportWithinMs } from '../decision.ts';

export interface Send {
  /** What tells it from another send of the same decision, in whichever file it stands. */
  readonly key: SendKey;
  readonly at: Instant;
  /** Where it was told last. */
  readonly reconciliation: string;
  readonly line: number;
}

/**
 * A hash of the name that the provider gave the message; where it gave none, the instant alone,
 * and then two equal lines of one file are two sends.
 */
export type SendKey =
  | { readonly kind: 'message'; readonly hash: string }
  | { readonly kind: 'instant' };

/** From its first instant on, and up to its last one, which is outside. */
export interface Life {
  readonly of: 'permit' | 'reservation';
  readonly from: Instant;
  readonly until: Instant;
}

export interface NotedSends {
  readonly sends: readonly Send[];
  /** Of the send that was noted; 0 is the one that the decision permitted. */
  readonly place: number;
  /** Whether it had been told before, by an earlier file or an earlier line. */
  readonly repeated: boolean;
}

/** Sends of one decision that are kept; any further one is one too many as well. */
const sendsMax = 20;
const secondMs = 1000;

/** Place of a send among those that are known of a decision; -1 where it is another one. */
export function placeOfSend(known: readonly Send[], send: Send): number {
  return known.findIndex((each) => isSame(each, send));
}

/** Adds a send, or keeps where it was told last. */
export function noteSend(known: readonly Send[], send: Send): NotedSends {
  const place = placeOfSend(known, send);
  const earlier = known[place];
  if (earlier === undefined) {
    const sends = known.length < sendsMax ? [...known, send] : known;
    return { sends, place: known.length, repeated: false };
  }
  const { reconciliation, line } = send;
  const repeated = earlier.reconciliation !== reconciliation || earlier.line !== line;
  const told = { ...earlier, reconciliation, line };
  return { sends: repeated ? known.with(place, told) : known, place, repeated };
}

/** Providers mostly know the second alone, and a permit is dated by it. */
export function lifeOfReservation(decidedAt: Instant): Life {
  const from = Math.floor(decidedAt / secondMs) * secondMs;
  return { of: 'reservation', from, until: decidedAt + reportWithinMs };
}

export function isWithin({ from, until }: Life, at: Instant): boolean {
  return at >= from && at < until;
}

function isSame(known: Send, send: Send): boolean {
  if (known.key.kind === 'message' || send.key.kind === 'message') {
    return (
      known.key.kind === 'message' &&
      send.key.kind === 'message' &&
      known.key.hash === send.key.hash
    );
  }
  const isOtherLine = known.reconciliation === send.reconciliation && known.line !== send.line;
  return known.at === send.at && !isOtherLine;
}
