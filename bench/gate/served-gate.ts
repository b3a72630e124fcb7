/** The gate as it ships: the built `porteiro serve` with a store and keys of its own. */
import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forkChild, messageOf, spawnChild, stopChild } from '../children.ts';
import { copyRoomyPolicies } from './roomy-policies.ts';
import type { SeedOrder, Seeded } from './seed.ts';

const entry = 'dist/cli/main.js';
const startMsMax = 30_000;

/** Where a gate keeps everything, and by which settings it finds it. */
export interface GateHome {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface ServedGate {
  readonly port: number;
  readonly pid: number;
  readonly token: string;
  readonly stop: () => Promise<void>;
}

/** With `store` the address of a MongoDB database, otherwise SQLite in the folder. */
export function makeHome(store: string | null = null): GateHome {
  const folder = mkdtempSync(join(tmpdir(), 'porteiro-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const policies = join(folder, 'policies');
  copyRoomyPolicies(policies);
  const environment = {
    PORTEIRO_MODE: 'local',
    PORTEIRO_PORT: '0',
    PORTEIRO_DATA: folder,
    PORTEIRO_POLICIES: policies,
    ...(store === null ? {} : { PORTEIRO_STORE: store }),
  };
  return { folder, environment };
}

/** Puts people 0 to `people` - 1 into the store of a home that no server has open. */
export async function seedHome(home: GateHome, people: number): Promise<Seeded> {
  const child = forkChild(new URL('./seed.ts', import.meta.url));
  const order: SeedOrder = { environment: home.environment, people };
  child.send(order);
  return (await messageOf(child)) as Seeded;
}

export interface ServeOptions {
  /** What Node itself is told, such as `--cpu-prof`. */
  readonly nodeFlags?: readonly string[];
  /** A command that the server is started by, such as `strace`. */
  readonly under?: readonly string[];
}

/** What the greeting of a local start tells whoever reads it. */
function greeting(child: ChildProcess, logPath: string): Promise<{ port: number; token: string }> {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (): void => {
      reject(new Error(`the gate did not start:\n${text}${readFileSync(logPath, 'utf8')}`));
    };
    const timer = setTimeout(fail, startMsMax);
    child.once('error', reject).once('exit', fail);
    child.stdout?.on('data', (chunk) => {
      text += String(chunk);
      const port = /listens on \S*http:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      const token = /export TOKEN=(\S+)\n/.exec(text)?.[1];
      if (port === undefined || token === undefined) return;
      clearTimeout(timer);
      child.off('exit', fail);
      resolve({ port: Number(port), token });
    });
  });
}

export async function serveGate(home: GateHome, options: ServeOptions = {}): Promise<ServedGate> {
  const logPath = join(home.folder, 'log');
  const errors = openSync(logPath, 'a');
  const node = [process.execPath, '--enable-source-maps', ...(options.nodeFlags ?? [])];
  const command = [...(options.under ?? []), ...node, entry, 'serve', '--empty'];
  const environment = { ...process.env, ...home.environment, NO_COLOR: '1' };
  const child = spawnChild(command, { environment, errors });
  closeSync(errors);
  const { port, token } = await greeting(child, logPath);
  return { port, pid: child.pid ?? 0, token, stop: () => stopChild(child) };
}
