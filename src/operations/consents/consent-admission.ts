/**
 * What a consent event must bring before it is recorded (LGPD arts. 8 and 9): a purpose that rests
 * on consent, channels and a frequency that it offers, the notice that was shown, and evidence. A
 * withdrawal is never turned away for want of anything that only a grant needs.
 */
import { type Instant, toIso } from '../../domain/calendar/instant.ts';
import { consentOf } from '../../domain/standing.ts';
import { type ContactPoint } from '../../domain/standing.ts';
import { grantsMax } from '../../domain/consent.ts';
import { restsOnConsent } from '../../domain/legal-basis.ts';
import type { Frequency, PolicySet, Purpose } from '../../domain/policy.ts';
import { type InputError, Problem } from '../../domain/problem.ts';
import type { ProblemCode } from '../../domain/problems/problem-code.ts';
import { standingOf, type Subject } from '../../domain/subject.ts';
import type { Text } from '../../domain/text.ts';
import type { ConsentRequest, NoticeShown } from './consent-record.ts';

export interface AdmittedConsent {
  readonly purpose: Purpose;
  readonly notice: NoticeShown | null;
  readonly frequency: Frequency | null;
}

type Refusal = readonly [code: ProblemCode, detail: Text, error: InputError];

/** Checks that need no subject. */
export function admitConsent(set: PolicySet, request: ConsentRequest): AdmittedConsent | Problem {
  const purpose = set.purposes.get(request.purpose);
  if (purpose === undefined) return purposeUnknown(set);
  const notice = request.event === 'withdrawn' ? null : noticeShown(set, request);
  if (notice instanceof Problem) return notice;
  const refusal =
    withoutConsent(purpose) ??
    channelRefusal(purpose, request) ??
    frequencyRefusal(purpose, request) ??
    evidenceRefusal(request);
  if (refusal !== null) return refused(refusal);
  return { purpose, notice, frequency: request.frequency ?? null };
}

/** When the person may have acted: never in the future. */
export function admitOccurredAt(at: Instant, now: Instant): Problem | null {
  if (at <= now && at >= earliest) return null;
  return refused([
    'instant-out-of-range',
    {
      'pt-BR': 'Informe quando a pessoa agiu; não pode ser no futuro.',
      en: 'State when the person acted; it cannot be in the future.',
    },
    {
      pointer: '/occurredAt',
      message: at > now ? 'this is in the future' : 'this is too long ago',
      expected: `from ${toIso(earliest)} to ${toIso(now)}`,
    },
  ]);
}

/** Checks against the subject as it stands. */
export function admitForSubject(
  subject: Subject,
  request: ConsentRequest,
  more: {
    readonly admitted: AdmittedConsent;
    readonly contact: ContactPoint | null;
    readonly at: Instant;
    readonly set: PolicySet;
  },
): Problem | null {
  const { purpose } = more.admitted;
  for (const channel of request.channels) {
    if (standingOf(subject, purpose.id, channel).grants.length >= grantsMax) {
      return new Problem('limit-reached', {
        'pt-BR': `No máximo ${grantsMax} pontos de contato por finalidade e canal.`,
        en: `At most ${grantsMax} contact points for one purpose and channel.`,
      });
    }
    if (request.event !== 'renewed') continue;
    const { consent } = consentOf(subject, { ...more, purpose, channel });
    if (consent.grant === null) return notRenewable(consent.state);
  }
  return null;
}

const earliest: Instant = Date.UTC(1990, 0, 1);

function refused([code, detail, error]: Refusal): Problem {
  return new Problem(code, detail, { errors: [error] });
}

function purposeUnknown(set: PolicySet): Problem {
  return refused([
    'purpose-unknown',
    {
      'pt-BR': 'Use uma das finalidades declaradas em policies/purposes.',
      en: 'Use one of the purposes declared in policies/purposes.',
    },
    {
      pointer: '/purpose',
      message: 'no such purpose is declared',
      expected: `one of ${[...set.purposes.keys()].join(', ')}`,
    },
  ]);
}

function withoutConsent(purpose: Purpose): Refusal | null {
  if (restsOnConsent(purpose.basis)) return null;
  return [
    'purpose-without-consent',
    {
      'pt-BR': 'Para esta finalidade registre uma oposição, não um consentimento.',
      en: 'For this purpose record an objection, not a consent.',
    },
    {
      pointer: '/purpose',
      message: `the purpose rests on ${purpose.basis}`,
      expected: 'a purpose that rests on consent',
    },
  ];
}

function channelRefusal(purpose: Purpose, request: ConsentRequest): Refusal | null {
  if (request.event === 'withdrawn') return null;
  const index = request.channels.findIndex((channel) => !purpose.channels.includes(channel));
  if (index < 0) return null;
  return [
    'channel-not-offered',
    {
      'pt-BR': 'Peça consentimento só para canais que a finalidade declara.',
      en: 'Ask consent only for channels that the purpose declares.',
    },
    {
      pointer: `/channels/${index}`,
      message: 'the purpose does not use this channel',
      expected: `one of ${purpose.channels.join(', ')}`,
    },
  ];
}

function frequencyRefusal(purpose: Purpose, request: ConsentRequest): Refusal | null {
  const asked = request.frequency ?? null;
  if (asked === null || request.event === 'withdrawn') return null;
  const offered =
    purpose.frequency === null ? [] : [purpose.frequency.default, ...purpose.frequency.choices];
  if (offered.some(({ max, per }) => max === asked.max && per === asked.per)) return null;
  const choices = [...new Set(offered.map(({ max, per }) => `${max} per ${per}`))];
  return [
    'frequency-not-offered',
    {
      'pt-BR': 'Use uma das frequências que a finalidade oferece.',
      en: 'Use one of the frequencies that the purpose offers.',
    },
    {
      pointer: '/frequency',
      message: 'the purpose does not offer this frequency',
      expected: choices.length === 0 ? 'null' : `one of ${choices.join(', ')}`,
    },
  ];
}

/** No evidence, no consent; a box that was ticked beforehand is no evidence (LGPD art. 8, §3). */
function evidenceRefusal({ event, evidence, notice }: ConsentRequest): Refusal | null {
  if (event !== 'granted' && event !== 'renewed') return null;
  if (evidence === undefined) {
    return incomplete('/evidence', 'a grant needs its evidence', 'an object with a class');
  }
  if (evidence.control?.initialState === 'on') {
    const pointer = '/evidence/control/initialState';
    return incomplete(pointer, 'a control that was on beforehand proves nothing', 'off or none');
  }
  const seen = evidence.class === 'native' || evidence.class === 'double_opt_in';
  if (seen && (notice ?? null) === null) {
    return incomplete('/notice', 'the notice that was shown is missing', 'id, version and locale');
  }
  return null;
}

function incomplete(pointer: string, message: string, expected: string): Refusal {
  const detail = {
    'pt-BR': 'O ônus da prova do consentimento é do controlador.',
    en: 'The controller bears the burden of proving the consent.',
  };
  return ['evidence-incomplete', detail, { pointer, message, expected }];
}

function noticeShown(set: PolicySet, request: ConsentRequest): NoticeShown | Problem | null {
  const asked = request.notice ?? null;
  if (asked === null) return null;
  const { id, version, locale, digest } = asked;
  const versions = set.notices.get(id) ?? [];
  const text = versions.find((notice) => notice.version === version)?.texts[locale] ?? null;
  if (text === null) return noticeUnknown(versions.map((notice) => notice.version));
  if (digest !== text.digest) {
    return refused([
      'notice-digest-mismatch',
      {
        'pt-BR': 'O texto mostrado não é o que está em policies/notices.',
        en: 'The text that was shown is not the one in policies/notices.',
      },
      {
        pointer: '/notice/digest',
        message: 'this is the digest of another text',
        expected: text.digest,
      },
    ]);
  }
  return { id, version, locale, digest: text.digest };
}

function noticeUnknown(versions: readonly number[]): Problem {
  return refused([
    'notice-unknown',
    {
      'pt-BR': 'Publique o aviso em policies/notices antes de mostrá-lo.',
      en: 'Publish the notice in policies/notices before showing it.',
    },
    {
      pointer: '/notice',
      message: 'no such version of the notice is on file in this language',
      expected:
        versions.length === 0 ? 'a notice in policies/notices' : `version ${versions.join(', ')}`,
    },
  ]);
}

function notRenewable(state: string): Problem {
  return refused([
    'consent-not-renewable',
    {
      'pt-BR': 'Sem consentimento em pé, registre um novo com "granted".',
      en: 'Without a standing consent, record a new one with "granted".',
    },
    { pointer: '/event', message: `the consent is ${state}`, expected: 'granted' },
  ]);
}
