/** The notice of a purpose as a receipt names it. */
import type { Locale } from '../../src/domain/text.ts';
import type { Gate } from '../../src/operations/gate.ts';

export function noticeReferenceOf(
  gate: Gate,
  purpose: string,
  locale: Locale,
): {
  readonly id: string;
  readonly version: number;
  readonly locale: Locale;
  readonly digest: string;
} {
  const { set } = gate.policies.active();
  const { notice } = set.purposes.get(purpose) ?? {};
  const shown = set.notices
    .get(notice?.id ?? '')
    ?.find(({ version }) => version === notice?.version);
  const { digest = '' } = shown?.texts[locale] ?? {};
  return { id: shown?.id ?? '', version: shown?.version ?? 0, locale, digest };
}
