/** The items of LGPD art. 9 for one purpose, folded away, with the notice that a consent names. */
import type { VNode } from 'preact';
import type { Locale } from '../../domain/text.ts';
import { Prose } from '../../html/prose.tsx';
import type { PurposeView } from '../../operations/preferences/read-preferences.ts';
import { basisText, retentionText } from '../words/law-words.ts';
import { countryName, listText } from '../words/list-words.ts';
import { preferenceWords } from '../words/preference-words.ts';

interface PurposeItemsProps {
  readonly view: PurposeView;
  readonly locale: Locale;
}

export function PurposeItems({ view, locale }: PurposeItemsProps): VNode {
  const { purpose, attributes, recipients, retention, notice } = view;
  const say = preferenceWords[locale];
  const { items } = say;
  const used = attributes.map(({ title }) => title[locale]);
  const shared = recipients.map(({ name, country }) => `${name} (${countryName(country, locale)})`);
  return (
    <>
      <details>
        <summary>
          {say.more}
          <span class="hidden">: {purpose.title[locale]}</span>
        </summary>
        <dl class="facts">
          <dt>{items.basis}</dt>
          <dd>{basisText(purpose.basis, locale)}</dd>
          <dt>{items.data}</dt>
          <dd>{used.length === 0 ? items.noData : listText(used, locale)}</dd>
          <dt>{items.recipients}</dt>
          <dd>{shared.length === 0 ? items.noRecipients : listText(shared, locale)}</dd>
          {retention === null ? null : (
            <>
              <dt>{items.retention}</dt>
              <dd>{retentionText(retention, locale)}</dd>
            </>
          )}
          <dt>{items.no}</dt>
          <dd>{purpose.refusalConsequence[locale]}</dd>
        </dl>
        {notice === null ? null : (
          <details>
            <summary>
              {say.notice}
              <span class="hidden">: {purpose.title[locale]}</span>
            </summary>
            <div class="notice" lang={notice.locale}>
              <Prose text={notice.body} level={4} />
            </div>
          </details>
        )}
      </details>
    </>
  );
}
