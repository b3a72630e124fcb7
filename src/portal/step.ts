/** What a page of the portal gets to work with, and what it may answer. */
import type { Problem } from '../domain/problem.ts';
import type { Frame } from '../html/layout.tsx';
import type { PageReply, PageRequest } from '../html/page.ts';
import type { Gate } from '../operations/gate.ts';
import type { Delivery } from '../operations/entries/delivery.ts';
import type { Session } from '../operations/entries/session.ts';

export interface Desk {
  readonly gate: Gate;
  readonly delivery: Delivery;
}

export interface Asked {
  readonly desk: Desk;
  readonly request: PageRequest;
  readonly frame: Frame;
  /** The part of the path that names something, such as the token of a link; else empty. */
  readonly named: string;
}

export interface AskedBySession extends Asked {
  readonly session: Session;
}

export type Reply = Promise<PageReply | Problem> | PageReply | Problem;
