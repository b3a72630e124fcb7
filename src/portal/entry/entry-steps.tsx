/** The ways in: a contact that is typed and the code that follows, or a link; and the ways out. */
import { minuteMs } from '../../domain/calendar/instant.ts';
import { Problem } from '../../domain/problem.ts';
import { homePath } from '../../html/layout.tsx';
import type { Cookie, PageReply, PageRequest } from '../../html/page.ts';
import { disownByLink, disownBySession } from '../../operations/entries/disown-contact.ts';
import { enterByCode, enterByLink, lookAtLink } from '../../operations/entries/entrance.ts';
import { entryMinutes } from '../../operations/entries/entry-file.ts';
import { maskedOf } from '../../operations/entries/masked-contact.ts';
import { endSession, sessionMs } from '../../operations/entries/session.ts';
import { startEntry } from '../../operations/entries/start-entry.ts';
import { paths } from '../paths.ts';
import { goTo, show, showFault } from '../replies.tsx';
import type { Asked, AskedBySession, Reply } from '../step.ts';
import { entryWords } from '../words/entry-words.ts';
import { CodePage } from './code-page.tsx';
import { EntryPage } from './entry-page.tsx';
import { LinkOverPage, LinkPage } from './link-page.tsx';
import { FarewellPage, NotMePage } from './not-me-page.tsx';

const noSession: Cookie = { name: 'session', value: '', seconds: 0 };

function sessionCookie(value: string): Cookie {
  return { name: 'session', value, seconds: sessionMs / 1000 };
}

/** To the decision that the person came for, else to the choices. */
function goIn({ cookies: { place } }: PageRequest, session: string): PageReply {
  const path = place === undefined ? paths.preferences : paths.decision + place;
  return goTo(path, sessionCookie(session));
}

export function showEntry({ frame }: Asked): Reply {
  return show(<EntryPage frame={frame} typed="" fault={null} />);
}

export async function askForCode({ desk, request, frame }: Asked): Promise<Awaited<Reply>> {
  const typed = request.form.get('contact') ?? '';
  const { network } = request.visitor;
  const { gate, delivery } = desk;
  const { locale } = request;
  const answer = await startEntry(gate, delivery, { typed, network, locale });
  if (answer.kind === 'started') {
    const seconds = (entryMinutes * minuteMs) / 1000;
    return goTo(paths.code, { name: 'entry', value: answer.ticket, seconds });
  }
  const kind = answer.kind === 'too-many' ? 'too-many' : 'invalid';
  return show(<EntryPage frame={frame} typed={typed} fault={answer.kind} />, kind);
}

export function showCode({ frame, request }: Asked): Reply {
  if (request.cookies.entry === undefined) return goTo(homePath);
  return show(<CodePage frame={frame} minutes={entryMinutes} fault={null} />);
}

export async function takeCode({ desk, request, frame }: Asked): Promise<Awaited<Reply>> {
  const ticket = request.cookies.entry ?? '';
  const entered = await enterByCode(desk.gate, { ticket, code: request.form.get('code') ?? '' });
  if (entered.kind === 'entered') return goIn(request, entered.session);
  const say = entryWords[frame.locale];
  const fault = entered.kind === 'wrong' ? say.wrong(entered.left) : say.codeOver;
  return show(<CodePage frame={frame} minutes={entryMinutes} fault={fault} />, 'invalid');
}

export async function showLink({ desk, frame, named }: Asked): Promise<Awaited<Reply>> {
  const seen = await lookAtLink(desk.gate, named);
  if (seen === null) return show(<LinkOverPage frame={frame} />, 'absent');
  return show(<LinkPage frame={frame} token={named} masked={seen.masked} />);
}

export async function takeLink({ desk, request, frame, named }: Asked): Promise<Awaited<Reply>> {
  switch (request.form.get('answer')) {
    case 'me': {
      const entered = await enterByLink(desk.gate, named);
      return entered.kind === 'entered'
        ? goIn(request, entered.session)
        : show(<LinkOverPage frame={frame} />, 'absent');
    }
    case 'not-me': {
      const seen = await lookAtLink(desk.gate, named);
      if (seen === null) return show(<LinkOverPage frame={frame} />, 'absent');
      const path = paths.link + named;
      return show(<NotMePage frame={frame} masked={seen.masked} action={path} back={path} />);
    }
    case 'confirmed': {
      const refused = await disownByLink(desk.gate, named, request.locale);
      if (refused instanceof Problem) return refused;
      return refused === 'over'
        ? show(<LinkOverPage frame={frame} />, 'absent')
        : show(<FarewellPage frame={frame} reason="not-me" />);
    }
    default:
      return showFault('bad-form', frame);
  }
}

export async function showNotMe({ desk, frame, session }: AskedBySession): Promise<Awaited<Reply>> {
  const back = paths.preferences;
  // Who came by a link of the owner's showed no contact that could be disowned.
  if (session.proved === null) return goTo(back);
  const masked = await maskedOf(desk.gate, session);
  return show(<NotMePage frame={frame} masked={masked} action={paths.notMe} back={back} />);
}

export async function takeNotMe(asked: AskedBySession): Promise<Awaited<Reply>> {
  const { desk, request, frame, session } = asked;
  const refused = await disownBySession(desk.gate, session, request.locale);
  if (refused !== null) return refused;
  const gone = { ...frame, token: null };
  return show(<FarewellPage frame={gone} reason="not-me" />, null, noSession);
}

export async function signOut({ desk, session }: AskedBySession): Promise<Awaited<Reply>> {
  await endSession(desk.gate, session.id);
  return goTo(paths.signedOut, noSession);
}

export function showSignedOut({ frame }: Asked): Reply {
  return show(<FarewellPage frame={frame} reason="signed-out" />);
}
