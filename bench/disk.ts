/** What the disk itself takes for the smallest thing that is durable. */
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './report.ts';

const times = 200;
const page: Buffer = Buffer.alloc(4096, 1);

/** Median of appending one page and waiting until it is on the disk, in microseconds. */
export function fdatasyncMicros(folder: string): number {
  const path = join(folder, 'fdatasync-probe');
  const file = openSync(path, 'w');
  try {
    const taken = Array.from({ length: times }, () => {
      const startedAt = performance.now();
      writeSync(file, page);
      fdatasyncSync(file);
      return (performance.now() - startedAt) * 1000;
    });
    return median(taken);
  } finally {
    closeSync(file);
    rmSync(path);
  }
}
