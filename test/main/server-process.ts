/** The program as a person starts it: a process of its own, what it prints, and how it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root: string = fileURLToPath(new URL('../../', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly url: string;
  /** What `export TOKEN=` was printed with; empty where it was not. */
  readonly token: string;
  readonly greeting: string;
  stop(signal?: NodeJS.Signals): Promise<Ended>;
  /** What it logged so far. */
  logged(): string;
  /** Sends a signal that does not end it. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
}

export type Settings = Readonly<Record<string, string>>;

interface Launched {
  readonly child: ChildProcess;
  readonly printed: { stdout: string; stderr: string };
  readonly ended: Promise<Ended>;
}

const startMsMax = 30_000;
const lookEveryMs = 10;
/** Ends the greeting of either mode. */
const greeted = /\/readyz\n(?:[\s\S]*\nCtrl\+C)?/;

function launch(settings: Settings, words: readonly string[]): Launched {
  const command = ['--import', 'tsx/esm', 'src/cli/main.ts', 'serve', ...words];
  const child = spawn(process.execPath, command, {
    cwd: root,
    env: { PATH: process.env['PATH'], PORTEIRO_PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (printed.stdout += String(text)));
  child.stderr.on('data', (text) => (printed.stderr += String(text)));
  const ended = once(child, 'close').then(
    ([code, signal]): Ended => ({ code: code as number, signal: signal as string, ...printed }),
  );
  return { child, printed, ended };
}

/** Starts the server and waits for its greeting; fails with what it said instead. */
export async function startProcess(
  settings: Settings,
  words: readonly string[] = [],
): Promise<Started> {
  const { child, printed, ended } = launch(settings, words);
  const deadline = performance.now() + startMsMax;
  while (!greeted.test(printed.stdout)) {
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill('SIGKILL');
      const { code, stderr } = await ended;
      throw new Error(`no start (${code}): ${stderr}`);
    }
    await delay(lookEveryMs);
  }
  const { stdout } = printed;
  return {
    url: /listens on (http:\S+)/.exec(stdout)?.[1] ?? '',
    token: /^export TOKEN=(\S+)$/m.exec(stdout)?.[1] ?? '',
    greeting: stdout,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
    logged: () => printed.stderr,
    signal: (signal) => {
      child.kill(signal);
    },
  };
}

/** Runs a start that must be refused. */
export async function runRefused(
  settings: Settings,
  words: readonly string[] = [],
): Promise<Ended> {
  const { child, ended } = launch(settings, words);
  const timer = setTimeout(() => child.kill('SIGKILL'), startMsMax);
  try {
    return await ended;
  } finally {
    clearTimeout(timer);
  }
}
