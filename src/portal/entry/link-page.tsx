/** Behind a link: one button lets in, since programs that look at mail open links by themselves. */
import type { VNode } from 'preact';
import { href } from '../../html/href.ts';
import { type Frame, Layout } from '../../html/layout.tsx';
import { paths } from '../paths.ts';
import { entryWords } from '../words/entry-words.ts';
import { EntryForm } from './entry-page.tsx';

interface LinkPageProps {
  readonly frame: Frame;
  readonly token: string;
  readonly masked: string | null;
}

export function LinkPage({ frame, token, masked }: LinkPageProps): VNode {
  const say = entryWords[frame.locale];
  return (
    <Layout frame={frame} title={say.linkTitle} narrow>
      <div class="lead">
        <h1>{say.linkTitle}</h1>
        <p>{say.linkLead(frame.controller.name, masked)}</p>
      </div>
      <form class="card room" method="post" action={href(paths.link + token)}>
        <div class="stack">
          <button class="button wide" type="submit" name="answer" value="me">
            {say.itIsMe}
          </button>
          <button class="button quiet wide" type="submit" name="answer" value="not-me">
            {say.itIsNot}
          </button>
          <p class="hint">{say.linkOnce}</p>
        </div>
      </form>
    </Layout>
  );
}

export function LinkOverPage({ frame }: { readonly frame: Frame }): VNode {
  const say = entryWords[frame.locale];
  return (
    <Layout frame={frame} title={say.linkOverTitle} narrow>
      <div class="lead">
        <h1>{say.linkOverTitle}</h1>
        <p>{say.linkOver}</p>
      </div>
      <EntryForm frame={frame} typed="" fault={null} />
    </Layout>
  );
}
