/**
 * Which decision a send rests on where it names none: the latest allow for the person and the
 * channel, of at most a day before, that no other send rests on. A send that was told before rests
 * on the decision that it rested on then.
 */
import type { Instant } from '../../domain/calendar/instant.ts';
import { reportWithinMs } from '../../domain/decision.ts';
import { Problem } from '../../domain/problem.ts';
import {
  isWithin,
  lifeOfReservation,
  type NotedSends,
  placeOfSend,
  type Send,
} from '../../domain/reconciliation/send.ts';
import { type DecisionContent, decisionContent } from '../decisions/decision-view.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import type { ReadRecord } from '../record.ts';
import { idSlackMs, readNewest, wholeStretch } from '../record-stretch.ts';
import { idsOf, requireSubject } from '../subjects/living-subject.ts';
import { recordedAt } from '../subjects/subject-history.ts';
import type { Named } from '../subjects/subject-lookup.ts';
import { contended } from '../subjects/subject-change.ts';
import { readSends, tryNote } from './sends-file.ts';

export interface Wanted {
  readonly named: Named;
  readonly channel: string;
  readonly purpose: string | null;
}

export type Match =
  | { readonly kind: 'allow'; readonly decision: ReadRecord; readonly noted: NotedSends }
  /** The nearest decision, which permitted nothing; null where there was none at all. */
  | { readonly kind: 'none'; readonly decision: ReadRecord | null }
  | { readonly kind: 'nobody' };

/** Decisions about one person, before a send, that are looked at. */
const decisionsMax = 500;
const secondMs = 1000;

export async function matchSend(gate: Gate, wanted: Wanted, send: Send): Promise<Match | Problem> {
  const loaded = await requireSubject(gate, wanted.named);
  if (loaded instanceof Problem) {
    return loaded.code === 'subject-unknown' ? { kind: 'nobody' } : loaded;
  }
  const decisions = await decisionsBefore(gate, idsOf(loaded.file), send.at);
  if (decisions instanceof Problem) return decisions;
  const fitting = decisions.filter((each) => fits(decisionContent(each), wanted));
  const allowed = fitting.filter((each) => decisionContent(each).answer.outcome === 'allow');
  if (allowed.length === 0) return { kind: 'none', decision: fitting[0] ?? null };
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const match = await takeOne(gate, allowed, send);
    if (match !== null) return match;
  }
  return contended();
}

/** The latest first: those in whose life the send lies. */
async function decisionsBefore(
  gate: Gate,
  subjects: readonly string[],
  at: Instant,
): Promise<readonly ReadRecord[] | Problem> {
  const from = at - reportWithinMs - idSlackMs;
  const stretch = { ...wholeStretch('dec_', subjects), from, to: at + secondMs };
  const { items, more } = await readNewest(gate, stretch, decisionsMax);
  if (more) return tooMany();
  return items
    .filter((each) => isWithin(lifeOfReservation(recordedAt(each)), at))
    .toSorted((a, b) => recordedAt(b) - recordedAt(a));
}

function fits({ question }: DecisionContent, { channel, purpose }: Wanted): boolean {
  return (
    question.action === 'send' &&
    question.channel === channel &&
    (purpose === null || question.purpose === purpose)
  );
}

/** Null where somebody else noted a send of the same decision meanwhile. */
async function takeOne(
  gate: Gate,
  allowed: readonly ReadRecord[],
  send: Send,
): Promise<Match | null> {
  const files = await Promise.all(allowed.map(({ id }) => readSends(gate, id)));
  const known = files.findIndex(({ sends }) => placeOfSend(sends, send) >= 0);
  const free = files.findIndex(({ sends }) => sends.length === 0);
  // Where none is free the nearest one was sent by twice.
  const chosen = Math.max(known >= 0 ? known : free, 0);
  const [decision, filed] = [allowed[chosen], files[chosen]];
  if (decision === undefined || filed === undefined) throw new Error('nothing to choose from');
  const noted = await tryNote(gate, filed, send);
  return noted === null ? null : { kind: 'allow', decision, noted };
}

function tooMany(): Problem {
  return new Problem('limit-reached', {
    'pt-BR': `No dia deste envio o titular tem mais de ${decisionsMax} decisões; informe a decisão.`,
    en: `On the day of this send the subject has more than ${decisionsMax} decisions; name the one.`,
  });
}
