/**
 * When a deferred contact may be tried again: the first instant at which pauses, caps and quiet
 * hours all let it through. Each is asked in turn until none moves the instant any further.
 */
import type { Instant } from './instant.ts';
import { binds } from '../instruction.ts';
import { quietHours } from './quiet-hours.ts';
import { capUsesAt, type Situation } from '../situation.ts';

/** Two weeks of alternating caps and closed days settle in far fewer rounds. */
const roundsMax = 100;

/**
 * Null when no such instant is known: a pause without an end, a channel without any permitted hour,
 * an unknown zone.
 */
export function retryAtOf(situation: Situation): Instant | null {
  let at: Instant = situation.at;
  for (let round = 0; round < roundsMax; round += 1) {
    const next = laterOf(situation, at);
    if (next === null) return null;
    if (next === at) return at;
    at = next;
  }
  return null;
}

function laterOf(situation: Situation, at: Instant): Instant | null {
  const unpaused = pauseEnd(situation, at);
  if (unpaused === null) return null;
  const uses = capUsesAt(situation, unpaused);
  if (uses === null) return null;
  const free = uses.reduce((latest, { freeAt }) => Math.max(latest, freeAt), unpaused);
  const { hours, zone, restDays } = situation;
  const quiet = quietHours(hours, zone, free, restDays);
  if (quiet === null || (quiet.quiet && quiet.until === null)) return null;
  return quiet.until ?? free;
}

function pauseEnd({ subject, question }: Situation, at: Instant): Instant | null {
  let end = at;
  for (const each of subject.instructions) {
    if (each.kind !== 'pause' || !binds(each, question, at)) continue;
    if (each.until === null) return null;
    end = Math.max(end, each.until);
  }
  return end;
}
