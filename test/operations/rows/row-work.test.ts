/** Work on rows: how many at a time, in which order, and how it ends. */
import { expect } from 'chai';
import { Problem } from '../../../src/domain/problem.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import { personLanes } from '../../../src/operations/rows/person-lanes.ts';
import type { Row } from '../../../src/operations/rows/row.ts';
import { type RowJob, RowWork } from '../../../src/operations/rows/row-work.ts';
import { StoreFailure } from '../../../src/store/port.ts';
import { makeTestGate } from '../../support/gate.ts';
import { ana, bruno, makeSubject } from '../calls.ts';

interface Asked {
  readonly subject: { readonly type: 'email' | 'id'; readonly value: string };
  readonly name: string;
}

const refusal = new Problem('malformed-json', { 'pt-BR': '', en: '' });

/** Jobs that end when the test says so. */
class Desk {
  readonly begun: string[] = [];
  readonly #ends = new Map<string, (made: string | Error) => void>();

  /** Rows about one person keep their order where a gate is given to look people up by. */
  job(gate: Gate | null): RowJob<Asked, string> {
    return {
      lanesOf: gate === null ? null : ({ subject }) => personLanes(gate, subject),
      work: ({ name }) =>
        new Promise((resolve, reject) => {
          this.begun.push(name);
          this.#ends.set(name, (made) => {
            if (made instanceof Error) reject(made);
            else resolve(made);
          });
        }),
    };
  }

  end(name: string, made: string | Error = name): void {
    this.#ends.get(name)?.(made);
  }
}

/** Until whatever can go on has gone on. */
const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

async function* rowsOf(...asked: readonly Asked[]): AsyncGenerator<Row<Asked>> {
  for (const [index, request] of asked.entries()) yield { line: index + 1, request };
}

function by(
  name: string,
  subject: Asked['subject'] = { type: 'email', value: `${name}@x.example` },
) {
  return { name, subject };
}

async function begin(
  desk: Desk,
  rows: AsyncIterable<Row<Asked>>,
  isOrdered = true,
): Promise<{
  readonly told: string[];
  readonly done: Promise<unknown>;
  readonly work: RowWork<Asked, string>;
}> {
  const { gate } = await makeTestGate();
  await makeSubject(gate, [ana]);
  const work = new RowWork(desk.job(isOrdered ? gate : null));
  const told: string[] = [];
  const done = (async () => {
    for await (const { row, made } of work.tell(rows)) {
      told.push(`${row.line} ${made instanceof Problem ? made.code : made}`);
    }
  })().catch((error: unknown) => error);
  await settled();
  return { told, done, work };
}

describe('work on rows', () => {
  it('is told in the order of the rows, as soon as it can be', async () => {
    const desk = new Desk();
    const { told, done } = await begin(desk, rowsOf(by('a'), by('b'), by('c')));
    expect(desk.begun).to.deep.equal(['a', 'b', 'c']);
    desk.end('b');
    await settled();
    expect(told).to.deep.equal([]);
    desk.end('a');
    await settled();
    expect(told).to.deep.equal(['1 a', '2 b']);
    desk.end('c');
    await done;
    expect(told).to.deep.equal(['1 a', '2 b', '3 c']);
  });

  it('is told while the next row is still on its way', async () => {
    const desk = new Desk();
    let send = (): void => {};
    async function* slowly(): AsyncGenerator<Row<Asked>> {
      yield { line: 1, request: by('a') };
      await new Promise<void>((resolve) => {
        send = resolve;
      });
      yield { line: 2, request: by('b') };
    }
    const { told, done } = await begin(desk, slowly());
    desk.end('a');
    await settled();
    expect(told).to.deep.equal(['1 a']);
    send();
    await settled();
    desk.end('b');
    await done;
    expect(told).to.deep.equal(['1 a', '2 b']);
  });

  it('waits for the row before it that is about the same person', async () => {
    const desk = new Desk();
    const { gate } = await makeTestGate();
    const id = await makeSubject(gate, [ana]);
    const work = new RowWork(desk.job(gate));
    const rows = rowsOf(by('a', ana), by('b', { type: 'id', value: id }), by('c', bruno));
    const told: string[] = [];
    const done = (async () => {
      for await (const { row } of work.tell(rows)) told.push(String(row.line));
    })();
    await settled();
    expect(desk.begun).to.deep.equal(['a', 'c']);
    desk.end('a');
    await settled();
    expect(desk.begun).to.deep.equal(['a', 'c', 'b']);
    desk.end('b');
    desk.end('c');
    await done;
    expect(told).to.deep.equal(['1', '2', '3']);
  });

  it('waits for nobody where any order does', async () => {
    const desk = new Desk();
    const { done } = await begin(desk, rowsOf(by('a', ana), by('b', ana)), false);
    expect(desk.begun).to.deep.equal(['a', 'b']);
    desk.end('a');
    desk.end('b');
    await done;
  });

  it('goes on past a row that could not be read, and tells it in its place', async () => {
    const desk = new Desk();
    async function* rows(): AsyncGenerator<Row<Asked>> {
      yield { line: 1, request: by('a') };
      yield { line: 2, problem: refusal };
      yield { line: 3, request: by('b') };
    }
    const { told, done } = await begin(desk, rows());
    desk.end('b');
    desk.end('a');
    await done;
    expect(told).to.deep.equal(['1 a', '2 malformed-json', '3 b']);
  });

  it('has 32 rows under way and no more', async () => {
    const desk = new Desk();
    const names = Array.from({ length: 100 }, (_, index) => `p${index}`);
    const { done } = await begin(desk, rowsOf(...names.map((name) => by(name))));
    expect(desk.begun.length).to.equal(32);
    desk.end('p0');
    await settled();
    expect(desk.begun.length).to.equal(33);
    for (let ended = 0; ended < names.length; ) {
      for (const name of desk.begun.slice(ended)) desk.end(name);
      ended = desk.begun.length;
      await settled();
    }
    await done;
    expect(desk.begun).to.deep.equal(names);
  });

  it('begins nothing after a row that the store failed, and tells what was under way', async () => {
    const desk = new Desk();
    const { told, done, work } = await begin(desk, rowsOf(by('a'), by('b', ana), by('c', ana)));
    expect(desk.begun).to.deep.equal(['a', 'b']);
    desk.end('b', new StoreFailure('unavailable', 'the test stopped the store'));
    await settled();
    desk.end('a');
    await done;
    expect(told).to.deep.equal(['1 a', '2 store-unavailable']);
    expect(desk.begun).to.deep.equal(['a', 'b']);
    expect(work.stop?.code).to.equal('store-unavailable');
  });

  it('is over only when everything under way is, also where nobody listens any more', async () => {
    const desk = new Desk();
    const { gate } = await makeTestGate();
    const lines = new RowWork(desk.job(gate)).tell(rowsOf(by('a'), by('b')));
    const first = lines.next();
    await settled();
    desk.end('a');
    await first;
    let isOver = false;
    const over = lines.return(undefined).then(() => {
      isOver = true;
    });
    await settled();
    expect(isOver).to.equal(false);
    desk.end('b');
    await over;
  });

  it('is over although whoever sends stands still', async () => {
    const desk = new Desk();
    const { gate } = await makeTestGate();
    async function* still(): AsyncGenerator<Row<Asked>> {
      yield { line: 1, request: by('a') };
      await new Promise(() => {});
    }
    const lines = new RowWork(desk.job(gate)).tell(still());
    const first = lines.next();
    await settled();
    desk.end('a');
    await first;
    await lines.return(undefined);
  });

  it('lets a fault of the program through', async () => {
    const desk = new Desk();
    const { told, done } = await begin(desk, rowsOf(by('a'), by('b')));
    desk.end('b');
    desk.end('a', new TypeError('a fault of the program'));
    expect(await done).to.be.instanceOf(TypeError);
    expect(told).to.deep.equal([]);
  });
});
