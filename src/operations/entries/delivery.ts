/**
 * Delivery: whom a typed contact belongs to is found out, and the message sent, after the answer
 * and some time apart from it. So the answer is the same for everybody, in its words and in its
 * time, and nobody learns from it who is a customer. A message that is lost with the process is
 * asked for again: nothing else was promised.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locale } from '../../domain/text.ts';
import type { Gate } from '../gate.ts';
import { findSubjectId, hasIdentifier, type Named } from '../subjects/subject-lookup.ts';
import { livingFile } from '../subjects/living-subject.ts';
import type { Post, PostKind } from './entry-message.ts';
import { entryMinutes, entryUrl } from './entry-file.ts';

export interface DeliveryOrder {
  readonly kind: PostKind;
  readonly named: Extract<Named, { kind: 'identifier' }>;
  readonly code: string;
  /** Of the link. */
  readonly token: string;
  readonly locale: Locale;
}

export interface Delivery {
  readonly reaches: Post['reaches'];
  /** False where too many wait. */
  readonly take: (order: DeliveryOrder) => boolean;
  /** When everything that was taken is sent or given up. */
  readonly settled: () => Promise<void>;
}

const waitingMax = 1000;
/** Apart from the answer by a time that says nothing. */
const apartMsMax = 800;

export function makeDelivery(gate: Gate, post: Post, onFault: (fault: unknown) => void): Delivery {
  const waiting = new Set<Promise<void>>();
  const deliver = async (order: DeliveryOrder): Promise<void> => {
    try {
      await sleep(randomInt(apartMsMax));
      await send(gate, post, order);
    } catch (fault) {
      onFault(fault);
    }
  };
  return {
    reaches: (kind) => post.reaches(kind),
    take: (order) => {
      if (waiting.size >= waitingMax) return false;
      const work = deliver(order).finally(() => waiting.delete(work));
      waiting.add(work);
      return true;
    },
    settled: async () => {
      while (waiting.size > 0) await Promise.all(waiting);
    },
  };
}

/** Sends to those alone who are known. */
async function send(gate: Gate, post: Post, order: DeliveryOrder): Promise<void> {
  const { kind, named, code, token, locale } = order;
  const id = await findSubjectId(gate, named);
  const file = id === null ? null : await livingFile(gate, id);
  if (file === null || !hasIdentifier(file.subject, named.identifier)) return;
  await post.send({
    kind,
    to: named.value,
    controller: gate.policies.active().set.controller.name,
    code,
    link: entryUrl(gate, token),
    minutes: entryMinutes,
    locale,
  });
}
