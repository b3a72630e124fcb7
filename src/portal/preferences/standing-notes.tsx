/** What was just done, and what stands on hold at the person's own request. */
import type { VNode } from 'preact';
import { channelNames } from '../../domain/answer/explanation.ts';
import type { Instruction } from '../../domain/instruction.ts';
import type { Locale } from '../../domain/text.ts';
import { TokenField } from '../../html/form.tsx';
import { href } from '../../html/href.ts';
import type { Frame } from '../../html/layout.tsx';
import { dayText, timeText } from '../../html/time-text.ts';
import type { LastChange } from '../../operations/entries/session.ts';
import type { PreferencesView } from '../../operations/preferences/read-preferences.ts';
import { paths } from '../paths.ts';
import { preferenceWords } from '../words/preference-words.ts';
import { FormMarks } from './side-column.tsx';

interface NotesProps {
  readonly frame: Frame;
  readonly view: PreferencesView;
}

export function DoneNote({ frame, view, last }: NotesProps & { readonly last: LastChange }): VNode {
  const say = preferenceWords[frame.locale];
  const isChange = last.kind !== 'unchanged';
  const time = timeText(last.at, view.zone, frame.locale);
  return (
    <div class="done" role="status">
      <div>
        <p>
          <strong>{say.done[last.kind]}</strong>
        </p>
        <p>{isChange ? say.since(time) : say.unchanged}</p>
        {last.isPartial ? <p>{say.partial}</p> : null}
      </div>
      {last.before.length === 0 ? null : (
        <form method="post" action={href(paths.undo)}>
          <FormMarks frame={frame} view={view} />
          <button class="button quiet" type="submit" aria-describedby="undo-hint">
            {say.undo}
          </button>
          <p class="hint" id="undo-hint">
            {say.undoHint}
          </p>
        </form>
      )}
    </div>
  );
}

export function HoldNotes({ frame, view }: NotesProps): VNode | null {
  if (view.instructions.length === 0) return null;
  const say = preferenceWords[frame.locale];
  return (
    <section class="note" aria-labelledby="holds">
      <h2 class="hidden" id="holds">
        {say.holdsTitle}
      </h2>
      {view.instructions.map((instruction) => {
        const text = holdText(instruction, view, frame.locale);
        return (
          <div class="row">
            <p>{text}</p>
            {instruction.kind === 'block' || frame.token === null ? null : (
              <form method="post" action={href(paths.holds + instruction.id)}>
                <TokenField token={frame.token} />
                <button class="button quiet" type="submit">
                  {say.endHold}
                  <span class="hidden">: {text}</span>
                </button>
              </form>
            )}
          </div>
        );
      })}
    </section>
  );
}

function holdText(instruction: Instruction, view: PreferencesView, locale: Locale): string {
  const { kind, until } = instruction;
  if (kind === 'exclusion') return '';
  const day = until === null ? null : dayText(until, view.zone, locale);
  const what = `${purposesText(instruction, view, locale)}, ${channelsText(instruction, locale)}`;
  return preferenceWords[locale].holds[kind](what, day);
}

/** A hold on everything that can be held is one on all subjects, whatever it was given as. */
function purposesText({ purposes }: Instruction, view: PreferencesView, locale: Locale): string {
  const holdable = view.purposes.filter(
    ({ purpose, wayOut }) => wayOut === 'withdrawal' || purpose.promotional,
  );
  if (purposes.includes('*') || holdable.every(({ purpose }) => purposes.includes(purpose.id))) {
    return preferenceWords[locale].everything;
  }
  const titles = purposes.map(
    (id) => view.purposes.find(({ purpose }) => purpose.id === id)?.purpose.title[locale] ?? id,
  );
  return titles.join(', ');
}

function channelsText({ channels }: Instruction, locale: Locale): string {
  const names = channels.map((channel) =>
    channel === '*' ? preferenceWords[locale].everyChannel : channelNames[channel][locale],
  );
  return names.join(', ');
}
