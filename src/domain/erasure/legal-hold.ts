/**
 * Legal holds: whatever they reach is kept until they end, whoever wants it gone, because somebody
 * has to be able to defend themselves with it (LGPD arts. 7, VI; 16, I). A hold reaches one person,
 * or the records of one purpose or of one retention class, of everybody. Each has an end.
 */
import type { Instant } from '../calendar/instant.ts';
import type { PolicySet } from '../policy.ts';
import type { Text } from '../text.ts';
import { litigationArticle } from './erasure.ts';
import type { Hold } from './hold.ts';

/** Exactly one of `subject`, `purpose` and `class` is not null. */
export interface HoldReach {
  readonly subject: string | null;
  readonly purpose: string | null;
  /** Name of a class in retention.yaml. */
  readonly class: string | null;
}

export interface LegalHold extends HoldReach {
  readonly id: string;
  readonly until: Instant;
}

/** Holds in force that one subject may have, and as many more that reach everybody. */
export const legalHoldsMax = 100;

const reason: Text = {
  'pt-BR': 'Guardado por ordem do controlador para exercício de direitos em processo.',
  en: 'Kept by order of the controller for the exercise of rights in proceedings.',
};

/** What a hold by purpose or class keeps through an erasure that begins now. */
export function recordsHeld({ id, until, ...reach }: LegalHold, set: PolicySet): Hold {
  const kept = reach.class === null ? undefined : set.retention.get(reach.class);
  const ofClass = [...set.purposes.values()].filter(
    ({ retention }) => reach.class !== null && retention === reach.class,
  );
  return {
    class: id,
    ground: litigationArticle,
    reason,
    purposes: reach.purpose === null ? ofClass.map((purpose) => purpose.id) : [reach.purpose],
    events: kept?.events ?? [],
    until,
    term: null,
  };
}

/** Of several the one that lasts longest; null for none. */
export function longestOf(holds: readonly LegalHold[]): LegalHold | null {
  return holds.reduce<LegalHold | null>(
    (longest, each) => (longest !== null && longest.until >= each.until ? longest : each),
    null,
  );
}
