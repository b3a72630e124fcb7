/** Where a person types the contact that a code is sent to. */
import type { VNode } from 'preact';
import { contactHref, href } from '../../html/href.ts';
import { type Frame, Layout } from '../../html/layout.tsx';
import { paths } from '../paths.ts';
import { type EntryWords, entryWords } from '../words/entry-words.ts';

export type EntryFault = keyof EntryWords['faults'];

export interface EntryPageProps {
  readonly frame: Frame;
  readonly typed: string;
  readonly fault: EntryFault | null;
}

export function EntryPage({ frame, typed, fault }: EntryPageProps): VNode {
  const say = entryWords[frame.locale];
  return (
    <Layout frame={frame} title={say.title} narrow>
      <div class="lead">
        <h1>{say.title}</h1>
        <p>{say.lead(frame.controller.name)}</p>
      </div>
      <EntryForm frame={frame} typed={typed} fault={fault} />
      <div class="after">
        <p>
          {say.noLonger} <a href={contactHref(frame.controller.humanContact)}>{say.talk}</a>.
        </p>
        <p>{say.noEntry}</p>
      </div>
    </Layout>
  );
}

export function EntryForm({ frame, typed, fault }: EntryPageProps): VNode {
  const say = entryWords[frame.locale];
  const isFaulty = fault !== null;
  return (
    <form class="card room stack" method="post" action={href(paths.entries)}>
      <div>
        <label class="label" for="contact">
          {say.contactLabel}
        </label>
        <p class="hint" id="contact-hint">
          {say.contactHint}
        </p>
        {isFaulty ? (
          <p class="fault" id="contact-fault" role="alert">
            {say.faults[fault]}
          </p>
        ) : null}
      </div>
      <input
        class="field"
        id="contact"
        name="contact"
        type="text"
        inputMode="email"
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        maxLength={320}
        required
        value={typed}
        aria-describedby={isFaulty ? 'contact-hint contact-fault' : 'contact-hint'}
        aria-invalid={isFaulty}
      />
      <button class="button wide" type="submit">
        {say.ask}
      </button>
    </form>
  );
}
