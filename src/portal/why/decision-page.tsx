/** One decision: what was decided, on what it rested, and what the person can do about it. */
import type { VNode } from 'preact';
import { channelNames } from '../../domain/answer/explanation.ts';
import { isContact } from '../../domain/situation.ts';
import { href } from '../../html/href.ts';
import { type Frame, Layout } from '../../html/layout.tsx';
import { timeText } from '../../html/time-text.ts';
import type { OwnDecision } from '../../operations/own/own-decisions.ts';
import type { ToldDecision } from '../../operations/own/told-decision.ts';
import { paths } from '../paths.ts';
import { type Deed, type WhyWords, whyWords } from '../words/why-words.ts';
import { DecisionFacts, DecisionReasons } from './decision-facts.tsx';
import { DecisionSide } from './decision-side.tsx';
import { OutcomeMark } from './outcome-mark.tsx';

interface DecisionPageProps {
  readonly frame: Frame;
  readonly view: OwnDecision;
}

export function DecisionPage({ frame, view }: DecisionPageProps): VNode {
  const { locale } = frame;
  const say = whyWords[locale];
  const { decision, zone } = view;
  const title = titleOf(decision, say);
  return (
    <Layout frame={frame} title={title}>
      <div class="lead">
        <p class="who">
          <a href={href(paths.why)}>{say.back}</a>
        </p>
        <h1>{title}</h1>
      </div>
      <div class="split">
        <div class="cards">
          <section class="card" aria-labelledby="told">
            <div class="row">
              <h2 id="told">
                {decision.title[locale]}, {channelNames[decision.channel][locale]}
              </h2>
              <OutcomeMark outcome={decision.outcome} locale={locale} />
            </div>
            <p class="sentence told">{decision.explanation[locale]}</p>
            <p class="when">{say.decided(timeText(decision.at, zone, locale))}</p>
            {decision.result === null ? null : <p class="when">{say.result[decision.result]}</p>}
          </section>
          <DecisionFacts decision={decision} locale={locale} />
          <DecisionReasons decision={decision} locale={locale} />
        </div>
        <DecisionSide frame={frame} view={view} />
      </div>
    </Layout>
  );
}

/** What did not go out was no contact, whatever was permitted. */
function titleOf({ action, outcome, result }: ToldDecision, say: WhyWords): string {
  const deed: Deed = action === 'show' ? 'shown' : isContact(action) ? 'message' : 'use';
  const isDone = outcome === 'allow' && result !== 'failed' && result !== 'cancelled';
  return (isDone ? say.permitted : say.refused)[deed];
}
