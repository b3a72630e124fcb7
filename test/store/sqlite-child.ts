/**
 * A process of its own for tests that need a second one, or one to kill:
 * `node --import tsx/esm test/store/sqlite-child.ts COMMAND PATH [COUNT]`.
 *
 * Each line that it prints is written at once, so the parent sees exactly what was acknowledged
 * before the process died.
 */
import { rmSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Store, StoreFailure, type Write } from '../../src/store/port.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { draft, insert, replace } from './conformance/cast.ts';

export const writers = 20;

/** The n-th list of a writer: its counter, then two records that belong together. */
function listOf(writer: number, n: number, pad: string): Write[] {
  const id = `w${writer}`;
  const body = String(n);
  return [
    n === 1
      ? insert('slots', draft('slots', id, {}, body))
      : replace('slots', draft('slots', id, {}, body), n - 1),
    insert('records', draft('records', `${id}/${n}/a`, { subject: id }, pad)),
    insert('records', draft('records', `${id}/${n}/b`, { subject: id }, pad)),
  ];
}

function print(line: string): void {
  writeSync(1, `${line}\n`);
}

async function writeOn(store: Store, writer: number, lists: number): Promise<void> {
  const pad = JSON.stringify('x'.repeat(500 + writer * 200));
  const first = ((await store.get('slots', `w${writer}`))?.revision ?? 0) + 1;
  for (let n = first; n < first + lists; n += 1) {
    const { refusal } = await store.write(listOf(writer, n, pad));
    if (refusal !== null) throw new Error(`list ${n} of writer ${writer}: ${refusal}`);
    print(`${writer} ${n}`);
  }
}

async function readiness(store: Store): Promise<string> {
  try {
    await store.ping();
    return 'yes';
  } catch (error) {
    return error instanceof StoreFailure ? error.code : String(error);
  }
}

/** On a disk that is nearly full; taking the ballast away makes room. Prints what calls came to. */
async function fillUp(store: Store, path: string): Promise<void> {
  const ballast = join(dirname(path), 'ballast');
  const pad = JSON.stringify('x'.repeat(20_000));
  const attempt = async (id: string): Promise<string> => {
    try {
      const { done } = await store.write([insert('settings', draft('settings', id, {}, pad))]);
      return `done ${done}`;
    } catch (error) {
      return error instanceof StoreFailure ? error.code : String(error);
    }
  };
  writeFileSync(ballast, Buffer.alloc(500_000));
  let count = 0;
  let outcome = 'done 1';
  for (; outcome === 'done 1' && count < 200; count += 1) outcome = await attempt(`fill/${count}`);
  print(`filled: ${outcome}`);
  print(`ready: ${await readiness(store)}`);
  const kept = await Promise.all(
    Array.from({ length: count - 1 }, (_, at) => store.get('settings', `fill/${at}`)),
  );
  print(`kept: ${kept.length > 5 && kept.every((document) => document?.body === pad)}`);
  print(`refused: ${(await store.get('settings', `fill/${count - 1}`)) === null}`);
  rmSync(ballast);
  print(`with room: ${await attempt('room')}`);
  print(`ready: ${await readiness(store)}`);
}

async function run(command: string, path: string, lists: number): Promise<void> {
  const store = await openSqliteStore({ path });
  if (command === 'write alone') await writeOn(store, 0, lists);
  if (command === 'fill up') await fillUp(store, path);
  if (command === 'write together') {
    await Promise.all(
      Array.from({ length: writers }, (_, writer) => writeOn(store, writer, lists)),
    );
  }
  await store.close();
  print('closed');
}

const [, script, command = '', path = '', count = '0'] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  run(command, path, Number(count)).catch((error: unknown) => {
    print(String(error));
    process.exitCode = 1;
  });
}
