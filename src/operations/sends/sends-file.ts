/** How the sends of a decision lie in the store: one small document for each decision sent by. */
import type { Instant } from '../../domain/calendar/instant.ts';
import { noteSend, type NotedSends, type Send } from '../../domain/reconciliation/send.ts';
import type { Write } from '../../store/port.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import { putWrite } from '../put-write.ts';

export interface FiledSends {
  readonly decision: string;
  readonly sends: readonly Send[];
  /** Null where none was told of yet. */
  readonly revision: number | null;
}

type FiledSend = readonly [
  message: string | null,
  at: Instant,
  reconciliation: string,
  line: number,
];

interface Filed {
  readonly s: readonly FiledSend[];
}

export async function readSends(gate: Gate, decision: string): Promise<FiledSends> {
  const stored = await gate.store.get('sends', decision);
  if (stored === null) return { decision, sends: [], revision: null };
  const { s } = JSON.parse(stored.body) as Filed;
  return { decision, sends: s.map(openSend), revision: stored.revision };
}

/** Null where somebody else noted a send of the decision meanwhile. */
export async function tryNote(
  gate: Gate,
  filed: FiledSends,
  send: Send,
): Promise<NotedSends | null> {
  const noted = noteSend(filed.sends, send);
  if (noted.sends === filed.sends) return noted;
  const { done } = await gate.store.write([writeOf(filed, noted.sends)]);
  return done === 1 ? noted : null;
}

/** Null where the race was lost too often. */
export async function noteOf(gate: Gate, decision: string, send: Send): Promise<NotedSends | null> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const noted = await tryNote(gate, await readSends(gate, decision), send);
    if (noted !== null) return noted;
  }
  return null;
}

function writeOf({ decision, revision }: FiledSends, sends: readonly Send[]): Write {
  const filed: Filed = { s: sends.map(fileSend) };
  const document = { id: decision, fields: {}, body: JSON.stringify(filed) };
  return putWrite('sends', document, revision);
}

function fileSend({ key, at, reconciliation, line }: Send): FiledSend {
  return [key.kind === 'message' ? key.hash : null, at, reconciliation, line];
}

function openSend([message, at, reconciliation, line]: FiledSend): Send {
  const key = message === null ? ({ kind: 'instant' } as const) : keyOf(message);
  return { key, at, reconciliation, line };
}

function keyOf(hash: string): Extract<Send['key'], { kind: 'message' }> {
  return { kind: 'message', hash };
}
