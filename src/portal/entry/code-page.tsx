/** Where a person types the code. It is the same page whoever asked, known or not. */
import type { VNode } from 'preact';
import { contactHref, href } from '../../html/href.ts';
import { type Frame, homePath, Layout } from '../../html/layout.tsx';
import { paths } from '../paths.ts';
import { entryWords } from '../words/entry-words.ts';

interface CodePageProps {
  readonly frame: Frame;
  readonly minutes: number;
  /** What is wrong with the code that was typed; null where nothing was. */
  readonly fault: string | null;
}

export function CodePage({ frame, minutes, fault }: CodePageProps): VNode {
  const say = entryWords[frame.locale];
  return (
    <Layout frame={frame} title={say.codeTitle} narrow>
      <div class="lead">
        <h1>{say.codeTitle}</h1>
        <p>{say.codeLead(minutes)}</p>
      </div>
      <form class="card room stack" method="post" action={href(paths.code)}>
        <div>
          <label class="label" for="code">
            {say.codeLabel}
          </label>
          <p class="hint" id="code-hint">
            {say.codeHint}
          </p>
          {fault === null ? null : (
            <p class="fault" id="code-fault" role="alert">
              {fault}
            </p>
          )}
        </div>
        <input
          class="field code"
          id="code"
          name="code"
          type="text"
          inputMode="numeric"
          autocomplete="one-time-code"
          maxLength={20}
          required
          aria-describedby={fault === null ? 'code-hint' : 'code-hint code-fault'}
          aria-invalid={fault !== null}
        />
        <button class="button wide" type="submit">
          {say.enter}
        </button>
      </form>
      <div class="after">
        <p>
          {say.notArrived} <a href={href(homePath)}>{say.another}</a>.
        </p>
        <p>
          {say.notKnown} <a href={contactHref(frame.controller.humanContact)}>{say.talk}</a>.
        </p>
      </div>
    </Layout>
  );
}
