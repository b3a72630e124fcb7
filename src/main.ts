/**
 * Wiring only: config -> port -> policies and keys -> store -> operations -> app. Everything that
 * is wrong with the policies and the keys is said at once, before a store is opened.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from './config.ts';
import { minuteMs } from './domain/calendar/instant.ts';
import { makeApp } from './http/app.ts';
import { bindOperations } from './http/bound-operations.ts';
import { makeContract } from './http/contract/contract.ts';
import type { Log } from './http/log.ts';
import type { Listening, TakenPort } from './http/server.ts';
import { makeAuthentication } from './http/tokens/authentication.ts';
import type { KeyRing } from './http/tokens/key-ring.ts';
import type { RingFile } from './http/tokens/ring-file.ts';
import { makeIdSource } from './keys/id-source.ts';
import type { AnchorFile } from './keys/anchor-file.ts';
import type { LedgerKeys } from './keys/ledger-keys.ts';
import { Vault } from './keys/vault.ts';
import { sweepContentReviews } from './operations/content-reviews/sweep-content-reviews.ts';
import { repeatErasures } from './operations/erasure/repeat-erasures.ts';
import { noteErasures, sweepErasures } from './operations/erasure/sweep-erasures.ts';
import type { Gate } from './operations/gate.ts';
import { sweepPolicies } from './operations/policy-sets/open-policies.ts';
import { makeSetReader } from './operations/policy-sets/set-reader.ts';
import { recordLastShadow } from './operations/shadows/shadow-list.ts';
import { ShadowDesk } from './operations/shadows/shadow-desk.ts';
import { expiring, sweepExpired } from './operations/sweep-expired.ts';
import { liveKeys } from './operations/keys/live-keys.ts';
import { checkStoreKeys } from './operations/keys/store-keys.ts';
import { sweepLegalHolds } from './operations/legal-holds/sweep-legal-holds.ts';
import { makeSubjectCache } from './operations/subjects/subject-cache.ts';
import { sweepPending } from './operations/subjects/pending-sweep.ts';
import { makePost } from './messages/post.ts';
import { makeDelivery } from './operations/entries/delivery.ts';
import { makePortal } from './portal/portal.ts';
import { makeTurns } from './operations/subjects/turns.ts';
import { takeMissingKeys, watchKeys } from './start/key-watch.ts';
import { openLedgerKeys, startAnchoring, startSequencing } from './start/ledger.ts';
import { keySourceOf, makeKeys, makePermitFile, makeRing } from './start/local-keys.ts';
import { runTrials } from './operations/trials/run-trials.ts';
import { openStore } from './start/open-store.ts';
import {
  type OpenedPolicies,
  openPolicies,
  sharingOf,
  tellPolicies,
  watchPolicies,
} from './start/policies.ts';
import { openAudience } from './start/open-audience.ts';
import type { PermitFile } from './start/permit-file.ts';
import { startRetention } from './start/retention.ts';
import { StartRefused } from './start/refusal.ts';
import { readFiles, readLists } from './start/start-files.ts';

export interface Running {
  readonly gate: Gate;
  readonly listening: Listening;
  readonly ring: KeyRing;
  /** Finishes what is under way, then releases everything. */
  readonly stop: () => Promise<void>;
}

const cachedSubjectsMax = 20_000;
const sweepEveryMs = minuteMs;
const ticks = (): number => performance.now();
/** A key that was taken out is good for so long after it. */
const lookEveryMs = 2000;

export interface Opened {
  readonly gate: Gate;
  readonly ringFile: RingFile;
  /** Null in production where no permits are wanted. */
  readonly permitFile: PermitFile | null;
  readonly policies: OpenedPolicies;
  readonly ledgerKeys: LedgerKeys;
  readonly anchorFile: AnchorFile | null;
}

/**
 * Reads everything that a start needs and opens the store; throws StartRefused. `address` is where
 * it listens, for links where no public address is stated.
 */
export async function openGate(config: Config, address: string): Promise<Opened> {
  const { complaints, folder, erasureLog, keys: kept, lists, ...files } = await readFiles(config);
  if (folder === null || erasureLog === null || complaints.length > 0) {
    throw new StartRefused(complaints);
  }
  const store = await openStore(config);
  try {
    const keySource = keySourceOf(config);
    const keys = kept ?? (await makeKeys(config, store));
    const vault = new Vault(keys);
    const registryLists = lists ?? (await readLists(config, folder.set, vault)).lists;
    const misfit = await checkStoreKeys(store, vault);
    if (misfit !== null) {
      throw new StartRefused([`${keySource.name}: ${misfit.en}`]);
    }
    const ledgerKeys = await openLedgerKeys(config, store, files.ledgerKeys);
    const clock = Date.now;
    const newId = makeIdSource(clock);
    const ports = { store, clock, newId, ticks, sleep, sharing: sharingOf(config) };
    const policies = await openPolicies(config, ports, folder);
    const shadow = new ShadowDesk({ ...ports, policies: policies.board });
    const cache = makeSubjectCache(cachedSubjectsMax);
    const publicUrl = config.publicUrl ?? address;
    const audience = openAudience(config, { keys, registryLists, publicUrl });
    const ringFile = files.ringFile ?? makeRing(config);
    const permitFile = files.permitFile ?? makePermitFile(config);
    return {
      ringFile,
      permitFile,
      policies,
      ledgerKeys,
      anchorFile: files.anchorFile,
      gate: {
        store,
        vault,
        clock,
        newId,
        policies: policies.board,
        readSet: makeSetReader(),
        shadow,
        cache,
        turns: makeTurns(),
        audience,
        registryLists,
        publicUrl,
        get permits() {
          return permitFile?.value ?? null;
        },
        erasureLog,
        masterKeys: await liveKeys(store, vault, keySource, (taken) => audience?.renew(taken)),
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Where a server speaks to whoever runs it. */
export interface Outlets {
  readonly log: Log;
  /** Shows a message of local mode, which is sent to nobody. */
  readonly tell: (text: string) => void;
}

export async function startServer(
  config: Config,
  opened: Opened,
  port: TakenPort,
  { log, tell }: Outlets,
): Promise<Running> {
  const { gate, ringFile, permitFile, policies, ledgerKeys } = opened;
  const post = makePost(config, tell, gate.clock);
  const delivery = makeDelivery(gate, post, (fault) => log.fault(null, fault));
  await sweepPending(gate);
  await tellErasures(gate, log);
  tellPolicies(policies, log);
  const stopWatching = watchPolicies(policies, log);
  const stopTrials = await runTrials(gate, { ticks, tell: (fault) => log.fault(null, fault) });
  gate.audience?.tellFaults((fault) => log.fault(null, fault));
  const app = makeApp({
    operations: bindOperations(gate),
    contract: makeContract(await readFile(new URL('../openapi.yaml', import.meta.url), 'utf8')),
    authentication: makeAuthentication({ ring: () => ringFile.value, now: gate.clock }),
    readiness: async () => {
      await gate.store.ping();
      return { status: 'ready', policySet: gate.policies.active().set.digest };
    },
    log,
    limits: config.rateLimits,
    https: gate.publicUrl.startsWith('https:'),
    controller: () => gate.policies.latest().controller,
    portal: makePortal({ gate, delivery }),
  });
  port.serve(app.callback());
  const sequencing = startSequencing(config, { store: gate.store, keys: ledgerKeys }, log);
  const anchoring = startAnchoring(config, { ...gate, anchorFile: opened.anchorFile }, log);
  const sweeping = setInterval(() => void sweep(gate, log), sweepEveryMs).unref();
  const look = (): void => {
    void ringFile.look(log);
    void permitFile?.look(log);
  };
  const looking = setInterval(look, lookEveryMs).unref();
  const stopKeys = watchKeys(gate, log);
  const stopRetention = startRetention(config, { gate, log, ticks });
  const stop = async (): Promise<void> => {
    clearInterval(sweeping);
    clearInterval(looking);
    stopWatching();
    await port.close();
    await delivery.settled();
    await stopTrials();
    await stopRetention();
    await sequencing.stop();
    await anchoring.stop();
    await gate.audience?.close();
    await stopKeys();
    await gate.store.close();
    await log.close();
  };
  return { gate, listening: port, ring: ringFile.value, stop };
}

/** Before anything is answered: whoever a restored backup brought back goes again. */
async function tellErasures(gate: Gate, log: Log): Promise<void> {
  const repeated = await repeatErasures(gate);
  if (repeated > 0) log.event('warn', 'people erased again, whom a backup had', { repeated });
  await noteErasures(gate);
}

/** Finishes what other processes left half done, and forgets claims whose time is over. */
async function sweep(gate: Gate, log: Log): Promise<void> {
  try {
    await sweepPending(gate);
    await sweepPolicies(gate.store);
    await recordLastShadow(gate.store);
    for (const each of expiring) await sweepExpired(gate, each);
    await sweepContentReviews(gate);
    await sweepErasures(gate);
    await sweepLegalHolds(gate);
    await takeMissingKeys(gate, log);
  } catch (error) {
    log.fault(null, error);
  }
}
