/**
 * The policies of a process at its start. What the folder holds is put on file and in force when it
 * is not what a start loaded from it last; otherwise the set in force stays, also where the API put
 * it there.
 *
 * Order of the writes: the set (filed-set.ts), its activation (activation.ts), the digest of the
 * folder. A crash before the last makes the next start do it again, which changes nothing where the
 * set is in force already.
 */
import { diffSets } from '../../policies/diff/set-diff.ts';
import type { SetFinding } from '../../policies/findings/set-finding.ts';
import type { ConsentEffect } from '../../policies/diff/consent-effect.ts';
import type { PolicySet } from '../../domain/policy.ts';
import { PolicyBoard } from '../policy-board.ts';
import {
  activate,
  type ActivationPorts,
  readActivations,
  recordLast,
  type Sharing,
} from './activation.ts';
import { fileSet, sweepPuts } from './filed-set.ts';
import type { CaseResult, SetFiles } from './set-files.ts';
import type { Store } from '../../store/port.ts';
import { putWrite } from '../put-write.ts';

export interface PolicyPorts extends ActivationPorts {
  readonly ticks: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly sharing: Sharing | null;
}

export interface FolderSet {
  readonly set: PolicySet;
  readonly files: SetFiles;
  readonly cases: CaseResult;
  readonly findings: readonly SetFinding[];
}

const folderId = 'policy-folder';
const attemptsMax = 20;
const porteiro = 'porteiro';

export async function openBoard(ports: PolicyPorts): Promise<PolicyBoard> {
  const board = new PolicyBoard(ports);
  await board.refresh();
  return board;
}

/**
 * Material changes that a set would bring and that no notice tells of. A set that was in force
 * before brings none: going back to it has to be possible at any hour.
 */
export function undeclaredChanges(board: PolicyBoard, set: PolicySet): readonly ConsentEffect[] {
  const { activations } = board;
  if (activations.length === 0) return [];
  if (activations.some(({ digest }) => digest === set.digest)) return [];
  const { consents } = diffSets(board.active().set, set);
  return consents.filter(({ effect }) => effect === 'undeclared');
}

/** Whether the folder is what a start loaded last. */
export async function isFolderLoaded(store: Store, { digest }: PolicySet): Promise<boolean> {
  return (await store.get('settings', folderId))?.body === JSON.stringify({ digest });
}

/** `unchanged`: the set in force stays, whichever it is. */
export async function loadFolderSet(
  ports: ActivationPorts,
  board: PolicyBoard,
  given: FolderSet,
): Promise<'unchanged' | 'activated'> {
  const { store } = ports;
  await sweepPolicies(store);
  // Also where the set is unchanged: its comments or its cases may not be.
  const filed = await fileSet(ports, { ...given, source: 'folder', client: porteiro });
  if (filed === null) throw new Error('the policy set of the folder was contended too often');
  const { digest } = given.set;
  if (board.activations.length > 0 && (await isFolderLoaded(store, given.set))) return 'unchanged';
  await putInForce(ports, board, digest);
  await noteFolder(store, digest);
  return 'activated';
}

/** Finishes what was cut off between two writes. */
export async function sweepPolicies(store: Store): Promise<void> {
  await sweepPuts(store);
  const { activations } = await readActivations(store);
  await recordLast(store, activations);
}

async function putInForce(
  ports: ActivationPorts,
  board: PolicyBoard,
  digest: string,
): Promise<void> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const last = board.activations.at(-1);
    if (last !== undefined) {
      // Another process may have put it there a moment ago.
      await board.bound(last);
      if (last.digest === digest) return;
    }
    const record = ports.newId('act_');
    const order = { digest, record, client: porteiro, reason: null, source: 'folder' } as const;
    const outcome = await activate(ports, board, { ...order, before: [] });
    if (typeof outcome !== 'string') return;
    await board.refresh();
  }
  throw new Error('the activation of the policies was contended too often');
}

async function noteFolder(store: Store, digest: string): Promise<void> {
  const document = { id: folderId, fields: {}, body: JSON.stringify({ digest }) };
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const stored = await store.get('settings', folderId);
    const { done } = await store.write([putWrite('settings', document, stored?.revision ?? null)]);
    if (done === 1) return;
  }
  throw new Error('too many processes start at once on this store');
}
