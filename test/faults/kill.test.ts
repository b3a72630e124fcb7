/** kill -9 of the server, and of its primary: bench/kill.ts and bench/failover.ts, cut short. */
import { expect } from 'chai';
import { failoverRounds } from '../support/failover-rounds.ts';
import { killRounds, type Witnessed } from '../support/kill-rounds.ts';
import { describeWithMongod, newDatabase, sharedReplicaSet } from '../support/mongod.ts';

const rounds = 2;
const quietMsMax = 10_000;

function expectKept({ violations, tally }: Witnessed): void {
  expect(violations).to.deep.equal([]);
  expect(tally.allows, 'allows').to.be.greaterThan(0);
  expect(tally.stops, 'stops').to.be.greaterThan(0);
  expect(tally.reread, 'reread').to.be.greaterThan(tally.decisions);
}

describe('a server that is killed under load', function () {
  this.timeout(60_000);

  it('keeps what it acknowledged, on SQLite', async () => {
    expectKept(await killRounds(null, rounds));
  });
});

describeWithMongod('a server that is killed under load, on MongoDB', 'set', function () {
  this.timeout(60_000);

  it('keeps what it acknowledged', async () => {
    const set = await sharedReplicaSet();
    expectKept(await killRounds(set.url(newDatabase()), rounds));
  });
});

describeWithMongod('a primary that is killed under load', 'processes', function () {
  this.timeout(90_000);

  it('loses nothing, and answers flow again within ten seconds', async () => {
    const witnessed = await failoverRounds(1);
    expectKept(witnessed);
    expect(Math.max(...witnessed.quietMs), 'silence in ms').to.be.at.most(quietMsMax);
  });
});
