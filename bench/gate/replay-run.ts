/**
 * Decides on everybody in a store and then replays those decisions under two drafts, in a process
 * of its own: one that differs in its rules, and one in its caps, which takes the past of everyone.
 */
import { readEnvironment } from '../../src/config.ts';
import { Problem } from '../../src/domain/problem.ts';
import { openGate } from '../../src/main.ts';
import { createDecision } from '../../src/operations/decisions/create-decision.ts';
import type { DecisionRequest } from '../../src/operations/decisions/decision-record.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { fileSet } from '../../src/operations/policy-sets/filed-set.ts';
import { digestOf } from '../../src/operations/policy-board.ts';
import { createReplay } from '../../src/operations/replays/create-replay.ts';
import { ReplayDesk } from '../../src/operations/replays/replay-desk.ts';
import { readReplay } from '../../src/operations/replays/replay-job.ts';
import { type Answer, type Call, scopes } from '../../src/operations/operation.ts';
import { policySetFromText, policySetText } from '../../src/policies/policy-set.ts';
import type { PolicySet } from '../../src/domain/policy.ts';
import { decisionBody, numberMark } from './people.ts';

export interface ReplayOrder {
  readonly environment: Readonly<Record<string, string>>;
  readonly people: number;
  /** Decisions about each of them. */
  readonly each: number;
}

export interface ReplayTold {
  readonly name: string;
  readonly seconds: number;
  readonly compared: number;
  readonly changed: number;
  readonly notReplayed: number;
}

export interface Replayed {
  /** Seconds that deciding took, recorded and without HTTP. */
  readonly decided: number;
  readonly replays: readonly ReplayTold[];
}

const callers = 100;

function call<Body>(body: Body): Call<Body, Readonly<Record<string, never>>, never> {
  const actor = { kind: 'client', id: 'bench', scopes: new Set(scopes) } as const;
  return { actor, body, query: {}, path: {} as never, idempotencyKey: null, locale: 'en' };
}

async function decideAll(gate: Gate, { people, each }: ReplayOrder): Promise<number> {
  let next = 0;
  const startedAt = performance.now();
  const work = async (): Promise<void> => {
    while (next < people * each) {
      const number = next;
      next += 1;
      const body = decisionBody(number % people, 'promocoes');
      const request = JSON.parse(body.replace(numberMark, `${number}`)) as DecisionRequest;
      const answer: Answer = await createDecision(gate, call(request));
      if (answer instanceof Problem) throw new Error(answer.code);
    }
  };
  await Promise.all(Array.from({ length: callers }, work));
  return (performance.now() - startedAt) / 1000;
}

/** The set in force with an edit of its text, put on file. */
async function draftOf(gate: Gate, edit: (document: DraftDocument) => object): Promise<PolicySet> {
  const document = JSON.parse(policySetText(gate.policies.active().set)) as DraftDocument;
  const edited = edit(document);
  const set = policySetFromText(JSON.stringify(edited), digestOf(edited as never), digestOf);
  const files = { policies: [], rules: [] };
  const cases = { rules: 0, cases: 0, failed: 0, faults: [] };
  await fileSet(gate, { set, files, cases, findings: [], source: 'api', client: 'bench' });
  return set;
}

interface DraftDocument {
  readonly caps: readonly { readonly max: number }[];
  readonly rules: readonly { readonly name: string }[];
}

async function replay(gate: Gate, name: string, { digest }: PolicySet): Promise<ReplayTold> {
  const from = new Date(0).toISOString();
  const to = new Date(gate.clock()).toISOString();
  const startedAt = performance.now();
  const begun = await createReplay(gate, call({ policySet: digest, from, to }));
  if (begun instanceof Problem) throw new Error(begun.code);
  const tell = (fault: unknown): void => {
    throw fault;
  };
  await new ReplayDesk(gate, { ticks: () => performance.now(), tell }).look();
  const seconds = (performance.now() - startedAt) / 1000;
  const { id } = begun as unknown as { readonly id: string };
  const done = await readReplay(gate.store, id);
  if (done?.state !== 'done') throw new Error(`the replay is ${done?.state}`);
  const { compared, changed } = done.tally;
  const left = Object.values(done.notReplayed).reduce((sum, count) => sum + count, 0);
  return { name, seconds, compared, changed, notReplayed: left };
}

async function run(order: ReplayOrder): Promise<Replayed> {
  const config = readEnvironment(order.environment);
  if ('complaints' in config) throw new Error(config.complaints.join('\n'));
  const { gate, policies } = await openGate(config, 'http://127.0.0.1');
  const decided = await decideAll(gate, order);
  const rules = await draftOf(gate, (document) => ({
    ...document,
    rules: document.rules.filter(({ name }) => name !== 'unsubscribe-present'),
  }));
  const caps = await draftOf(gate, (document) => ({
    ...document,
    caps: document.caps.map((cap) => ({ ...cap, max: 2 })),
  }));
  const replays = [
    await replay(gate, 'another rule', rules),
    await replay(gate, 'other caps', caps),
  ];
  policies.stopWatching();
  await gate.store.close();
  return { decided, replays };
}

process.once('message', (order) => {
  void run(order as ReplayOrder).then((replayed) => {
    process.send?.(replayed);
    process.disconnect();
  });
});
