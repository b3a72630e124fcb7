/**
 * Everything that an engine keeps, searched for one person among many once that person was erased:
 * the pages of the SQLite file and its log, and every document of MongoDB.
 */
import { expect } from 'chai';
import { mongo } from 'mongoose';
import { existsSync, readFileSync } from 'node:fs';
import { hourMs, minuteMs, toIso } from '../../../src/domain/calendar/instant.ts';
import { eraseSubject } from '../../../src/operations/erasure/erase-subject.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import { createObjection } from '../../../src/operations/instructions/create-objection.ts';
import { createPause } from '../../../src/operations/instructions/create-pause.ts';
import { endPause } from '../../../src/operations/instructions/end-pause.ts';
import { mergeSubjects } from '../../../src/operations/merging/merge-subjects.ts';
import { putSubject } from '../../../src/operations/subjects/put-subject.ts';
import { recordEvents } from '../../../src/operations/events/record-events.ts';
import type { Reference } from '../../../src/identity/reference.ts';
import type { Store, Stored } from '../../../src/store/port.ts';
import { openMongoStore } from '../../../src/store/mongo/mongo-store.ts';
import { makeTestGate, type TestGate } from '../../support/gate.ts';
import { describeWithMongod, newDatabase, sharedReplicaSet } from '../../support/mongod.ts';
import { makeSqliteFolder } from '../../store/sqlite-folder.ts';
import { ana, anaPhone, bodyOf, call, decide, grant, idOf, makeSubject } from '../calls.ts';
import { documentsAbout, foundIn, tracesIn, tracesOf } from './traces.ts';

const anaMail = { type: 'email', value: 'ana.maria@loja.example' } as const;
const anaCpf = { type: 'cpf', value: '529.982.247-25' } as const;
const identifiers: readonly Reference[] = [ana, anaPhone, anaMail, anaCpf];
/** What was said by Ana, and of her. */
const said = [
  'Ana Beatriz',
  'America/Manaus',
  'férias em Fortaleza',
  'não quero mais nada disto',
  '203.0.113.77',
  'viu-tenis-azul',
  'Última chance, Ana Beatriz',
];
const path = (id: string): { path: { id: string } } => ({ path: { id } });

/** Everything that can be recorded about a person, several times over. */
async function live({ gate, clock }: TestGate, crowd: readonly string[]): Promise<string> {
  const id = await makeSubject(gate, [ana, anaPhone], { first_name: said[0] ?? '' });
  await makeSubject(gate, [ana, anaCpf], { time_zone: said[1] ?? '' });
  const evidence = {
    class: 'native',
    actor: { kind: 'subject' },
    control: { kind: 'checkbox', initialState: 'off' },
    ip: said[4] ?? '',
  } as const;
  bodyOf(await grant(gate, { evidence }, 'consent-of-ana'));
  const segment = said[5] ?? '';
  for (let round = 0; round < 12; round += 1) {
    await decide(gate, { criteria: { segment } }, `decision-${round}`);
    // Somebody else between two writes of hers, so that her pages are written with theirs.
    const other = crowd[(round * 97) % crowd.length] ?? '';
    await decide(gate, { subject: { type: 'id', value: other } });
    clock.advance(5 * hourMs);
  }
  const text = { text: said[6] ?? '', generatedBy: 'llm' } as const;
  await decide(gate, { content: text });
  const until = toIso(clock.read() + hourMs);
  const pause = bodyOf(await createPause(gate, call({ until, reason: said[2] ?? '' }, path(id))));
  bodyOf(await endPause(gate, call(null, { path: { id, instructionId: idOf(pause) } })));
  const objection = { purposes: ['novidades'], reason: said[3] ?? '' };
  bodyOf(await createObjection(gate, call(objection, path(id))));
  const seen = { type: 'view_item', subject: ana, occurredAt: toIso(clock.read()) } as const;
  bodyOf(await recordEvents(gate, call({ ...seen, id: 'seen-1' })));
  const other = await makeSubject(gate, [anaMail], { first_name: said[0] ?? '' });
  bodyOf(await grant(gate, { subject: anaMail, evidence }));
  bodyOf(await mergeSubjects(gate, call({ other }, path(id))));
  clock.advance(minuteMs);
  await decide(gate, { subject: anaMail });
  return id;
}

async function peopleIn(gate: Gate, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  const abreast = 250;
  for (let first = 0; first < count; first += abreast) {
    const some = Array.from({ length: Math.min(abreast, count - first) }, async (_, each) => {
      const value = `pessoa-${first + each}@loja.example`;
      const attributes = { first_name: `Pessoa ${first + each}` };
      const body = { identifiers: [{ type: 'email', value } as const], attributes };
      return idOf(bodyOf(await putSubject(gate, call(body))));
    });
    ids.push(...(await Promise.all(some)));
  }
  return ids;
}

async function expectNoTrace(
  store: Store,
  peopleCount: number,
  dump: () => Promise<Buffer>,
): Promise<void> {
  const world = await makeTestGate({ store });
  const { gate } = world;
  const crowd = await peopleIn(gate, peopleCount);
  const id = await live(world, crowd);
  const subjects = [id, ...(await mergedFrom(gate, id))];
  const before = await documentsAbout(gate, subjects);
  // What was sent to many is told by one hash, which says nothing of any of them.
  const shared = tracesIn(await documentsAbout(gate, crowd));
  const traces = [
    ...tracesOf(gate, identifiers),
    ...tracesIn(before),
    ...tracesIn(await claimsOf(gate, before)),
    ...said,
  ].filter((trace) => !shared.has(trace));
  expect(traces.length, 'values to look for').to.be.greaterThan(60);
  expect(foundIn(await dump(), traces).length, 'found before').to.be.greaterThan(60);
  const untouched = await documentsAbout(gate, crowd.slice(0, 40));

  const demand = { reason: 'erase-consented', actor: { kind: 'subject' } } as const;
  expect(bodyOf(await eraseSubject(gate, call(demand, path(id))))).to.include({ state: 'erased' });

  expect(foundIn(await dump(), traces)).to.deep.equal([]);
  expect(await documentsAbout(gate, crowd.slice(0, 40))).to.deep.equal(untouched);
}

async function mergedFrom(gate: Gate, id: string): Promise<readonly string[]> {
  return (gate.cache.get(id)?.subject.mergedFrom ?? []).map(({ subject }) => subject);
}

/** Without their ids, which are hashes of the caller's own keys. */
async function claimsOf(gate: Gate, documents: readonly Stored[]): Promise<readonly Stored[]> {
  const found = await Promise.all(
    documents.map(({ id }) =>
      gate.store.find('claims', {
        index: 'record',
        where: { record: id },
        order: 'ascending',
        limit: 10,
      }),
    ),
  );
  return found.flatMap(({ items }) => items.map((stored) => ({ ...stored, id: '' })));
}

describe('a person who was erased, in a SQLite file', function () {
  this.timeout(120_000);

  it('leaves no value in any page of it, nor in its log', async () => {
    const folder = makeSqliteFolder();
    try {
      const store = await folder.open();
      const dump = async (): Promise<Buffer> =>
        Buffer.concat(
          ['', '-wal', '-shm']
            .map((suffix) => folder.path + suffix)
            .filter((file) => existsSync(file))
            .map((file) => readFileSync(file)),
        );
      await expectNoTrace(store, 10_000, dump);
    } finally {
      await folder.remove();
    }
  });
});

describeWithMongod('a person who was erased, in MongoDB', 'set', function () {
  this.timeout(120_000);

  it('leaves no value in any document of any collection', async () => {
    const set = await sharedReplicaSet();
    const database = newDatabase();
    const store = await openMongoStore({ url: set.url(database) });
    try {
      const dump = async (): Promise<Buffer> => {
        const db = set.client.db(database);
        const names = await db.listCollections().toArray();
        const all = await Promise.all(
          names.map(({ name }) => db.collection(name).find().toArray()),
        );
        return Buffer.from(mongo.BSON.EJSON.stringify(all));
      };
      await expectNoTrace(store, 1000, dump);
    } finally {
      await store.close();
    }
  });
});
