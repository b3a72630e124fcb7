/** The ledger at a start: the keys that sign it, and the sequencer that runs from then on. */
import type { Config } from '../config.ts';
import { minuteMs } from '../domain/calendar/instant.ts';
import type { Log } from '../http/log.ts';
import type { AnchorFile } from '../keys/anchor-file.ts';
import { ensureLedgerKeys, type LedgerKeys } from '../keys/ledger-keys.ts';
import { anchorByWebhook } from '../messages/anchor-webhook.ts';
import { Anchoring, type AnchorPlace } from '../operations/ledger/anchoring.ts';
import { Sequencing } from '../operations/ledger/sequencing.ts';
import { noteLedgerKeys, readStoreLedger } from '../operations/ledger/store-ledger.ts';
import type { Store } from '../store/port.ts';
import { localLedgerPath } from './local-keys.ts';
import { made, StartRefused } from './refusal.ts';

/** Notes the keys in the store; those of local mode are made where there are none. */
export async function openLedgerKeys(
  config: Config,
  store: Store,
  given: LedgerKeys | null,
): Promise<LedgerKeys> {
  const path = config.ledgerKeysFile ?? localLedgerPath(config);
  const keys = given ?? (await makeLedgerKeys(path, store));
  const misfit = await noteLedgerKeys(store, keys);
  if (misfit !== null) throw new StartRefused([`${path}: ${misfit}`]);
  return keys;
}

async function makeLedgerKeys(path: string, store: Store): Promise<LedgerKeys> {
  const ledger = await readStoreLedger(store);
  if (ledger === null) return made(() => ensureLedgerKeys(path));
  throw new StartRefused([
    `${path} is gone, which signs the ledger ${ledger.origin} of this store: restore it, or make ` +
      'one with a new key and the same "origin".',
  ]);
}

export function startSequencing(
  config: Config,
  ports: { readonly store: Store; readonly keys: LedgerKeys },
  log: Log,
): Sequencing {
  return new Sequencing({
    ...ports,
    ticks: () => performance.now(),
    isShared: config.store.kind !== 'sqlite',
    tell: (fault) => {
      if (fault === null) log.event('info', 'the ledger is sequenced again');
      else log.fault(null, fault);
    },
  });
}

/** Hands checkpoints to whom the settings name; with nobody named it has nothing to do. */
export function startAnchoring(
  { anchors: { webhook, minutes } }: Config,
  { store, anchorFile }: { readonly store: Store; readonly anchorFile: AnchorFile | null },
  log: Log,
): Anchoring {
  const clock = Date.now;
  const places: AnchorPlace[] = anchorFile === null ? [] : [anchorFile];
  if (webhook !== null) {
    places.push(anchorByWebhook({ url: webhook.url, secret: webhook.secret.reveal() }, clock));
  }
  return new Anchoring({
    store,
    places,
    clock,
    ticks: () => performance.now(),
    everyMs: minutes * minuteMs,
    tell: (place, fault) => {
      if (fault === null) log.event('info', 'checkpoints are kept outside again', { place });
      else {
        log.event('warn', 'a checkpoint could not be kept outside', { place });
        log.fault(null, fault);
      }
    },
  });
}
