/** The processes of a benchmark. None outlives the benchmark, however that ends. */
import { type ChildProcess, fork, type Serializable, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const children = new Set<ChildProcess>();

process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => process.exit(130));
}

function keep(child: ChildProcess): ChildProcess {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** A TypeScript file of bench in a process of its own, which is spoken to by messages. */
export function forkChild(file: URL): ChildProcess {
  return keep(fork(fileURLToPath(file), { execArgv: ['--import', 'tsx/esm'] }));
}

export interface SpawnOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** File descriptor that takes standard error. */
  readonly errors: number;
}

export function spawnChild(
  command: readonly string[],
  { environment, errors }: SpawnOptions,
): ChildProcess {
  const [program = '', ...parameters] = command;
  return keep(spawn(program, parameters, { env: environment, stdio: ['ignore', 'pipe', errors] }));
}

/** The next message of a child; rejects where it ends without one. */
export function messageOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      child.off('message', take).off('exit', lose).off('error', reject);
    };
    const take = (message: Serializable): void => {
      settle();
      resolve(message);
    };
    const lose = (code: number | null): void => {
      settle();
      reject(new Error(`${child.spawnfile} ended with ${code ?? 'a signal'}`));
    };
    child.once('message', take).once('exit', lose).once('error', reject);
  });
}

export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
