/**
 * Changes of preferences by the person, from the portal. Each act is one of the operations that the
 * API has, with a record of its own, and binds once it is made: what a crash leaves undone the page
 * shows as undone, and the form does the rest when it is sent again. The noes come first.
 */
import { toIso } from '../../domain/calendar/instant.ts';
import { isInForce } from '../../domain/instruction.ts';
import type { Channel, Frequency } from '../../domain/policy.ts';
import {
  actsOf,
  isNarrow,
  type Preference,
  type PreferenceAct,
  preferencesOf,
  type Wish,
} from '../../domain/portal/preferences.ts';
import { Problem } from '../../domain/problem.ts';
import type { Locale } from '../../domain/text.ts';
import type { ConsentRequest } from '../consents/consent-record.ts';
import { recordConsent } from '../consents/record-consent.ts';
import { clockSkewMs, type Gate } from '../gate.ts';
import { endInstruction, recordInstruction } from '../instructions/instruction-change.ts';
import type { Answer, Call } from '../operation.ts';
import { portalActor } from '../entries/portal-actor.ts';
import { type LastChange, noteChange, type Session } from '../entries/session.ts';
import { settledSubject } from '../subjects/living-subject.ts';
import type { SubjectFile } from '../subjects/subject-file.ts';
import { identifierKey, subjectUnknown } from '../subjects/subject-lookup.ts';
import { contactOf, isSameContact } from './channel-contact.ts';
import { noticeOf } from './read-preferences.ts';

/** Who acts, from where, and in which language the page was. */
export interface Visit {
  readonly session: Session;
  readonly locale: Locale;
  readonly ip: string | null;
  readonly port: number | null;
  readonly userAgent: string | null;
}

export interface ChangeOrder {
  readonly kind: LastChange['kind'];
  readonly wishes: (preferences: readonly Preference[]) => readonly Wish[];
  /** What the person touched. */
  readonly control: 'toggle' | 'button';
  /** Path of the page, for the evidence. */
  readonly page: string;
  /** Digest of the set that the page was made from; a yes to other texts is none. */
  readonly policySet: string;
}

/** Carries out what the wishes change, and notes it for the page that comes next. */
export async function changePreferences(
  gate: Gate,
  visit: Visit,
  order: ChangeOrder,
): Promise<Problem | null> {
  // What was cut off may stand without binding every process yet.
  const file = await settledSubject(gate, visit.session.subject);
  if (file === null || file instanceof Problem) return file ?? subjectUnknown();
  await gate.policies.renewal();
  const { set } = gate.policies.active();
  const preferences = preferencesOf(file.subject, { set, at: gate.clock() });
  const wanted = actsOf(preferences, order.wishes(preferences));
  const isCurrent = order.policySet === set.digest;
  const acts = isCurrent ? wanted : wanted.filter(isNo);
  for (const act of acts) {
    const made = await carryOut(
      gate,
      { visit, file, control: order.control, page: order.page },
      act,
    );
    if (made instanceof Problem) return made;
  }
  // What was on hold cannot be put on hold again.
  const undone = acts.filter(({ kind, before: { on } }) => on || kind !== 'withdraw');
  const before = undone.map(({ before: { purpose, channel, on, frequency } }) => ({
    purpose: purpose.id,
    channel,
    on,
    frequency,
  }));
  await noteChange(gate, visit.session, {
    kind: wanted.length === 0 ? 'unchanged' : order.kind,
    at: gate.clock(),
    isPartial: acts.length < wanted.length,
    before: order.kind === 'undone' ? [] : before,
  });
  return null;
}

function isNo({ kind }: PreferenceAct): boolean {
  return kind === 'withdraw' || kind === 'object';
}

interface Acting {
  readonly visit: Visit;
  readonly file: SubjectFile;
  readonly control: ChangeOrder['control'];
  readonly page: string;
}

function carryOut(gate: Gate, acting: Acting, act: PreferenceAct): Promise<Answer | null> {
  const { purpose, channel } = act.before;
  switch (act.kind) {
    case 'withdraw':
      return consent(gate, acting, { event: 'withdrawn', before: act.before, frequency: null });
    case 'grant':
      return consent(gate, acting, {
        event: 'granted',
        before: act.before,
        frequency: act.frequency,
      });
    case 'object':
      return recordInstruction(gate, 'objection', {
        ...callOf(acting, { purposes: [purpose.id], channels: [channel] }),
        path: { id: acting.file.subject.id },
      });
    case 'permit':
      return permit(gate, acting, { purpose: purpose.id, channel, offered: purpose.channels });
  }
}

function callOf<Body>(
  { visit }: Acting,
  body: Body,
): Call<Body, Record<string, never>, Record<string, never>> {
  const { locale } = visit;
  return { actor: portalActor, body, query: {}, path: {}, idempotencyKey: null, locale };
}

function consent(
  gate: Gate,
  acting: Acting,
  given: {
    readonly event: 'granted' | 'withdrawn';
    readonly before: Preference;
    readonly frequency: Frequency | null;
  },
): Promise<Answer> {
  const { event, before, frequency } = given;
  const isYes = event === 'granted';
  const { set } = gate.policies.active();
  const shown = isYes ? noticeOf(before.purpose, set, acting.visit.locale) : null;
  const notice =
    shown === null
      ? {}
      : {
          notice: {
            id: shown.id,
            version: shown.version,
            locale: shown.locale,
            digest: shown.digest,
          },
        };
  const request: ConsentRequest = {
    subject: isYes
      ? referenceFor(acting, before.channel)
      : { type: 'id', value: acting.file.subject.id },
    event,
    purpose: before.purpose.id,
    channels: [before.channel],
    ...(frequency === null ? {} : { frequency }),
    ...notice,
    evidence: evidenceOf(gate, acting, before),
    // As late as is admitted, and cut to the instant of the record: what another process put down
    // by a clock a little ahead must not come out as the newer act.
    occurredAt: toIso(gate.clock() + clockSkewMs),
  };
  return recordConsent(gate, callOf(acting, request));
}

/** A yes is for the contact point that the page named. */
function referenceFor({ file, visit }: Acting, channel: Channel): ConsentRequest['subject'] {
  const contact = contactOf(file, channel, visit.session.proved);
  const value = contact === null ? undefined : file.private.identifiers[identifierKey(contact)];
  const type = contact === null ? null : referenceTypeOf(contact.type);
  return value === undefined || type === null
    ? { type: 'id', value: file.subject.id }
    : { type, value };
}

const contactTypes = ['email', 'phone', 'whatsapp', 'cookie', 'device'] as const;

function referenceTypeOf(type: string): (typeof contactTypes)[number] | null {
  return contactTypes.find((each) => each === type) ?? null;
}

/** What proves the act (LGPD art. 8, §2): at best that a message to the contact brought them. */
function evidenceOf(
  gate: Gate,
  { file, visit, control, page }: Acting,
  { channel, on }: Preference,
): NonNullable<ConsentRequest['evidence']> {
  const { session, ip, port, userAgent } = visit;
  const { proved } = session;
  const contact = contactOf(file, channel, proved);
  const isProved = proved !== null && contact !== null && isSameContact(contact, proved);
  return {
    class: isProved ? 'double_opt_in' : 'native',
    actor: { kind: 'subject' },
    surface: { url: gate.publicUrl + page },
    // A switch that was on stays on while its frequency changes; a button has no state.
    control: { kind: control, initialState: control === 'toggle' && !on ? 'off' : 'none' },
    ...(ip === null ? {} : { ip }),
    ...(port === null ? {} : { port }),
    ...(userAgent === null ? {} : { userAgent }),
    identifierProof: isProved ? proved.proof : 'session',
  };
}

/** What else the objection covered stays objected to, by one that is made before the old ends. */
async function permit(
  gate: Gate,
  acting: Acting,
  wanted: {
    readonly purpose: string;
    readonly channel: Channel;
    readonly offered: readonly Channel[];
  },
): Promise<Answer | null> {
  const { purpose, channel, offered } = wanted;
  const { id, instructions } = acting.file.subject;
  const at = gate.clock();
  const standing = instructions.filter(
    (each) =>
      each.kind === 'objection' &&
      isInForce(each, at) &&
      isNarrow(each) &&
      each.purposes.includes(purpose) &&
      (each.channels.includes('*') || each.channels.includes(channel)),
  );
  const covered = offered.filter((each) =>
    standing.some(({ channels }) => channels.includes('*') || channels.includes(each)),
  );
  const rest = covered.filter((each) => each !== channel);
  if (rest.length > 0) {
    const kept = { purposes: [purpose], channels: rest };
    const made = await recordInstruction(gate, 'objection', {
      ...callOf(acting, kept),
      path: { id },
    });
    if (made instanceof Problem) return made;
  }
  for (const each of standing) {
    const path = { id, instructionId: each.id };
    const ended = await endInstruction(gate, 'objection', { ...callOf(acting, null), path });
    if (ended instanceof Problem) return ended;
  }
  return null;
}
