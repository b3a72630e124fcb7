/**
 * Wiring only: config -> port -> policies and keys -> store -> operations -> app. Everything that
 * is wrong with the policies and the keys is said at once, before a store is opened.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from './config.ts';
import { complaintText } from './domain/complaint.ts';
import { minuteMs } from './domain/calendar/instant.ts';
import type { RegistryLists } from './domain/guards/registry.ts';
import { makeApp } from './http/app.ts';
import { bindOperations } from './http/bound-operations.ts';
import { makeContract } from './http/contract/contract.ts';
import type { Log } from './http/log.ts';
import type { Listening, TakenPort } from './http/server.ts';
import { makeAuthentication } from './http/tokens/authentication.ts';
import { type KeyRing, KeyRingFault } from './http/tokens/key-ring.ts';
import { ensureLocalJwtKeys, localJwtKeysPath } from './http/tokens/local-keys.ts';
import { RingFile } from './http/tokens/ring-file.ts';
import { readPhone } from './identity/phone.ts';
import { isInputError } from './identity/reference.ts';
import { makeIdSource } from './keys/id-source.ts';
import { ensureKeyFile, KeyFileError, type Keys, readKeyFile } from './keys/key-file.ts';
import { ensurePermitKeys, type PermitKeys, readPermitKeys } from './keys/permit-keys.ts';
import { Vault } from './keys/vault.ts';
import { sweepClaims } from './operations/claim.ts';
import { sweepContentReviews } from './operations/content-reviews/sweep-content-reviews.ts';
import { clockSkewMs, type Gate } from './operations/gate.ts';
import type { PolicyBoard } from './operations/policy-board.ts';
import type { Sharing } from './operations/policy-sets/activation.ts';
import {
  type FolderSet,
  isFolderLoaded,
  loadFolderSet,
  openBoard,
  type PolicyPorts,
  sweepPolicies,
  undeclaredChanges,
} from './operations/policy-sets/open-policies.ts';
import { makeSetReader } from './operations/policy-sets/set-reader.ts';
import { isGreen, loadSet } from './operations/policy-sets/set-files.ts';
import { checkStoreKeys, hasNotedKeys } from './operations/store-keys.ts';
import { makeSubjectCache } from './operations/subjects/subject-cache.ts';
import { sweepPending } from './operations/subjects/pending-sweep.ts';
import { makeTurns } from './operations/subjects/turns.ts';
import { type ListsReading, loadRegistryLists } from './policies/registers/registry-list.ts';
import { type Store, StoreFailure } from './store/port.ts';
import { openSqliteStore } from './store/sqlite/open.ts';

/** Why there is no server: sentences for the person who starts it. */
export class StartRefused extends Error {
  readonly complaints: readonly string[];
  constructor(complaints: readonly string[]) {
    super(complaints.join('\n'));
    this.name = 'StartRefused';
    this.complaints = complaints;
  }
}

export interface Running {
  readonly gate: Gate;
  readonly listening: Listening;
  readonly ring: KeyRing;
  /** Finishes what is under way, then releases everything. */
  readonly stop: () => Promise<void>;
}

const cachedSubjectsMax = 20_000;
const sweepEveryMs = minuteMs;
/** A key that was taken out is good for so long after it. */
const lookEveryMs = 2000;
/** How old a process's reading of the policies may be; an activation waits for so long. */
const policyLeaseMs = 3000;

/** What is wrong with the files that settings name, where the settings alone forbid a start. */
export async function complaintsOfFiles(config: Config): Promise<readonly string[]> {
  return (await readFiles(config)).complaints;
}

export interface Opened {
  readonly gate: Gate;
  readonly ringFile: RingFile;
  readonly policies: OpenedPolicies;
}

interface OpenedPolicies {
  readonly board: PolicyBoard;
  readonly folder: 'unchanged' | 'activated';
  /** What whoever runs it should know, in sentences. */
  readonly warnings: readonly string[];
  /** It is read from the start on, also before there is a log to tell of it. */
  readonly stopWatching: () => void;
}

/**
 * Reads everything that a start needs and opens the store; throws StartRefused. `address` is where
 * it listens, for links where no public address is stated.
 */
export async function openGate(config: Config, address: string): Promise<Opened> {
  const { complaints, folder, keys, lists, ringFile, permits } = await readFiles(config);
  if (folder === null || complaints.length > 0) throw new StartRefused(complaints);
  const store = await openStore(config);
  try {
    const vault = new Vault(keys ?? (await makeKeys(config, store)));
    const registryLists = lists ?? (await readLists(config, folder.set, vault)).lists;
    const misfit = await checkStoreKeys(store, vault);
    if (misfit !== null) {
      throw new StartRefused([`${config.masterKeyFile ?? localKeyPath(config)}: ${misfit}`]);
    }
    const clock = Date.now;
    const newId = makeIdSource(clock);
    const ticks = (): number => performance.now();
    const ports = { store, clock, newId, ticks, sleep, sharing: sharingOf(config) };
    const policies = await openPolicies(config, ports, folder);
    const cache = makeSubjectCache(cachedSubjectsMax);
    const publicUrl = config.publicUrl ?? address;
    return {
      ringFile: ringFile ?? makeRing(config),
      policies,
      gate: {
        store,
        vault,
        clock,
        newId,
        policies: policies.board,
        readSet: makeSetReader(),
        cache,
        turns: makeTurns(),
        registryLists,
        publicUrl,
        permits: permits ?? makePermitKeys(config),
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The SQLite file has one process; on MongoDB there may be others. */
function sharingOf({ store }: Config): Sharing | null {
  return store.kind === 'sqlite' ? null : { leaseMs: policyLeaseMs, skewMs: clockSkewMs };
}

async function openPolicies(
  { mode, policiesFolder }: Config,
  ports: PolicyPorts,
  given: FolderSet,
): Promise<OpenedPolicies> {
  const board = await openBoard(ports);
  const isLoaded = await isFolderLoaded(ports.store, given.set);
  const warnings = (isLoaded ? [] : undeclaredChanges(board, given.set)).map(
    ({ purpose, text }) => `${join(policiesFolder, 'purposes', `${purpose}.yaml`)}: ${text.en}`,
  );
  if (mode === 'production' && warnings.length > 0) throw new StartRefused(warnings);
  const { faults } = given.cases;
  if (!isGreen(given.cases)) warnings.push(...faults.map(complaintText));
  const folder = await loadFolderSet(ports, board, given);
  await board.refresh();
  return { board, folder, warnings, stopWatching: board.watch(() => undefined) };
}

/** Says which policies are in force, and that the folder does not decide it where it does not. */
function tellPolicies({ board, folder, warnings }: OpenedPolicies, log: Log): void {
  const { source = 'folder' } = board.activations.at(-1) ?? {};
  const policySet = board.active().set.digest;
  log.event('info', 'policies in force', { policySet, source, folder });
  if (warnings.length > 0) log.event('warn', 'policies to look at', { warnings });
}

function watchPolicies({ board, stopWatching }: OpenedPolicies, log: Log): () => void {
  stopWatching();
  return board.watch((fault) => {
    if (fault === null) log.event('info', 'policies read again');
    else log.fault(null, fault);
  });
}

export async function startServer(
  config: Config,
  opened: Opened,
  port: TakenPort,
  log: Log,
): Promise<Running> {
  const { gate, ringFile, policies } = opened;
  await sweepPending(gate);
  tellPolicies(policies, log);
  const stopWatching = watchPolicies(policies, log);
  const app = makeApp({
    operations: bindOperations(gate),
    contract: makeContract(await readFile(new URL('../openapi.yaml', import.meta.url), 'utf8')),
    authentication: makeAuthentication({ ring: () => ringFile.ring, now: gate.clock }),
    readiness: async () => {
      await gate.store.ping();
      return { status: 'ready', policySet: gate.policies.active().set.digest };
    },
    log,
    limits: config.rateLimits,
    https: gate.publicUrl.startsWith('https:'),
  });
  port.serve(app.callback());
  const sweeping = setInterval(() => void sweep(gate, log), sweepEveryMs).unref();
  const looking = setInterval(() => void ringFile.look(log), lookEveryMs).unref();
  const stop = async (): Promise<void> => {
    clearInterval(sweeping);
    clearInterval(looking);
    stopWatching();
    await port.close();
    await gate.store.close();
    await log.close();
  };
  return { gate, listening: port, ring: ringFile.ring, stop };
}

/** Finishes what other processes left half done, and forgets claims whose time is over. */
async function sweep(gate: Gate, log: Log): Promise<void> {
  try {
    await sweepPending(gate);
    await sweepPolicies(gate.store);
    await sweepClaims(gate);
    await sweepContentReviews(gate);
  } catch (error) {
    log.fault(null, error);
  }
}

interface StartFiles {
  readonly complaints: readonly string[];
  readonly folder: FolderSet | null;
  /** Null where local mode has yet to make the file, or where there are complaints of it. */
  readonly keys: Keys | null;
  /** Null where there is no key yet to look numbers up by. */
  readonly lists: RegistryLists | null;
  readonly ringFile: RingFile | null;
  readonly permits: PermitKeys | null;
}

/** Changes nothing, so that a refused start leaves nothing behind. */
async function readFiles(config: Config): Promise<StartFiles> {
  const complaints: string[] = [];
  const folder = await readFolder(config, complaints);
  const keyPath = existingPath(config.masterKeyFile, localKeyPath(config));
  const ringPath = existingPath(config.jwtKeysFile, localJwtKeysPath(config.dataFolder));
  const permitPath = existingPath(config.permitKeysFile, localPermitPath(config));
  const keys = keyPath === null ? null : orComplain(complaints, () => readKeyFile(keyPath));
  const set = folder?.set ?? null;
  const read = set === null ? null : await readLists(config, set, keys && new Vault(keys));
  complaints.push(...(read?.complaints ?? []).map(complaintText));
  const lists = keys === null ? null : (read?.lists ?? null);
  const ringFile = ringPath === null ? null : orComplain(complaints, () => new RingFile(ringPath));
  const permits =
    permitPath === null ? null : orComplain(complaints, () => readPermitKeys(permitPath));
  return { complaints, folder, keys, lists, ringFile, permits };
}

function existingPath(stated: string | null, local: string | null): string | null {
  return stated ?? (local !== null && existsSync(local) ? local : null);
}

async function readFolder(config: Config, complaints: string[]): Promise<FolderSet | null> {
  const folders = { policies: config.policiesFolder, rules: config.rulesFolder };
  const { set, files, cases, complaints: found } = await loadSet(folders);
  complaints.push(...found.map(complaintText));
  if (set === null) return null;
  if (config.mode === 'production') complaints.push(...exampleLeft(config, set));
  return { set, files, cases };
}

/** Without a key, as before the first start, numbers are looked at and found nowhere. */
function readLists(
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

/** Null, and complaints, where reading fails in a way that a person can mend. */
function orComplain<T>(complaints: string[], read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof KeyRingFault) complaints.push(...error.complaints);
    else if (error instanceof KeyFileError) complaints.push(error.message);
    else if (error instanceof Error && 'code' in error) complaints.push(error.message);
    else throw error;
    return null;
  }
}

/**
 * The keys of local mode, made once the store is open: most refusals come before. Killed in
 * between, it leaves a store that no keys were noted in, and the next start makes them.
 */
async function makeKeys(config: Config, store: Store): Promise<Keys> {
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

function makeRing({ dataFolder }: Config): RingFile {
  return made(() => new RingFile(ensureLocalJwtKeys(dataFolder)));
}

function makePermitKeys(config: Config): PermitKeys | null {
  const path = localPermitPath(config);
  return path === null ? null : made(() => ensurePermitKeys(path));
}

/** What was made, or the refusal of the start. */
function made<T>(make: () => T): T {
  const complaints: string[] = [];
  const value = orComplain(complaints, make);
  if (value === null) throw new StartRefused(complaints);
  return value;
}

/** Where local mode keeps the key file. */
export function localKeyPath({ dataFolder }: Config): string {
  return join(dataFolder, 'keys', 'master-key.json');
}

/** Null in production, where nothing is made. */
function localPermitPath({ mode, dataFolder }: Config): string | null {
  return mode === 'local' ? join(dataFolder, 'keys', 'permit-keys.json') : null;
}

async function openStore(config: Config): Promise<Store> {
  try {
    if (config.store.kind === 'sqlite') {
      const folder = resolve(dirname(config.store.path));
      const own = config.mode === 'local' && folder === resolve(config.dataFolder);
      if (own) made(() => mkdirSync(folder, { recursive: true, mode: 0o700 }));
      return await openSqliteStore({ path: config.store.path });
    }
    // Loaded only where it is used: the driver takes a third of the time of a start.
    const { openMongoStore } = await import('./store/mongo/mongo-store.ts');
    return await openMongoStore({ url: config.store.url.reveal() });
  } catch (error) {
    if (error instanceof StoreFailure) throw new StartRefused([error.message]);
    throw error;
  }
}
