/**
 * One mongod on a free loopback port with its data in a temp folder. A shell stands between it and
 * the tests and reads from a pipe: when the pipe ends, because the tests are done or because they
 * died in whatever way, the shell kills the server and removes the folder.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { connect, createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const startMsMax = 20_000;

const small = [
  ['--wiredTigerCacheSizeGB', '0.25'],
  ['--oplogSize', '64'],
  ['--setParameter', 'diagnosticDataCollectionEnabled=false'],
  ['--setParameter', 'enableTestCommands=1'],
].flat();

const watch = `
"$@" >"$0/log" 2>&1 &
echo $!
cat >/dev/null
kill -9 $! 2>/dev/null
wait
rm -rf "$0"
`;

/** MONGOD_BINARY, else the first mongod on PATH, else null. */
export function findMongod(): string | null {
  const named = process.env['MONGOD_BINARY'];
  if (named !== undefined && named !== '') return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, 'mongod')).find((path) => existsSync(path)) ?? null;
}

export class MongodProcess {
  readonly port: number;
  readonly #binary: string;
  readonly #folder: string;
  readonly #flags: readonly string[];
  #shell: ChildProcess | null = null;
  #pid = 0;

  private constructor(binary: string, port: number, folder: string, flags: readonly string[]) {
    this.#binary = binary;
    this.port = port;
    this.#folder = folder;
    this.#flags = flags;
  }

  /** Resolves when the server takes connections. `flags` are added to those that keep it small. */
  static async start(binary: string, flags: readonly string[] = []): Promise<MongodProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'porteiro-mongod-'));
    const server = new MongodProcess(binary, await freePort(), folder, flags);
    await server.restart();
    return server;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** kill -9: the server has no chance to flush or to step down. */
  kill(): void {
    process.kill(this.#pid, 'SIGKILL');
  }

  /** SIGSTOP and SIGCONT: a server that hangs, its connections open. */
  pause(): void {
    process.kill(this.#pid, 'SIGSTOP');
  }

  resume(): void {
    process.kill(this.#pid, 'SIGCONT');
  }

  /** Starts it again on the same port and data. */
  async restart(): Promise<void> {
    await this.#end({ keep: true });
    const place = ['--port', String(this.port), '--bind_ip', '127.0.0.1', '--dbpath', this.#folder];
    const command = [this.#binary, ...place, ...small, ...this.#flags];
    const shell = spawn('sh', ['-c', watch, this.#folder, ...command], {
      stdio: ['pipe', 'pipe', 'ignore'],
      // Out of the terminal's group: an interrupt reaches it through the pipe, never half-way.
      detached: true,
    });
    this.#shell = shell;
    this.#pid = await firstNumber(shell);
    shell.unref();
    await this.#listening();
  }

  /** Kills the server and removes its data. */
  async stop(): Promise<void> {
    await this.#end({ keep: false });
  }

  async #end({ keep }: { keep: boolean }): Promise<void> {
    const shell = this.#shell;
    if (shell === null) return;
    this.#shell = null;
    shell.ref();
    const exited = once(shell, 'exit');
    if (keep) {
      // Without its shell nothing removes the folder.
      shell.kill('SIGKILL');
      kill(this.#pid);
    }
    shell.stdin?.end();
    await exited;
    while (keep && isAlive(this.#pid)) await delay(10);
  }

  async #listening(): Promise<void> {
    const deadline = performance.now() + startMsMax;
    while (!(await accepts(this.port))) {
      if (!isAlive(this.#pid) || performance.now() > deadline) {
        const log = readFileSync(join(this.#folder, 'log'), 'utf8');
        await this.stop();
        throw new Error(`mongod did not start:\n${log.slice(-2000)}`);
      }
      await delay(10);
    }
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is dead already, which is what was wanted.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A killed server whose parent has not looked at it yet still has its number.
  return !/\) Z /.test(statusOf(pid));
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

function firstNumber(shell: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    shell.once('error', reject);
    shell.stdout?.once('data', (line) => {
      // The pipes alone must not keep the test process alive.
      shell.stdout?.destroy();
      if (shell.stdin instanceof Socket) shell.stdin.unref();
      resolve(Number(String(line)));
    });
  });
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
