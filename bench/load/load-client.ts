/** Runs rounds of load against a server, and watches what the server spends meanwhile. */
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { forkChild, messageOf, stopChild } from '../children.ts';
import type { AskingOrder, AskingResult } from './asking.ts';

export interface Measured extends AskingResult {
  readonly perSecond: number;
  /** Of all threads of the server, for one request; null where the system does not tell. */
  readonly serverMicros: number | null;
}

/** Ticks of /proc, which Linux promises to be hundredths of a second on every machine we run on. */
const tickMicros = 10_000;

/** Processor time of a process so far, user and system, all threads. */
function processorMicros(pid: number): number | null {
  try {
    return microsIn(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}

/** User and system time in a line of `stat`, of a process or of a thread. */
export function microsIn(stat: string): number {
  // The name before the last parenthesis may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMicros;
}

export class LoadClient {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = forkChild(new URL('./asking.ts', import.meta.url));
  }

  async measure(pid: number, order: AskingOrder): Promise<Measured> {
    const warm = messageOf(this.#child);
    this.#child.send(order);
    await warm;
    const before = processorMicros(pid);
    const result = (await messageOf(this.#child)) as AskingResult;
    const after = processorMicros(pid);
    if (result.fault !== null) throw new Error(`while asking: ${result.fault}`);
    const spent = before === null || after === null ? null : after - before;
    return {
      ...result,
      perSecond: result.answered / result.seconds,
      serverMicros: spent === null ? null : spent / result.answered,
    };
  }

  async stop(): Promise<void> {
    await stopChild(this.#child);
  }
}
