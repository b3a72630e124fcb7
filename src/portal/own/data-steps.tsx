/** What the pages on one's own data answer, and the erasure that ends them. */
import { Problem } from '../../domain/problem.ts';
import { homePath } from '../../html/layout.tsx';
import type { Cookie } from '../../html/page.ts';
import { listOwnConsents } from '../../operations/own/own-consents.ts';
import { readOwnData } from '../../operations/own/own-data.ts';
import { eraseOwn, tryOwnErasure } from '../../operations/own/own-erasure.ts';
import { goTo, show, showFault } from '../replies.tsx';
import type { AskedBySession, Reply } from '../step.ts';
import { ConsentsPage } from './consents-page.tsx';
import { DataPage } from './data-page.tsx';
import { AfterwardsPage, ErasurePage } from './erasure-page.tsx';

type Answer = Promise<Awaited<Reply>>;

const noSession: Cookie = { name: 'session', value: '', seconds: 0 };

export async function showData({ desk, frame, session }: AskedBySession): Answer {
  const view = await readOwnData(desk.gate, session);
  return view === null ? goTo(homePath, noSession) : show(<DataPage frame={frame} view={view} />);
}

export async function showConsents(asked: AskedBySession): Answer {
  const { desk, frame, session, named } = asked;
  const isFirst = named === '';
  const { locale } = frame;
  const cursor = isFirst ? null : named;
  const view = await listOwnConsents(desk.gate, session, { cursor, locale });
  if (view instanceof Problem) return showFault('absent', frame);
  if (view === null) return goTo(homePath, noSession);
  return show(<ConsentsPage frame={frame} view={view} isFirst={isFirst} />);
}

export async function showErasure({ desk, frame, session }: AskedBySession): Answer {
  const view = await tryOwnErasure(desk.gate, { session, locale: frame.locale });
  if (view instanceof Problem) return view;
  if (view === null) return goTo(homePath, noSession);
  return view === 'litigation'
    ? show(<AfterwardsPage frame={frame} outcome="litigation" />, 'conflict')
    : show(<ErasurePage frame={frame} view={view} />);
}

export async function takeErasure({ desk, frame, session }: AskedBySession): Answer {
  const refused = await eraseOwn(desk.gate, { session, locale: frame.locale });
  if (refused instanceof Problem) return refused;
  if (refused === 'litigation') {
    return show(<AfterwardsPage frame={frame} outcome="litigation" />, 'conflict');
  }
  const gone = { ...frame, token: null, path: homePath };
  return show(<AfterwardsPage frame={gone} outcome="done" />, null, noSession);
}
