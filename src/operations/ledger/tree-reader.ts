/** What the tree answers: places, entries and proofs, each read as of one head. */
import { type Stretch, type TreeHead } from '../../ledger/merkle.ts';
import { stretchHash, tilesUnder, tileWidth } from '../../ledger/tile.ts';
import { Problem } from '../../domain/problem.ts';
import type { StoreReader } from '../../store/port.ts';
import {
  entriesId,
  entriesIn,
  LedgerFault,
  type LedgerHead,
  readHead,
  readTiles,
} from './tree-file.ts';

/** An entry waits for less than that as long as a sequencer runs. */
const sequencedWithinSeconds = 2;

/** A record that is durable and has no place yet, or a ledger that has no checkpoint yet. */
export function notSequencedYet(): Problem {
  return new Problem(
    'not-sequenced-yet',
    {
      'pt-BR': 'Está gravado e entra no registro em até 2 segundos. Tente de novo.',
      en: 'It is on record and gets its place in the ledger within 2 seconds. Try again.',
    },
    { retryAfterSeconds: sequencedWithinSeconds },
  );
}

export async function headOrProblem(store: StoreReader): Promise<LedgerHead | Problem> {
  return (await readHead(store)) ?? notSequencedYet();
}

/** Index of a record's entry in the tree; null where it has none yet. */
export async function positionOf(store: StoreReader, record: string): Promise<number | null> {
  const [place, head] = await Promise.all([store.logPlace('records', record), readHead(store)]);
  if (place === null || head === null || head.after === null || place > head.after) return null;
  const query = { index: 'last', where: {}, from: place, order: 'ascending', limit: 1 } as const;
  const [found] = (await store.find('ledgerEntries', query)).items;
  if (found === undefined) return null;
  const at = entriesIn(found).findIndex((entry) => entry.includes(`,"id":"${record}",`));
  const index = Number(found.id) * tileWidth + at;
  return at >= 0 && index < head.size ? index : null;
}

/** For a view of the record: one whose tree was damaged can be read nevertheless. */
export async function positionIn(store: StoreReader, record: string): Promise<number | null> {
  try {
    return await positionOf(store, record);
  } catch (error) {
    if (error instanceof LedgerFault) return null;
    throw error;
  }
}

/** Entries from an index on, in their order. */
export async function readEntries(
  store: StoreReader,
  { from, to }: Stretch,
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let at = from - (from % tileWidth); at < to; at += tileWidth) ids.push(entriesId(at));
  const documents = await Promise.all(ids.map((id) => store.get('ledgerEntries', id)));
  const found = documents.flatMap((document) => (document === null ? [] : entriesIn(document)));
  const entries = found.slice(from % tileWidth, (from % tileWidth) + to - from);
  if (entries.length === to - from) return entries;
  throw new LedgerFault(`entries between ${from} and ${to} are missing`);
}

/** Hashes of stretches of the tree of that size. */
export async function readPath(
  store: StoreReader,
  stretches: readonly Stretch[],
  size: TreeHead['size'],
): Promise<readonly Buffer[]> {
  const tiles = await readTiles(store, tilesUnder(stretches), size);
  return stretches.map((stretch) => stretchHash(stretch, tiles));
}

export function pathTexts(path: readonly Buffer[]): readonly string[] {
  return path.map((each) => each.toString('base64'));
}
