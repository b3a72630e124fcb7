/**
 * Erasure (LGPD arts. 5, XIV; 15; 16; 18, IV and VI): the end of what is held of a subject. It is
 * demanded, refused or begun; from its beginning on nothing is allowed; it ends with a tombstone
 * that says what was there, when it went, under which article and who asked.
 */
import { type Instruction, isInForce } from '../instruction.ts';
import type { Instant } from '../calendar/instant.ts';
import type { Subject } from '../subject.ts';

/** Why a subject is erased; each rests on an article. */
export const erasureArticles = {
  'erase-consented': 'LGPD art. 18, VI',
  minimise: 'LGPD art. 18, IV',
  'consent-ended': 'LGPD art. 15, III; art. 16',
  'processing-ended': 'LGPD art. 15, I; art. 16',
  'authority-order': 'LGPD art. 15, IV; art. 16',
} as const;
export type ErasureReason = keyof typeof erasureArticles;

/** Who asked for it. */
export const erasureActors = [
  'subject',
  'guardian',
  'representative',
  'controller',
  'authority',
] as const;
export type ErasureActor = (typeof erasureActors)[number];

/** The demand, without a word that could say whom it is about. */
export interface ErasureDemand {
  readonly reason: ErasureReason;
  readonly actor: ErasureActor;
  /** The number that the request has in the caller's books. */
  readonly reference: string | null;
}

export const litigationArticle = 'LGPD art. 16, I; art. 7, VI';

/** Proceedings for which everything is kept, so that nobody loses their defence; null for none. */
export function litigationOf({ instructions }: Subject, at: Instant): Instruction | null {
  const standing = instructions.filter(
    (each) => each.exclusion === 'litigation' && isInForce(each, at),
  );
  return standing.find(({ until }) => until === null) ?? latest(standing);
}

function latest(instructions: readonly Instruction[]): Instruction | null {
  const [first, ...rest] = instructions;
  if (first === undefined) return null;
  return rest.reduce((one, two) => ((two.until ?? 0) > (one.until ?? 0) ? two : one), first);
}
