/** Decisions about the person, the newest first, each with its explanation. */
import type { VNode } from 'preact';
import { channelNames } from '../../domain/answer/explanation.ts';
import { href } from '../../html/href.ts';
import { type Frame, Layout } from '../../html/layout.tsx';
import { timeText } from '../../html/time-text.ts';
import type { OwnDecisions } from '../../operations/own/own-decisions.ts';
import type { DecisionLine } from '../../operations/own/told-decision.ts';
import { PageTurn } from '../page-turn.tsx';
import { paths } from '../paths.ts';
import { whyWords } from '../words/why-words.ts';
import { OutcomeMark } from './outcome-mark.tsx';

interface DecisionsPageProps {
  readonly frame: Frame;
  readonly view: OwnDecisions;
  /** Whether these are the newest. */
  readonly isFirst: boolean;
}

export function DecisionsPage({ frame, view, isFirst }: DecisionsPageProps): VNode {
  const say = whyWords[frame.locale];
  return (
    <Layout frame={frame} title={say.title}>
      <div class="lead">
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
        newest={isFirst ? null : paths.why}
        older={view.next === null ? null : paths.whyBefore + view.next}
      />
    </Layout>
  );
}

interface LineProps {
  readonly frame: Frame;
  readonly line: DecisionLine;
  readonly zone: string;
}

function Line({ frame: { locale }, line, zone }: LineProps): VNode {
  const say = whyWords[locale];
  const time = timeText(line.at, zone, locale);
  return (
    <li class="card">
      <div class="row">
        <h3>
          {line.title[locale]}, {channelNames[line.channel][locale]}
        </h3>
        <OutcomeMark outcome={line.outcome} locale={locale} />
      </div>
      <p class="when">{time}</p>
      <p class="told">{line.explanation[locale]}</p>
      <p>
        <a class="reach" href={href(paths.decision + line.id)}>
          {say.details}
          <span class="hidden">
            : {line.title[locale]}, {time}
          </span>
        </a>
      </p>
    </li>
  );
}
