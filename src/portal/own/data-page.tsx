/** What is held of the person, at once (LGPD art. 19, I), and whom it is shared with. */
import type { VNode } from 'preact';
import { signalText } from '../../domain/answer/signal.ts';
import { href } from '../../html/href.ts';
import { type Frame, Layout } from '../../html/layout.tsx';
import { dayText } from '../../html/time-text.ts';
import type { OwnData, SharedWith } from '../../operations/own/own-data.ts';
import { paths } from '../paths.ts';
import { dataWords } from '../words/data-words.ts';
import { countryName, listText } from '../words/list-words.ts';
import { DataSide } from './data-side.tsx';

interface DataPageProps {
  readonly frame: Frame;
  readonly view: OwnData;
}

export function DataPage({ frame, view }: DataPageProps): VNode {
  const { locale } = frame;
  const say = dataWords[locale].data;
  return (
    <Layout frame={frame} title={say.title}>
      <div class="lead">
        <h1>{say.title}</h1>
        <p>{say.lead(dayText(view.since, view.zone, locale))}</p>
      </div>
      <div class="split">
        <div class="cards">
          <ContactsCard frame={frame} view={view} />
          <AttributesCard frame={frame} view={view} />
          <SignalsCard frame={frame} view={view} />
          <SharedCard frame={frame} view={view} />
          <p>
            <a class="reach" href={href(paths.preferences)}>
              {say.more}
            </a>
          </p>
        </div>
        <DataSide frame={frame} />
      </div>
    </Layout>
  );
}

function ContactsCard({ frame: { locale }, view }: DataPageProps): VNode {
  const say = dataWords[locale].data;
  return (
    <section class="card" aria-labelledby="contacts">
      <h2 id="contacts">{say.contacts}</h2>
      {view.contacts.length === 0 ? (
        <p class="why">{say.noContacts}</p>
      ) : (
        <dl class="facts">
          {view.contacts.map(({ kind, masked, addedAt }) => (
            <>
              <dt>{say.contactKinds[kind]}</dt>
              <dd>
                {masked}, {say.since(dayText(addedAt, view.zone, locale))}
              </dd>
            </>
          ))}
        </dl>
      )}
    </section>
  );
}

function AttributesCard({ frame: { locale }, view }: DataPageProps): VNode {
  const say = dataWords[locale].data;
  return (
    <section class="card" aria-labelledby="attributes">
      <h2 id="attributes">{say.attributes}</h2>
      {view.attributes.length === 0 ? (
        <p class="why">{say.noAttributes}</p>
      ) : (
        <dl class="facts">
          {view.attributes.map(({ title, value, source }) => (
            <>
              <dt>{title[locale]}</dt>
              <dd>
                <strong>{say.values[value] ?? value}</strong>
                {source === null ? null : <small>{source[locale]}</small>}
              </dd>
            </>
          ))}
        </dl>
      )}
    </section>
  );
}

function SignalsCard({ frame: { locale }, view }: DataPageProps): VNode | null {
  const say = dataWords[locale].data;
  if (view.signals.length === 0) return null;
  return (
    <section class="card" aria-labelledby="signals">
      <h2 id="signals">{say.signals}</h2>
      <p class="why">{say.signalsLead}</p>
      <dl class="facts">
        {view.signals.map(({ name, at }) => (
          <>
            <dt>{signalText(name)[locale]}</dt>
            <dd>{dayText(at, view.zone, locale)}</dd>
          </>
        ))}
      </dl>
    </section>
  );
}

function SharedCard({ frame: { locale }, view }: DataPageProps): VNode {
  const say = dataWords[locale].data;
  return (
    <section class="card" aria-labelledby="shared">
      <h2 id="shared">{say.shared}</h2>
      {view.shared.length === 0 ? (
        <p class="why">{say.noShared}</p>
      ) : (
        <>
          <p class="why">{say.sharedLead}</p>
          <ul class="points">
            {view.shared.map((each) => (
              <li>{sharedText(each, locale)}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function sharedText(
  { recipient, purposes, data }: SharedWith,
  locale: Frame['locale'],
): readonly (VNode | string)[] {
  const say = dataWords[locale].data;
  const names = (texts: SharedWith['purposes']): string =>
    listText(
      texts.map((text) => text[locale]),
      locale,
    );
  const { name, country, role } = recipient;
  return [
    <strong>{name}</strong>,
    ` (${countryName(country, locale)}), ${say.roles[role]}. ${say.sharedFor(names(purposes))}`,
    data.length === 0 ? '' : ` ${say.sharedData(names(data))}`,
  ];
}
