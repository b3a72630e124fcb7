/**
 * Wiring only: config -> policies and keys -> store -> operations -> app -> listen. Everything that
 * is wrong with the settings, the policies and the keys is said at once, before a store is opened.
 */
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from './config.ts';
import type { Complaint } from './domain/complaint.ts';
import { minuteMs } from './domain/calendar/instant.ts';
import type { PolicySet } from './domain/policy.ts';
import { makeApp } from './http/app.ts';
import { bindOperations } from './http/bound-operations.ts';
import { makeContract } from './http/contract/contract.ts';
import type { Log } from './http/log.ts';
import { listen, type Listening } from './http/server.ts';
import { makeAuthentication } from './http/tokens/authentication.ts';
import { type KeyRing, KeyRingFault, readKeyRing } from './http/tokens/key-ring.ts';
import { ensureLocalJwtKeys } from './http/tokens/local-keys.ts';
import { makeIdSource } from './keys/id-source.ts';
import { ensureKeyFile, KeyFileError, type Keys, readKeyFile } from './keys/key-file.ts';
import { Vault } from './keys/vault.ts';
import { sweepClaims } from './operations/claim.ts';
import type { Gate } from './operations/gate.ts';
import { activatePolicies, digestOf } from './operations/policy-board.ts';
import { checkStoreKeys } from './operations/store-keys.ts';
import { makeSubjectCache } from './operations/subjects/subject-cache.ts';
import { sweepPending } from './operations/subjects/pending-sweep.ts';
import { makeTurns } from './operations/subjects/turns.ts';
import { loadFolder } from './policies/folder.ts';
import { policySet } from './policies/policy-set.ts';
import { loadRules } from './rules/rule-folder.ts';
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

/** What is wrong with the files that settings name, where the settings alone forbid a start. */
export async function complaintsOfFiles(config: Config): Promise<readonly string[]> {
  const complaints: string[] = [];
  await readPolicySet(config, complaints);
  if (config.masterKeyFile !== null) orComplain(complaints, () => readKeys(config));
  if (config.jwtKeysFile !== null) orComplain(complaints, () => readRing(config));
  return complaints;
}

/** Reads everything that a start needs and opens the store; throws StartRefused. */
export async function openGate(config: Config): Promise<{ gate: Gate; ring: KeyRing }> {
  const complaints: string[] = [];
  const set = await readPolicySet(config, complaints);
  const keys = orComplain(complaints, () => readKeys(config));
  const ring = orComplain(complaints, () => readRing(config));
  if (set === null || keys === null || ring === null) throw new StartRefused(complaints);
  if (complaints.length > 0) throw new StartRefused(complaints);
  const store = await openStore(config);
  try {
    const vault = new Vault(keys);
    const misfit = await checkStoreKeys(store, vault);
    if (misfit !== null) {
      throw new StartRefused([`${config.masterKeyFile ?? localKeyPath(config)}: ${misfit}`]);
    }
    const clock = Date.now;
    const newId = makeIdSource(clock);
    const policies = await activatePolicies({ store, clock, newId }, set);
    const cache = makeSubjectCache(cachedSubjectsMax);
    const { publicUrl } = config;
    return {
      ring,
      gate: { store, vault, clock, newId, policies, cache, turns: makeTurns(), publicUrl },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

export async function startServer(
  config: Config,
  opened: { readonly gate: Gate; readonly ring: KeyRing },
  log: Log,
): Promise<Running> {
  const { gate, ring } = opened;
  await sweepPending(gate);
  const app = makeApp({
    operations: bindOperations(gate),
    contract: makeContract(await readFile(new URL('../openapi.yaml', import.meta.url), 'utf8')),
    authentication: makeAuthentication({ ring: () => ring, now: gate.clock }),
    readiness: async () => {
      await gate.store.ping();
      return { status: 'ready', policySet: gate.policies.active().set.digest };
    },
    log,
    https: config.publicUrl.startsWith('https:'),
  });
  const listening = await listen(app.callback(), { host: config.host, port: config.port });
  const sweeping = setInterval(() => void sweep(gate, log), sweepEveryMs).unref();
  const stop = async (): Promise<void> => {
    clearInterval(sweeping);
    await listening.close();
    await gate.store.close();
    await log.close();
  };
  return { gate, listening, ring, stop };
}

/** Finishes what other processes left half done, and forgets claims whose time is over. */
async function sweep(gate: Gate, log: Log): Promise<void> {
  try {
    await sweepPending(gate);
    await sweepClaims(gate);
  } catch (error) {
    log.fault(null, error);
  }
}

async function readPolicySet(config: Config, complaints: string[]): Promise<PolicySet | null> {
  const policies = await loadFolder(config.policiesFolder);
  const rules = await loadRules(config.rulesFolder);
  const found = [...policies.complaints, ...rules.complaints];
  complaints.push(...found.map(sentenceOf));
  if (policies.parts === null || rules.complaints.length > 0) return null;
  const set = policySet(policies.parts, rules.rules, digestOf);
  if (config.mode === 'production') complaints.push(...exampleLeft(config, set));
  return set;
}

const exampleController = 'Loja Exemplo Ltda.';
const exampleDpo = 'privacidade@loja.example';

/** What production must not run with: somebody else's name, and nobody to answer. */
function exampleLeft({ policiesFolder }: Config, { controller }: PolicySet): readonly string[] {
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

function sentenceOf({ path, line, column, message, expected }: Complaint): string {
  return `${path}:${line}:${column} ${message} (expected: ${expected})`;
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

function readKeys(config: Config): Keys {
  const { masterKeyFile, store } = config;
  if (masterKeyFile !== null) return readKeyFile(masterKeyFile);
  const path = localKeyPath(config);
  if (store.kind === 'sqlite' && existsSync(store.path) && !existsSync(path)) {
    throw new KeyFileError(
      `${path} is gone, and ${store.path} cannot be read without it: restore it, or name another ` +
        'PORTEIRO_DATA to begin anew.',
    );
  }
  return ensureKeyFile(path);
}

function localKeyPath({ dataFolder }: Config): string {
  return join(dataFolder, 'keys', 'master-key.json');
}

function readRing(config: Config): KeyRing {
  const path = config.jwtKeysFile ?? ensureLocalJwtKeys(config.dataFolder);
  try {
    return readKeyRing(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof KeyRingFault) {
      throw new KeyRingFault(error.complaints.map((complaint) => `${path}: ${complaint}`));
    }
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new KeyRingFault([`${path} cannot be read (${String(error.code)}).`]);
  }
}

async function openStore(config: Config): Promise<Store> {
  try {
    if (config.store.kind === 'sqlite') return await openSqliteStore({ path: config.store.path });
    // Loaded only where it is used: the driver takes a third of the time of a start.
    const { openMongoStore } = await import('./store/mongo/mongo-store.ts');
    return await openMongoStore({ url: config.store.url.reveal() });
  } catch (error) {
    if (error instanceof StoreFailure) throw new StartRefused([error.message]);
    throw error;
  }
}
