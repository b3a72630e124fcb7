/** People with records of several classes, and runs over them. */
import { dayMs } from '../../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { reportOutcome } from '../../../src/operations/decisions/report-outcome.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import { createRetentionRun } from '../../../src/operations/retention/create-retention-run.ts';
import { getRetentionRun } from '../../../src/operations/retention/get-retention-run.ts';
import { RetentionDesk } from '../../../src/operations/retention/retention-desk.ts';
import type { TestClock } from '../../support/gate.ts';
import {
  ana,
  bodyOf,
  bruno,
  call,
  decide,
  grant,
  idOf,
  makeSubject,
  read,
  withdraw,
} from '../calls.ts';

export interface Retained {
  readonly ana: string;
  /** Of ana, who withdrew. */
  readonly gone: string;
  readonly consent: string;
  readonly bruno: string;
  /** Of bruno, whose consent stands. */
  readonly kept: string;
}

/** The decisions, and what became of that of ana, a month before the test goes on. */
export async function retainedPeople(gate: Gate, clock: TestClock): Promise<Retained> {
  const one = await makeSubject(gate, [ana]);
  const two = await makeSubject(gate, [bruno]);
  const consent = idOf(bodyOf(await grant(gate)));
  bodyOf(await grant(gate, { subject: bruno }));
  const gone = idOf(await decide(gate));
  bodyOf(await reportOutcome(gate, call({ result: 'sent' } as const, { path: { id: gone } })));
  const kept = idOf(await decide(gate, { subject: bruno }));
  clock.advance(1000);
  bodyOf(await withdraw(gate));
  clock.advance(30 * dayMs);
  return { ana: one, gone, consent, bruno: two, kept };
}

export function deskOf(gate: Gate): RetentionDesk {
  let ticks = 0;
  const tell = (fault: unknown): void => {
    throw fault;
  };
  return new RetentionDesk(gate, { ticks: () => (ticks += 1), tell });
}

export async function asked(gate: Gate, dryRun = false, key?: string): Promise<JsonObject> {
  const more = key === undefined ? {} : { key };
  return bodyOf(await createRetentionRun(gate, call({ dryRun }, more)));
}

/** The run, done. */
export async function ran(gate: Gate, dryRun = false): Promise<JsonObject> {
  const id = idOf(await asked(gate, dryRun));
  await deskOf(gate).look();
  return bodyOf(await getRetentionRun(gate, read({ id })));
}
