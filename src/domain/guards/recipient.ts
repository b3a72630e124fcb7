/**
 * Recipients: whom data are shared with (LGPD arts. 5, XVI and 18, VII), and what lets data go to
 * those abroad (arts. 33 to 36; Res. CD/ANPD 19/2024). A legal basis does not replace the
 * mechanism, nor the other way round. Who is not on the controller's register gets nothing.
 */
import { civilDate } from '../calendar/instant.ts';
import { localTime } from '../calendar/zone.ts';
import type { Action, LegalBasis } from '../policy.ts';
import type { Situation } from '../situation.ts';

export const transferMechanisms = [
  'standard_clauses',
  'specific_clauses',
  'global_rules',
  'authorisation',
  'specific_consent',
  'duty_or_contract',
] as const;
export type TransferMechanism = (typeof transferMechanisms)[number];

export interface Recipient {
  readonly id: string;
  readonly name: string;
  /** ISO 3166-1, two capital letters. */
  readonly country: string;
  readonly role: 'processor' | 'controller';
  /** Null in Brazil, in adequate countries, and where there is none. */
  readonly mechanism: TransferMechanism | null;
  readonly clauseVersion: string | null;
  /** Civil date from which the recipient is bound as stated. */
  readonly since: string;
  /** Attributes that it may get; a purpose gives it no more. */
  readonly data: readonly string[];
}

export const recipientStatuses = [
  'not_needed',
  'declared',
  'unlisted',
  'unknown',
  'missing',
] as const;
export const transferStatuses = ['not_needed', 'adequate', 'safeguarded', 'missing'] as const;

/** Res. CD/ANPD 32/2026: the European Union with Iceland, Liechtenstein and Norway. */
export const adequateCountries: ReadonlySet<string> = new Set(
  (
    'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK ' + 'IS LI NO'
  ).split(' '),
);
const adequateSince = '2026-01-26';

/** What only makes sense with somebody who gets the data. */
export const sharingActions: ReadonlySet<Action> = new Set(['share', 'sync_audience']);
/** LGPD art. 33, IX, for art. 7, II, V and VI. */
const dutyOrContract: ReadonlySet<LegalBasis> = new Set([
  'legal_obligation',
  'contract',
  'exercise_of_rights',
]);

export function recipientStatus(situation: Situation): (typeof recipientStatuses)[number] {
  const { question, purpose, set } = situation;
  const { recipient } = question;
  if (recipient === null) return sharingActions.has(question.action) ? 'missing' : 'not_needed';
  const known = set.recipients.get(recipient);
  if (known === undefined) return 'unknown';
  if (purpose?.recipients.includes(recipient) !== true) return 'unlisted';
  return isFrom(known.since, situation) ? 'declared' : 'unlisted';
}

/** Of a recipient that is not on the register nothing is known: `missing`. */
export function transferStatus(situation: Situation): (typeof transferStatuses)[number] {
  const { question, set } = situation;
  if (question.recipient === null) return 'not_needed';
  const recipient = set.recipients.get(question.recipient);
  if (recipient === undefined) return 'missing';
  if (recipient.country === 'BR') return 'not_needed';
  if (adequateCountries.has(recipient.country)) {
    return isFrom(adequateSince, situation) ? 'adequate' : 'missing';
  }
  return isSafe(recipient.mechanism, situation) ? 'safeguarded' : 'missing';
}

/** Attributes that the purpose may use, and that its recipient may get where there is one. */
export function permittedData({ question, purpose, set }: Situation): readonly string[] {
  const ofPurpose = purpose?.data ?? nothing;
  if (question.recipient === null) return ofPurpose;
  const given = set.recipients.get(question.recipient)?.data ?? nothing;
  return ofPurpose.filter((name) => given.includes(name));
}

const nothing: readonly string[] = [];

function isSafe(mechanism: TransferMechanism | null, { purpose, consent }: Situation): boolean {
  if (mechanism === null || purpose === null) return false;
  // Art. 33, VIII: the consent must be specific and say that data leave the country.
  if (mechanism === 'specific_consent') {
    return purpose.basis === 'explicit_consent' && consent.state === 'granted';
  }
  return mechanism === 'duty_or_contract' ? dutyOrContract.has(purpose.basis) : true;
}

/** By the controller's calendar. */
function isFrom(date: string, { set, at }: Situation): boolean {
  const local = localTime(set.controller.timeZone, at);
  return local !== null && civilDate(local.day) >= date;
}
