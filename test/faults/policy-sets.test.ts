/**
 * Putting and activating policy sets with every write failing in turn: a retry heals it, a restart
 * finds nothing half done, and nobody decides by a set that was never put in force.
 */
import { expect } from 'chai';
import { Problem } from '../../src/domain/problem.ts';
import type { Gate } from '../../src/operations/gate.ts';
import type { Answer } from '../../src/operations/operation.ts';
import {
  isFolderLoaded,
  loadFolderSet,
  openBoard,
  sweepPolicies,
} from '../../src/operations/policy-sets/open-policies.ts';
import { StoreFailure } from '../../src/store/port.ts';
import { bodyOf, decide, grant } from '../operations/calls.ts';
import {
  activation,
  digestPut,
  promotionsOff,
  put,
  stricterCap,
} from '../operations/policy-sets/files.ts';
import { emptyShelves, MemoryStore, type Shelves } from '../store/memory-store.ts';
import { makeTestGate, shippedSet, type TestGate } from '../support/gate.ts';
import { type FailureMode, failureModes, FailingStore } from './failing-store.ts';
import { pictureOf } from './picture.ts';

const writesMax = 12;
const key = 'key-of-the-test';

interface Case extends TestGate {
  readonly shelves: Shelves;
  readonly failing: FailingStore;
  /** Another process on the same store. */
  readonly boot: () => Promise<Gate>;
  readonly digest: string;
}

async function makeCase(arrange: (gate: Gate) => Promise<string>): Promise<Case> {
  const shelves = emptyShelves();
  const failing = new FailingStore(new MemoryStore(shelves));
  const made = await makeTestGate({ store: failing });
  await grant(made.gate);
  const digest = await arrange(made.gate);
  const boot = async (): Promise<Gate> => {
    const { clock } = made;
    const store = new MemoryStore(shelves);
    return (await makeTestGate({ store, clock, seed: 2, set: null })).gate;
  };
  return { ...made, shelves, failing, boot, digest };
}

interface Scenario {
  readonly name: string;
  readonly arrange: (gate: Gate) => Promise<string>;
  readonly act: (gate: Gate, digest: string) => Promise<Answer>;
}

const scenarios: readonly Scenario[] = [
  {
    name: 'a set, put for the first time',
    arrange: async () => '',
    act: (gate) => put(gate, promotionsOff),
  },
  {
    name: 'a set, put with other files',
    arrange: (gate) => digestPut(gate, promotionsOff),
    act: (gate) =>
      put(gate, {
        ...promotionsOff,
        policies: promotionsOff.policies.map((file) =>
          file.path === 'data.yaml' ? { ...file, text: `# Reviewed.\n${file.text}` } : file,
        ),
      }),
  },
  {
    name: 'a set, activated',
    arrange: (gate) => digestPut(gate, promotionsOff),
    act: (gate, digest) => activation(gate, digest, { key }),
  },
];

function linesOf({ shelves, gate }: Case): readonly string[] {
  return pictureOf(shelves, gate.vault).lines;
}

/** Every set and activation that shows has its record, and the other way round. */
function expectEvidence({ shelves }: Case): void {
  const records = [...(shelves.get('records')?.keys() ?? [])];
  const activations = JSON.parse(
    shelves.get('settings')?.get('policy-activations')?.body ?? '[]',
  ) as readonly { readonly record: string }[];
  expect(activations.map(({ record }) => record)).to.deep.equal(
    records.filter((id) => id.startsWith('act_')),
  );
  for (const { fields } of shelves.get('policyPuts')?.values() ?? []) {
    expect(fields['pendingRecord']).to.equal(null);
    expect(records).to.include(fields['record']);
  }
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
    const answer = await act(world.gate, world.digest).catch((error: unknown) => error);
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

describe('a policy set whose n-th write fails', () => {
  for (const scenario of scenarios) {
    for (const mode of failureModes) {
      it(`${scenario.name}: a retry heals it (${mode})`, async () => {
        const undisturbed = await makeCase(scenario.arrange);
        bodyOf(await scenario.act(undisturbed.gate, undisturbed.digest));
        await failingEach(scenario, mode, async (world) => {
          const gate = mode === 'crash' ? await world.boot() : world.gate;
          bodyOf(await scenario.act(gate, world.digest));
          expectEvidence(world);
          expect(linesOf(world)).to.deep.equal(linesOf(undisturbed));
        });
      });

      it(`${scenario.name}: without a retry nothing is half there (${mode})`, async () => {
        await failingEach(scenario, mode, async (world) => {
          const fresh = await world.boot();
          await sweepPolicies(fresh.store);
          expectEvidence(world);
          const { policySet } = await decide(fresh);
          expect((await decide(world.gate))['policySet'], 'two processes').to.equal(policySet);
        });
      });
    }
  }
});

describe('a start whose n-th write fails', () => {
  for (const mode of failureModes) {
    it(`is done again by the next, whichever set comes then (${mode})`, async () => {
      const later = shippedSet((parts) => ({ ...parts, caps: [] }));
      for (const next of [shippedSet(), later]) {
        let isDone = false;
        for (let at = 1; !isDone && at <= writesMax; at += 1) {
          const shelves = emptyShelves();
          const failing = new FailingStore(new MemoryStore(shelves));
          const { gate, clock } = await makeTestGate({ store: failing, set: null });
          const sleep = async (ms: number): Promise<void> => clock.advance(ms);
          const ports = { ...gate, ticks: clock.read, sleep, sharing: null };
          const folder = (set: typeof next) => ({
            set,
            files: { policies: [], rules: [] },
            cases: { rules: 0, cases: 0, failed: 0, faults: [] },
            findings: [],
          });
          failing.arm(at, mode);
          const cut = await loadFolderSet(ports, gate.policies, folder(shippedSet())).catch(
            (error: unknown) => error,
          );
          isDone = !failing.hasFailed;
          if (!isDone) expect(cut).to.be.instanceOf(StoreFailure);
          failing.restart();
          const board = await openBoard(ports);
          await loadFolderSet(ports, board, folder(next));
          expect(board.active().set.digest).to.equal(next.digest);
          expect(await isFolderLoaded(failing, next)).to.equal(true);
          expectEvidence({ shelves } as Case);
        }
        expect(isDone, 'a start ends').to.equal(true);
      }
    });
  }

  it('leaves in force what the API put there, unless the folder changed', async () => {
    const { gate, clock } = await makeTestGate({ set: null });
    const ports = { ...gate, ticks: clock.read, sleep: async () => undefined, sharing: null };
    const folder = (set: ReturnType<typeof shippedSet>) => ({
      set,
      files: { policies: [], rules: [] },
      cases: { rules: 0, cases: 0, failed: 0, faults: [] },
      findings: [],
    });
    const first = shippedSet();
    expect(await loadFolderSet(ports, gate.policies, folder(first))).to.equal('activated');
    const digest = await digestPut(gate, stricterCap);
    bodyOf(await activation(gate, digest));
    const again = await openBoard(ports);
    expect(await loadFolderSet(ports, again, folder(first))).to.equal('unchanged');
    expect(again.active().set.digest).to.equal(digest);
    const later = shippedSet((parts) => ({ ...parts, caps: [] }));
    const third = await openBoard(ports);
    expect(await loadFolderSet(ports, third, folder(later))).to.equal('activated');
    expect(third.active().set.digest).to.equal(later.digest);
  });
});
