/** Beside the choices: less, a pause, a stop, a person. None is louder than the others. */
import type { VNode } from 'preact';
import { TokenField } from '../../html/form.tsx';
import { contactHref, href } from '../../html/href.ts';
import type { Frame } from '../../html/layout.tsx';
import { type Channel, channels } from '../../domain/policy.ts';
import { wishesForLess } from '../../domain/portal/preferences.ts';
import type { PreferencesView } from '../../operations/preferences/read-preferences.ts';
import { paths } from '../paths.ts';
import { channelWords } from '../words/channel-words.ts';
import { preferenceWords } from '../words/preference-words.ts';
import { setField } from './choice-form.ts';
import { dayBounds, pauseDays } from './pause-form.ts';

interface SideProps {
  readonly frame: Frame;
  readonly view: PreferencesView;
  readonly pauseFault: boolean;
}

export function SideColumn({ frame, view, pauseFault }: SideProps): VNode {
  const say = preferenceWords[frame.locale];
  return (
    <div class="aside">
      <h2 class="hidden">{say.side}</h2>
      <LessCard frame={frame} view={view} />
      <PauseCard frame={frame} view={view} pauseFault={pauseFault} />
      <form class="card" method="post" action={href(paths.stop)}>
        <FormMarks frame={frame} view={view} />
        <h3>{say.stop.title}</h3>
        <p>{say.stop.text}</p>
        <button class="button quiet" type="submit">
          {say.stop.act}
        </button>
      </form>
      <section class="card" aria-labelledby="person">
        <h3 id="person">{say.person.title}</h3>
        <p>{say.person.text}</p>
        <a class="button quiet" href={contactHref(frame.controller.humanContact)}>
          {say.person.act}
        </a>
      </section>
    </div>
  );
}

/** What every form of the page bears: the session's token, and the texts that it shows. */
export function FormMarks({ frame, view }: Pick<SideProps, 'frame' | 'view'>): VNode {
  return (
    <>
      {frame.token === null ? null : <TokenField token={frame.token} />}
      <input type="hidden" name={setField} value={view.policySet} />
    </>
  );
}

function LessCard({ frame, view }: Pick<SideProps, 'frame' | 'view'>): VNode {
  const say = preferenceWords[frame.locale];
  const preferences = view.purposes.flatMap(({ channels: ways }) => ways);
  const canBeLess = wishesForLess(preferences).length > 0;
  return (
    <form class="card" method="post" action={href(paths.less)}>
      <FormMarks frame={frame} view={view} />
      <h3>{say.less.title}</h3>
      <p>{canBeLess ? say.less.text : say.least}</p>
      {canBeLess ? (
        <button class="button quiet" type="submit">
          {say.less.act}
        </button>
      ) : null}
    </form>
  );
}

function PauseCard({ frame, view, pauseFault }: SideProps): VNode {
  const { locale } = frame;
  const { pause } = preferenceWords[locale];
  const { min, max } = dayBounds(view.at, view.zone);
  return (
    <form class="card" method="post" action={href(paths.pauses)} noValidate>
      <FormMarks frame={frame} view={view} />
      <h3>{pause.title}</h3>
      <p>{pause.text}</p>
      <label>
        {pause.length}
        <select name="days" autocomplete="off">
          {pauseDays.map((days) => (
            <option value={days}>{pause.days(days)}</option>
          ))}
        </select>
      </label>
      <label>
        {pause.until}
        <input
          class="field"
          id="until"
          type="date"
          name="until"
          min={min}
          max={max}
          autocomplete="off"
          aria-describedby={pauseFault ? 'until-hint until-fault' : 'until-hint'}
          aria-invalid={pauseFault}
        />
      </label>
      {pauseFault ? (
        <p class="fault" id="until-fault">
          {pause.badDay}
        </p>
      ) : null}
      <p class="hint" id="until-hint">
        {pause.untilHint}
      </p>
      <label>
        {pause.channel}
        <select name="channel" autocomplete="off">
          <option value="*">{channelWords['*'][locale]}</option>
          {channelsIn(view).map((channel) => (
            <option value={channel}>{channelWords[channel][locale]}</option>
          ))}
        </select>
      </label>
      <button class="button quiet" type="submit">
        {pause.act}
      </button>
    </form>
  );
}

/** Channels of what a pause covers; `none` contacts nobody. */
function channelsIn({ purposes }: PreferencesView): readonly Channel[] {
  const paused = purposes.filter(
    ({ purpose, wayOut }) => wayOut === 'withdrawal' || purpose.promotional,
  );
  const used = new Set(paused.flatMap(({ purpose }) => purpose.channels));
  return channels.filter((channel) => used.has(channel) && channel !== 'none');
}
