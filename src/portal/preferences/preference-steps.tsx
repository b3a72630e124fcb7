/** What the forms of the page of preferences do. Each ends on the page itself, read anew. */
import {
  type Preference,
  wishesForLess,
  wishesToRestore,
  wishesToStop,
  type Wish,
} from '../../domain/portal/preferences.ts';
import { homePath } from '../../html/layout.tsx';
import { undoMs } from '../../operations/entries/session.ts';
import {
  type ChangeOrder,
  changePreferences,
  type Visit,
} from '../../operations/preferences/change-preferences.ts';
import { endHold, pauseContacts } from '../../operations/preferences/hold-contacts.ts';
import { readPreferences } from '../../operations/preferences/read-preferences.ts';
import {
  readReconfirmation,
  wishesToReconfirm,
} from '../../operations/preferences/read-reconfirmation.ts';
import { paths } from '../paths.ts';
import { goTo, show, showFault } from '../replies.tsx';
import type { AskedBySession, Reply } from '../step.ts';
import { setField, wishesIn } from './choice-form.ts';
import { readPause } from './pause-form.ts';
import { PreferencesPage } from './preferences-page.tsx';
import { ReconfirmationPage } from './reconfirmation-page.tsx';

type Answer = Promise<Awaited<Reply>>;

export function showPreferences(asked: AskedBySession): Answer {
  return showPage(asked, false);
}

async function showPage(asked: AskedBySession, pauseFault: boolean): Answer {
  const { desk, frame, session } = asked;
  const view = await readPreferences(desk.gate, session, frame.locale);
  // Erased meanwhile: there is nobody to show anything of.
  if (view === null) return goTo(homePath, { name: 'session', value: '', seconds: 0 });
  const { last } = session;
  const isFresh = last !== null && desk.gate.clock() - last.at < undoMs;
  const page = (
    <PreferencesPage
      frame={frame}
      view={view}
      last={isFresh ? last : null}
      pauseFault={pauseFault}
    />
  );
  return show(page, pauseFault ? 'invalid' : null);
}

export function savePreferences(asked: AskedBySession): Answer {
  const { form } = asked.request;
  return change(asked, 'saved', (preferences) => wishesIn(form, preferences));
}

export function stopEverything(asked: AskedBySession): Answer {
  return change(asked, 'stopped', wishesToStop);
}

export function receiveLess(asked: AskedBySession): Answer {
  return change(asked, 'lessened', wishesForLess);
}

export function undoChange(asked: AskedBySession): Answer {
  const { desk, frame, session } = asked;
  const { last } = session;
  const isOver = last === null || desk.gate.clock() - last.at >= undoMs;
  if (isOver || last.before.length === 0) {
    return Promise.resolve(showFault('undo-over', frame));
  }
  return change(asked, 'undone', (preferences) => wishesToRestore(preferences, last.before));
}

export async function pause(asked: AskedBySession): Answer {
  const { desk, request, frame, session } = asked;
  const view = await readPreferences(desk.gate, session, frame.locale);
  if (view === null) return goTo(homePath);
  const wish = readPause(request.form, view);
  if (wish === null) return showPage(asked, true);
  const refused = await pauseContacts(desk.gate, visitOf(asked), wish);
  return refused ?? goTo(paths.preferences);
}

export async function resume(asked: AskedBySession): Answer {
  const refused = await endHold(asked.desk.gate, visitOf(asked), asked.named);
  return refused ?? goTo(paths.preferences);
}

export async function showReconfirmation(asked: AskedBySession): Answer {
  const { desk, frame, session, named } = asked;
  const wanted = { purpose: named, locale: frame.locale };
  const view = await readReconfirmation(desk.gate, session, wanted);
  // Answered meanwhile, here or elsewhere: the choices say how.
  return view === null
    ? goTo(paths.preferences)
    : show(<ReconfirmationPage frame={frame} view={view} />);
}

export function takeReconfirmation(asked: AskedBySession): Answer {
  const { frame, named, request } = asked;
  const answer = request.form.get('answer');
  if (answer !== 'yes' && answer !== 'no') return Promise.resolve(showFault('bad-form', frame));
  const given = { purpose: named, yes: answer === 'yes' };
  const wishes = (preferences: readonly Preference[]): readonly Wish[] =>
    wishesToReconfirm(preferences, given);
  return change(asked, 'saved', wishes, paths.reconfirmation + named);
}

async function change(
  asked: AskedBySession,
  kind: ChangeOrder['kind'],
  wishes: (preferences: readonly Preference[]) => readonly Wish[],
  page: string = paths.preferences,
): Answer {
  const refused = await changePreferences(asked.desk.gate, visitOf(asked), {
    kind,
    wishes,
    control: kind === 'saved' && page === paths.preferences ? 'toggle' : 'button',
    page,
    policySet: asked.request.form.get(setField) ?? '',
  });
  return refused ?? goTo(paths.preferences);
}

function visitOf({ request, session, frame }: AskedBySession): Visit {
  const { ip, port, userAgent } = request.visitor;
  return { session, locale: frame.locale, ip, port, userAgent };
}
