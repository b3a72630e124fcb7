/** How much memory a process holds while something goes on, as /proc tells it. */
import { readFileSync } from 'node:fs';

export interface MemorySeen {
  /** Megabytes that were resident at most, in each third of the time; null without /proc. */
  readonly thirds: readonly number[] | null;
}

const sampleMs = 100;

function residentMegabytes(pid: number): number | null {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  } catch {
    return null;
  }
}

export async function watchMemory<T>(
  pid: number,
  work: () => Promise<T>,
): Promise<{ readonly made: T; readonly memory: MemorySeen }> {
  const samples: number[] = [];
  const sample = (): void => {
    const now = residentMegabytes(pid);
    if (now !== null) samples.push(now);
  };
  const timer = setInterval(sample, sampleMs);
  try {
    sample();
    const made = await work();
    sample();
    return { made, memory: { thirds: samples.length === 0 ? null : peaksOf(samples) } };
  } finally {
    clearInterval(timer);
  }
}

function peaksOf(samples: readonly number[]): readonly number[] {
  const third = Math.ceil(samples.length / 3);
  return [0, 1, 2].map((part) => Math.max(...samples.slice(part * third, (part + 1) * third), 0));
}
