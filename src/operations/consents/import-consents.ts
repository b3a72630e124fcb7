/**
 * importConsents: consent events of any number, each admitted and recorded as recordConsent does.
 *
 * The content of a row is its idempotency key: a file that is sent again records what is missing
 * and nothing twice, whatever stopped it the first time. A row that the store fails is told, and no
 * row after it is begun; those under way about other people come to their end.
 */
import { Problem } from '../../domain/problem.ts';
import { canonicalJson } from '../../ledger/canonical.ts';
import type { Gate } from '../gate.ts';
import { type AnswerLine, type Call, Streamed } from '../operation.ts';
import { personLanes } from '../rows/person-lanes.ts';
import type { Row } from '../rows/row.ts';
import { RowWork } from '../rows/row-work.ts';
import type { ConsentRequest } from './consent-record.ts';
import { recordOnce } from './record-consent.ts';

export type ImportRow = Row<ConsentRequest>;

/** How many rows go by without a word. */
export const progressRows = 1000;

export function importConsents(
  gate: Gate,
  call: Call<AsyncIterable<ImportRow>, unknown, unknown>,
): Streamed {
  return new Streamed(linesOf(gate, call.actor.id, call.body));
}

async function* linesOf(
  gate: Gate,
  client: string,
  rows: AsyncIterable<ImportRow>,
): AsyncGenerator<AnswerLine> {
  const rowWork = new RowWork({
    lanesOf: ({ subject }: ConsentRequest) => personLanes(gate, subject),
    work: (request) => {
      const key = canonicalJson(request);
      return recordOnce(gate, { request, client, operation: 'importConsents', key });
    },
  });
  const counts = { rows: 0, recorded: 0, repeated: 0, rejected: 0 };
  for await (const { row, made } of rowWork.tell(rows)) {
    counts.rows += 1;
    if (made instanceof Problem) {
      counts.rejected += 1;
      yield { content: { line: row.line }, problem: made };
    } else {
      counts[made.repeated ? 'repeated' : 'recorded'] += 1;
    }
    if (counts.rows % progressRows === 0) {
      yield { content: { progress: { ...counts } }, problem: null };
    }
  }
  yield { content: { summary: { ...counts } }, problem: rowWork.stop };
}
