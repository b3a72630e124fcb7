/** A server killed in the middle of a reconciliation: the same file again finds the same. */
import { expect } from 'chai';
import type { JsonObject } from '../../src/domain/json.ts';
import { makePremises, type Opened } from '../support/kill-rounds.ts';
import { linesFrom, summaryOf, untilCut } from '../support/line-stream.ts';
import { describeWithMongod, newDatabase, sharedReplicaSet } from '../support/mongod.ts';

const path = '/v1/reconciliations';
const people = 1500;

function linesOf(lineOf: (person: number) => object): string {
  return Array.from({ length: people }, (_, person) => JSON.stringify(lineOf(person))).join('\n');
}

function subjectOf(person: number): object {
  return { type: 'external', value: `cliente-${person}` };
}

/** Somebody is allowed to be told of an order once there is a record of them. */
function everybody(): string {
  const event = { event: 'refused', purpose: 'promocoes', channels: ['email'] };
  const occurredAt = '2021-03-01T12:00:00Z';
  return linesOf((person) => ({ subject: subjectOf(person), ...event, occurredAt }));
}

async function allowed(opened: Opened): Promise<readonly string[]> {
  const act = { action: 'send', purpose: 'pedidos', channel: 'push' };
  const audience = linesOf((person) => ({
    ref: `r${person}`,
    subject: subjectOf(person),
    ...act,
  }));
  const ids: string[] = [];
  for await (const line of linesFrom(opened, '/v1/decisions/batch?mode=decide', audience)) {
    if (line['summary'] === undefined) ids.push(line['id'] as string);
  }
  return ids;
}

async function recorded({ client }: Opened): Promise<readonly JsonObject[]> {
  const reply = await client.ask({ method: 'GET', path, key: null, body: null });
  return (JSON.parse(reply?.text ?? '{}') as { items: readonly JsonObject[] }).items;
}

async function expectHealed(store: string | null): Promise<void> {
  const premises = makePremises(store);
  try {
    const first = await premises.start();
    await summaryOf(first, '/v1/consents/import', everybody());
    const decisions = await allowed(first);
    const at = new Date().toISOString();
    const file = linesOf((person) => ({ decision: decisions[person], at, message: `m-${person}` }));
    await untilCut(linesFrom(first, path, file), async ({ progress }) => {
      if (progress !== undefined) await first.server.stop('SIGKILL');
    });
    const opened = await premises.start();
    expect(await recorded(opened)).to.deep.equal([]);
    const summary = await summaryOf(opened, path, file);
    expect(summary).to.include({ rows: people, matched: people, withFindings: 0, twice: 0 });
    expect(summary).to.include({ unreported: people, repeated: 0 });
    expect(await summaryOf(opened, path, file)).to.deep.equal(summary);
    const [record, ...others] = await recorded(opened);
    expect(record).to.include({ id: summary['id'], rows: people });
    expect(others).to.deep.equal([]);
    await opened.server.stop();
  } finally {
    premises.clear();
  }
}

describe('a reconciliation whose server is killed', function () {
  this.timeout(90_000);

  it('is healed by sending it again, on SQLite', () => expectHealed(null));
});

describeWithMongod('a reconciliation whose server is killed, on MongoDB', 'set', function () {
  this.timeout(120_000);

  it('is healed by sending it again', async () => {
    const set = await sharedReplicaSet();
    await expectHealed(set.url(newDatabase()));
  });
});
