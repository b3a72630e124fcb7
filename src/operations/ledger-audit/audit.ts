/**
 * The audit of a store: recomputes everything that the ledger says, from the records up to the
 * signature, and names what was changed, missing or added behind the program's back.
 *
 * A leaf is in the store three times: as a record, as its entry, and as a hash in a tile. Each
 * gives a tree of its own, and the one whose root was signed is the truth that the other two are
 * held to. Where none is, which takes several hands, two that agree outvote the third.
 */
import { tileKey, tileWidth } from '../../ledger/tile.ts';
import { checkOlder, isFailure, type Trusted } from '../../ledger/verification.ts';
import type { VerifierKey } from '../../ledger/verifier-key.ts';
import type { StoreReader } from '../../store/port.ts';
import { type AuditedHead, auditHead } from './audited-head.ts';
import { Findings } from './finding.ts';
import { type Comparison, type Disagreement, LeafComparison } from './leaf-comparison.ts';
import type { WalkedRecord } from './record-walk.ts';
import { auditRest } from './rest-of-tree.ts';
import type { TreeSource } from './tree-source.ts';

export interface AuditOrder {
  /** Keys that a checkpoint has to be signed with. */
  readonly keys: readonly VerifierKey[];
  /** An older checkpoint that somebody kept outside, or a file of anchors, or null. */
  readonly older: string | null;
  /** Hears how many entries were looked at. */
  readonly progress: (entries: number) => void;
}

export interface AuditReport {
  readonly findings: Findings;
  readonly entries: number;
  readonly records: number;
  /** Records that are on file and have no entry yet. */
  readonly waiting: number;
}

export async function auditLedger(store: StoreReader, order: AuditOrder): Promise<AuditReport> {
  const findings = new Findings();
  const head = await auditHead(store, order.keys, findings);
  const older = olderOf(order, findings);
  const { size, until } = head;
  const olderSizes = older.map(({ note }) => note.checkpoint.size);
  const comparison = await new LeafComparison(
    store,
    { size, until, olderSizes, progress: order.progress },
    findings,
  ).run();
  const { sources, disagreements, walk, waiting } = comparison;
  const truth = sources.find((source) => head.root?.equals(source.root(size) ?? none) === true);
  for (const each of disagreements) judge(each, truth?.name ?? null, findings);
  judgeStrays(comparison, findings);
  if (truth === undefined && head.root !== null) {
    const detail = 'neither records nor entries nor tiles give the signed root';
    findings.add('rewritten', 'tree', 'root', detail);
  }
  const [tiles] = sources;
  const believed = truth ?? sources.find(({ isWhole }) => isWhole) ?? tiles;
  if (believed !== undefined) {
    await auditRest(store, { size, believed, waitingEntries: walk.waitingEntries }, findings);
    judgeOlder(older, { head, believed }, findings);
  }
  return { findings, entries: size, records: walk.walked, waiting };
}

const none: Buffer = Buffer.alloc(0);

function olderOf({ older, keys }: AuditOrder, findings: Findings): readonly Trusted[] {
  if (older === null) return [];
  const found = checkOlder(older, keys);
  if (!isFailure(found)) return found;
  findings.add('changed', 'checkpoint', 'older', found.detail);
  return [];
}

/** The first that does not fit says from where on history is another one. */
function judgeOlder(
  older: readonly Trusted[],
  { head, believed }: { readonly head: AuditedHead; readonly believed: TreeSource },
  findings: Findings,
): void {
  for (const { note } of older) {
    const { size, root } = note.checkpoint;
    if (size <= head.size && believed.root(size)?.equals(root) === true) continue;
    const detail =
      size > head.size
        ? `the older checkpoint has ${size} entries, this ledger only ${head.size}`
        : `the first ${size} entries are not those of the older checkpoint`;
    findings.add('rewritten', 'tree', 'older', detail);
    return;
  }
}

function judge(each: Disagreement, truth: string | null, findings: Findings): void {
  const { index, record, byRecord, byEntry, byTile, entryFault, named } = each;
  const wanted = wantedOf(each, truth);
  if (record !== null && (record.fault !== null || !isSame(byRecord, wanted))) {
    const detail = record.fault ?? 'digest: it is not the record that was entered';
    findings.add('changed', 'record', named ?? record.id, `${detail} (entry ${index})`);
  }
  if (byEntry !== null && !isSame(byEntry, wanted)) {
    const detail = entryFault ?? 'it is not the entry that was signed';
    findings.add('changed', 'entry', String(index), detail);
  }
  if (byTile !== null && !isSame(byTile, wanted)) {
    const tile = tileKey({ level: 0, index: Math.floor(index / tileWidth) });
    findings.add('changed', 'tile', tile, `the hash of entry ${index}`);
  }
}

function wantedOf(each: Disagreement, truth: string | null): Buffer | null {
  const { byRecord, byEntry, byTile } = each;
  if (truth === 'tiles') return byTile;
  if (truth === 'entries') return byEntry;
  if (truth === 'records') return byRecord;
  return isSame(byEntry, byRecord) ? byEntry : (byTile ?? byEntry ?? byRecord);
}

function isSame(a: Buffer | null, b: Buffer | null): boolean {
  return a !== null && b !== null && a.equals(b);
}

/** Entries without a record and records without an entry; of one id they are one that was moved. */
function judgeStrays({ disagreements, strays }: Comparison, findings: Findings): void {
  const found = new Map<string, WalkedRecord>(strays.map((record) => [record.id, record]));
  for (const { record, named, index } of disagreements) {
    if (record !== null || named === null) continue;
    const isElsewhere = found.delete(named);
    const detail = `entry ${index}`;
    if (isElsewhere)
      findings.add('moved', 'record', named, `${detail} stands elsewhere in the log`);
    else findings.add('missing', 'record', named, `${detail} is there, its record is gone`);
  }
  for (const { id } of found.values()) {
    findings.add(
      'added',
      'record',
      id,
      'it stands among records that were entered, without an entry',
    );
  }
}
