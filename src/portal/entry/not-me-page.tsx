/** "This is not me": asked once more before it stops messages, and said when it is done. */
import type { VNode } from 'preact';
import { TokenField } from '../../html/form.tsx';
import { contactHref, href } from '../../html/href.ts';
import { type Frame, homePath, Layout } from '../../html/layout.tsx';
import { entryWords } from '../words/entry-words.ts';

interface NotMePageProps {
  readonly frame: Frame;
  readonly masked: string | null;
  /** Where the form goes, and where the way back leads. */
  readonly action: string;
  readonly back: string;
}

export function NotMePage({ frame, masked, action, back }: NotMePageProps): VNode {
  const say = entryWords[frame.locale];
  return (
    <Layout frame={frame} title={say.notMeTitle} narrow>
      <div class="lead">
        <h1>{say.notMeTitle}</h1>
        <p>{say.notMeLead(masked)}</p>
      </div>
      <form class="card room stack" method="post" action={href(action)}>
        {frame.token === null ? null : <TokenField token={frame.token} />}
        <button class="button wide" type="submit" name="answer" value="confirmed">
          {say.notMeAct}
        </button>
        <a class="button quiet wide" href={href(back)}>
          {say.stay}
        </a>
      </form>
    </Layout>
  );
}

interface FarewellProps {
  readonly frame: Frame;
  readonly reason: 'not-me' | 'signed-out';
}

export function FarewellPage({ frame, reason }: FarewellProps): VNode {
  const say = entryWords[frame.locale];
  const isNotMe = reason === 'not-me';
  const title = isNotMe ? say.notMeDoneTitle : say.outTitle;
  return (
    <Layout frame={frame} title={title} narrow>
      <div class="lead">
        <h1>{title}</h1>
        <p>{isNotMe ? say.notMeDone : say.out}</p>
      </div>
      <p>
        {isNotMe ? (
          <a class="button quiet" href={contactHref(frame.controller.humanContact)}>
            {say.talk}
          </a>
        ) : (
          <a class="button quiet" href={href(homePath)}>
            {say.again}
          </a>
        )}
      </p>
    </Layout>
  );
}
