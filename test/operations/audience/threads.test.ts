/** Threads that try audiences: what they read, how they end, and what is told then. */
import { expect } from 'chai';
import { decideBatch } from '../../../src/operations/batches/decide-batch.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import { type Store, StoreFailure } from '../../../src/store/port.ts';
import { shippedSet } from '../../support/gate.ts';
import { ana, bodyOf, call, grant, linesTold, makeSubject, withdraw } from '../calls.ts';
import { type AudienceGate, openAudienceGate, rowsOf, tryAudience } from './audience-gate.ts';

const act = { action: 'send', purpose: 'promocoes', channel: 'email' } as const;

function line(ref: string): string {
  return `${JSON.stringify({ ref, subject: ana, ...act })}\n`;
}

function audienceOf(people: number): string {
  return Array.from({ length: people }, (_, person) => line(`r${person}`)).join('');
}

async function outcomeBy({ threaded }: AudienceGate): Promise<unknown> {
  return (await tryAudience(threaded, rowsOf(line('a')))).lines[0]?.['outcome'];
}

/** Threads of tests are compiled as they start, which takes a while on a busy machine. */
const msMax = 60_000;

describe('threads that try an audience', function () {
  this.timeout(msMax);
  let made: AudienceGate;
  before(async () => {
    made = await openAudienceGate();
    await makeSubject(made.gate);
    bodyOf(await grant(made.gate));
  });
  after(() => made.close());

  it('read what was acknowledged before they were asked', async () => {
    expect(await outcomeBy(made)).to.equal('allow');
    made.clock.advance(1);
    bodyOf(await withdraw(made.gate));
    expect(await outcomeBy(made)).to.equal('deny');
    made.clock.advance(1);
    bodyOf(await grant(made.gate));
  });

  it('judge by the set that is in force', async () => {
    expect(await outcomeBy(made)).to.equal('allow');
    const inactive = shippedSet((parts) => ({
      ...parts,
      purposes: parts.purposes.map((each) => ({ ...each, active: each.id !== 'promocoes' })),
    }));
    await made.activate(inactive);
    const { lines } = await tryAudience(made.threaded, rowsOf(line('a')));
    expect(lines[0]).to.include({ outcome: 'deny', policySet: inactive.digest });
    await made.activate(shippedSet());
    expect(await outcomeBy(made)).to.equal('allow');
  });

  it('answer a line before the next one is sent', async () => {
    let release = (): void => {};
    const answered = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* patient(): AsyncGenerator<Buffer> {
      yield Buffer.from(line('a'));
      await answered;
      yield Buffer.from(line('b').slice(0, 20));
      yield Buffer.from(line('b').slice(20));
    }
    const query = { mode: 'dry-run' } as const;
    const refs: unknown[] = [];
    const lines = decideBatch(made.threaded, call(rowsOf(patient()), { query }));
    for await (const { content } of linesTold(lines)) {
      refs.push(content['ref']);
      release();
    }
    expect(refs).to.deep.equal(['a', 'b', undefined]);
  });

  it('serve several batches at a time, each in its order', async () => {
    const refs = Array.from({ length: 500 }, (_, person) => `r${person}`);
    const batches = Array.from({ length: 4 }, () =>
      tryAudience(made.threaded, rowsOf(audienceOf(500), 4096), 'outcome'),
    );
    for (const { lines, summary } of await Promise.all(batches)) {
      expect(lines.map(({ ref }) => ref)).to.deep.equal(refs);
      expect(summary).to.include({ lines: 500, allow: 500 });
    }
  });

  it('stop reading once nobody reads the answer', async () => {
    let chunks = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        chunks += 1;
        yield Buffer.from(audienceOf(10));
      }
    }
    const query = { mode: 'dry-run' } as const;
    for await (const { content } of linesTold(
      decideBatch(made.threaded, call(rowsOf(endless()), { query })),
    )) {
      if (content['ref'] === 'r0') break;
    }
    expect(chunks).to.be.at.most(made.audience.abreast + 2);
  });

  it('leave what they cannot do to a store that may fail, which ends the batch', async () => {
    const unknown = { type: 'id', value: 'sub_0192f0c4-3333-7aaa-8bbb-0123456789ab' };
    const left = `${JSON.stringify({ ref: 'b', subject: unknown, ...act })}\n`;
    const { store } = made.gate;
    const failing: Store = {
      get: () => Promise.reject(new StoreFailure('unavailable', 'no answer')),
      getConfirmed: (...asked) => store.getConfirmed(...asked),
      find: (...asked) => store.find(...asked),
      readLog: (...asked) => store.readLog(...asked),
      logPlace: (...asked) => store.logPlace(...asked),
      ping: () => store.ping(),
      purge: async () => undefined,
      write: (steps) => store.write(steps),
      close: () => store.close(),
    };
    const body = `${line('a')}${left}${line('c')}${left}`;
    async function* chunks(): AsyncGenerator<Buffer> {
      yield Buffer.from(body);
      for (;;) yield Buffer.from(audienceOf(10));
    }
    const gate = { ...made.threaded, store: failing };
    const { lines, summary, stop } = await tryAudience(gate, rowsOf(chunks()), 'outcome');
    expect(lines.map(({ ref, problem = null }) => [ref, problem])).to.deep.equal([
      ['a', null],
      ['b', 'store-unavailable'],
      ['c', null],
    ]);
    expect(summary).to.include({ lines: 3, allow: 2, rejected: 1 });
    expect(stop).to.equal('store-unavailable');
  });

  it('are told closed once they are, and leave nobody waiting', async () => {
    const told = tryAudience(made.threaded, rowsOf(audienceOf(500), 4096));
    await made.audience.close();
    expect((await told).stop).to.equal('store-unavailable');
    expect((await tryAudience(made.threaded, rowsOf(line('a')))).stop).to.equal(
      'store-unavailable',
    );
  });
});

describe('a thread that ends', function () {
  this.timeout(msMax);
  let made: AudienceGate;
  const faults: unknown[] = [];
  beforeEach(async () => {
    const file = new URL('./mortal-thread', import.meta.url);
    made = await openAudienceGate({ threads: 1, file });
    made.audience.tellFaults((fault) => faults.push(fault));
  });
  afterEach(() => made.close());

  const order = (gate: Gate, text: string): Parameters<AudienceGate['audience']['judge']>[0] => ({
    block: new TextEncoder().encode(text),
    now: gate.clock(),
    policySet: 'sha256:0',
    answers: 'full',
  });

  it('is told as a store that is unavailable, and the next block has another thread', async () => {
    const { audience, gate } = made;
    const dying = [order(gate, 'die'), order(gate, 'live')].map((each) =>
      audience.judge(each).then(
        () => 'told',
        (error: unknown) => (error instanceof StoreFailure ? error.code : error),
      ),
    );
    expect(await Promise.all(dying)).to.deep.equal(['unavailable', 'unavailable']);
    expect(faults).to.have.length(1);
    expect((await audience.judge(order(gate, 'live'))).breaks).to.equal(0);
  });

  it('ends its batch with a problem beside the summary', async () => {
    const { lines, summary, stop } = await tryAudience(made.threaded, rowsOf('die\nlive\n'));
    expect(lines).to.deep.equal([]);
    expect(summary).to.include({ lines: 0 });
    expect(stop).to.equal('store-unavailable');
  });

  it('tells a failure of the store as it is, and goes on', async () => {
    const { audience, gate } = made;
    const failed = await audience.judge(order(gate, 'fail')).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(StoreFailure).and.include({ code: 'full', message: 'no room' });
    expect((await audience.judge(order(gate, 'live'))).breaks).to.equal(0);
  });
});
