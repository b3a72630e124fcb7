/** `porteiro ledger audit` and `export`: read the store that the settings name, and only read. */
import { createWriteStream, existsSync } from 'node:fs';
import { once } from 'node:events';
import type { Config } from '../../config.ts';
import { readLedgerKeys } from '../../keys/ledger-keys.ts';
import { exportEntryLine, exportHeadLine } from '../../ledger/exported.ts';
import { isFailure, readKeys } from '../../ledger/verification.ts';
import type { VerifierKey } from '../../ledger/verifier-key.ts';
import { type AuditReport, auditLedger } from '../../operations/ledger-audit/audit.ts';
import { readStoreLedger } from '../../operations/ledger/store-ledger.ts';
import { readHead } from '../../operations/ledger/tree-file.ts';
import { readEntries } from '../../operations/ledger/tree-reader.ts';
import { localLedgerPath } from '../../start/local-keys.ts';
import { openReader } from '../../start/open-store.ts';
import { made } from '../../start/refusal.ts';
import type { StoreReader } from '../../store/port.ts';
import { makeProgress } from '../progress.ts';
import { say } from '../terminal.ts';
import { SourceFault } from './sources.ts';
import { exitWrong, trustOf, type VerifyOptions } from './verify.ts';
import { withSettings } from './with-settings.ts';

const entriesPerRead = 1024;

/** Runs on the store of the settings. */
function onStore(work: (store: StoreReader, config: Config) => Promise<number>): Promise<number> {
  return withSettings(async (config) => {
    const store = await openReader(config);
    try {
      return await work(store, config);
    } finally {
      await store.close();
    }
  });
}

export type AuditOptions = Omit<VerifyOptions, 'tokenFile'>;

export function audit(options: AuditOptions): Promise<number> {
  return onStore((store, config) => auditStore(store, config, options));
}

/** 0 where nothing was found, 1 where something was; it is told either way. */
export async function auditStore(
  store: StoreReader,
  config: Config,
  options: AuditOptions,
): Promise<number> {
  const trust = await trustOf(options);
  const keys = trust.keys ?? keysOfSettings(config) ?? (await keysOfStore(store));
  const size = (await readHead(store).catch(() => null))?.size ?? 0;
  const progress = makeProgress();
  const report = await auditLedger(store, {
    keys,
    older: trust.older,
    progress: (entries) => progress.tell(entries, size),
  });
  progress.end();
  tell(report, options.json);
  return report.findings.count === 0 ? 0 : exitWrong;
}

function keysOfSettings(config: Config): readonly VerifierKey[] | null {
  const path = config.ledgerKeysFile ?? localLedgerPath(config);
  return existsSync(path) ? made(() => readLedgerKeys(path)).verifiers : null;
}

async function keysOfStore(store: StoreReader): Promise<readonly VerifierKey[]> {
  const ledger = await readStoreLedger(store);
  if (ledger === null) return [];
  process.stderr.write('The keys are those that the store itself names: better give --keys.\n');
  const keys = readKeys(ledger.keys);
  if (isFailure(keys)) throw new SourceFault(keys.detail);
  return keys;
}

function tell({ findings, entries, records, waiting }: AuditReport, json: boolean): void {
  const { kept, count } = findings;
  if (json) {
    say(JSON.stringify({ ok: count === 0, entries, records, waiting, count, findings: kept }));
    return;
  }
  for (const { kind, what, id, detail } of kept) say(`${kind} ${what} ${id}: ${detail}`);
  if (count > kept.length) say(`and ${count - kept.length} more`);
  const waits = waiting === 0 ? '' : `, ${waiting} records wait for theirs`;
  say(
    `${records} records, ${entries} entries${waits}: ${count === 0 ? 'OK' : `${count} findings`}`,
  );
}

/** To a file, or to standard output where none is named. */
export function exportLedger({ out }: { readonly out?: string }): Promise<number> {
  return onStore(async (store) => {
    const [head, ledger] = await Promise.all([readHead(store), readStoreLedger(store)]);
    if (head === null || ledger === null) throw new SourceFault('The store has no ledger yet.');
    const stream = out === undefined ? process.stdout : createWriteStream(out, { flags: 'wx' });
    if (out !== undefined) await opened(stream, out);
    const write = async (text: string): Promise<void> => {
      if (!stream.write(text)) await once(stream, 'drain');
    };
    await write(`${exportHeadLine({ checkpoint: head.checkpoint, keys: ledger.keys })}\n`);
    for (let from = 0; from < head.size; from += entriesPerRead) {
      const to = Math.min(head.size, from + entriesPerRead);
      const entries = await readEntries(store, { from, to });
      const lines = entries.map((entry, at) => exportEntryLine({ entry, index: from + at }));
      await write(`${lines.join('\n')}\n`);
    }
    if (out !== undefined) {
      stream.end();
      await once(stream, 'finish');
      process.stderr.write(`${head.size} entries written to ${out}\n`);
    }
    return 0;
  });
}

async function opened(stream: NodeJS.WritableStream, path: string): Promise<void> {
  try {
    await once(stream, 'open');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    throw new SourceFault(`${path} cannot be written (${code})`, { cause });
  }
}
