/** What the pages on decisions answer, and what their forms do. */
import { minuteMs } from '../../domain/calendar/instant.ts';
import { Problem } from '../../domain/problem.ts';
import { homePath } from '../../html/layout.tsx';
import type { Cookie } from '../../html/page.ts';
import { takeDisinterestBack, tellDisinterest } from '../../operations/own/disinterest.ts';
import { listOwnDecisions, readOwnDecision } from '../../operations/own/own-decisions.ts';
import { paths } from '../paths.ts';
import { goTo, show, showFault } from '../replies.tsx';
import type { Asked, AskedBySession, Reply } from '../step.ts';
import { DecisionPage } from './decision-page.tsx';
import { DecisionsPage } from './decisions-page.tsx';

type Answer = Promise<Awaited<Reply>>;

/** Time to ask for a code and to type it. */
const placeMs = 30 * minuteMs;
const noPlace: Cookie = { name: 'place', value: '', seconds: 0 };

/** A link from a message: whoever gets in is led back to it. Whether there is one is not told. */
export function askInFirst({ named }: Asked): Reply {
  return goTo(homePath, { name: 'place', value: named, seconds: placeMs / 1000 });
}

export async function showDecisions(asked: AskedBySession): Answer {
  const { desk, frame, session, named } = asked;
  const isFirst = named === '';
  const view = await listOwnDecisions(desk.gate, session, isFirst ? undefined : named);
  if (view instanceof Problem) return showFault('absent', frame);
  if (view === null) return goTo(homePath, { name: 'session', value: '', seconds: 0 });
  return show(<DecisionsPage frame={frame} view={view} isFirst={isFirst} />);
}

export async function showDecision(asked: AskedBySession): Answer {
  const { desk, frame, request, session, named } = asked;
  const view = await readOwnDecision(desk.gate, session, { id: named, locale: frame.locale });
  if (view === null) return showFault('not-yours', frame, noPlace);
  const arrived = request.cookies.place === undefined ? null : noPlace;
  return show(<DecisionPage frame={frame} view={view} />, null, arrived);
}

export async function takeNotInterested(asked: AskedBySession): Answer {
  return changeInterest(asked, 'told');
}

export async function takeInterested(asked: AskedBySession): Answer {
  return changeInterest(asked, 'taken-back');
}

async function changeInterest(asked: AskedBySession, kind: 'told' | 'taken-back'): Answer {
  const { desk, frame, session, named } = asked;
  const { gate } = desk;
  const { locale } = frame;
  const view = await readOwnDecision(gate, session, { id: named, locale });
  if (view === null || view.disinterest === null) return showFault('not-yours', frame);
  const speaking = { session, locale };
  const refused =
    kind === 'told'
      ? await tellDisinterest(gate, speaking)
      : await takeDisinterestBack(gate, speaking, view.decision);
  return refused ?? goTo(paths.decision + named);
}
