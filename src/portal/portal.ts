/**
 * The portal: the pages on which a titular sees and decides. Each page calls the operations that
 * the API has, or those that only a person on a page can ask for; none touches a store. A form is
 * obeyed where the browser says that it was one of ours, and, once somebody is signed in, where it
 * bears the session's token as well.
 */
import type { Problem } from '../domain/problem.ts';
import type { Locale } from '../domain/text.ts';
import { assetAt } from '../html/assets.ts';
import { tokenName } from '../html/form.tsx';
import { type Frame, homePath, languagePath, signOutPath } from '../html/layout.tsx';
import type { AnswerPage, PageReply, PageRequest } from '../html/page.ts';
import { bearsToken, readSession, type Session } from '../operations/entries/session.ts';
import {
  askForCode,
  showCode,
  showEntry,
  showLink,
  showNotMe,
  showSignedOut,
  signOut,
  takeCode,
  takeLink,
  takeNotMe,
} from './entry/entry-steps.tsx';
import { showConsents, showData, showErasure, takeErasure } from './own/data-steps.tsx';
import { sendEvidence, sendReceipt } from './own/file-steps.ts';
import { paths } from './paths.ts';
import {
  pause,
  receiveLess,
  resume,
  savePreferences,
  showPreferences,
  showReconfirmation,
  stopEverything,
  takeReconfirmation,
  undoChange,
} from './preferences/preference-steps.tsx';
import { goTo, showFault } from './replies.tsx';
import {
  askInFirst,
  showDecision,
  showDecisions,
  takeInterested,
  takeNotInterested,
} from './why/why-steps.tsx';
import type { Asked, AskedBySession, Desk, Reply } from './step.ts';

interface Route {
  readonly method: PageRequest['method'];
  /** Ends in a slash where a name follows it. */
  readonly path: string;
}

type OpenRoute = Route & { readonly answer: (asked: Asked) => Reply };
type SessionRoute = Route & {
  readonly answer: (asked: AskedBySession) => Reply;
  /** Where nobody is signed in; else they are led home. */
  readonly otherwise?: (asked: Asked) => Reply;
};

const openRoutes: readonly OpenRoute[] = [
  { method: 'GET', path: homePath, answer: showEntry },
  { method: 'POST', path: paths.entries, answer: askForCode },
  { method: 'GET', path: paths.code, answer: showCode },
  { method: 'POST', path: paths.code, answer: takeCode },
  { method: 'GET', path: paths.link, answer: showLink },
  { method: 'POST', path: paths.link, answer: takeLink },
  { method: 'GET', path: paths.signedOut, answer: showSignedOut },
];

const sessionRoutes: readonly SessionRoute[] = [
  { method: 'GET', path: paths.preferences, answer: showPreferences },
  { method: 'POST', path: paths.preferences, answer: savePreferences },
  { method: 'GET', path: paths.reconfirmation, answer: showReconfirmation },
  { method: 'POST', path: paths.reconfirmation, answer: takeReconfirmation },
  { method: 'POST', path: paths.less, answer: receiveLess },
  { method: 'POST', path: paths.stop, answer: stopEverything },
  { method: 'POST', path: paths.undo, answer: undoChange },
  { method: 'POST', path: paths.pauses, answer: pause },
  { method: 'POST', path: paths.holds, answer: resume },
  { method: 'GET', path: paths.why, answer: showDecisions },
  { method: 'GET', path: paths.whyBefore, answer: showDecisions },
  { method: 'GET', path: paths.decision, answer: showDecision, otherwise: askInFirst },
  { method: 'POST', path: paths.notInterested, answer: takeNotInterested },
  { method: 'POST', path: paths.interested, answer: takeInterested },
  { method: 'GET', path: paths.data, answer: showData },
  { method: 'GET', path: paths.consents, answer: showConsents },
  { method: 'GET', path: paths.consentsBefore, answer: showConsents },
  { method: 'GET', path: paths.erasure, answer: showErasure },
  { method: 'POST', path: paths.erasure, answer: takeErasure },
  { method: 'GET', path: paths.evidence, answer: sendEvidence },
  { method: 'GET', path: paths.receipt, answer: sendReceipt },
  { method: 'GET', path: paths.notMe, answer: showNotMe },
  { method: 'POST', path: paths.notMe, answer: takeNotMe },
  { method: 'POST', path: signOutPath, answer: signOut },
];

export function makePortal(desk: Desk): AnswerPage {
  return async (request) => {
    await desk.gate.policies.renewal();
    const { controller } = desk.gate.policies.active().set;
    const asset = request.method === 'GET' ? assetAt(request.path, controller.look) : null;
    if (asset !== null) return asset;
    const { locale, path } = request;
    const frame: Frame = { controller, locale, path: placeOf(request), token: null };
    if (request.method === 'POST' && !request.isOwnForm) return showFault('foreign-form', frame);
    if (request.method === 'POST' && path === languagePath) return chooseLanguage(request, frame);
    const { session: secret } = request.cookies;
    const session = secret === undefined ? null : await readSession(desk.gate, secret);
    return answerRoute({ desk, request, frame, named: '' }, session);
  };
}

function answerRoute(asked: Asked, session: Session | null): Reply {
  const { request, frame } = asked;
  const open = openRoutes.find((route) => matches(route, request));
  if (open !== undefined) {
    if (open.path === homePath && session !== null) return goTo(paths.preferences);
    return open.answer({ ...asked, named: nameIn(open, request) });
  }
  const route = sessionRoutes.find((each) => matches(each, request));
  if (route === undefined) return showFault('absent', frame);
  if (session === null) {
    if (request.method === 'POST') return showFault('ended', frame);
    return route.otherwise?.({ ...asked, named: nameIn(route, request) }) ?? goTo(homePath);
  }
  const own = { ...frame, token: session.formToken };
  const isOurs = bearsToken(session, request.form.get(tokenName) ?? '');
  if (request.method === 'POST' && !isOurs) return showFault('foreign-form', own);
  return route.answer({ ...asked, frame: own, named: nameIn(route, request), session });
}

function matches({ method, path }: Route, request: PageRequest): boolean {
  if (method !== request.method) return false;
  return path.endsWith('/')
    ? request.path.startsWith(path) && /^[\w.~-]{1,500}$/.test(request.path.slice(path.length))
    : request.path === path;
}

function nameIn({ path }: Route, request: PageRequest): string {
  return path.endsWith('/') ? request.path.slice(path.length) : '';
}

/** What the browser shows in the end: a form that is answered itself belongs to a page. */
function placeOf({ method, path }: PageRequest): string {
  if (method === 'GET') return path;
  if (path === paths.entries) return homePath;
  const isPage = path === paths.code || path === paths.notMe || path.startsWith(paths.link);
  return isPage ? path : paths.preferences;
}

const yearSeconds = 365 * 24 * 60 * 60;

/** Back to where it was chosen; anything but a page of ours leads home. */
function chooseLanguage({ form }: PageRequest, frame: Frame): PageReply | Problem {
  const chosen = localeIn(form.get('language'));
  if (chosen === null) return showFault('bad-form', frame);
  const back = form.get('back') ?? '';
  const path = /^\/(?:portal|u)(?:\/[\w~-]+)*$/.test(back) && back.length < 600 ? back : homePath;
  return goTo(path, { name: 'language', value: chosen, seconds: yearSeconds });
}

function localeIn(value: string | null): Locale | null {
  return value === 'pt-BR' || value === 'en' ? value : null;
}
