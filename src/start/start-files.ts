/** Reads the files that settings name, and says everything that is wrong with them at once. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { complaintText } from '../domain/complaint.ts';
import type { RegistryLists } from '../domain/guards/registry.ts';
import { localJwtKeysPath } from '../http/tokens/local-keys.ts';
import { openRingFile, type RingFile } from '../http/tokens/ring-file.ts';
import { readPhone } from '../identity/phone.ts';
import { isInputError } from '../identity/reference.ts';
import { type AnchorFile, openAnchorFile } from '../keys/anchor-file.ts';
import { type ErasureLog, readErasureLog } from '../keys/erasure-log.ts';
import { KeyFileError, type Keys } from '../keys/key-file.ts';
import { type LedgerKeys, readLedgerKeys } from '../keys/ledger-keys.ts';
import { Vault } from '../keys/vault.ts';
import type { FolderSet } from '../operations/policy-sets/open-policies.ts';
import { loadSet } from '../operations/policy-sets/set-files.ts';
import { type ListsReading, loadRegistryLists } from '../policies/registers/registry-list.ts';
import {
  erasureLogPath,
  keySourceOf,
  localKeyPath,
  localLedgerPath,
  localPermitPath,
} from './local-keys.ts';
import { openPermitFile, type PermitFile } from './permit-file.ts';
import { orComplain } from './refusal.ts';

/** What is wrong with the files that settings name, where the settings alone forbid a start. */
export async function complaintsOfFiles(config: Config): Promise<readonly string[]> {
  return (await readFiles(config)).complaints;
}

export interface StartFiles {
  readonly complaints: readonly string[];
  readonly folder: FolderSet | null;
  /** Null where local mode has yet to make the file, or where there are complaints of it. */
  readonly keys: Keys | null;
  /** Null where there is no key yet to look numbers up by. */
  readonly lists: RegistryLists | null;
  readonly ringFile: RingFile | null;
  readonly permitFile: PermitFile | null;
  readonly ledgerKeys: LedgerKeys | null;
  /** Null where there are complaints of it. */
  readonly erasureLog: ErasureLog | null;
  /** Null where none is wanted, or there are complaints of it. */
  readonly anchorFile: AnchorFile | null;
}

/** Changes nothing, so that a refused start leaves nothing behind. */
export async function readFiles(config: Config): Promise<StartFiles> {
  const complaints: string[] = [];
  const folder = await readFolder(config, complaints);
  const ringPath = existingPath(config.jwtKeysFile, localJwtKeysPath(config.dataFolder));
  const permitPath = existingPath(config.permitKeysFile, localPermitPath(config));
  const isMade = config.masterKey !== null || existsSync(localKeyPath(config));
  const keys = isMade ? await readKeys(config, complaints) : null;
  const set = folder?.set ?? null;
  const read = set === null ? null : await readLists(config, set, keys && new Vault(keys));
  complaints.push(...(read?.complaints ?? []).map(complaintText));
  const lists = keys === null ? null : (read?.lists ?? null);
  const ringFile = ringPath === null ? null : orComplain(complaints, () => openRingFile(ringPath));
  const permitFile =
    permitPath === null ? null : orComplain(complaints, () => openPermitFile(permitPath));
  const ledgerPath = existingPath(config.ledgerKeysFile, localLedgerPath(config));
  const ledgerKeys =
    ledgerPath === null ? null : orComplain(complaints, () => readLedgerKeys(ledgerPath));
  const erasureLog = orComplain(complaints, () => readErasureLog(erasureLogPath(config)));
  const anchorPath = config.anchors.file;
  const anchorFile =
    anchorPath === null ? null : orComplain(complaints, () => openAnchorFile(anchorPath));
  const own = { ringFile, permitFile, ledgerKeys, erasureLog, anchorFile };
  return { complaints, folder, keys, lists, ...own };
}

async function readKeys(config: Config, complaints: string[]): Promise<Keys | null> {
  try {
    return await keySourceOf(config).read();
  } catch (error) {
    if (!(error instanceof KeyFileError)) throw error;
    complaints.push(error.message);
    return null;
  }
}

function existingPath(stated: string | null, local: string | null): string | null {
  return stated ?? (local !== null && existsSync(local) ? local : null);
}

async function readFolder(config: Config, complaints: string[]): Promise<FolderSet | null> {
  const folders = { policies: config.policiesFolder, rules: config.rulesFolder };
  const { set, files, cases, findings, complaints: found } = await loadSet(folders);
  complaints.push(...found.map(complaintText));
  if (set === null) return null;
  if (config.mode === 'production') complaints.push(...exampleLeft(config, set));
  return { set, files, cases, findings };
}

/** Without a key, as before the first start, numbers are looked at and found nowhere. */
export function readLists(
  { policiesFolder }: Config,
  { registries }: FolderSet['set'],
  vault: Vault | null,
): Promise<ListsReading> {
  return loadRegistryLists(policiesFolder, registries, (written) => {
    const number = readPhone(written);
    if (isInputError(number)) return null;
    return vault === null ? '' : vault.hash(number.kind, number.value);
  });
}

const exampleController = 'Loja Exemplo Ltda.';
const exampleDpo = 'privacidade@loja.example';

/** What production must not run with: somebody else's name, and nobody to answer. */
function exampleLeft(
  { policiesFolder }: Config,
  { controller }: FolderSet['set'],
): readonly string[] {
  const path = join(policiesFolder, 'controller.yaml');
  const left: string[] = [];
  if (controller.name === exampleController) {
    left.push(`${path}: "name" is still the example's: state the controller (LGPD art. 5, VI).`);
  }
  if (controller.dpo.contact === exampleDpo) {
    left.push(`${path}: "dpo" is still the example's: state the encarregado (LGPD art. 41).`);
  }
  return left;
}
