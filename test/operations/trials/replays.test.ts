/** Replays: exactly what a draft changes, cut off and gone on with, cancelled, refused. */
import { expect } from 'chai';
import { dayMs, hourMs, toIso } from '../../../src/domain/calendar/instant.ts';
import type { PolicySet } from '../../../src/domain/policy.ts';
import { createBestDecision } from '../../../src/operations/decisions/create-best-decision.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import { cancelReplay } from '../../../src/operations/replays/cancel-replay.ts';
import { getReplay } from '../../../src/operations/replays/get-replay.ts';
import { listReplays } from '../../../src/operations/replays/list-replays.ts';
import { replayLeaseMs } from '../../../src/operations/replays/replay-desk.ts';
import { answered } from '../../support/contract.ts';
import { makeTestGate, type TestGate } from '../../support/gate.ts';
import { digestPut, edited } from '../policy-sets/files.ts';
import {
  allItems,
  ana,
  bodyOf,
  bruno,
  call,
  codeOf,
  decide,
  grant,
  idOf,
  makeSubject,
  read,
  recordsIn,
} from '../calls.ts';
import { noEmail, promotionsWith, roomy, roomySet } from './drafts.ts';
import { onBothEngines } from './engines.ts';
import { asked, deskOf, type Replay, replayAt, replayed } from './replays.ts';

const oneAWeek = roomySet((parts) => ({
  ...parts,
  caps: [
    {
      name: 'one-a-week',
      match: { purpose: 'promocoes', channel: null, promotional: null },
      max: 1,
      per: 'week',
      window: 'rolling',
      minGapMinutes: null,
      unreported: 'presume-sent',
    },
  ],
}));
const closed = roomySet((parts) => ({
  ...parts,
  channels: parts.channels.map((each) =>
    each.channel === 'email'
      ? { ...each, permitted: each.permitted.map(() => ({ from: 18 * 60, to: 19 * 60 })) }
      : each,
  ),
}));
const doubleOptIn = roomySet((parts) => ({
  ...parts,
  purposes: promotionsWith(parts, {
    consent: { minimumEvidence: 'double_opt_in', expiresAfter: null },
  }),
}));
/**
 * Five promotions to Ana and one to Bruno within a week, one to each after it, all allowed; and one
 * to nobody that is known.
 */
async function livedWeek({ gate, clock }: TestGate): Promise<void> {
  for (const subject of [ana, bruno]) {
    await makeSubject(gate, [subject]);
    bodyOf(await grant(gate, { subject }));
  }
  clock.advance(hourMs);
  for (const subject of [ana, ana, ana, ana, bruno]) {
    expect((await decide(gate, { subject }))['outcome']).to.equal('allow');
    clock.advance(60_000);
  }
  await decide(gate, { subject: { type: 'email', value: 'nobody@example.com' } });
  clock.advance(8 * dayMs);
  for (const subject of [ana, bruno]) {
    expect((await decide(gate, { subject }))['outcome']).to.equal('allow');
  }
  clock.advance(1);
}

interface Wanted {
  readonly draft: PolicySet;
  readonly comparison: Partial<Replay['comparison']>;
}

const cases: Readonly<Record<string, Wanted>> = {
  'a cap': {
    draft: oneAWeek,
    comparison: {
      compared: 8,
      unchanged: 5,
      changed: 3,
      people: { count: 1, exact: true },
      outcomes: [{ from: 'allow', to: 'defer', decisions: 3 }],
      rules: [{ rule: 'frequency-cap', began: 3, ceased: 0 }],
      purposes: [{ purpose: 'promocoes', decisions: 3 }],
    },
  },
  'quiet hours': {
    draft: closed,
    comparison: {
      compared: 8,
      changed: 7,
      people: { count: 2, exact: true },
      outcomes: [{ from: 'allow', to: 'defer', decisions: 7 }],
      rules: [{ rule: 'quiet-hours', began: 7, ceased: 0 }],
    },
  },
  'the evidence of a consent': {
    draft: doubleOptIn,
    comparison: {
      changed: 7,
      outcomes: [{ from: 'allow', to: 'deny', decisions: 7 }],
      rules: [{ rule: 'consent-evidence', began: 7, ceased: 0 }],
    },
  },
  'a rule': {
    draft: noEmail,
    comparison: {
      changed: 7,
      outcomes: [{ from: 'allow', to: 'deny', decisions: 7 }],
      rules: [{ rule: 'no-email', began: 7, ceased: 0 }],
    },
  },
  nothing: { draft: roomy, comparison: { compared: 8, changed: 0, outcomes: [], examples: [] } },
};

onBothEngines('a replay', (withStore) => {
  it('tells exactly what a draft changes', async () => {
    await withStore(async (store) => {
      const made = await makeTestGate({ store, set: roomy });
      await livedWeek(made);
      const before = (await recordsIn(made.gate)).length;
      for (const [name, { draft, comparison }] of Object.entries(cases)) {
        if (draft !== roomy) await made.file(draft);
        const replay = await replayed(made.gate, draft.digest);
        expect(replay, name).to.deep.include({ state: 'done', progress: 1, notReplayed: [] });
        expect(replay.comparison, name).to.deep.include(comparison);
      }
      const records = (await recordsIn(made.gate)).slice(before).map(({ kind }) => kind);
      expect(records.filter((kind) => kind !== 'policy-set')).to.deep.equal(
        Object.keys(cases).map(() => 'policy-replay'),
      );
    });
  });

  it('goes on where a process that died left it', async () => {
    await withStore(async (store) => {
      const made = await makeTestGate({ store, set: roomy });
      const { gate, clock } = made;
      await livedWeek(made);
      // More than a page, so that something is saved in between.
      for (let more = 0; more < 230; more += 1) await decide(gate, { subject: bruno });
      clock.advance(1);
      await made.file(noEmail);
      const id = idOf(bodyOf(await asked(gate, noEmail.digest)));
      // Each look at the ticks is a second later: every page is saved, and then the store is gone.
      let seconds = 0;
      let saved = 0;
      const dying: Gate = {
        ...gate,
        store: {
          ...bound(store),
          write: async (steps) => {
            if (saved === 3) throw new Error('the process died');
            saved += 1;
            return store.write(steps);
          },
        },
      };
      const dead = deskOf(dying, () => (seconds += 1000));
      await dead.look().catch(() => undefined);
      const cut = await replayAt(gate, id);
      expect(cut.state).to.equal('running');
      expect(cut.comparison.compared).to.be.within(1, 237);
      const other = deskOf((await makeTestGate({ store, clock, seed: 2, set: null })).gate);
      await other.look();
      expect((await replayAt(gate, id)).state, 'under the lease').to.equal('running');
      clock.advance(replayLeaseMs + 2001);
      await other.look();
      const done = await replayAt(gate, id);
      expect(done).to.deep.include({ state: 'done', notReplayed: [] });
      expect(done.comparison).to.include({ compared: 238, changed: 237 });
    });
  });

  it('is left by a process that stops, and gone on with by the next one', async () => {
    await withStore(async (store) => {
      const made = await makeTestGate({ store, set: roomy });
      const { gate } = made;
      await livedWeek(made);
      await made.file(noEmail);
      const id = idOf(bodyOf(await asked(gate, noEmail.digest)));
      const desk = deskOf(gate);
      const looking = desk.look();
      await desk.stop();
      await looking;
      expect(await replayAt(gate, id)).to.include({ state: 'waiting' });
      await deskOf(gate).look();
      const done = await replayAt(gate, id);
      expect(done.state).to.equal('done');
      expect(done.comparison).to.include({ compared: 8, changed: 7 });
    });
  });

  it('is cancelled, while it waits or runs', async () => {
    await withStore(async (store) => {
      const made = await makeTestGate({ store, set: roomy });
      const { gate } = made;
      await livedWeek(made);
      const id = idOf(bodyOf(await asked(gate, roomy.digest)));
      for (let times = 0; times < 2; times += 1) {
        const answer = await cancelReplay(gate, call(null, { path: { id } }));
        const cancelled = answered('cancelReplay', answer);
        expect(cancelled).to.include({ state: 'cancelled', endedBy: 'crm' });
      }
      await deskOf(gate).look();
      expect((await replayAt(gate, id)).comparison.compared).to.equal(0);
      const done = await replayed(gate, roomy.digest);
      const late = await cancelReplay(gate, call(null, { path: { id: done.id } }));
      expect(codeOf(late)).to.equal('replay-ended');
    });
  });
});

/** Methods of a store, for one that differs in a few. */
function bound(store: Gate['store']): Gate['store'] {
  return {
    get: store.get.bind(store),
    getConfirmed: store.getConfirmed.bind(store),
    find: store.find.bind(store),
    readLog: store.readLog.bind(store),
    logPlace: store.logPlace.bind(store),
    ping: store.ping.bind(store),
    purge: store.purge.bind(store),
    write: store.write.bind(store),
    close: store.close.bind(store),
  };
}

describe('a replay', () => {
  it('keeps to the period, the purposes and the channels that were asked for', async () => {
    const made = await makeTestGate({ set: roomy });
    const { gate, clock } = made;
    await livedWeek(made);
    await made.file(noEmail);
    const week = { from: toIso(clock.read() - 2 * dayMs) };
    expect((await replayed(gate, noEmail.digest, week)).comparison.compared).to.equal(2);
    const other = await replayed(gate, noEmail.digest, { purposes: ['novidades'] });
    expect(other.comparison.compared).to.equal(0);
    const site = await replayed(gate, noEmail.digest, { channels: ['site'] });
    expect(site.comparison.compared).to.equal(0);
    const both = { purposes: ['promocoes'], channels: ['email' as const] };
    expect((await replayed(gate, noEmail.digest, both)).comparison.compared).to.equal(8);
  });

  it('is one for one key, and on record', async () => {
    const { gate } = await makeTestGate();
    const { digest } = gate.policies.active().set;
    gate.clock();
    const to = toIso(gate.clock());
    const first = answered('createReplay', await asked(gate, digest, { to }, 'once'));
    const again = answered('createReplay', await asked(gate, digest, { to }, 'once'));
    expect(again).to.deep.equal(first);
    const other = await asked(gate, digest, { to, purposes: ['pedidos'] }, 'once');
    expect(codeOf(other)).to.equal('idempotency-key-reused');
    const record = (await recordsIn(gate)).at(-1);
    expect(record).to.include({ id: first['id'], kind: 'policy-replay', client: 'crm' });
    expect(record?.body).to.include({ policySet: digest });
  });

  it('is listed, the last first', async () => {
    const { gate, clock } = await makeTestGate();
    const ids: string[] = [];
    for (let each = 0; each < 3; each += 1) {
      const { digest } = gate.policies.active().set;
      ids.unshift(idOf(bodyOf(await asked(gate, digest))));
      clock.advance(1);
    }
    const items = await allItems(async (more) =>
      answered(
        'listReplays',
        await listReplays(gate, call(null, { query: { limit: 2, ...more } })),
      ),
    );
    expect(items.map(idOf)).to.deep.equal(ids);
  });

  it('is refused where it cannot be run', async () => {
    const { gate, clock } = await makeTestGate();
    const { digest } = gate.policies.active().set;
    const absent = { id: 'rep_0192f0c4-7777-7aaa-8bbb-0123456789ab' };
    expect(codeOf(await getReplay(gate, read(absent)))).to.equal('replay-unknown');
    expect(codeOf(await cancelReplay(gate, read(absent)))).to.equal('replay-unknown');
    const unknown = `sha256:${'0'.repeat(64)}`;
    expect(codeOf(await asked(gate, unknown))).to.equal('policy-set-unknown');
    const red = edited({
      'pause.cases.yaml': (text) => text.replace(/fires: true/, 'fires: false'),
      'caps.yaml': (text) => text.replace('max: 2', 'max: 1'),
    });
    const untested = await digestPut(gate, red);
    expect(codeOf(await asked(gate, untested))).to.equal('policy-set-untested');
    const late = { to: toIso(clock.read() + 1) };
    expect(codeOf(await asked(gate, digest, late))).to.equal('instant-out-of-range');
    const turned = { from: toIso(clock.read()) };
    expect(codeOf(await asked(gate, digest, turned))).to.equal('instant-out-of-range');
    for (let each = 0; each < 10; each += 1) bodyOf(await asked(gate, digest));
    expect(codeOf(await asked(gate, digest))).to.equal('overloaded');
  });

  it('tells where another candidate of a choice comes out best', async () => {
    const made = await makeTestGate({ set: roomy });
    const { gate, clock } = made;
    bodyOf(await grant(gate, { channels: ['email', 'site'] }));
    const candidates = (['email', 'site'] as const).map((channel, place) => ({
      action: 'send' as const,
      purpose: 'promocoes',
      channel,
      score: 2 - place,
    }));
    const choice = { subject: ana, candidates };
    const best = bodyOf(await createBestDecision(gate, call(choice)));
    expect(best).to.include({ outcome: 'allow', chosen: 0 });
    const only = { subject: ana, candidates: candidates.slice(0, 1) };
    bodyOf(await createBestDecision(gate, call(only)));
    clock.advance(1);
    await made.file(noEmail);
    const { comparison } = await replayed(gate, noEmail.digest);
    expect(comparison.outcomes).to.deep.equal([
      { from: 'allow', to: 'allow', decisions: 1 },
      { from: 'allow', to: 'deny', decisions: 1 },
    ]);
    expect(comparison.rules).to.deep.equal([{ rule: 'no-email', began: 2, ceased: 0 }]);
  });

  it('says what no record kept enough of', async () => {
    const made = await makeTestGate({ set: roomy });
    const { gate, clock } = made;
    bodyOf(await grant(gate));
    await decide(gate, {
      content: { text: 'Frete grátis na Loja Exemplo!', generatedBy: 'person' },
    });
    await decide(gate);
    clock.advance(1);
    const strict = roomySet((parts) => ({ ...parts, guardrails: null }));
    await made.file(strict);
    const replay = await replayed(gate, strict.digest);
    expect(replay.notReplayed).to.deep.equal([{ reason: 'content-dropped', decisions: 1 }]);
    expect(replay.comparison.compared).to.equal(1);
    // Where the draft asks nothing new about texts, the facts on record say enough.
    await made.file(noEmail);
    expect((await replayed(gate, noEmail.digest)).notReplayed).to.deep.equal([]);
  });
});
