/** Replies that many steps give. */
import type { VNode } from 'preact';
import type { ProblemKind } from '../domain/problems/problem-code.ts';
import { href } from '../html/href.ts';
import { type Frame, homePath, Layout } from '../html/layout.tsx';
import type { Cookie, PageReply } from '../html/page.ts';
import { renderPage } from '../html/render.ts';
import { type FaultName, faultWords } from './words/fault-words.ts';

export function show(
  page: VNode,
  fault: ProblemKind | null = null,
  cookie: Cookie | null = null,
): PageReply {
  return { kind: 'page', html: renderPage(page), fault, cookie };
}

/** On to a page that is read anew, so that nothing is sent twice by going back. */
export function goTo(path: string, cookie: Cookie | null = null): PageReply {
  return { kind: 'onward', path, cookie };
}

const kinds: Readonly<Record<FaultName, ProblemKind>> = {
  absent: 'absent',
  'not-yours': 'absent',
  'not-yet': 'unavailable',
  'foreign-form': 'forbidden',
  ended: 'forbidden',
  'undo-over': 'conflict',
  'bad-form': 'invalid',
};

export function showFault(name: FaultName, frame: Frame, cookie: Cookie | null = null): PageReply {
  const { faults, home } = faultWords[frame.locale];
  const { title, text } = faults[name];
  return show(
    <Layout frame={frame} title={title} narrow>
      <div class="lead">
        <h1>{title}</h1>
        <p>{text}</p>
      </div>
      <p>
        <a class="button" href={href(homePath)}>
          {home}
        </a>
      </p>
    </Layout>,
    kinds[name],
    cookie,
  );
}
