/** Before one's data are erased: what goes, what stays until when; and when it is done. */
import type { VNode } from 'preact';
import { TokenField } from '../../html/form.tsx';
import { contactHref, href } from '../../html/href.ts';
import { type Frame, Layout } from '../../html/layout.tsx';
import { dayText } from '../../html/time-text.ts';
import type { HeldByLaw, OwnErasure } from '../../operations/own/own-erasure.ts';
import { paths } from '../paths.ts';
import { dataWords } from '../words/data-words.ts';
import { preferenceWords } from '../words/preference-words.ts';

interface ErasurePageProps {
  readonly frame: Frame;
  readonly view: OwnErasure;
}

export function ErasurePage({ frame, view }: ErasurePageProps): VNode {
  const { locale, token } = frame;
  const say = dataWords[locale].erasure;
  const { zone } = view;
  return (
    <Layout frame={frame} title={say.title} narrow>
      <div class="lead">
        <h1>{say.title}</h1>
        <p>{say.lead}</p>
      </div>
      <div class="cards">
        <section class="card" aria-labelledby="goes">
          <h2 id="goes">{say.goes}</h2>
          <ul class="points">
            <li>{say.records(view.records)}</li>
            <li>{say.contacts(view.contacts)}</li>
            <li>{say.rest}</li>
          </ul>
        </section>
        <section class="card" aria-labelledby="stays">
          <h2 id="stays">{say.stays}</h2>
          <ul class="points">
            {view.held.map((held) => (
              <li>{heldText(held, { zone, locale })}</li>
            ))}
            <li>{say.trace}</li>
            <li>{say.no}</li>
          </ul>
          <p class="why">{say.elsewhere}</p>
        </section>
        <form class="card stack" method="post" action={href(paths.erasure)}>
          {token === null ? null : <TokenField token={token} />}
          <p>
            <strong>{say.final}</strong> {say.less}
          </p>
          <div class="choice">
            <button class="button quiet" type="submit">
              {say.act}
            </button>
            <a class="button quiet" href={href(paths.data)}>
              {say.keep}
            </a>
          </div>
        </form>
      </div>
    </Layout>
  );
}

function heldText(
  { ground, reason, records, until }: HeldByLaw,
  { zone, locale }: { readonly zone: string } & Pick<Frame, 'locale'>,
): string {
  const say = dataWords[locale].erasure;
  const day = say.until(dayText(until, zone, locale));
  return `${say.held(records)}, ${day}. ${reason[locale]} (${ground})`;
}

interface AfterwardsProps {
  readonly frame: Frame;
  readonly outcome: 'done' | 'litigation';
}

export function AfterwardsPage({ frame, outcome }: AfterwardsProps): VNode {
  const { locale } = frame;
  const say = dataWords[locale].erasure;
  const isDone = outcome === 'done';
  const title = isDone ? say.doneTitle : say.litigationTitle;
  return (
    <Layout frame={frame} title={title} narrow>
      <div class="lead">
        <h1>{title}</h1>
        <p>{isDone ? say.done : say.litigation}</p>
        {isDone ? <p>{say.doneMore}</p> : null}
      </div>
      <p>
        <a class="button quiet" href={contactHref(frame.controller.humanContact)}>
          {preferenceWords[locale].person.act}
        </a>
      </p>
    </Layout>
  );
}
