/** Carries out retention runs, and begins one whenever it is time. */
import type { Config } from '../config.ts';
import { minuteMs } from '../domain/calendar/instant.ts';
import type { Log } from '../http/log.ts';
import type { Gate } from '../operations/gate.ts';
import { RetentionDesk } from '../operations/retention/retention-desk.ts';
import { scheduleRetention } from '../operations/retention/retention-schedule.ts';

const lookEveryMs = minuteMs;

/** What it answers with saves how far a run came. */
export function startRetention(
  { retentionHours }: Config,
  { gate, log, ticks }: { readonly gate: Gate; readonly log: Log; readonly ticks: () => number },
): () => Promise<void> {
  const tell = (fault: unknown): void => log.fault(null, fault);
  const desk = new RetentionDesk(gate, { ticks, tell });
  desk.watch();
  let underWay: Promise<void> = Promise.resolve();
  const look = (): void => {
    underWay = scheduleRetention(gate, retentionHours).catch(tell);
  };
  if (retentionHours > 0) look();
  const timer = retentionHours > 0 ? setInterval(look, lookEveryMs).unref() : undefined;
  return async () => {
    clearInterval(timer);
    await underWay;
    await desk.stop();
  };
}
