/** The keys that local mode makes by itself; production names all of its own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { ensureLocalJwtKeys } from '../http/tokens/local-keys.ts';
import { openRingFile, type RingFile } from '../http/tokens/ring-file.ts';
import { ensureKeyFile, type Keys } from '../keys/key-file.ts';
import {
  keysByCommand,
  keysInEnvironment,
  keysInFile,
  type MasterKeySource,
} from '../keys/master-keys.ts';
import { ensurePermitKeys } from '../keys/permit-keys.ts';
import { hasNotedKeys } from '../operations/keys/store-keys.ts';
import type { Store } from '../store/port.ts';
import { openPermitFile, type PermitFile } from './permit-file.ts';
import { made, StartRefused } from './refusal.ts';

/**
 * The keys of local mode, made once the store is open: most refusals come before. Killed in
 * between, it leaves a store that no keys were noted in, and the next start makes them.
 */
export async function makeKeys(config: Config, store: Store): Promise<Keys> {
  const path = localKeyPath(config);
  // In this order: a process that started at the same time makes its file before it notes its keys.
  if ((await hasNotedKeys(store)) && !existsSync(path)) {
    const stored = config.store.kind === 'sqlite' ? config.store.path : 'the database';
    throw new StartRefused([
      `${path} is gone, and ${stored} cannot be read without it: restore it, or name another ` +
        'PORTEIRO_DATA and PORTEIRO_STORE to begin anew.',
    ]);
  }
  return made(() => ensureKeyFile(path));
}

export function makeRing({ dataFolder }: Config): RingFile {
  return made(() => openRingFile(ensureLocalJwtKeys(dataFolder)));
}

export function makePermitFile(config: Config): PermitFile | null {
  const path = localPermitPath(config);
  if (path === null) return null;
  made(() => ensurePermitKeys(path));
  return made(() => openPermitFile(path));
}

/** Where the master keys come from, by the settings. */
export function keySourceOf(config: Config): MasterKeySource {
  const { masterKey } = config;
  switch (masterKey?.kind) {
    case 'environment':
      return keysInEnvironment('PORTEIRO_MASTER_KEY', () => masterKey.text.reveal());
    case 'command':
      return keysByCommand('PORTEIRO_MASTER_KEY_COMMAND', masterKey.command);
    case 'file':
      return keysInFile(masterKey.path);
    case undefined:
      return keysInFile(localKeyPath(config));
  }
}

/** Where local mode keeps the key file. */
export function localKeyPath({ dataFolder }: Config): string {
  return join(dataFolder, 'keys', 'master-key.json');
}

export function erasureLogPath({ dataFolder, erasureLogFile }: Config): string {
  return erasureLogFile ?? join(dataFolder, 'keys', 'erasures.ndjson');
}

/** Null in production, where nothing is made. */
export function localPermitPath({ mode, dataFolder }: Config): string | null {
  return mode === 'local' ? join(dataFolder, 'keys', 'permit-keys.json') : null;
}

export function localLedgerPath({ dataFolder }: Config): string {
  return join(dataFolder, 'keys', 'ledger-keys.json');
}
