/** Counts the syncs that decisions wait for, as the kernel sees them, where strace is installed. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AskingOrder } from '../load/asking.ts';
import type { LoadClient } from '../load/load-client.ts';
import { type GateHome, serveGate } from './served-gate.ts';

/** Syncs of the main thread: those of the checkpoint thread are in nobody's way. */
function syncsOf(pid: number, tracePath: string): number {
  const lines = readFileSync(tracePath, 'utf8').split('\n');
  return lines.filter((line) => line.startsWith(`${pid} `) && line.includes('sync(')).length;
}

/**
 * Decisions for one sync, in a round of its own: tracing slows each sync, so its other figures
 * count for nothing. Null without strace, or where it is not permitted.
 */
export async function decisionsPerSync(
  home: GateHome,
  client: LoadClient,
  order: Omit<AskingOrder, 'port' | 'token'>,
): Promise<number | null> {
  if (spawnSync('strace', ['--seccomp-bpf', '-f', 'true']).status !== 0) return null;
  const tracePath = join(home.folder, 'syncs');
  const filter = ['-e', 'trace=fsync,fdatasync', '-o', tracePath];
  // -D: strace stays in the background, and the process that we start is the server itself.
  const under = ['strace', '-D', '--seccomp-bpf', '-f', ...filter];
  const gate = await serveGate(home, { under });
  const before = syncsOf(gate.pid, tracePath);
  const { asked } = await client.measure(gate.pid, {
    ...order,
    port: gate.port,
    token: gate.token,
  });
  await gate.stop();
  const syncs = syncsOf(gate.pid, tracePath) - before;
  return syncs === 0 ? null : asked / syncs;
}
