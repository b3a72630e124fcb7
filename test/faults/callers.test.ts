/** Sixteen callers in two processes, all about one person: as many allows as the cap has. */
import { expect } from 'chai';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { capMax } from '../support/capped-policies.ts';
import { makePremises, type Opened, promotionNotice } from '../support/kill-rounds.ts';
import { describeWithMongod, newDatabase, sharedReplicaSet } from '../support/mongod.ts';
import type { CallersAnswer, CallersOrder } from './caller-process.ts';

const people = 2;
const load = { callers: 8, times: 2 };
const file = fileURLToPath(new URL('./caller-process.ts', import.meta.url));

async function consenting({ client }: Opened, email: string): Promise<void> {
  const body = {
    subject: { type: 'email', value: email },
    event: 'granted',
    purpose: 'promocoes',
    channels: ['email'],
    notice: promotionNotice(),
    evidence: {
      class: 'native',
      actor: { kind: 'subject' },
      control: { kind: 'checkbox', initialState: 'off' },
    },
    occurredAt: new Date(Date.now() - 60_000).toISOString(),
  };
  const reply = await client.ask({ method: 'POST', path: '/v1/consents', key: email, body });
  expect(reply?.status, reply?.text).to.equal(201);
}

async function answerOf(child: ChildProcess, order: CallersOrder): Promise<CallersAnswer> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the callers ended with ${String(code)}`);
  });
  const answered = once(child, 'message');
  child.send(order);
  const [answer] = (await Promise.race([answered, ended])) as [CallersAnswer];
  return answer;
}

/** Half of the callers at the first server, half at the last. */
async function expectExactly(servers: readonly Opened[]): Promise<void> {
  const [first] = servers;
  const last = servers.at(-1);
  if (first === undefined || last === undefined) throw new Error('no server');
  const children = [first, last].map((opened) => ({
    child: fork(file, { execArgv: ['--import', 'tsx/esm'] }),
    opened,
  }));
  try {
    for (let person = 0; person < people; person += 1) {
      const email = `pessoa-${person}@loja.example`;
      await consenting(first, email);
      const answers = await Promise.all(
        children.map(({ child, opened: { server, token } }) =>
          answerOf(child, { url: server.url, token, email, ...load }),
        ),
      );
      const outcomes = answers.flatMap((answer) => Object.values(answer));
      expect(outcomes.length).to.equal(2 * load.callers * load.times);
      expect(outcomes.filter((outcome) => outcome === 'allow').length).to.equal(capMax);
      expect(outcomes.filter((outcome) => outcome === 'defer').length).to.equal(
        outcomes.length - capMax,
      );
    }
  } finally {
    for (const { child } of children) child.disconnect();
  }
}

describe('callers in two processes', function () {
  this.timeout(60_000);

  it('get exactly what the cap has, from one server on SQLite', async () => {
    const premises = makePremises(null);
    try {
      await expectExactly([await premises.start()]);
    } finally {
      premises.clear();
    }
  });
});

describeWithMongod('callers in two processes, on MongoDB', 'set', function () {
  this.timeout(60_000);

  it('get exactly what the cap has, from two servers', async () => {
    const set = await sharedReplicaSet();
    const premises = makePremises(set.url(newDatabase()));
    try {
      await expectExactly([await premises.start(), await premises.start()]);
    } finally {
      premises.clear();
    }
  });
});
