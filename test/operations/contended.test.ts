/** A change that is durable and cannot be finished yet: what its caller is told and can do. */
import { expect } from 'chai';
import { Problem } from '../../src/domain/problem.ts';
import { giveInstruction } from '../../src/operations/instructions/instruction-change.ts';
import type { Answer } from '../../src/operations/operation.ts';
import type { Store } from '../../src/store/port.ts';
import { makeTestGate } from '../support/gate.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { ana, bodyOf, call, decide, idOf, makeSubject } from './calls.ts';

interface Crowd {
  readonly store: Store;
  /** While true, somebody else is always faster at the slots. */
  isDense: boolean;
}

function crowdAround(inner: Store): Crowd {
  const crowd = { isDense: false };
  const store: Store = {
    get: (collection, id) => inner.get(collection, id),
    getConfirmed: (collection, id) => inner.getConfirmed(collection, id),
    find: (collection, query) => inner.find(collection, query),
    readLog: (collection, after, limit) => inner.readLog(collection, after, limit),
    logPlace: (collection, id) => inner.logPlace(collection, id),
    ping: () => inner.ping(),
    purge: () => inner.purge(),
    close: () => inner.close(),
    write: async (steps) => {
      const lost = crowd.isDense ? steps.findIndex(({ collection }) => collection === 'slots') : -1;
      if (lost < 0) return inner.write(steps);
      const outcome = await inner.write(steps.slice(0, lost));
      return outcome.refusal === null ? { done: lost, refusal: 'stale' } : outcome;
    },
  };
  return Object.assign(crowd, { store });
}

describe('a subject in a crowd', () => {
  it('is told that what was asked may be done, and is healed by the same key', async () => {
    const crowd = crowdAround(new MemoryStore());
    const { gate } = await makeTestGate({ store: crowd.store });
    const id = await makeSubject(gate, [ana]);
    const block = (): Promise<Answer> =>
      giveInstruction(gate, 'block', call({}, { path: { id }, key: 'k1' }));
    crowd.isDense = true;
    const told = await block();
    if (!(told instanceof Problem)) throw new Error('the crowd let it through');
    expect(told).to.include({ code: 'subject-contended', retryAfterSeconds: 1 });
    // It is durable by now: to say that nothing was done would be untrue.
    expect((await gate.store.get('subjects', id))?.fields['pendingRecord']).to.match(/^ins_/);
    expect(told.detail.en).to.include('may be on record already').and.include('Idempotency-Key');
    expect(told.detail['pt-BR']).to.include('pode já estar gravado').and.include('Idempotency-Key');

    crowd.isDense = false;
    const again = idOf(bodyOf(await block()));
    expect(idOf(bodyOf(await block()))).to.equal(again);
    expect(JSON.stringify(await decide(gate))).to.include('"rule":"blocked"');
  });
});
