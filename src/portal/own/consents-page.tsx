/** Every yes and no of the person, each with its receipt and its proof. */
import type { VNode } from 'preact';
import { channelNames } from '../../domain/answer/explanation.ts';
import { href } from '../../html/href.ts';
import { type Frame, Layout } from '../../html/layout.tsx';
import { timeText } from '../../html/time-text.ts';
import type { ConsentLine, OwnConsents } from '../../operations/own/own-consents.ts';
import { PageTurn } from '../page-turn.tsx';
import { paths } from '../paths.ts';
import { dataWords } from '../words/data-words.ts';
import { listText } from '../words/list-words.ts';

interface ConsentsPageProps {
  readonly frame: Frame;
  readonly view: OwnConsents;
  /** Whether these are the newest. */
  readonly isFirst: boolean;
}

export function ConsentsPage({ frame, view, isFirst }: ConsentsPageProps): VNode {
  const say = dataWords[frame.locale].receipts;
  return (
    <Layout frame={frame} title={say.title}>
      <div class="lead">
        <p class="who">
          <a href={href(paths.data)}>{say.back}</a>
        </p>
        <h1>{say.title}</h1>
        <p>{say.lead}</p>
      </div>
      {view.lines.length === 0 ? <p class="card">{say.none}</p> : null}
      <h2 class="hidden">{say.list}</h2>
      <ol class="plain-list cards read">
        {view.lines.map((line) => (
          <Line frame={frame} line={line} zone={view.zone} />
        ))}
      </ol>
      <PageTurn
        say={say}
        newest={isFirst ? null : paths.consents}
        older={view.next === null ? null : paths.consentsBefore + view.next}
      />
    </Layout>
  );
}

interface LineProps {
  readonly frame: Frame;
  readonly line: ConsentLine;
  readonly zone: string;
}

function Line({ frame: { locale }, line, zone }: LineProps): VNode {
  const say = dataWords[locale].receipts;
  const channels = line.channels.map((channel) => channelNames[channel][locale]);
  const what = `${line.title[locale]}, ${listText(channels, locale)}`;
  const time = timeText(line.at, zone, locale);
  return (
    <li class="card">
      <h3>
        {say.events[line.event]}: {what}
      </h3>
      <p class="when">{time}</p>
      <p class="pair">
        <a class="reach" href={href(paths.receipt + line.id)}>
          {say.receipt}
          <span class="hidden">
            : {what}, {time}
          </span>
        </a>
        <a class="reach" href={href(paths.evidence + line.id)}>
          {say.proof}
          <span class="hidden">
            : {what}, {time}
          </span>
        </a>
      </p>
    </li>
  );
}
