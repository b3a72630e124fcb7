/** A command as a person runs it: a process of its own, under the settings and nothing else. */
import { spawn, spawnSync } from 'node:child_process';
import { root, type Settings } from './server-process.ts';

export interface Told {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const commandMsMax = 60_000;

export function porteiro(words: readonly string[], settings: Settings): Told {
  return spawnSync(process.execPath, commandOf(words), {
    cwd: root,
    env: environmentOf(settings),
    encoding: 'utf8',
    timeout: commandMsMax,
  });
}

/** The same without holding up the caller, who goes on asking a server meanwhile. */
export function porteiroBeside(words: readonly string[], settings: Settings): Promise<Told> {
  const child = spawn(process.execPath, commandOf(words), {
    cwd: root,
    env: environmentOf(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: commandMsMax,
  });
  const told = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (told.stdout += String(text)));
  child.stderr.on('data', (text) => (told.stderr += String(text)));
  return new Promise((resolve) => {
    child.once('close', (status) => resolve({ status, ...told }));
  });
}

function commandOf(words: readonly string[]): readonly string[] {
  return ['--import', 'tsx/esm', 'src/cli/main.ts', ...words];
}

function environmentOf(settings: Settings): Settings {
  return { PATH: process.env['PATH'] ?? '', ...settings };
}
