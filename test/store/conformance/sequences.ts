/**
 * Random sequences of operations, each answer compared with that of the memory store. Every
 * sequence has ids and field values of its own, so it begins on an empty store as it were; what
 * fails is printed with its seed by fast-check and made small.
 */
import { expect } from 'chai';
import fc from 'fast-check';
import type { CollectionName } from '../../../src/store/collections.ts';
import type { Fields, Query, Store, Write } from '../../../src/store/port.ts';
import { MemoryStore } from '../memory-store.ts';
import { draft, erase, insert, newId, pagesOf, remove, replace } from './cast.ts';

interface Run {
  readonly word: string;
  readonly start: number;
  /** Where the log of the engine, and that of the memory store, is read on. */
  readonly ends: (string | null)[];
}

interface StepPlan {
  readonly kind: Write['kind'];
  readonly collection: CollectionName;
  readonly id: string;
  readonly field: number | null;
  readonly expectedRevision: number;
  readonly body: string;
}

type Operation =
  | { readonly kind: 'write'; readonly steps: readonly StepPlan[] }
  | { readonly kind: 'get'; readonly collection: CollectionName; readonly id: string }
  | {
      readonly kind: 'find';
      readonly indexed: 'identifiers' | 'records' | 'claims';
      readonly equal: number | null;
      readonly from: number;
      readonly to: number;
      readonly order: Query['order'];
      readonly limit: number;
    }
  | { readonly kind: 'log'; readonly limit: number };

const id = fc.constantFrom('a', 'A', 'á', 'b', '😀', '\ufffd', 'a.b', '$x');
const field = fc.nat({ max: 3 });
const collection = fc.constantFrom<CollectionName>('slots', 'identifiers', 'claims', 'records');
const kind = fc.constantFrom<Write['kind']>('insert', 'insert', 'replace', 'delete');

const step: fc.Arbitrary<StepPlan> = fc.record({
  kind,
  collection,
  id,
  field: fc.option(field),
  expectedRevision: fc.integer({ min: 1, max: 3 }),
  body: fc.json(),
});

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('write'),
      steps: fc.array(step, { maxLength: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('get'), collection, id }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('find'),
      indexed: fc.constantFrom('identifiers', 'records', 'claims'),
      equal: fc.option(field),
      from: field,
      to: field,
      order: fc.constantFrom('ascending', 'descending'),
      limit: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('log'), limit: fc.nat({ max: 3 }) }) },
);

function fieldsOf(run: Run, { collection: name, field: value }: StepPlan): Fields {
  if (value === null) return {};
  if (name === 'claims') return { expiresAt: run.start + value };
  return name === 'slots' ? {} : { subject: `${run.word}/${value}` };
}

function writeOf(run: Run, plan: StepPlan): Write {
  const { kind: wanted, collection: name, expectedRevision } = plan;
  const document = draft(name, `${run.word}/${plan.id}`, fieldsOf(run, plan), plan.body);
  if (name === 'records') {
    return wanted === 'delete' ? erase(name, document, expectedRevision) : insert(name, document);
  }
  if (wanted === 'insert') return insert(name, document);
  if (wanted === 'replace') return replace(name, document, expectedRevision);
  return remove(name, document.id, expectedRevision);
}

function queryOf(run: Run, find: Operation & { kind: 'find' }): Query {
  const { indexed, equal, order, limit } = find;
  if (indexed === 'claims') {
    const [from, to] = [run.start + find.from, run.start + find.to + 1];
    if (equal === null) return { index: 'expiresAt', where: {}, from, to, order, limit };
    return { index: 'expiresAt', where: { expiresAt: run.start + equal }, order, limit };
  }
  const subject = `${run.word}/${equal ?? find.from}`;
  if (equal !== null) return { index: 'subject', where: { subject }, order, limit };
  return {
    index: 'subject',
    where: {},
    from: subject,
    to: `${run.word}/${find.to}x`,
    order,
    limit,
  };
}

async function perform(store: Store, run: Run, action: Operation, side: 0 | 1): Promise<unknown> {
  switch (action.kind) {
    case 'write':
      return store.write(action.steps.map((plan) => writeOf(run, plan)));
    case 'get':
      return store.get(action.collection, `${run.word}/${action.id}`);
    case 'find': {
      const pages = await pagesOf(store, action.indexed, queryOf(run, action));
      return pages.map(({ items }) => items);
    }
    case 'log': {
      const page = await store.readLog('records', run.ends[side] ?? null, action.limit + 1);
      run.ends[side] = page.next ?? run.ends[side] ?? null;
      return page.items;
    }
  }
}

async function endOfLog(store: Store): Promise<string | null> {
  let end: string | null = null;
  for (;;) {
    const { next } = await store.readLog('records', end, 1000);
    if (next === null) return end;
    end = next;
  }
}

export function describeSequences(current: () => Store): void {
  describe('sequences', () => {
    it('answers random sequences of operations as the memory store does', async function () {
      this.timeout(60_000);
      let runs = 0;
      const property = fc.asyncProperty(
        fc.array(operation, { minLength: 5, maxLength: 40 }),
        async (operations) => {
          runs += 1;
          const store = current();
          const oracle = new MemoryStore();
          const run: Run = {
            word: newId('run'),
            start: 8_000_000_000_000 + runs * 100,
            ends: [await endOfLog(store), null],
          };
          for (const action of operations) {
            const wanted = await perform(oracle, run, action, 1);
            expect(await perform(store, run, action, 0)).to.deep.equal(wanted);
          }
        },
      );
      await fc.assert(property, { numRuns: 40 });
    });
  });
}
