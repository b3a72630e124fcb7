/** Beside a decision: not interested, other choices, the proof, a person. */
import type { VNode } from 'preact';
import { TokenField } from '../../html/form.tsx';
import { contactHref, href } from '../../html/href.ts';
import type { Frame } from '../../html/layout.tsx';
import { dayText } from '../../html/time-text.ts';
import type { OwnDecision } from '../../operations/own/own-decisions.ts';
import { paths } from '../paths.ts';
import { durationText } from '../words/law-words.ts';
import { listText } from '../words/list-words.ts';
import { preferenceWords } from '../words/preference-words.ts';
import { whyWords } from '../words/why-words.ts';

interface SideProps {
  readonly frame: Frame;
  readonly view: OwnDecision;
}

export function DecisionSide({ frame, view }: SideProps): VNode {
  const { locale } = frame;
  const say = whyWords[locale];
  const { person } = preferenceWords[locale];
  return (
    <div class="aside">
      <h2 class="hidden">{say.side}</h2>
      <DislikeCard frame={frame} view={view} />
      <section class="card" aria-labelledby="choices">
        <h3 id="choices">{say.choices.title}</h3>
        <p>{say.choices.text}</p>
        <a class="button quiet" href={href(paths.preferences)}>
          {say.choices.act}
        </a>
      </section>
      <section class="card" aria-labelledby="person">
        <h3 id="person">{person.title}</h3>
        <p>{person.text}</p>
        <a class="button quiet" href={contactHref(frame.controller.humanContact)}>
          {person.act}
        </a>
      </section>
      <section class="card" aria-labelledby="proof">
        <h3 id="proof">{say.proof.title}</h3>
        <p>{say.proof.text}</p>
        <a class="button quiet" href={href(paths.evidence + view.decision.id)}>
          {say.proof.act}
        </a>
      </section>
    </div>
  );
}

/** Said once it stands; the way back is one button too. */
function DislikeCard({ frame, view }: SideProps): VNode | null {
  const { locale, token } = frame;
  const { dislike } = whyWords[locale];
  const { decision, disinterest, standing, zone } = view;
  if (disinterest === null || token === null) return null;
  const what = listText(
    disinterest.purposes.map(({ title }) => title[locale]),
    locale,
  );
  const until = standing?.until ?? null;
  const length = disinterest.length === null ? null : durationText(disinterest.length, locale);
  const isSaid = standing !== null;
  const place = isSaid ? paths.interested : paths.notInterested;
  return (
    <form class="card" method="post" action={href(place + decision.id)}>
      <TokenField token={token} />
      <h3>{dislike.title}</h3>
      {isSaid ? (
        <p role="status">
          {dislike.done(what, until === null ? null : dayText(until, zone, locale))}
        </p>
      ) : (
        <p>{dislike.text(what, length)}</p>
      )}
      <button class="button quiet" type="submit">
        {isSaid ? dislike.undo : dislike.act}
      </button>
    </form>
  );
}
