/**
 * When the next run begins by itself. One document says so for all processes: who moves it on by
 * compare-and-set names the run in it, and whoever looks next makes that run where a crash did not.
 */
import { type Instant, hourMs } from '../../domain/calendar/instant.ts';
import type { Store } from '../../store/port.ts';
import type { Gate } from '../gate.ts';
import { putWrite } from '../put-write.ts';
import { newRun, readRun, retentionRunPrefix, runWrites } from './retention-run.ts';

interface Schedule {
  readonly nextAt: Instant;
  /** The run that was due last; null before the first. */
  readonly run: { readonly id: string; readonly policySet: string; readonly at: Instant } | null;
}

const scheduleId = 'retention-schedule';
const client = 'porteiro';

/** Begins a run where one is due; the first is, `everyHours` after the first look. */
export async function scheduleRetention(gate: Gate, everyHours: number): Promise<void> {
  const { store } = gate;
  const stored = await store.get('settings', scheduleId);
  const known = stored === null ? null : (JSON.parse(stored.body) as Schedule);
  if (known !== null) await makeRun(store, known);
  const now = gate.clock();
  if (known !== null && known.nextAt > now) return;
  const policySet = gate.policies.active().set.digest;
  const run = known === null ? null : { id: gate.newId(retentionRunPrefix), policySet, at: now };
  const next: Schedule = { nextAt: now + everyHours * hourMs, run };
  const document = { id: scheduleId, fields: {}, body: JSON.stringify(next) };
  const { done } = await store.write([putWrite('settings', document, stored?.revision ?? null)]);
  if (done === 1) await makeRun(store, next);
}

async function makeRun(store: Store, { run }: Schedule): Promise<void> {
  if (run === null || (await readRun(store, run.id)) !== null) return;
  const { id, policySet, at: askedAt } = run;
  await store.write(runWrites(newRun({ id, dryRun: false, policySet, client, askedAt })));
}
