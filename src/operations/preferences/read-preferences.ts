/**
 * Everything that the page of preferences shows of one person: each purpose with the items of
 * art. 9, its channels as they stand, and the person's own standing instructions.
 */
import type { Instant } from '../../domain/calendar/instant.ts';
import type { Recipient } from '../../domain/guards/recipient.ts';
import { type Instruction, isInForce } from '../../domain/instruction.ts';
import type {
  Attribute,
  Channel,
  NoticeReference,
  PolicySet,
  Purpose,
  RetentionClass,
} from '../../domain/policy.ts';
import {
  isNarrow,
  type Preference,
  preferencesOf,
  type WayOut,
  wayOutOf,
} from '../../domain/portal/preferences.ts';
import { zoneOf } from '../../domain/subject.ts';
import type { Locale } from '../../domain/text.ts';
import { noticeBody } from '../../policies/notice.ts';
import type { Gate } from '../gate.ts';
import { maskedContact } from '../entries/masked-contact.ts';
import type { Session } from '../entries/session.ts';
import { livingFile } from '../subjects/living-subject.ts';
import type { SubjectFile } from '../subjects/subject-file.ts';
import { contactOf } from './channel-contact.ts';

export interface ChannelView extends Preference {
  /** The contact point that the channel reaches; null where none is on file. */
  readonly masked: string | null;
}

/** The notice as it is shown, whose digest a consent names. */
export interface NoticeView extends NoticeReference {
  readonly locale: Locale;
  readonly digest: string;
  readonly body: string;
}

export interface PurposeView {
  readonly purpose: Purpose;
  readonly wayOut: WayOut;
  readonly channels: readonly ChannelView[];
  readonly attributes: readonly Attribute[];
  readonly recipients: readonly Recipient[];
  readonly retention: RetentionClass | null;
  readonly notice: NoticeView | null;
}

export interface PreferencesView {
  readonly subject: string;
  readonly firstName: string | null;
  readonly zone: string;
  readonly at: Instant;
  /** The contact point that the person got in by; null where none was shown. */
  readonly masked: string | null;
  /** Digest of the set that the page was made from. */
  readonly policySet: string;
  readonly purposes: readonly PurposeView[];
  /** What the person asked for across purposes, and pauses. */
  readonly instructions: readonly Instruction[];
}

/** Null where the person is no longer on file. */
export async function readPreferences(
  gate: Gate,
  { subject, proved }: Session,
  locale: Locale,
): Promise<PreferencesView | null> {
  const file = await livingFile(gate, subject);
  if (file === null) return null;
  await gate.policies.renewal();
  const { set } = gate.policies.active();
  const at = gate.clock();
  const name = file.subject.attributes['first_name'];
  const preferences = preferencesOf(file.subject, { set, at });
  return {
    subject: file.subject.id,
    firstName: typeof name === 'string' ? name : null,
    zone: zoneOf(file.subject, set.controller.timeZone),
    at,
    masked: proved === null ? null : maskedContact(file, proved),
    policySet: set.digest,
    purposes: purposesIn(preferences).map((purpose) => ({
      ...itemsOf(purpose, set),
      channels: preferences
        .filter((each) => each.purpose === purpose)
        .map((each) => ({ ...each, masked: maskOf(file, each.channel, proved) })),
      notice: noticeOf(purpose, set, locale),
    })),
    instructions: file.subject.instructions.filter(
      (each) => isInForce(each, at) && isOwnAndWide(each),
    ),
  };
}

/** The notice that a person reads in a language; in Portuguese where that one is missing. */
export function noticeOf({ notice }: Purpose, set: PolicySet, locale: Locale): NoticeView | null {
  const found = set.notices
    .get(notice?.id ?? '')
    ?.find(({ version }) => version === notice?.version);
  if (found === undefined) return null;
  const shown = found.texts[locale] === null ? 'pt-BR' : locale;
  const text = found.texts[shown];
  if (text === null) return null;
  const { id, version } = found;
  return { id, version, locale: shown, digest: text.digest, body: noticeBody(text.text) };
}

const order: readonly WayOut[] = ['withdrawal', 'objection', 'none'];

/** What is up to the person comes first. */
function purposesIn(preferences: readonly Preference[]): readonly Purpose[] {
  const all = [...new Set(preferences.map(({ purpose }) => purpose))];
  return all.toSorted((a, b) => rank(a) - rank(b));
}

function rank(purpose: Purpose): number {
  return order.indexOf(wayOutOf(purpose)) * 2 + (purpose.promotional ? 0 : 1);
}

function itemsOf(
  purpose: Purpose,
  set: PolicySet,
): Pick<PurposeView, 'purpose' | 'wayOut' | 'attributes' | 'recipients' | 'retention'> {
  return {
    purpose,
    wayOut: wayOutOf(purpose),
    attributes: purpose.data.flatMap((name) => set.attributes.get(name) ?? []),
    recipients: purpose.recipients.flatMap((id) => set.recipients.get(id) ?? []),
    retention: set.retention.get(purpose.retention) ?? null,
  };
}

function maskOf(file: SubjectFile, channel: Channel, proved: Session['proved']): string | null {
  const contact = contactOf(file, channel, proved);
  return contact === null ? null : maskedContact(file, contact);
}

/** Exclusions are the controller's; an objection to one purpose shows as its switch. */
function isOwnAndWide(instruction: Instruction): boolean {
  const { kind } = instruction;
  return kind === 'pause' || kind === 'block' || (kind === 'objection' && !isNarrow(instruction));
}
