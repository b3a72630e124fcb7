/**
 * Two servers, each a process of its own: once one of them acknowledged an activation, what the
 * other is asked is judged by the new set, or refused. MongoDB takes two servers at once; of SQLite
 * the second is refused while the first lives, and goes on where that one ended.
 */
import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '../../src/domain/json.ts';
import { runRefused } from '../main/server-process.ts';
import { ordersOff, textAt } from '../operations/policy-sets/files.ts';
import { makePremises, type Opened, type Premises } from '../support/kill-rounds.ts';
import { describeWithMongod, newDatabase, sharedReplicaSet } from '../support/mongod.ts';
import type { WitnessClient } from '../support/witness-client.ts';

const callers = 8;
/** For so long a server is asked once an activation is acknowledged. */
const askedMs = 400;

interface Said {
  readonly askedAt: number;
  /** Null where there was no answer, or a refusal. */
  readonly policySet: string | null;
}

async function answerTo(
  client: WitnessClient,
  path: string,
  body: JsonObject,
): Promise<JsonObject> {
  const method = path === '/v1/policy-sets' ? 'PUT' : 'POST';
  const reply = await client.ask({ method, path, key: null, body });
  expect(reply?.status, reply?.text).to.be.oneOf([200, 201]);
  return JSON.parse(reply?.text ?? '{}') as JsonObject;
}

async function activate({ client }: Opened, digest: string): Promise<void> {
  const path = `/v1/policy-sets/${digest}/activation`;
  await answerTo(client, path, { reason: 'asked by the DPO' });
}

async function putOrdersOff({ client }: Opened): Promise<string> {
  const body = JSON.parse(JSON.stringify(ordersOff)) as JsonObject;
  return textAt(await answerTo(client, '/v1/policy-sets', body), 'digest');
}

function personOf(caller: number): JsonObject {
  return { type: 'external', value: `cliente-${caller}` };
}

/** People who are asked about, so that it is the rules that say no, and not their absence. */
async function makePeople({ client }: Opened): Promise<void> {
  for (let caller = 0; caller < callers; caller += 1) {
    const body = { subject: personOf(caller), event: 'refused', purpose: 'promocoes' };
    const occurredAt = new Date(Date.now() - 60_000).toISOString();
    await answerTo(client, '/v1/consents', { ...body, channels: ['email'], occurredAt });
  }
}

async function askOnce({ client }: Opened, caller: number): Promise<Said> {
  const askedAt = performance.now();
  const act = { action: 'send', purpose: 'pedidos', channel: 'email' };
  const body = { subject: personOf(caller), ...act };
  const reply = await client.ask({ method: 'POST', path: '/v1/decisions', key: null, body });
  if (reply === null || reply.status === 503) return { askedAt, policySet: null };
  expect(reply.status, reply.text).to.equal(200);
  return { askedAt, policySet: textAt(JSON.parse(reply.text) as JsonObject, 'policySet') };
}

/** Callers who ask until they are told to stop. */
function askOn(opened: Opened): { readonly stop: () => Promise<readonly Said[]> } {
  const progress = { isOver: false };
  const asking = Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      const said: Said[] = [];
      while (!progress.isOver) said.push(await askOnce(opened, caller));
      return said;
    }),
  );
  return {
    stop: async () => {
      progress.isOver = true;
      return (await asking).flat();
    },
  };
}

/** Activates on one server while both are asked; what was said before it, and after it. */
async function activateUnderLoad(
  servers: readonly [Opened, Opened],
  digest: string,
): Promise<readonly { readonly early: readonly Said[]; readonly late: readonly Said[] }[]> {
  const asking = servers.map(askOn);
  await delay(askedMs);
  await activate(servers[0], digest);
  const acknowledgedAt = performance.now();
  await delay(askedMs);
  const said = await Promise.all(asking.map(({ stop }) => stop()));
  return said.map((each) => ({
    early: each.filter(({ askedAt }) => askedAt < acknowledgedAt),
    late: each.filter(({ askedAt }) => askedAt >= acknowledgedAt),
  }));
}

function setsIn(said: readonly Said[]): readonly (string | null)[] {
  return [...new Set(said.map(({ policySet }) => policySet))];
}

describeWithMongod('two servers on one MongoDB', 'set', function () {
  this.timeout(120_000);
  let premises: Premises;
  let one: Opened;
  let other: Opened;
  let first: string;
  let off: string;

  before(async () => {
    const set = await sharedReplicaSet();
    premises = makePremises(set.url(newDatabase()));
    one = await premises.start();
    other = await premises.start();
    await makePeople(one);
    const { policySet } = await askOnce(one, 0);
    if (policySet === null) throw new Error('no decision to begin with');
    first = policySet;
    off = await putOrdersOff(one);
  });
  after(() => premises.clear());

  it('judge by the set that either of them has acknowledged, forth and back', async () => {
    const turns = [
      { servers: [one, other], from: first, to: off },
      { servers: [other, one], from: off, to: first },
    ] as const;
    for (const { servers, from, to } of turns) {
      for (const { early, late } of await activateUnderLoad(servers, to)) {
        expect(setsIn(early)).to.include(from);
        expect(late.length).to.be.greaterThan(callers);
        expect(setsIn(late)).to.deep.equal([to]);
      }
    }
  });

  it('never by the set before it, where one stood still while it was activated', async () => {
    for (const to of [off, first]) {
      const before = await askOnce(other, 0);
      expect(before.policySet).not.to.equal(to);
      other.server.signal('SIGSTOP');
      await activate(one, to);
      // They wait for a server that has not run since it last read what is in force.
      const waiting = Array.from({ length: callers }, (_, caller) => askOnce(other, caller));
      await delay(askedMs);
      other.server.signal('SIGCONT');
      const said = await Promise.all(waiting);
      expect(setsIn(said).filter((each) => each !== null && each !== to)).to.deep.equal([]);
      expect(await askOnce(other, 0)).to.include({ policySet: to });
    }
  });

  it('are killed and started again under what was acknowledged', async () => {
    await activate(one, off);
    await one.server.stop('SIGKILL');
    one = await premises.start();
    for (const server of [one, other]) {
      expect(await askOnce(server, 0)).to.include({ policySet: off });
    }
  });
});

describe('two servers on one SQLite file', function () {
  this.timeout(120_000);

  it('are never there at once, and the next goes on under what was acknowledged', async () => {
    const premises = makePremises(null);
    try {
      let server = await premises.start();
      await makePeople(server);
      const { policySet: first } = await askOnce(server, 0);
      const off = await putOrdersOff(server);
      if (first === null) throw new Error('no decision to begin with');
      for (const to of [off, first]) {
        const asking = askOn(server);
        await activate(server, to);
        const acknowledgedAt = performance.now();
        await delay(askedMs);
        const late = (await asking.stop()).filter(({ askedAt }) => askedAt >= acknowledgedAt);
        expect(late.length).to.be.greaterThan(callers);
        expect(setsIn(late)).to.deep.equal([to]);
        // Neither beside one that runs, nor beside one that stands still and may run again.
        expect((await runRefused(premises.settings)).code).to.equal(1);
        server.server.signal('SIGSTOP');
        expect((await runRefused(premises.settings)).code).to.equal(1);
        await server.server.stop('SIGKILL');
        server = await premises.start();
        expect(await askOnce(server, 0)).to.include({ policySet: to });
      }
    } finally {
      premises.clear();
    }
  });
});
