/** The page of preferences: what a person may receive, and everything that changes it. */
import type { VNode } from 'preact';
import { href } from '../../html/href.ts';
import { type Frame, Layout } from '../../html/layout.tsx';
import type { LastChange } from '../../operations/entries/session.ts';
import type { PreferencesView } from '../../operations/preferences/read-preferences.ts';
import { paths } from '../paths.ts';
import { preferenceWords } from '../words/preference-words.ts';
import { PurposeCard } from './purpose-card.tsx';
import { FormMarks, SideColumn } from './side-column.tsx';
import { DoneNote, HoldNotes } from './standing-notes.tsx';

interface PreferencesPageProps {
  readonly frame: Frame;
  readonly view: PreferencesView;
  /** What was done a moment ago; null where nothing was. */
  readonly last: LastChange | null;
  readonly pauseFault: boolean;
}

export function PreferencesPage(props: PreferencesPageProps): VNode {
  const { frame, view, last, pauseFault } = props;
  const say = preferenceWords[frame.locale];
  const title = say.title(view.firstName);
  // The title is what a screen reader says first: what was done comes before where one is.
  const told = pauseFault ? say.pause.badDay : last === null ? title : say.done[last.kind];
  const spoken = told.replace(/\.$/, '');
  return (
    <Layout frame={frame} title={spoken}>
      <div class="lead">
        <h1>{title}</h1>
        <p>{say.lead}</p>
        {view.masked === null ? null : (
          <p class="who">
            {say.enteredBy(view.masked)} <a href={href(paths.notMe)}>{say.notYou}</a>
          </p>
        )}
      </div>
      {pauseFault ? (
        <p class="note" role="alert">
          <a href="#until">{say.pause.badDay}</a>
        </p>
      ) : null}
      {last === null ? null : <DoneNote frame={frame} view={view} last={last} />}
      <HoldNotes frame={frame} view={view} />
      <div class="split">
        <form class="cards" method="post" action={href(paths.preferences)}>
          <FormMarks frame={frame} view={view} />
          <h2 class="hidden">{say.choices}</h2>
          {view.purposes.map((purpose) => (
            <PurposeCard view={purpose} zone={view.zone} locale={frame.locale} />
          ))}
          <div class="save">
            <button class="button" type="submit">
              {say.save}
            </button>
            <p>{say.saveHint}</p>
          </div>
        </form>
        <SideColumn frame={frame} view={view} pauseFault={pauseFault} />
      </div>
    </Layout>
  );
}
