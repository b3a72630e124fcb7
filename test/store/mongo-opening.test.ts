/** What the store says when it cannot open, or not on such a server. */
import { expect } from 'chai';
import { createServer, type Server } from 'node:net';
import { openMongoStore } from '../../src/store/mongo/mongo-store.ts';
import { StoreFailure } from '../../src/store/port.ts';
import {
  describeWithMongod,
  dropDatabase,
  newDatabase,
  sharedReplicaSet,
  startMongod,
} from '../support/mongod.ts';
import { draft, insert, rejection } from './conformance/cast.ts';

const searchMsMax = 1000;

async function refusalOf(url: string): Promise<string> {
  const error = await rejection(openMongoStore({ url, searchMsMax }));
  expect(error).to.be.instanceOf(StoreFailure).and.have.property('code', 'unavailable');
  return error.message;
}

describe('opening MongoDB', function () {
  this.timeout(20_000);

  it('names the hosts that nobody answers at, and no password, in time', async () => {
    const start = performance.now();
    const message = await refusalOf('mongodb://porteiro:secret@127.0.0.1:1,127.0.0.1:2/p');
    expect(performance.now() - start).to.be.lessThan(searchMsMax + 1000);
    expect(message).to.include('127.0.0.1:1,127.0.0.1:2').and.not.include('secret');
  });

  it('waits no longer for a server that accepts and says nothing', async () => {
    const server: Server = createServer(() => undefined);
    await new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(null));
    });
    const address = server.address();
    const port = address === null || typeof address === 'string' ? 0 : address.port;
    const start = performance.now();
    expect(await refusalOf(`mongodb://127.0.0.1:${port}/p`)).to.include(`127.0.0.1:${port}`);
    expect(performance.now() - start).to.be.lessThan(searchMsMax + 1000);
    server.close();
  });

  it('refuses what is no URL of MongoDB without repeating it', async () => {
    for (const url of ['', 'porteiro:secret@localhost', 'mongodb://a:secret@', 'mongodb://[']) {
      expect(await refusalOf(url)).not.to.include('secret');
    }
  });
});

describeWithMongod('opening MongoDB servers', 'processes', function () {
  this.timeout(20_000);

  it('refuses a standalone server and says how to make a set of one', async () => {
    const server = await startMongod([]);
    const message = await refusalOf(`mongodb://${server.host}/p`);
    expect(message).to.include('--replSet rs0').and.include('rs.initiate()');
    await server.stop();
  });

  it('says of a set without members what it lacks', async () => {
    const server = await startMongod(['--replSet', 'rs0']);
    expect(await refusalOf(`mongodb://${server.host}/p`)).to.include('rs.initiate()');
    await server.stop();
  });
});

describeWithMongod('a database of MongoDB', 'set', () => {
  it('is refused where a collection compares by the rules of a language', async () => {
    const set = await sharedReplicaSet();
    const database = newDatabase();
    const collation = { locale: 'pt', strength: 1 };
    await set.client.db(database).createCollection('subjects', { collation });
    expect(await refusalOf(set.url(database))).to.include('subjects');
    await dropDatabase(set, database);
  });

  it('holds the envelope alone, the body as it was given', async () => {
    const set = await sharedReplicaSet();
    const database = newDatabase();
    const store = await openMongoStore({ url: set.url(database) });
    const body = '{"b": 1.0,  "a": "\\u00e9"}';
    await store.write([
      insert('identifiers', draft('identifiers', 'i', { subject: 's' }, body)),
      insert('records', draft('records', 'r', { subject: 's' }, body)),
    ]);
    const db = set.client.db(database);
    expect(await db.collection('identifiers').findOne()).to.deep.equal({
      _id: 'i',
      revision: 1,
      subject: 's',
      body,
    });
    const record = await db.collection('records').findOne();
    expect(Object.keys(record ?? {}).sort()).to.deep.equal([
      '_id',
      'appended',
      'body',
      'digest',
      'revision',
      'salt',
      'subject',
    ]);
    const indexes = await db.collection('records').indexes();
    expect(indexes.map(({ name }) => name)).to.have.members(['_id_', 'subject', 'appended']);
    await store.close();
    await dropDatabase(set, database);
  });

  it('can be named apart from the URL', async () => {
    const set = await sharedReplicaSet();
    const database = newDatabase();
    const store = await openMongoStore({ url: set.url('elsewhere'), database });
    await store.write([insert('settings', draft('settings', 'a'))]);
    expect(await set.client.db(database).collection('settings').countDocuments()).to.equal(1);
    await store.close();
    await dropDatabase(set, database);
  });
});
