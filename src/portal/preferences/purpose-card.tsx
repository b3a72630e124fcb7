/** One purpose: what it is for, a switch for each channel, and the items of LGPD art. 9 below. */
import type { VNode } from 'preact';
import { HiddenLabelSelect, Switch } from '../../html/form.tsx';
import { href } from '../../html/href.ts';
import { dayText } from '../../html/time-text.ts';
import type { Locale } from '../../domain/text.ts';
import { frequencyChoices } from '../../domain/portal/preferences.ts';
import type { ChannelView, PurposeView } from '../../operations/preferences/read-preferences.ts';
import { channelWords } from '../words/channel-words.ts';
import { paths } from '../paths.ts';
import { reconfirmationWords } from '../words/reconfirmation-words.ts';
import { preferenceWords } from '../words/preference-words.ts';
import { fieldsOf, frequencyValue } from './choice-form.ts';
import { PurposeItems } from './purpose-items.tsx';

interface PurposeCardProps {
  readonly view: PurposeView;
  readonly zone: string;
  readonly locale: Locale;
}

export function PurposeCard({ view, zone, locale }: PurposeCardProps): VNode {
  const { purpose, wayOut, channels } = view;
  const say = preferenceWords[locale];
  if (wayOut === 'none') return <FixedCard view={view} zone={zone} locale={locale} />;
  return (
    <fieldset class="card">
      <legend>
        <h3>{purpose.title[locale]}</h3>
      </legend>
      <p class="why">{purpose.description[locale]}</p>
      {wayOut === 'objection' ? <p class="why">{say.onItsOwn.objection}</p> : null}
      {channels.some(({ state }) => state === 'needs_reconfirmation') ? (
        <p>
          <a class="reach" href={href(paths.reconfirmation + purpose.id)}>
            {reconfirmationWords[locale].link}
            <span class="hidden">: {purpose.title[locale]}</span>
          </a>
        </p>
      ) : null}
      <ul class="ways">
        {channels.map((channel) => (
          <Way channel={channel} zone={zone} locale={locale} />
        ))}
      </ul>
      <PurposeItems view={view} locale={locale} />
    </fieldset>
  );
}

/** What the law orders has no switch, and says why (LGPD art. 9, VII). */
function FixedCard({ view, locale }: PurposeCardProps): VNode {
  const { purpose } = view;
  const id = `purpose-${purpose.id}`;
  return (
    <section class="card" aria-labelledby={id}>
      <h3 id={id}>{purpose.title[locale]}</h3>
      <p class="why">{purpose.description[locale]}</p>
      <p class="why">
        {preferenceWords[locale].onItsOwn.none} {purpose.refusalConsequence[locale]}
      </p>
      <PurposeItems view={view} locale={locale} />
    </section>
  );
}

interface WayProps {
  readonly channel: ChannelView;
  readonly zone: string;
  readonly locale: Locale;
}

function Way({ channel: view, zone, locale }: WayProps): VNode {
  const say = preferenceWords[locale];
  const { purpose, channel, on, frequency } = view;
  const fields = fieldsOf(view);
  const name = channelWords[channel][locale];
  const state = stateText(view, zone, locale);
  const stateId = `${purpose.id}-${channel}-state`;
  return (
    <li class={frequency === null ? 'way alone' : 'way'}>
      <div>
        {on ? <input type="hidden" name={fields.wasOn} value="on" /> : null}
        <Switch name={fields.on} on={on} describedBy={state === null ? null : stateId}>
          {name}
          <span class="hidden">, {purpose.title[locale]}</span>
        </Switch>
      </div>
      {frequency === null ? null : (
        <div class="pace">
          <HiddenLabelSelect
            name={fields.frequency}
            label={say.frequencyLabel(name, purpose.title[locale])}
            chosen={frequencyValue(frequency)}
            options={frequencyChoices(purpose).map((choice) => ({
              value: frequencyValue(choice),
              text: say.frequency(choice),
            }))}
          />
        </div>
      )}
      {state === null ? null : (
        <p class="state" id={stateId}>
          {state}
        </p>
      )}
    </li>
  );
}

const withAddress = new Set(['whatsapp', 'email', 'sms', 'voice']);

/** Whether the channel has an address that a person knows. */
function reaches({ channel }: ChannelView): boolean {
  return withAddress.has(channel);
}

/** `b***@example.com. Autorizado em 3 de novembro de 2026.` */
function stateText(view: ChannelView, zone: string, locale: Locale): string | null {
  const { state, since, masked } = view;
  const { states, noContact } = preferenceWords[locale];
  const day = since === null ? '' : dayText(since, zone, locale);
  const parts = [
    ...(reaches(view) ? [masked ?? noContact] : []),
    ...(states[state] === null ? [] : [states[state](day)]),
  ];
  return parts.length === 0 ? null : parts.join(' · ');
}
