/**
 * What a person who agreed under an earlier notice is shown before they agree again, or not: which
 * consents wait, and exactly what changed in the text since (LGPD arts. 8, §6 and 9, §2).
 */
import type { Instant } from '../../domain/calendar/instant.ts';
import type { Notice, NoticeReference, PolicySet, Purpose } from '../../domain/policy.ts';
import { type NoticeChange, noticeChanges } from '../../domain/portal/notice-change.ts';
import type { Preference, Wish } from '../../domain/portal/preferences.ts';
import { consentOf } from '../../domain/standing.ts';
import type { Subject } from '../../domain/subject.ts';
import type { Locale } from '../../domain/text.ts';
import { noticeBody, noticeHead } from '../../policies/notice.ts';
import type { Session } from '../entries/session.ts';
import type { Gate } from '../gate.ts';
import { livingFile } from '../subjects/living-subject.ts';
import { type ChannelView, readPreferences } from './read-preferences.ts';

export interface Reconfirmation {
  readonly purpose: Purpose;
  readonly zone: string;
  /** Digest of the set that the page was made from. */
  readonly policySet: string;
  /** When the person agreed, the longest ago of all channels. */
  readonly since: Instant;
  readonly channels: readonly ChannelView[];
  /** The language of the texts below. */
  readonly locale: Locale;
  /** What each version since brought, in the controller's words. */
  readonly brought: readonly string[];
  /** The notice of today against the one that was agreed to. */
  readonly changes: readonly NoticeChange[];
}

/** Null where nothing of the purpose waits to be agreed to again. */
export async function readReconfirmation(
  gate: Gate,
  session: Session,
  asked: { readonly purpose: string; readonly locale: Locale },
): Promise<Reconfirmation | null> {
  const view = await readPreferences(gate, session, asked.locale);
  const file = await livingFile(gate, session.subject);
  const shown = view?.purposes.find(({ purpose }) => purpose.id === asked.purpose);
  if (view === null || file === null || shown === undefined) return null;
  const { purpose } = shown;
  const channels = shown.channels.filter(isWaiting);
  const { set } = gate.policies.active();
  const agreed = oldestAgreed(file.subject, channels, { set, at: view.at });
  if (purpose.notice === null || agreed === null) return null;
  const text = textSince(agreed, { set, now: purpose.notice, locale: asked.locale });
  if (text === null) return null;
  const since = Math.min(...channels.flatMap((channel) => channel.since ?? []));
  const { zone, policySet } = view;
  return { purpose, zone, policySet, since, channels, ...text };
}

/** A yes or a no to all that waits, each as long as it still does. */
export function wishesToReconfirm(
  preferences: readonly Preference[],
  answer: { readonly purpose: string; readonly yes: boolean },
): readonly Wish[] {
  const { yes } = answer;
  return preferences
    .filter((each) => each.purpose.id === answer.purpose && isWaiting(each))
    .map(({ purpose, channel, frequency }) => ({
      purpose: purpose.id,
      channel,
      on: yes,
      wasOn: !yes,
      frequency,
    }));
}

function isWaiting({ state }: Preference): boolean {
  return state === 'needs_reconfirmation';
}

/** The earliest notice that one of the channels was agreed to under. */
function oldestAgreed(
  subject: Subject,
  channels: readonly ChannelView[],
  { set, at }: { readonly set: PolicySet; readonly at: Instant },
): NoticeReference | null {
  const agreed = channels.flatMap(({ purpose, channel }) => {
    const { consent } = consentOf(subject, { purpose, channel, contact: null, at, set });
    return consent.grant?.notice ?? [];
  });
  return agreed.toSorted((a, b) => a.version - b.version)[0] ?? null;
}

/** Both texts in one language: else all of it would look new. Null where today's is missing. */
function textSince(
  agreed: NoticeReference,
  { set, now, locale }: { set: PolicySet; now: NoticeReference; locale: Locale },
): Pick<Reconfirmation, 'locale' | 'brought' | 'changes'> | null {
  const versions = set.notices.get(now.id) ?? [];
  const today = versions.find(({ version }) => version === now.version);
  const then =
    agreed.id === now.id ? versions.find(({ version }) => version === agreed.version) : undefined;
  const language = today?.texts[locale] && hasText(then, locale) ? locale : 'pt-BR';
  const text = today?.texts[language] ?? null;
  if (text === null) return null;
  const before = then?.texts[language]?.text;
  const since = versions
    .filter(({ version }) => version <= now.version && (!then || version > then.version))
    .toSorted((a, b) => a.version - b.version);
  return {
    locale: language,
    brought: since.flatMap(({ texts }) => {
      const told = texts[language] ?? texts['pt-BR'];
      return told === null ? [] : (noticeHead(told.text).changes ?? []);
    }),
    changes: noticeChanges(before === undefined ? '' : noticeBody(before), noticeBody(text.text)),
  };
}

function hasText(notice: Notice | undefined, locale: Locale): boolean {
  return notice === undefined || notice.texts[locale] !== null;
}
