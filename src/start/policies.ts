/** The policies at a start: which are in force, and what whoever runs it should know of them. */
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { complaintText } from '../domain/complaint.ts';
import type { Log } from '../http/log.ts';
import type { PolicyBoard } from '../operations/policy-board.ts';
import {
  type FolderSet,
  isFolderLoaded,
  loadFolderSet,
  openBoard,
  type PolicyPorts,
  undeclaredChanges,
} from '../operations/policy-sets/open-policies.ts';
import { isGreen } from '../operations/policy-sets/set-files.ts';
import { clockSkewMs } from '../operations/gate.ts';
import type { Sharing } from '../operations/policy-sets/activation.ts';
import { StartRefused } from './refusal.ts';

/** How old a process's reading of the policies may be; an activation waits for so long. */
const policyLeaseMs = 3000;

export interface OpenedPolicies {
  readonly board: PolicyBoard;
  readonly folder: 'unchanged' | 'activated';
  /** What whoever runs it should know, in sentences. */
  readonly warnings: readonly string[];
  /** It is read from the start on, also before there is a log to tell of it. */
  readonly stopWatching: () => void;
}

/** The SQLite file has one process; on MongoDB there may be others. */
export function sharingOf({ store }: Config): Sharing | null {
  return store.kind === 'sqlite' ? null : { leaseMs: policyLeaseMs, skewMs: clockSkewMs };
}

export async function openPolicies(
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
export function tellPolicies({ board, folder, warnings }: OpenedPolicies, log: Log): void {
  const { source = 'folder' } = board.activations.at(-1) ?? {};
  const policySet = board.active().set.digest;
  log.event('info', 'policies in force', { policySet, source, folder });
  if (warnings.length > 0) log.event('warn', 'policies to look at', { warnings });
}

export function watchPolicies({ board, stopWatching }: OpenedPolicies, log: Log): () => void {
  stopWatching();
  return board.watch((fault) => {
    if (fault === null) log.event('info', 'policies read again');
    else log.fault(null, fault);
  });
}
