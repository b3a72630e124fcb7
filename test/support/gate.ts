/**
 * A gate for tests: the shipped policies and rules, keys that never change, a clock that the test
 * moves and ids that repeat. Two gates over one store and one clock are two processes.
 */
import { createSecretKey, type KeyObject } from 'node:crypto';
import { type Instant } from '../../src/domain/calendar/instant.ts';
import type { RegistryLists } from '../../src/domain/guards/registry.ts';
import type { PolicySet } from '../../src/domain/policy.ts';
import type { Rule } from '../../src/domain/rule.ts';
import type { ErasureLog, NotedErasure } from '../../src/keys/erasure-log.ts';
import type { Keys } from '../../src/keys/key-file.ts';
import type { NewId } from '../../src/keys/id-source.ts';
import { Vault } from '../../src/keys/vault.ts';
import type { Audience } from '../../src/operations/audience/audience.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { liveKeys } from '../../src/operations/keys/live-keys.ts';
import { digestOf, PolicyBoard } from '../../src/operations/policy-board.ts';
import { activate, type Sharing } from '../../src/operations/policy-sets/activation.ts';
import { fileSet } from '../../src/operations/policy-sets/filed-set.ts';
import { type CaseResult, readSet } from '../../src/operations/policy-sets/set-files.ts';
import { ShadowDesk } from '../../src/operations/shadows/shadow-desk.ts';
import { makeSubjectCache } from '../../src/operations/subjects/subject-cache.ts';
import { makeTurns } from '../../src/operations/subjects/turns.ts';
import { type PolicyParts, policySet } from '../../src/policies/policy-set.ts';
import { readPolicies } from '../../src/policies/reading.ts';
import type { Store } from '../../src/store/port.ts';
import { filesOf, shippedFolder } from '../policies/fixture.ts';
import { shippedRules } from '../rules/shipped.ts';
import { MemoryStore } from '../store/memory-store.ts';

/** A Tuesday, at eleven in the morning in São Paulo: no hours are quiet. */
export const start: Instant = Date.UTC(2026, 10, 24, 14);

export interface TestClock {
  readonly read: () => Instant;
  /** Moves it on, or back where `ms` is negative. */
  readonly advance: (ms: number) => void;
  readonly set: (instant: Instant) => void;
}

export interface TestGate {
  readonly gate: Gate;
  readonly clock: TestClock;
  readonly store: Store;
  /** Puts another policy set in force from now on. */
  readonly activate: (set: PolicySet) => Promise<void>;
  /** Puts another policy set on file, with all of its cases green. */
  readonly file: (set: PolicySet) => Promise<void>;
}

export interface TestGateOptions {
  readonly store?: Store;
  readonly clock?: TestClock;
  /** Tells the ids of two gates over one store apart: give each another number. */
  readonly seed?: number;
  /** Null for the set that is in force in the store. */
  readonly set?: PolicySet | null;
  /** How it keeps in step with other processes; null where there are none. */
  readonly sharing?: Sharing | null;
  /** Moves the clock on, unless stated. */
  readonly sleep?: (ms: number) => Promise<void>;
  readonly registryLists?: RegistryLists;
  readonly audience?: Audience;
  /** What the source of the master keys holds whenever it is read. */
  readonly keys?: () => Keys;
}

function makeTestClock(now: Instant = start): TestClock {
  let instant = now;
  return {
    read: () => instant,
    advance: (ms) => {
      instant += ms;
    },
    set: (next) => {
      instant = next;
    },
  };
}

/** Strictly growing UUIDv7s that come again in the same order under the same seed. */
function seededIds(clock: () => Instant, seed: number): NewId {
  let lastMs = 0;
  let counter = 0;
  let made = 0;
  return (prefix) => {
    const now = clock();
    counter = now > lastMs ? 0 : counter + 1;
    lastMs = Math.max(lastMs, now);
    if (counter > 0xfff) {
      lastMs += 1;
      counter = 0;
    }
    made += 1;
    const time = hex(lastMs, 12);
    const sequence = hex(counter, 3);
    const tail = `8${hex(seed, 3)}-${hex(made, 12)}`;
    return `${prefix}${time.slice(0, 8)}-${time.slice(8)}-7${sequence}-${tail}`;
  };
}

/** The shipped policies, with changes where a test wants other ones. */
export function shippedSet(
  change: (parts: PolicyParts) => PolicyParts = (same) => same,
  rules: readonly Rule[] = shippedRules,
): PolicySet {
  return policySet(change(shippedParts()), rules, digestOf);
}

export async function makeTestGate(options: TestGateOptions = {}): Promise<TestGate> {
  const clock = options.clock ?? makeTestClock();
  const store = options.store ?? new MemoryStore();
  const newId = seededIds(clock.read, options.seed ?? 1);
  const { sharing = null } = options;
  const ports = { store, clock: clock.read, newId };
  const { sleep = async (ms: number) => clock.advance(ms) } = options;
  const policies = new PolicyBoard({ ...ports, ticks: clock.read, sleep, sharing });
  await policies.refresh();
  const activateSet = (set: PolicySet): Promise<void> => activateIn(ports, policies, set);
  if (options.set !== null) await activateSet(options.set ?? shippedSet());
  const { keys = () => testKeys } = options;
  const vault = new Vault(keys());
  const source = { name: 'test', read: async () => keys(), mark: async () => keys().current };
  const gate: Gate = {
    store,
    vault,
    clock: clock.read,
    newId,
    policies,
    readSet,
    shadow: new ShadowDesk({ ...ports, policies, ticks: clock.read }),
    cache: makeSubjectCache(1000),
    turns: makeTurns(),
    audience: options.audience ?? null,
    registryLists: options.registryLists ?? new Map(),
    publicUrl: 'https://porteiro.example',
    permits: null,
    erasureLog: memoryErasureLog(),
    masterKeys: await liveKeys(store, vault, source),
  };
  return { gate, clock, store, activate: activateSet, file: (set) => fileIn(ports, set) };
}

/** As the file is, for as long as the test runs. */
export function memoryErasureLog(): ErasureLog {
  const lines = new Map<string, NotedErasure>();
  return {
    note: async (erasure) => void lines.set(erasure.id, lines.get(erasure.id) ?? erasure),
    has: (id) => lines.has(id),
    noted: () => [...lines.values()],
  };
}

/** Nobody asked for cases where a test activates a set that it made up. */
const noCases: CaseResult = { rules: 0, cases: 0, failed: 0, faults: [] };

async function fileIn(
  ports: Pick<Gate, 'store' | 'clock' | 'newId'>,
  set: PolicySet,
): Promise<void> {
  const files = { policies: [], rules: [] };
  const given = { set, files, cases: noCases, findings: [] } as const;
  await fileSet(ports, { ...given, source: 'folder', client: 'porteiro' });
}

async function activateIn(
  ports: Pick<Gate, 'store' | 'clock' | 'newId'>,
  board: PolicyBoard,
  set: PolicySet,
): Promise<void> {
  const { digest } = set;
  if (board.activations.at(-1)?.digest === digest) return;
  await fileIn(ports, set);
  const record = ports.newId('act_');
  const order = { digest, record, client: 'porteiro', reason: null, source: 'folder' } as const;
  const made = await activate(ports, board, { ...order, before: [] });
  if (typeof made === 'string') throw new Error(`the activation is ${made}`);
}

/** A master key of 32 equal bytes. */
export function key(byte: number): KeyObject {
  return createSecretKey(Buffer.alloc(32, byte));
}

export const testKeys: Keys = {
  current: 'mk-test',
  master: new Map([['mk-test', key(1)]]),
  lookup: key(2),
  link: key(3),
};

let parts: PolicyParts | null = null;

function shippedParts(): PolicyParts {
  parts ??= readPolicies(filesOf(shippedFolder)).parts;
  if (parts === null) throw new Error('the shipped policies do not read without complaint');
  return parts;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
