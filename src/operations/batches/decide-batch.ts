/**
 * decideBatch: decisions of any number, each as createDecision makes it, or none of them recorded.
 *
 * The Idempotency-Key of the request and the `ref` of a line are the key of its decision: a batch
 * that is sent again decides what is missing and nothing twice, whatever stopped it the first time.
 * A line that the store fails is told, and no line after it is begun.
 */
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import { type AnswerLine, type Call, Rendered, Streamed } from '../operation.ts';
import { personLanes } from '../rows/person-lanes.ts';
import type { ReadRow, Row } from '../rows/row.ts';
import { type RowJob, RowWork } from '../rows/row-work.ts';
import { makeSubjectCache } from '../subjects/subject-cache.ts';
import type { components } from '../wire.ts';
import { BatchSummary } from './batch-summary.ts';
import { decideAct } from '../decisions/create-decision.ts';
import type { MadeDecision } from '../decisions/decide-once.ts';
import { tryAct } from '../decisions/dry-run-decision.ts';

export type BatchLine = components['schemas']['BatchLine'];
type Job = RowJob<BatchLine, MadeDecision>;

export type BatchCall = Call<
  AsyncIterable<Row<BatchLine>>,
  { readonly mode: components['schemas']['BatchMode'] },
  unknown
>;

/** People of one audience that are remembered at a time, for the lines that name them again. */
const rememberedMax = 1000;

export function decideBatch(shared: Gate, call: BatchCall): Streamed | Problem {
  const { actor, body, idempotencyKey, query } = call;
  // An audience passes by once: it must not push out those who are asked about all day.
  const gate = { ...shared, cache: makeSubjectCache(rememberedMax) };
  if (query.mode === 'dry-run') return new Streamed(linesOf(tryingJob(gate), body));
  if (idempotencyKey === null) return keyMissing();
  return new Streamed(linesOf(decidingJob(gate, actor.id, idempotencyKey), body));
}

function decidingJob(gate: Gate, client: string, key: string): Job {
  return {
    lanesOf: ({ subject }) => personLanes(gate, subject),
    // No key holds this character, so that no two pairs of a key and a ref read alike.
    work: ({ ref, ...request }) =>
      decideAct(gate, request, { client, operation: 'decideBatch', key: `${key}\0${ref}` }),
  };
}

/** Nothing that is tried changes anything, so that no line has to wait for another one. */
function tryingJob(gate: Gate): Job {
  return { lanesOf: null, work: ({ ref: _ref, ...request }) => tryAct(gate, request) };
}

async function* linesOf(job: Job, rows: AsyncIterable<Row<BatchLine>>): AsyncGenerator<AnswerLine> {
  const rowWork = new RowWork(job);
  const summary = new BatchSummary();
  for await (const { row, made } of rowWork.tell(rows)) {
    if (made instanceof Problem) {
      summary.reject();
      yield { content: { ref: refOf(row), line: row.line }, problem: made };
    } else {
      summary.add(made);
      yield new Rendered(`{"ref":${JSON.stringify(refOf(row))},${made.answer.slice(1)}`);
    }
  }
  yield { content: { summary: summary.content() }, problem: rowWork.stop };
}

/** Null where not even that could be read. */
function refOf(row: ReadRow<BatchLine>): string | null {
  return ('request' in row ? row.request.ref : row.ref) ?? null;
}

/** Without a key nobody could send again what a broken connection left undecided. */
function keyMissing(): Problem {
  return new Problem(
    'invalid-request',
    { 'pt-BR': 'Corrija os pontos indicados em errors.', en: 'Correct what errors points at.' },
    {
      errors: [
        {
          pointer: '/header/Idempotency-Key',
          message: 'decisions are to be recorded, and the key is missing',
          expected: 'a key of this batch, the same when it is sent again',
        },
      ],
    },
  );
}
