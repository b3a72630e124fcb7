/**
 * Stops: what a person or the controller said between an allow and its send, by which the act was
 * forbidden when it was made (LGPD arts. 8, §5 and 18, §2). A word counts from when it was given,
 * and a withdrawal from when the person acted, however late it was recorded.
 */
import {
  applyAct,
  type ConsentAct,
  effectiveConsent,
  type Grant,
  noStanding,
  type Standing,
} from '../consent.ts';
import type { Instant } from '../calendar/instant.ts';
import type { FactName } from '../fact-catalogue.ts';
import { binds, type Instruction, type InstructionKind } from '../instruction.ts';
import type { Channel } from '../policy.ts';

export interface Stop {
  readonly kind: 'withdrawn' | 'refused' | InstructionKind;
  /** Id of the record of it. */
  readonly record: string;
  readonly effectiveAt: Instant;
  readonly recordedAt: Instant;
}

/** What was recorded since the decision, of whatever instant. */
export interface Since {
  /** The grant that the decision rested on; null where it rested on none. */
  readonly grant: Grant | null;
  /** For the purpose and the channel of the decision. */
  readonly acts: readonly { readonly act: ConsentAct; readonly recordedAt: Instant }[];
  readonly instructions: readonly Instruction[];
  /** Instruction -> when it was ended. */
  readonly endings: ReadonlyMap<string, Instant>;
}

interface Contact {
  readonly purpose: string;
  readonly channel: Channel;
}

/** What stood against a contact at an instant, in the order in which it took effect. */
export function stopsAt(since: Since, contact: Contact, at: Instant): readonly Stop[] {
  const consent = consentStop(since, at);
  const stops = since.instructions
    .filter(({ id, createdAt }) => createdAt <= at && (since.endings.get(id) ?? Infinity) > at)
    .filter((instruction) => binds(instruction, contact, at))
    .map(
      ({ kind, id, createdAt, cause }): Stop => ({
        kind,
        record: cause?.record ?? id,
        effectiveAt: createdAt,
        recordedAt: createdAt,
      }),
    );
  return [...(consent === null ? [] : [consent]), ...stops].toSorted(
    (a, b) => a.effectiveAt - b.effectiveAt,
  );
}

/** The facts that a stop changes for a decision that was made without it. */
export function factsUnder({ kind }: Stop): Readonly<Partial<Record<FactName, string | boolean>>> {
  switch (kind) {
    case 'withdrawn':
    case 'refused':
      return { 'consent.state': kind };
    case 'pause':
      return { 'pause.active': true };
    case 'objection':
      return { 'objection.onFile': true };
    case 'block':
      return { 'block.active': true };
    case 'exclusion':
      return { 'exclusion.active': true };
  }
}

function consentStop({ grant, acts }: Since, at: Instant): Stop | null {
  if (grant === null) return null;
  const told = acts.filter(({ act }) => act.occurredAt <= at);
  const first: Standing = { ...noStanding, grants: [grant] };
  const standing = told.reduce((each, { act }) => applyAct(each, act), first);
  const covers = (contact: string | null): boolean => contact === null || contact === grant.contact;
  const { restriction } = standing;
  if (effectiveConsent(standing, covers).grant !== null || restriction === null) return null;
  const { state, receipt, occurredAt } = restriction;
  const recordedAt = told.find(({ act }) => act.receipt === receipt)?.recordedAt ?? occurredAt;
  return { kind: state, record: receipt, effectiveAt: occurredAt, recordedAt };
}
