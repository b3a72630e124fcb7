/**
 * One person erased among 10^5 on SQLite, each with twenty decisions on record, while nobody else
 * asks: from the request to the answer, with the log emptied and the outside log synced.
 */
import { performance } from 'node:perf_hooks';
import { readEnvironment } from '../src/config.ts';
import { Problem } from '../src/domain/problem.ts';
import { openGate } from '../src/main.ts';
import { createDecision } from '../src/operations/decisions/create-decision.ts';
import { eraseSubject } from '../src/operations/erasure/erase-subject.ts';
import type { Gate } from '../src/operations/gate.ts';
import { type Answer, type Call, Rendered, scopes } from '../src/operations/operation.ts';
import { lookupSubject } from '../src/operations/subjects/lookup-subject.ts';
import { emailOf } from './gate/people.ts';
import { makeHome, seedHome } from './gate/served-gate.ts';
import { plain, printTable, printTargets, printTitle, spreadOf, type Target } from './report.ts';

const people = 100_000;
const erased = 100;
const decisionsEach = 20;

function call<Body, Path>(
  body: Body,
  path: Path,
): Call<Body, Readonly<Record<string, never>>, Path> {
  const actor = { kind: 'client', id: 'bench', scopes: new Set(scopes) } as const;
  return { actor, body, query: {}, path, idempotencyKey: null, locale: 'en' };
}

function done(answer: Answer): Exclude<Answer, Problem | Rendered> {
  if (answer instanceof Problem) throw new Error(`${answer.code}: ${answer.detail.en}`);
  return answer instanceof Rendered ? {} : answer;
}

async function prepare(gate: Gate, person: number): Promise<string> {
  const subject = { type: 'email', value: emailOf(person) } as const;
  const act = { subject, action: 'send', purpose: 'promocoes', channel: 'email' } as const;
  for (let time = 0; time < decisionsEach; time += 1)
    done(await createDecision(gate, call(act, {})));
  const { id } = done(await lookupSubject(gate, call({ subject }, {})));
  if (typeof id !== 'string') throw new Error('the answer has no id');
  return id;
}

export async function benchErasure(): Promise<readonly Target[]> {
  printTitle(`Erasing one person among ${people.toLocaleString('en')} on SQLite`);
  const home = makeHome();
  const { seconds } = await seedHome(home, people);
  console.log(
    `  ${people.toLocaleString('en')} people put in by operations in ${plain(seconds)} s`,
  );
  const config = readEnvironment(home.environment);
  if ('complaints' in config) throw new Error(config.complaints.join('\n'));
  const { gate, policies } = await openGate(config, 'http://127.0.0.1');
  const millis: number[] = [];
  for (let each = 0; each < erased; each += 1) {
    const id = await prepare(gate, Math.floor((each * people) / erased));
    const demand = { reason: 'erase-consented', actor: { kind: 'subject' } } as const;
    const startedAt = performance.now();
    done(await eraseSubject(gate, call(demand, { id })));
    millis.push(performance.now() - startedAt);
  }
  policies.stopWatching();
  await gate.store.close();
  const { min, median, max } = spreadOf(millis);
  printTable([
    ['', 'least ms', 'median ms', 'most ms'],
    [`${erased} erasures`, plain(min), plain(median), plain(max)],
  ]);
  const targets: readonly Target[] = [
    { what: 'an erasure, median', measured: median, bound: 'at most', target: 100, unit: 'ms' },
    { what: 'an erasure, worst', measured: max, bound: 'at most', target: 1000, unit: 'ms' },
  ];
  printTargets(targets);
  return targets;
}
