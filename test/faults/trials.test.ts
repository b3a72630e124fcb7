/**
 * Shadows and replays with every write failing in turn: a retry heals it, a restart finds nothing
 * half done, and no decision is counted twice or left out.
 */
import { expect } from 'chai';
import { Problem } from '../../src/domain/problem.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Gate } from '../../src/operations/gate.ts';
import type { Answer } from '../../src/operations/operation.ts';
import { cancelReplay } from '../../src/operations/replays/cancel-replay.ts';
import { openReplay } from '../../src/operations/replays/replay-job.ts';
import { replayLeaseMs } from '../../src/operations/replays/replay-desk.ts';
import { endShadow } from '../../src/operations/shadows/end-shadow.ts';
import { getShadow } from '../../src/operations/shadows/get-shadow.ts';
import { recordLastShadow, type Shadow } from '../../src/operations/shadows/shadow-list.ts';
import { startShadow } from '../../src/operations/shadows/start-shadow.ts';
import { StoreFailure } from '../../src/store/port.ts';
import { ana, bodyOf, call, decide, grant, idOf, makeSubject, read } from '../operations/calls.ts';
import { noEmail, roomy } from '../operations/trials/drafts.ts';
import { asked, deskOf } from '../operations/trials/replays.ts';
import { emptyShelves, MemoryStore, type Shelves } from '../store/memory-store.ts';
import { makeTestGate, type TestGate } from '../support/gate.ts';
import { type FailureMode, failureModes, FailingStore } from './failing-store.ts';

const writesMax = 20;
const key = 'key-of-the-test';
const decisions = 3;
const { digest } = noEmail;

interface Case extends TestGate {
  readonly shelves: Shelves;
  readonly failing: FailingStore;
  /** Another process on the same store. */
  readonly boot: () => Promise<Gate>;
  /** What was arranged. */
  readonly id: string;
}

interface Scenario {
  readonly name: string;
  readonly arrange: (gate: Gate) => Promise<string>;
  readonly act: (gate: Gate, id: string) => Promise<Answer>;
}

const path = { digest };

function start(gate: Gate): Promise<Answer> {
  return startShadow(gate, call({}, { path, key }));
}

const scenarios: readonly Scenario[] = [
  { name: 'a shadow, started', arrange: async () => '', act: start },
  {
    name: 'a shadow, ended',
    arrange: async (gate) => {
      const id = idOf(bodyOf(await start(gate)));
      for (let each = 0; each < decisions; each += 1) await decide(gate);
      await gate.shadow.keep();
      return id;
    },
    act: (gate) => endShadow(gate, call(null, { path })),
  },
  {
    name: 'a replay, asked for',
    arrange: async () => '',
    act: (gate) => asked(gate, digest, {}, key),
  },
  {
    name: 'a replay, cancelled',
    arrange: async (gate) => idOf(bodyOf(await asked(gate, digest))),
    act: (gate, id) => cancelReplay(gate, call(null, { path: { id } })),
  },
];

async function makeCase(arrange: Scenario['arrange']): Promise<Case> {
  const shelves = emptyShelves();
  const failing = new FailingStore(new MemoryStore(shelves));
  const made = await makeTestGate({ store: failing, set: roomy });
  const { gate, clock } = made;
  await makeSubject(gate, [ana]);
  bodyOf(await grant(gate));
  for (let each = 0; each < decisions; each += 1) await decide(gate);
  clock.advance(1);
  await made.file(noEmail);
  const id = await arrange(gate);
  const boot = async (): Promise<Gate> => {
    const store = new MemoryStore(shelves);
    const other = (await makeTestGate({ store, clock, seed: 2, set: null })).gate;
    await recordLastShadow(store);
    await other.shadow.refresh();
    return other;
  };
  return { ...made, shelves, failing, boot, id };
}

function idsOf({ shelves }: Case, prefix: string): readonly string[] {
  return [...(shelves.get('records')?.keys() ?? [])].filter((id) => id.startsWith(prefix)).sort();
}

function shadowsIn({ shelves }: Case): readonly Shadow[] {
  const body = shelves.get('settings')?.get('policy-shadows')?.body;
  return body === undefined ? [] : (JSON.parse(body) as readonly Shadow[]);
}

/** Every start, end and replay that shows has its record, and the other way round. */
function expectEvidence(world: Case): void {
  const shadows = shadowsIn(world);
  expect(idsOf(world, 'shd_')).to.deep.equal(shadows.map(({ id }) => id));
  const ends = shadows.flatMap(({ end }) => (end === null ? [] : [end.record]));
  expect(idsOf(world, 'she_')).to.deep.equal(ends);
  expect(idsOf(world, 'rep_')).to.deep.equal([...(world.shelves.get('replays')?.keys() ?? [])]);
}

function comparable(answer: Answer): string {
  return JSON.stringify(bodyOf(answer))
    .replaceAll(/[a-z]{3}_[0-9a-f]{8}-[0-9a-f-]{27}/g, '#')
    .replaceAll(/sha256:[0-9a-f]{64}/g, '#');
}

/** Fails each write in turn, until the operation answers. */
async function failingEach(
  { arrange, act }: Scenario,
  mode: FailureMode,
  check: (world: Case) => Promise<void>,
): Promise<void> {
  for (let at = 1; at <= writesMax; at += 1) {
    const world = await makeCase(arrange);
    world.failing.arm(at, mode);
    const answer = await act(world.gate, world.id).catch((error: unknown) => error);
    const { hasFailed } = world.failing;
    world.failing.restart();
    if (!hasFailed) {
      expect(answer).not.to.be.instanceOf(Problem);
      expect(at).to.be.greaterThan(2);
      return;
    }
    expect(answer, `write ${at}`).to.be.instanceOf(StoreFailure);
    await check(world);
  }
  expect.fail(`more than ${writesMax} writes`);
}

describe('a shadow or a replay whose n-th write fails', () => {
  for (const scenario of scenarios) {
    for (const mode of failureModes) {
      it(`${scenario.name}: a retry heals it (${mode})`, async () => {
        const undisturbed = await makeCase(scenario.arrange);
        const wanted = comparable(await scenario.act(undisturbed.gate, undisturbed.id));
        await failingEach(scenario, mode, async (world) => {
          const gate = mode === 'crash' ? await world.boot() : world.gate;
          expect(comparable(await scenario.act(gate, world.id))).to.equal(wanted);
          expectEvidence(world);
        });
      });

      it(`${scenario.name}: without a retry nothing is half there (${mode})`, async () => {
        await failingEach(scenario, mode, async (world) => {
          const fresh = await world.boot();
          await deskOf(fresh).look();
          expectEvidence(world);
          for (const stored of world.shelves.get('replays')?.values() ?? []) {
            const { state, tally } = openReplay(stored);
            expect(state).to.be.oneOf(['done', 'cancelled']);
            expect(tally.compared).to.equal(state === 'done' ? decisions : 0);
          }
          expect((await decide(fresh))['outcome']).to.equal('allow');
        });
      });
    }
  }
});

describe('a replay that runs while its n-th write fails', () => {
  for (const mode of failureModes) {
    it(`counts every decision once (${mode})`, async () => {
      let isDone = false;
      for (let at = 1; !isDone && at <= writesMax; at += 1) {
        const world = await makeCase(async (gate) => idOf(bodyOf(await asked(gate, digest))));
        const { gate, failing, clock, shelves, id } = world;
        failing.arm(at, mode);
        await deskOf(gate)
          .look()
          .catch((error: unknown) => {
            expect(error).to.be.instanceOf(StoreFailure);
          });
        isDone = !failing.hasFailed;
        failing.restart();
        clock.advance(replayLeaseMs + 2001);
        await deskOf(await world.boot()).look();
        const stored = shelves.get('replays')?.get(id);
        if (stored === undefined) throw new Error('the replay is on file');
        const { state, tally } = openReplay(stored);
        expect(state).to.equal('done');
        expect(tally).to.include({ compared: decisions, changed: decisions });
        expectEvidence(world);
      }
      expect(isDone, 'a replay ends').to.equal(true);
    });
  }
});

describe('a shadow whose counts fail to be kept', () => {
  for (const mode of failureModes) {
    it(`counts every decision once all the same (${mode})`, async () => {
      const world = await makeCase(async (gate) => idOf(bodyOf(await start(gate))));
      const { gate, failing } = world;
      for (let each = 0; each < decisions; each += 1) {
        bodyOf(await decideAllowed(gate));
        failing.arm(1, mode);
        const cut = await gate.shadow.keep().catch((error: unknown) => error);
        expect(cut).to.be.instanceOf(StoreFailure);
        failing.restart();
      }
      const shadow = bodyOf(await getShadow(gate, read(path)));
      expect((shadow['comparison'] as JsonObject)['compared']).to.equal(decisions);
    });
  }
});

async function decideAllowed(gate: Gate): Promise<Answer> {
  const answer = await decide(gate);
  expect(answer['outcome']).to.equal('allow');
  return answer;
}
