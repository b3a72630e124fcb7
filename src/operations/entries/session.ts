/**
 * A session in the portal: who is signed in on one browser. The browser keeps a secret, the store
 * its keyed hash, so that a session can be ended at once and reading the store signs nobody in. It
 * ends two hours after the last page, and a day after it began.
 */
import { dayMs, hourMs, type Instant, minuteMs } from '../../domain/calendar/instant.ts';
import type { Wish } from '../../domain/portal/preferences.ts';
import { isSameHash, newSecret } from '../../keys/secret.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import type { NamedIdentifier } from '../subjects/subject-lookup.ts';

/** A contact point that its owner showed to hold, and how. */
export interface ProvedContact extends NamedIdentifier {
  readonly proof: 'code' | 'link';
}

/** What was done last, for the page that says so and lets it be undone. */
export interface LastChange {
  readonly kind: 'saved' | 'stopped' | 'lessened' | 'undone' | 'paused' | 'resumed' | 'unchanged';
  readonly at: Instant;
  /** Whether a part was held back, since the texts had changed meanwhile. */
  readonly isPartial: boolean;
  /** How what was changed stood before; empty where nothing can be undone. */
  readonly before: readonly Omit<Wish, 'wasOn'>[];
}

interface SessionState {
  readonly subject: string;
  readonly proved: ProvedContact | null;
  readonly startedAt: Instant;
  readonly last: LastChange | null;
}

export interface Session extends SessionState {
  readonly id: string;
  /** What a form of this session bears. */
  readonly formToken: string;
}

/** For how long the last change can be undone. */
export const undoMs: number = minuteMs;
export const sessionMs: number = dayMs;
const idleMs = 2 * hourMs;
/** A page does not prolong the session again so shortly after another one. */
const renewAfterMs = 5 * minuteMs;

/** Answers what the browser is to keep. */
export async function openSession(
  gate: Gate,
  { subject, proved }: Pick<SessionState, 'subject' | 'proved'>,
): Promise<string> {
  const secret = newSecret();
  const now = gate.clock();
  const state: SessionState = { subject, proved, startedAt: now, last: null };
  const document = draft(idOf(gate, secret), state, now);
  await gate.store.write([{ kind: 'insert', collection: 'portalSessions', document }]);
  return secret;
}

/** Null where there is none, or it is over. */
export async function readSession(gate: Gate, secret: string): Promise<Session | null> {
  const id = idOf(gate, secret);
  const stored = await gate.store.get('portalSessions', id);
  const now = gate.clock();
  const endsAt = Number(stored?.fields['expiresAt'] ?? 0);
  if (stored === null || endsAt <= now) return null;
  const state = JSON.parse(stored.body) as SessionState;
  if (endsAt - now < idleMs - renewAfterMs) {
    const document = draft(id, state, now);
    // Whoever was faster prolonged it, or ended it.
    await gate.store.write([
      {
        kind: 'replace',
        collection: 'portalSessions',
        document,
        expectedRevision: stored.revision,
      },
    ]);
  }
  return { ...state, id, formToken: gate.vault.hash('portal-form', id) };
}

/** Whether a form was made for the session. */
export function bearsToken({ formToken }: Session, given: string): boolean {
  return isSameHash(given, formToken);
}

/** Keeps what was done, for the page that comes next. */
export async function noteChange(gate: Gate, { id }: Session, last: LastChange): Promise<void> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const stored = await gate.store.get('portalSessions', id);
    if (stored === null) return;
    const state = JSON.parse(stored.body) as SessionState;
    const document = draft(id, { ...state, last }, gate.clock());
    const { done } = await gate.store.write([
      {
        kind: 'replace',
        collection: 'portalSessions',
        document,
        expectedRevision: stored.revision,
      },
    ]);
    if (done === 1) return;
  }
}

export async function endSession(gate: Gate, id: string): Promise<void> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const stored = await gate.store.get('portalSessions', id);
    if (stored === null) return;
    const { done } = await gate.store.write([
      { kind: 'delete', collection: 'portalSessions', id, expectedRevision: stored.revision },
    ]);
    if (done === 1) return;
  }
  throw new Error('the session is written again and again, and does not end');
}

const sessionsMax = 1000;

/** Ends every session of a person, on all their browsers. */
export async function endSessionsOf(gate: Gate, subject: string): Promise<void> {
  const { items } = await gate.store.find('portalSessions', {
    index: 'subject',
    where: { subject },
    order: 'ascending',
    limit: sessionsMax,
  });
  for (const { id } of items) await endSession(gate, id);
}

function idOf(gate: Gate, secret: string): string {
  return gate.vault.hash('portal-session', secret);
}

function draft(
  id: string,
  state: SessionState,
  now: Instant,
): { id: string; fields: { expiresAt: Instant; subject: string }; body: string } {
  const expiresAt = Math.min(now + idleMs, state.startedAt + sessionMs);
  return { id, fields: { expiresAt, subject: state.subject }, body: JSON.stringify(state) };
}
