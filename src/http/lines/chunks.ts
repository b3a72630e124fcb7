/**
 * The body of a request in chunks, as they are asked for: nothing is read ahead of what is used, so
 * that the sender is held back. Of any length and duration; only standing still has a limit.
 */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Problem } from '../../domain/problem.ts';
import { ClientGone } from '../body.ts';

export const stillMillisecondsMax = 30_000;

/** The sender stood still for too long; the connection is there to say so. */
export class SenderStill extends Error {
  readonly problem: Problem = new Problem('request-timeout', {
    'pt-BR': `Nada chegou por ${stillMillisecondsMax / 1000} segundos.`,
    en: `Nothing arrived for ${stillMillisecondsMax / 1000} seconds.`,
  });
}

/** Connections whose request may take longer than the server lets a request take. */
const unhurried = new WeakSet<Socket>();

export function isUnhurried(socket: Socket): boolean {
  return unhurried.has(socket);
}

export async function* chunksOf(request: IncomingMessage): AsyncGenerator<Buffer, void, undefined> {
  const { socket } = request;
  unhurried.add(socket);
  try {
    for (;;) {
      const chunk: unknown = request.read();
      if (chunk instanceof Buffer) yield chunk;
      else if (!(await hasMore(request))) return;
    }
  } finally {
    unhurried.delete(socket);
  }
}

/** Waits until there is more to read, or nothing will come any more. */
function hasMore(request: IncomingMessage): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer);
      request.off('readable', more).off('end', end).off('close', lose);
    };
    const more = (): void => {
      settle();
      resolve(true);
    };
    const end = (): void => {
      settle();
      resolve(false);
    };
    const lose = (): void => {
      settle();
      if (request.readableEnded) resolve(false);
      else reject(new ClientGone());
    };
    const timer = setTimeout(() => {
      settle();
      reject(new SenderStill());
    }, stillMillisecondsMax);
    if (request.readableEnded || request.destroyed) lose();
    else request.on('readable', more).once('end', end).once('close', lose);
  });
}
