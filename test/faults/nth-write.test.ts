/**
 * Every operation with every one of its writes failing in turn, in every way: what was not
 * acknowledged is never half visible, a retry heals, and what was acknowledged binds everywhere.
 */
import { expect } from 'chai';
import { hourMs } from '../../src/domain/calendar/instant.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { type Answer, Rendered } from '../../src/operations/operation.ts';
import { Problem } from '../../src/domain/problem.ts';
import { sweepPending } from '../../src/operations/subjects/pending-sweep.ts';
import { sweepErasures } from '../../src/operations/erasure/sweep-erasures.ts';
import { sweepContentReviews } from '../../src/operations/content-reviews/sweep-content-reviews.ts';
import { StoreFailure } from '../../src/store/port.ts';
import { decide, rulesOf } from '../operations/calls.ts';
import { type FailureMode, failureModes, FailingStore } from './failing-store.ts';
import { pictureOf } from './picture.ts';
import { type Arranged, type Scenario, scenarios } from './scenarios.ts';
import { contactsIn, expectSettled, expectTruths } from './truths.ts';
import { makeWorld, type World } from './world.ts';

const writesMax = 60;
const key = 'key-of-the-test';

/** A store that fails, a gate over it, and another one that knows the subject as it was before. */
interface Case extends World {
  readonly store: FailingStore;
  readonly gate: Gate;
  readonly other: Gate;
  readonly made: Arranged;
}

/** What happens after the failure. */
type Aftermath = 'retry' | 'restart' | 'restart and sweep';
const aftermaths: Readonly<Record<FailureMode, readonly Aftermath[]>> = {
  before: ['retry'],
  after: ['retry', 'restart'],
  crash: ['restart', 'restart and sweep'],
};

async function makeCase(scenario: Scenario): Promise<Case> {
  const stores: FailingStore[] = [];
  const world = await makeWorld((inner) => {
    const failing = new FailingStore(inner);
    stores.push(failing);
    return failing;
  }, scenario.policies);
  const [store] = stores;
  if (store === undefined) throw new Error('the world has no store');
  const [gate, other] = [world.boot(), world.boot()];
  const made = await scenario.arrange(gate);
  // The other gate decides once, so that its cache holds the subject.
  if (scenario.forbids && made.subject !== '') {
    expect((await decide(other))['outcome']).to.equal('allow');
  }
  return { ...world, store, gate, other, made };
}

function linesOf(world: Case): readonly string[] {
  return pictureOf(world.shelves, world.gate.vault).lines;
}

function expectSame(found: readonly string[], wanted: readonly string[]): void {
  const surplus = found.filter((line) => !wanted.includes(line));
  const missing = wanted.filter((line) => !found.includes(line));
  expect({ surplus, missing }).to.deep.equal({ surplus: [], missing: [] });
  expect(found.length, 'documents').to.equal(wanted.length);
}

function answerText(answer: Answer): string {
  const text = answer instanceof Rendered ? answer.json : JSON.stringify(answer);
  return text
    .replaceAll(/([a-z]{3}_)[0-9a-f]{8}-[0-9a-f-]{27}/g, '$1#')
    .replaceAll(/\/u\/[\w-]+/g, '/u/#')
    .replaceAll(/sha256:[0-9a-f]{64}/g, 'sha256:#');
}

/** The rejection, or the answer where the n-th write was never reached. */
async function attempt(world: Case, scenario: Scenario, more: Failure): Promise<Answer | null> {
  world.store.arm(more.at, more.mode);
  try {
    const answer = await scenario.act(world.gate, world.made, more.key);
    if (!world.store.hasFailed) return answer;
    expect.fail('the operation answered although a write failed under it');
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    return null;
  } finally {
    world.store.restart();
  }
}

interface Failure {
  readonly at: number;
  readonly mode: FailureMode;
  readonly key: string | null;
}

async function expectForbidden({ other, clock }: Case): Promise<void> {
  // Past the gap between two contacts, which would hide an allow.
  clock.advance(5 * hourMs);
  expect((await decide(other))['outcome'], 'after its acknowledgement').not.to.equal('allow');
}

/** Fails every write of the operation in turn; `check` sees the world after each failure. */
async function failingEach(
  scenario: Scenario,
  more: { readonly mode: FailureMode; readonly key: string | null },
  check: (world: Case) => Promise<void>,
): Promise<void> {
  for (let at = 1; at <= writesMax; at += 1) {
    const world = await makeCase(scenario);
    const answer = await attempt(world, scenario, { ...more, at });
    if (answer !== null) {
      expect(answer).not.to.be.instanceOf(Problem);
      expect(at, 'writes of the operation').to.be.greaterThan(1);
      if (scenario.forbids) await expectForbidden(world);
      return;
    }
    try {
      await check(world);
    } catch (error) {
      if (error instanceof Error) error.message = `write ${at}: ${error.message}`;
      throw error;
    }
  }
  expect.fail(`more than ${writesMax} writes`);
}

async function undisturbed(
  scenario: Scenario,
  more: { readonly key: string | null; readonly restarts: boolean },
): Promise<{ answer: string; lines: readonly string[] }> {
  const world = await makeCase(scenario);
  const gate = more.restarts ? world.boot() : world.gate;
  const answer = await scenario.act(gate, world.made, more.key);
  expect(answer).not.to.be.instanceOf(Problem);
  if (scenario.forbids) await expectForbidden(world);
  return { answer: answerText(answer), lines: linesOf(world) };
}

describe('an operation whose n-th write fails', () => {
  for (const scenario of scenarios) {
    for (const mode of failureModes) {
      it(`${scenario.name}: a retry heals it (${mode})`, async () => {
        const used = scenario.takesKey ? key : null;
        for (const aftermath of aftermaths[mode]) {
          const restarts = aftermath !== 'retry';
          const wanted = await undisturbed(scenario, { key: used, restarts });
          await failingEach(scenario, { mode, key: used }, async (world) => {
            const gate = restarts ? world.boot() : world.gate;
            if (aftermath === 'restart and sweep') await sweep(gate);
            const answer = await scenario.act(gate, world.made, used);
            expect(answerText(answer)).to.equal(wanted.answer);
            if (scenario.forbids) await expectForbidden(world);
            // Of a change whose record is there, the last write is left to the sweep.
            await expectTruths(world.shelves, gate);
            await sweep(gate);
            expectSame(linesOf(world), wanted.lines);
            await expectSettled(world.shelves, gate);
          });
        }
      });

      it(`${scenario.name}: without a retry nothing is half visible (${mode})`, async () => {
        for (const used of scenario.takesKey ? [key, null] : [null]) {
          await failingEach(scenario, { mode, key: used }, async (world) => {
            const fresh = world.boot();
            await expectTruths(world.shelves, fresh);
            await expectCapped(world, [fresh, world.other, world.gate], scenario.erases === true);
            await sweep(fresh);
            await expectSettled(world.shelves, fresh);
          });
        }
      });
    }
  }
});

/** As the server does at the start and each minute. */
async function sweep(gate: Gate): Promise<void> {
  await sweepPending(gate);
  await sweepContentReviews(gate);
  await sweepErasures(gate);
}

/** Whatever failed, no more than two promotions a week, a person. */
async function expectCapped(
  world: Case,
  gates: readonly Gate[],
  mayBeGone: boolean,
): Promise<void> {
  const { subject } = world.made;
  if (subject === '') return;
  const before = contactsIn(world.shelves, subject).length;
  let allows = 0;
  for (const gate of [...gates, ...gates]) {
    world.clock.advance(5 * hourMs);
    const answer = await decide(gate);
    if (answer['outcome'] === 'allow') allows += 1;
    else if (!mayBeGone) expect(rulesOf(answer)).not.to.include('subject-unknown');
  }
  expect(before + allows, 'contacts').to.be.at.most(2);
}
