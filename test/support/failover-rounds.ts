/** The primary of three nodes killed under load, again and again, and what a witness says. */
import { setTimeout as delay } from 'node:timers/promises';
import { makePremises, promotionNotice, type Witnessed } from './kill-rounds.ts';
import { newDatabase, type ReplicaSet, startReplicaSet } from './mongod.ts';
import { Witness } from './witness.ts';

export interface FailedOver extends Witnessed {
  /** From each kill to the first decision that was asked after it and acknowledged. */
  readonly quietMs: readonly number[];
}

const calmMs = 600;
const quietMsMax = 30_000;
const healthyMsMax = 30_000;
const lookEveryMs = 5;

/** Milliseconds without an answer after the primary died. */
async function killPrimary(set: ReplicaSet, witness: Witness): Promise<number> {
  const node = await set.primary();
  node.kill();
  const killedAt = performance.now();
  while (witness.lastAck.sentAt <= killedAt) {
    if (performance.now() - killedAt > quietMsMax) break;
    await delay(lookEveryMs);
  }
  const quietMs = performance.now() - killedAt;
  await delay(calmMs);
  await node.restart();
  await healthy(set);
  return quietMs;
}

/** Waits until every node is primary or secondary: with two of three the next kill ends it all. */
async function healthy(set: ReplicaSet): Promise<void> {
  const deadline = performance.now() + healthyMsMax;
  while (performance.now() < deadline) {
    const status = await set.client.db('admin').command({ replSetGetStatus: 1 });
    const members = status['members'] as readonly { readonly state: number }[];
    if (members.every(({ state }) => state === 1 || state === 2)) return;
    await delay(100);
  }
  throw new Error('a node does not come back');
}

export async function failoverRounds(rounds: number): Promise<FailedOver> {
  const set = await startReplicaSet(3);
  const premises = makePremises(set.url(newDatabase()));
  const witness = new Witness('failover', promotionNotice());
  const quietMs: number[] = [];
  try {
    const { server, client } = await premises.start();
    const pressure = witness.press(client);
    for (let round = 0; round < rounds; round += 1) {
      await delay(calmMs);
      quietMs.push(await killPrimary(set, witness));
      await witness.settle(client);
    }
    await pressure.stop();
    await witness.settle(client);
    await witness.check(client, 'ever');
    await server.stop();
    return { rounds, violations: witness.violations, tally: witness.tally, quietMs };
  } finally {
    premises.clear();
    await set.stop();
  }
}
