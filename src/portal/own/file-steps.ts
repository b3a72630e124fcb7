/** Files that a person takes along. Each is about them alone. */
import type { JsonObject } from '../../domain/json.ts';
import { Problem } from '../../domain/problem.ts';
import { readOwnEvidence, readOwnReceipt } from '../../operations/own/own-files.ts';
import { showFault } from '../replies.tsx';
import type { AskedBySession, Reply } from '../step.ts';

type Answer = Promise<Awaited<Reply>>;

export async function sendEvidence(asked: AskedBySession): Answer {
  const { desk, frame, session, named } = asked;
  const found = await readOwnEvidence(desk.gate, session, { id: named, locale: frame.locale });
  return fileOf(asked, 'prova', found);
}

export async function sendReceipt(asked: AskedBySession): Answer {
  const { desk, frame, session, named } = asked;
  const found = await readOwnReceipt(desk.gate, session, { id: named, locale: frame.locale });
  return fileOf(asked, 'recibo', found);
}

function fileOf(
  { frame, named }: AskedBySession,
  kind: 'prova' | 'recibo',
  found: JsonObject | Problem | null,
): Awaited<Reply> {
  if (found === null) return showFault('not-yours', frame);
  if (found instanceof Problem) {
    return found.code === 'not-sequenced-yet' ? showFault('not-yet', frame) : found;
  }
  const text = `${JSON.stringify(found, null, 2)}\n`;
  return { kind: 'file', name: `${kind}-${named}.json`, mediaType: 'application/json', text };
}
