/**
 * decideBatch: decisions of any number, each as createDecision makes it, or none of them recorded.
 *
 * The Idempotency-Key of the request and the `ref` of a line are the key of its decision: a batch
 * that is sent again decides what is missing and nothing twice, whatever stopped it the first time.
 * A line that the store fails is told, and no line after it is begun.
 */
import { type InputError, Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import type { Audience, ToldBlock } from '../audience/audience.ts';
import { type AnswerLine, type Call, Rendered, RenderedLines, Streamed } from '../operation.ts';
import { personLanes } from '../rows/person-lanes.ts';
import type { LineBlock, ReadRow, Row, Rows, UnreadLine, UnreadLines } from '../rows/row.ts';
import { type RowJob, RowWork, type ToldRow } from '../rows/row-work.ts';
import { makeSubjectCache } from '../subjects/subject-cache.ts';
import type { components } from '../wire.ts';
import { BatchSummary } from './batch-summary.ts';
import { decideAct } from '../decisions/create-decision.ts';
import type { MadeDecision } from '../decisions/decide-once.ts';
import { tryAct } from '../decisions/dry-run-decision.ts';
import { lineText } from '../decisions/trial.ts';

export type BatchLine = components['schemas']['BatchLine'];
type Answers = components['schemas']['BatchAnswers'];

/** What came of a line; without an answer where none is wanted. */
type MadeLine = Pick<MadeDecision, 'told' | 'repeated'> & { readonly answer: string | null };
type Job = RowJob<BatchLine, MadeLine>;

export type BatchCall = Call<
  Rows<BatchLine>,
  { readonly mode: components['schemas']['BatchMode']; readonly answers?: Answers },
  unknown
>;

/** People of one audience that are remembered at a time, for the lines that name them again. */
const rememberedMax = 1000;

export function decideBatch(shared: Gate, call: BatchCall): Streamed | Problem {
  const { actor, body, idempotencyKey, query } = call;
  // An audience passes by once: it must not push out those who are asked about all day.
  const gate = { ...shared, cache: makeSubjectCache(rememberedMax) };
  const { mode, answers = 'full' } = query;
  if (mode === 'dry-run') return new Streamed(triedLines(gate, body, answers));
  if (answers !== 'full') return answersCut();
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
function tryingJob(gate: Gate, answers: Answers): Job {
  return {
    lanesOf: null,
    work: async ({ ref: _ref, ...request }) => {
      const judged = await tryAct(gate, request);
      if (judged instanceof Problem) return judged;
      return { answer: lineText(judged, answers), told: judged.verdict, repeated: false };
    },
  };
}

function triedLines(
  gate: Gate,
  rows: Rows<BatchLine>,
  answers: Answers,
): AsyncIterable<AnswerLine> {
  const { audience } = gate;
  if (audience !== null && rows.unread !== undefined) {
    return audienceLines({ gate, audience, answers }, rows.unread);
  }
  return linesOf(tryingJob(gate, answers), rows);
}

async function* linesOf(job: Job, rows: AsyncIterable<Row<BatchLine>>): AsyncGenerator<AnswerLine> {
  const rowWork = new RowWork(job);
  const summary = new BatchSummary();
  for await (const told of rowWork.tell(rows)) yield* lineTold(told, summary);
  yield { content: { summary: summary.content() }, problem: rowWork.stop };
}

interface Trying {
  readonly gate: Gate;
  readonly audience: Audience;
  readonly answers: Answers;
}

/** Tried by threads; what they leave is tried here, in its place among what they answer. */
async function* audienceLines(
  trying: Trying,
  unread: UnreadLines<BatchLine>,
): AsyncGenerator<AnswerLine> {
  const { gate, audience, answers } = trying;
  const blockWork = new RowWork<LineBlock, ToldBlock>({
    lanesOf: null,
    abreast: audience.abreast,
    work: (block) => judgeBlock(trying, block),
  });
  const summary = new BatchSummary();
  let breaks = 0;
  let stop: Problem | null = null;
  for await (const { made } of blockWork.tell(unread.blocks())) {
    // The batch ends with it, and its lines are told nothing.
    if (made instanceof Problem) break;
    for (const part of made.parts) {
      if (part.kind === 'answers') yield new RenderedLines(part.bytes);
      else if (stop === null) {
        const rowWork = new RowWork(tryingJob(gate, answers));
        const rows = leftRows(unread, part.lines, breaks);
        for await (const told of rowWork.tell(rows)) yield* lineTold(told, summary);
        stop = rowWork.stop;
      }
    }
    summary.addAll(made.counts);
    breaks += made.breaks;
    if (stop !== null) break;
  }
  yield { content: { summary: summary.content() }, problem: stop ?? blockWork.stop };
}

async function judgeBlock(
  { gate, audience, answers }: Trying,
  block: LineBlock,
): Promise<ToldBlock> {
  await gate.policies.renewal();
  const policySet = gate.policies.active().set.digest;
  return audience.judge({ block, now: gate.clock(), policySet, answers });
}

async function* leftRows(
  { read }: UnreadLines<BatchLine>,
  lines: readonly UnreadLine[],
  before: number,
): AsyncGenerator<Row<BatchLine>> {
  for (const { number, bytes } of lines) yield read({ number: number + before, bytes });
}

function* lineTold(
  { row, made }: ToldRow<BatchLine, MadeLine>,
  summary: BatchSummary,
): Generator<AnswerLine> {
  if (made instanceof Problem) {
    summary.reject();
    yield { content: { ref: refOf(row), line: row.line }, problem: made };
    return;
  }
  summary.add(made);
  if (made.answer === null) return;
  yield new Rendered(`{"ref":${JSON.stringify(refOf(row))},${made.answer.slice(1)}`);
}

/** Null where not even that could be read. */
function refOf(row: ReadRow<BatchLine>): string | null {
  return ('request' in row ? row.request.ref : row.ref) ?? null;
}

/** Without a key nobody could send again what a broken connection left undecided. */
function keyMissing(): Problem {
  return unfit({
    pointer: '/header/Idempotency-Key',
    message: 'decisions are to be recorded, and the key is missing',
    expected: 'a key of this batch, the same when it is sent again',
  });
}

/** Whoever acts on an allow has to know what it binds to. */
function answersCut(): Problem {
  return unfit({
    pointer: '/query/answers',
    message: 'what is decided is answered as a whole',
    expected: 'full, or mode=dry-run',
  });
}

function unfit(error: InputError): Problem {
  const detail = {
    'pt-BR': 'Corrija os pontos indicados em errors.',
    en: 'Correct what errors points at.',
  };
  return new Problem('invalid-request', detail, { errors: [error] });
}
