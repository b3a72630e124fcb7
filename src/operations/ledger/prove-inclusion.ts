/** proveInclusion: the path from an entry up to the root of a tree of a given size. */
import { Problem } from '../../domain/problem.ts';
import { inclusionStretches } from '../../ledger/merkle.ts';
import type { StoreReader } from '../../store/port.ts';
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import {
  headOrProblem,
  notSequencedYet,
  pathTexts,
  positionOf,
  readEntries,
  readPath,
} from './tree-reader.ts';

interface InclusionQuery {
  readonly index?: number;
  /** Instead of an index. */
  readonly record?: string;
  readonly size?: number;
}

export async function proveInclusion(
  { store }: Pick<Gate, 'store'>,
  { query }: Call<unknown, InclusionQuery, unknown>,
): Promise<Answer> {
  const head = await headOrProblem(store);
  if (head instanceof Problem) return head;
  const index = await indexIn(store, query);
  if (index instanceof Problem) return index;
  const { size = head.size } = query;
  if (size > head.size || index >= size) return outOfRange(head.size);
  const [path, [entry = '']] = await Promise.all([
    readPath(store, inclusionStretches(index, size), size),
    readEntries(store, { from: index, to: index + 1 }),
  ]);
  return { index, size, entry, path: pathTexts(path) };
}

async function indexIn(
  store: StoreReader,
  { index, record }: InclusionQuery,
): Promise<number | Problem> {
  if ((index === undefined) === (record === undefined)) {
    return new Problem('invalid-request', {
      'pt-BR': 'Informe index ou record, e só um deles.',
      en: 'Give index or record, and only one of them.',
    });
  }
  if (record === undefined) return index ?? 0;
  if ((await store.get('records', record)) === null) {
    return new Problem('record-unknown', {
      'pt-BR': 'Nenhum registro tem este id.',
      en: 'No record has this id.',
    });
  }
  return (await positionOf(store, record)) ?? notSequencedYet();
}

export function outOfRange(size: number): Problem {
  return new Problem('ledger-range', {
    'pt-BR': `O registro tem ${size} entradas: peça dentro delas.`,
    en: `The ledger has ${size} entries: ask within them.`,
  });
}
