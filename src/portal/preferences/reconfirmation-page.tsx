/** A consent that a new notice put on hold: what changed, marked in the text, and yes or no. */
import type { VNode } from 'preact';
import { channelNames } from '../../domain/answer/explanation.ts';
import type { NoticeChange } from '../../domain/portal/notice-change.ts';
import { TokenField } from '../../html/form.tsx';
import { href } from '../../html/href.ts';
import { type Frame, Layout } from '../../html/layout.tsx';
import { Prose } from '../../html/prose.tsx';
import { dayText } from '../../html/time-text.ts';
import type { Reconfirmation } from '../../operations/preferences/read-reconfirmation.ts';
import { paths } from '../paths.ts';
import { listText } from '../words/list-words.ts';
import { type ReconfirmationWords, reconfirmationWords } from '../words/reconfirmation-words.ts';
import { setField } from './choice-form.ts';

interface ReconfirmationPageProps {
  readonly frame: Frame;
  readonly view: Reconfirmation;
}

export function ReconfirmationPage({ frame, view }: ReconfirmationPageProps): VNode {
  const { locale } = frame;
  const say = reconfirmationWords[locale];
  const channels = view.channels.map(({ channel }) => channelNames[channel][locale]);
  const day = dayText(view.since, view.zone, locale);
  return (
    <Layout frame={frame} title={say.title}>
      <div class="lead">
        <h1>{say.title}</h1>
        <p>{say.lead(view.purpose.title[locale], listText(channels, locale), day)}</p>
        <p class="who">{say.now}</p>
      </div>
      <div class="cards read">
        {view.brought.length === 0 ? null : (
          <section class="card" aria-labelledby="brought">
            <h2 id="brought">{say.brought}</h2>
            <div class="sentence told" lang={view.locale}>
              {view.brought.map((text) => (
                <p>{text}</p>
              ))}
            </div>
          </section>
        )}
        <section class="card" aria-labelledby="whole">
          <h2 id="whole">{say.whole}</h2>
          <p class="why">{say.wholeLead}</p>
          <div class="changed" lang={view.locale}>
            {view.changes.map((change) => (
              <Paragraph change={change} say={say} locale={locale} />
            ))}
          </div>
        </section>
        <AnswerForm frame={frame} view={view} />
      </div>
    </Layout>
  );
}

interface ParagraphProps {
  readonly change: NoticeChange;
  readonly say: ReconfirmationWords;
  readonly locale: Frame['locale'];
}

/** The mark is a word, so that no colour says it alone. */
function Paragraph({ change: { text, kind }, say, locale }: ParagraphProps): VNode {
  if (kind === 'same') return <Prose text={text} level={3} />;
  const prose = <Prose text={text} level={3} />;
  const mark = (
    <small class="badge" lang={locale}>
      {kind === 'new' ? say.added : say.gone}
    </small>
  );
  return (
    <div class={kind}>
      {mark}
      {kind === 'new' ? <ins>{prose}</ins> : <del>{prose}</del>}
    </div>
  );
}

function AnswerForm({ frame, view }: ReconfirmationPageProps): VNode {
  const say = reconfirmationWords[frame.locale];
  return (
    <form class="card" method="post" action={href(paths.reconfirmation + view.purpose.id)}>
      {frame.token === null ? null : <TokenField token={frame.token} />}
      <input type="hidden" name={setField} value={view.policySet} />
      <h2>{say.ask}</h2>
      <p class="why">
        {say.askLead} {view.purpose.refusalConsequence[frame.locale]}
      </p>
      <div class="choice">
        <button class="button quiet" type="submit" name="answer" value="yes">
          {say.yes}
        </button>
        <button class="button quiet" type="submit" name="answer" value="no">
          {say.no}
        </button>
      </div>
    </form>
  );
}
