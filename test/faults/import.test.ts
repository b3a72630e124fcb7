/** A server killed in the middle of an import: the same file again, and all is there once. */
import { expect } from 'chai';
import type { JsonObject } from '../../src/domain/json.ts';
import { linesFrom, summaryOf, untilCut } from '../support/line-stream.ts';
import { makePremises, type Opened } from '../support/kill-rounds.ts';
import { describeWithMongod, newDatabase, sharedReplicaSet } from '../support/mongod.ts';

const path = '/v1/consents/import';
const people = 1500;
/** People who are looked at one by one: as many as the import has under way, and more. */
const watched = 50;

function subjectOf(person: number): object {
  return { type: 'external', value: `cliente-${person}` };
}

function fileOfAll(): string {
  const event = { event: 'withdrawn', purpose: 'promocoes', channels: ['email'] };
  const occurredAt = '2021-03-01T12:00:00Z';
  const lines = Array.from({ length: people }, (_, person) =>
    JSON.stringify({ subject: subjectOf(person), ...event, occurredAt }),
  );
  return lines.join('\n');
}

/** Kills the server at the first word of progress; answers how many rows were told as done. */
async function interrupted(opened: Opened, file: string): Promise<number> {
  let done = 0;
  await untilCut(linesFrom(opened, path, file), async ({ progress }) => {
    done = Number((progress as JsonObject)['recorded']);
    await opened.server.stop('SIGKILL');
  });
  return done;
}

async function consentsOf({ client }: Opened, person: number): Promise<number> {
  const lookup = '/v1/subjects/lookup';
  const body = { subject: subjectOf(person) };
  const found = await client.ask({ method: 'POST', path: lookup, key: null, body });
  const { id } = JSON.parse(found?.text ?? '{}') as { id: string };
  const list = `/v1/subjects/${id}/consents`;
  const listed = await client.ask({ method: 'GET', path: list, key: null, body: null });
  const { items } = JSON.parse(listed?.text ?? '{}') as { items: readonly object[] };
  return items.length;
}

async function expectHealed(store: string | null): Promise<void> {
  const premises = makePremises(store);
  const file = fileOfAll();
  try {
    const acknowledged = await interrupted(await premises.start(), file);
    expect(acknowledged).to.equal(1000);
    const opened = await premises.start();
    const { rows, recorded, repeated, rejected } = await summaryOf(opened, path, file);
    expect({ rows, rejected }).to.deep.equal({ rows: people, rejected: 0 });
    expect(Number(recorded) + Number(repeated)).to.equal(people);
    expect(repeated, 'on record before').to.be.at.least(acknowledged);
    for (let person = acknowledged - watched; person < acknowledged + watched; person += 1) {
      expect(await consentsOf(opened, person), `consents of ${person}`).to.equal(1);
    }
    await opened.server.stop();
  } finally {
    premises.clear();
  }
}

describe('an import whose server is killed', function () {
  this.timeout(60_000);

  it('is healed by sending it again, on SQLite', () => expectHealed(null));
});

describeWithMongod('an import whose server is killed, on MongoDB', 'set', function () {
  this.timeout(90_000);

  it('is healed by sending it again', async () => {
    const set = await sharedReplicaSet();
    await expectHealed(set.url(newDatabase()));
  });
});
