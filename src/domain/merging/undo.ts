/**
 * Undoing a merge: both subjects are given back as their own events made them, and what happened
 * since the merge binds as well. Every no goes with both, since nobody can tell whose it was; a yes
 * goes with the one whose contact point it was given for; contacts count for both, and exclusions
 * that events made bind both. What permits nothing and forbids nothing stays with the survivor.
 */
import type { Instant } from '../calendar/instant.ts';
import type { ConsentEventKind } from '../consent.ts';
import { counts, type Slot, type Slots } from '../slots.ts';
import { eventsOfNo } from '../erasure/suppression.ts';
import type { KnownIdentifier, Subject, SubjectEvent } from '../subject.ts';
import { isYounger } from './merge.ts';

/**
 * The slots of both after an undo. `together` are the survivor's, `own` the decisions whose slots
 * the other brought along. Contacts since the merge count for both, and in the other's slots they
 * never lapse, since what becomes of them is reported to the survivor.
 */
export function partedSlots(
  together: Slots,
  own: ReadonlySet<string>,
  merged: { readonly from: Instant; readonly to: Instant },
): { readonly survivor: readonly Slot[]; readonly other: readonly Slot[] } {
  const since = together.slots.filter(
    (slot) => !own.has(slot.decision) && slot.at >= merged.from && counts(slot, merged.to),
  );
  return {
    survivor: together.slots.filter(({ decision }) => !own.has(decision)),
    other: [
      ...together.slots.filter(({ decision }) => own.has(decision)),
      ...since.map((slot) => ({ ...slot, expiresAt: null })),
    ],
  };
}

/**
 * Events that go with the other when a merge is undone, in their order: every no, every yes for a
 * contact point of the other's own, exclusions and a younger age. The rest stays with the survivor.
 */
export function eventsForOther(
  other: Subject,
  since: readonly SubjectEvent[],
): readonly SubjectEvent[] {
  return since.flatMap((event): readonly SubjectEvent[] => {
    switch (event.kind) {
      case 'consent': {
        const { event: act, contact } = event.act;
        return isNo(act) || isContactOf(other.identifiers, contact) ? [event] : [];
      }
      case 'instruction':
      case 'instruction-ended':
        return [event];
      case 'identity': {
        const no = event.restored === undefined ? [] : eventsOfNo(event.restored);
        const band = event.attributes['age_band'];
        if (band === undefined || !isYounger(band, other.attributes['age_band'])) return no;
        return [...no, { kind: 'identity', identifiers: [], attributes: { age_band: band } }];
      }
      case 'merge-left':
        return eventsForOther(other, event.carried);
      case 'signals':
        return event.exclusions === undefined ? [] : [{ ...event, signals: {} }];
      case 'merge':
      case 'merged-into':
      case 'merge-undone':
      case 'erasure':
        return [];
    }
  });
}

/** Whether an event stays with the survivor: a yes for a contact point of who left does not. */
export function isForSurvivor(event: SubjectEvent, left: readonly KnownIdentifier[]): boolean {
  return event.kind !== 'consent' || isNo(event.act.event) || !isContactOf(left, event.act.contact);
}

function isNo(event: ConsentEventKind): boolean {
  return event === 'withdrawn' || event === 'refused';
}

function isContactOf(known: readonly KnownIdentifier[], contact: string | null): boolean {
  return contact !== null && known.some(({ hash }) => hash === contact);
}
