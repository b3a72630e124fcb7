/** Merging on both engines, by processes that share the store where the engine lets them. */
import { expect } from 'chai';
import { dayMs } from '../../../src/domain/calendar/instant.ts';
import { Problem } from '../../../src/domain/problem.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import { mergeSubjects } from '../../../src/operations/merging/merge-subjects.ts';
import { undoMerge } from '../../../src/operations/merging/undo-merge.ts';
import { getSubject } from '../../../src/operations/subjects/get-subject.ts';
import { openMongoStore } from '../../../src/store/mongo/mongo-store.ts';
import { makeSqliteFolder } from '../../store/sqlite-folder.ts';
import { makeTestGate } from '../../support/gate.ts';
import {
  describeWithMongod,
  dropDatabase,
  newDatabase,
  sharedReplicaSet,
} from '../../support/mongod.ts';
import {
  ana,
  bodyOf,
  bruno,
  call,
  decide,
  grant,
  idOf,
  makeSubject,
  read,
  recordsIn,
  rulesOf,
  withdraw,
} from '../calls.ts';

const rounds = 10;

/** Two merge each other at once, among decisions about both; then they part again. */
async function mergeAndPart(gates: readonly Gate[], advance: (ms: number) => void): Promise<void> {
  const [first] = gates;
  const last = gates.at(-1);
  if (first === undefined || last === undefined) throw new Error('no process');
  const ids = [await makeSubject(first, [ana]), await makeSubject(first, [bruno])] as const;
  for (const subject of [ana, bruno]) bodyOf(await grant(first, { subject }));
  for (const gate of gates) await decide(gate, { subject: bruno, purpose: 'perfil' });
  const asking = gates.flatMap((gate) =>
    Array.from({ length: 8 }, (_, turn) => decide(gate, { subject: turn % 2 === 0 ? ana : bruno })),
  );
  const [one, two] = await Promise.all([
    mergeSubjects(first, call({ other: ids[1] }, { path: { id: ids[0] } })),
    mergeSubjects(last, call({ other: ids[0] }, { path: { id: ids[1] } })),
    ...asking,
  ]);
  const refused = [one, two].filter((answer) => answer instanceof Problem);
  expect(refused.map((answer) => answer.code)).to.deep.equal(['subject-merged']);
  const [survivor, merge] = one instanceof Problem ? [ids[1], two] : [ids[0], one];
  for (const gate of gates) {
    for (const id of ids) {
      expect(bodyOf(await getSubject(gate, read({ id })))['id']).to.equal(survivor);
    }
  }
  bodyOf(await withdraw(last, { subject: bruno }));
  for (const gate of gates) {
    for (const subject of [ana, bruno]) {
      expect(rulesOf(await decide(gate, { subject }))).to.include('withdrawn');
    }
  }
  advance(dayMs);
  const path = { id: survivor, mergeId: idOf(bodyOf(merge)) };
  bodyOf(await undoMerge(first, call(null, { path })));
  for (const gate of gates) {
    for (const [subject, id] of [
      [ana, ids[0]],
      [bruno, ids[1]],
    ] as const) {
      expect(bodyOf(await getSubject(gate, read({ id })))['id']).to.equal(id);
      expect(rulesOf(await decide(gate, { subject }))).to.include('withdrawn');
    }
  }
  const kinds = (await recordsIn(first)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind.startsWith('merge')).sort()).to.deep.equal([
    'merge',
    'merge-left',
    'merge-undone',
    'merged-into',
  ]);
}

describe('merging, on SQLite', () => {
  it('is the same on real documents', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const folder = makeSqliteFolder();
      try {
        const { gate, clock } = await makeTestGate({ store: await folder.open() });
        await mergeAndPart([gate, gate], clock.advance);
      } finally {
        await folder.remove();
      }
    }
  });
});

describeWithMongod('merging, on MongoDB', 'set', function () {
  this.timeout(60_000);

  it('is the same for two processes at once', async () => {
    const set = await sharedReplicaSet();
    for (let round = 0; round < rounds; round += 1) {
      const database = newDatabase();
      const stores = [];
      try {
        for (let process = 0; process < 2; process += 1) {
          stores.push(await openMongoStore({ url: set.url(database) }));
        }
        const [one, two] = stores;
        if (one === undefined || two === undefined) throw new Error('no store');
        const { gate, clock } = await makeTestGate({ store: one });
        const { gate: other } = await makeTestGate({ store: two, clock, seed: 2 });
        await mergeAndPart([gate, other], clock.advance);
      } finally {
        await Promise.all(stores.map((store) => store.close()));
        await dropDatabase(set, database);
      }
    }
  });
});
