/**
 * `porteiro rules explain DECISION`: why a recorded decision was made so, by the rules of the set
 * that it names. Asks the running server, or reads what the server answered before from files.
 * Ends with 1 where there is no explanation, or where the rules give other reasons than the record.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { readFileSync } from 'node:fs';
import type { Locale } from '../domain/text.ts';
import type { OperationId } from '../http/routes.ts';
import {
  type DecisionExplanation,
  explainDecision,
  type ExplanationFault,
} from '../operations/explanations/decision-explanation.ts';
import { explanationLines } from '../operations/explanations/explanation-words.ts';
import type { components } from '../operations/wire.ts';
import {
  accessFor,
  callServer,
  type ProblemTold,
  remark,
  sentenceOf,
  unansweredSentence,
} from './server-access.ts';
import { say } from './terminal.ts';
import { readClient } from './token.ts';

type DecisionRecord = components['schemas']['DecisionRecord'];
type PolicySetFiled = components['schemas']['PolicySetFiled'];

interface ExplainOptions {
  readonly all: boolean;
  readonly candidate?: number;
  readonly client: string;
  readonly json: boolean;
  readonly lang: Locale;
  readonly record?: string;
  readonly set?: string;
}

/** Why something was not read. */
interface ReadingFault {
  /** Of a problem that the server told; null for all else. */
  readonly code: string | null;
  /** Null where it was said already. */
  readonly sentence: string | null;
}

const candidateMax = 19;
const stdin = 0;

function readCandidate(text: string): number {
  const place = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  if (place <= candidateMax) return place;
  throw new InvalidArgumentError(`It must be the place of a candidate, from 0 to ${candidateMax}.`);
}

/** What a file holds of an answer of the API, held to the contract as the answer would be. */
async function readAnswer(path: string, operation: OperationId): Promise<unknown> {
  // Loaded where it is needed alone, so that the other commands answer at once.
  const { makeContract } = await import('../http/contract/contract.ts');
  try {
    const body = JSON.parse(readFileSync(path === '-' ? stdin : path, 'utf8')) as unknown;
    const contract = makeContract(
      readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8'),
    );
    const wrong = contract.answerFault(operation, {
      status: 200,
      mediaType: 'application/json',
      body,
    });
    if (wrong === null) return body;
    return noAnswer(`${path} holds no answer of ${operation}: ${wrong}`);
  } catch (error) {
    if (error instanceof SyntaxError) return noAnswer(`${path} holds no JSON: ${error.message}.`);
    if (error instanceof Error && 'code' in error) return noAnswer(error.message);
    throw error;
  }
}

function noAnswer(sentence: string | null): ReadingFault {
  return { code: null, sentence };
}

function isFault(read: unknown): read is ReadingFault {
  return typeof read === 'object' && read !== null && 'sentence' in read;
}

/** As a client that may read why records and sets. */
async function readFromServer(client: string, path: string): Promise<unknown> {
  const access = accessFor(client, ['audit:read']);
  if (access === null) return noAnswer(null);
  try {
    const { status, body } = await callServer(access, 'GET', path);
    if (status === 200) return body;
    const problem = body as ProblemTold;
    return { code: problem.code, sentence: sentenceOf(problem) } satisfies ReadingFault;
  } catch (error) {
    const sentence = unansweredSentence(access.server, error);
    if (sentence === null) throw error;
    return noAnswer(`${sentence} Is the server running under these settings?`);
  }
}

/** The record, from the file that is named or by its id. */
async function readDecision(
  id: string | undefined,
  { client, record }: ExplainOptions,
): Promise<DecisionRecord | ReadingFault> {
  const read =
    record === undefined
      ? await readFromServer(client, `/v1/decisions/${id}`)
      : await readAnswer(record, 'getDecision');
  return isFault(read) ? read : (read as DecisionRecord);
}

async function readSetOf(
  digest: string,
  { client, set }: ExplainOptions,
): Promise<PolicySetFiled | ReadingFault> {
  const read =
    set === undefined
      ? await readFromServer(client, `/v1/policy-sets/${digest}`)
      : await readAnswer(set, 'getPolicySet');
  if (!isFault(read)) return read as PolicySetFiled;
  if (read.code !== 'policy-set-absent') return read;
  const sentence = `The files of ${digest}, which decided, are not on file: give them by --set.`;
  return { ...read, sentence };
}

const faultSentences: Readonly<Record<ExplanationFault, string>> = {
  'other-rules': 'These are not the rules that decided: their digest is not that of the record.',
  'no-candidate': 'The decision has no such candidate.',
};

async function explain(
  id: string | undefined,
  options: ExplainOptions,
): Promise<DecisionExplanation | ReadingFault> {
  const record = await readDecision(id, options);
  if (isFault(record)) return record;
  if (id !== undefined && record.id !== id) return noAnswer(`The record is that of ${record.id}.`);
  const set = await readSetOf(record.policySet, options);
  if (isFault(set)) return set;
  const { candidate = null } = options;
  const explained = await explainDecision({ record, rules: set.files.rules, candidate });
  return typeof explained === 'string' ? noAnswer(faultSentences[explained]) : explained;
}

async function tellExplanation(id: string | undefined, options: ExplainOptions): Promise<boolean> {
  const explained = await explain(id, options);
  if (isFault(explained)) {
    if (explained.sentence !== null) remark(explained.sentence);
    return false;
  }
  if (options.json) say(JSON.stringify(explained));
  else {
    const { all, lang: locale } = options;
    explanationLines(explained, { all, locale }).forEach(say);
  }
  return explained.agrees;
}

const decisionId = /^dec_[0-9a-f-]{36}$/;

export function addExplainCommand(rules: Command): void {
  const explainCommand = rules
    .command('explain')
    .description('Say why a recorded decision was made so, by the rules that made it.')
    .argument('[decision]', 'its id, such as dec_0192f0c4-...; else that of --record')
    .option('--all', 'also the rules that did not fire', false)
    .option('--candidate <place>', 'of a choice, the candidate to explain', readCandidate)
    .option('--client <name>', 'the client that reads, as logs name it', readClient, 'porteiro-cli')
    .addOption(
      new Option('--lang <language>', 'the language').choices(['pt-BR', 'en']).default('pt-BR'),
    )
    .option('--record <file>', 'the answer of GET /v1/decisions/ID, or - for the standard input')
    .option('--set <file>', 'the answer of GET /v1/policy-sets/DIGEST')
    .option('--json', 'print it as JSON, with every rule', false);
  explainCommand.action(async (id: string | undefined, options: ExplainOptions) => {
    const { record } = options;
    if (id === undefined && record === undefined) {
      explainCommand.error('error: name a decision, or a record by --record');
    }
    if (id !== undefined && !decisionId.test(id)) {
      explainCommand.error(`error: "${id}" is no id of a decision, such as dec_0192f0c4-...`);
    }
    if (!(await tellExplanation(id, options))) process.exitCode = 1;
  });
}
