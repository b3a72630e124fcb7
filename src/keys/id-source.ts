/**
 * Ids: UUIDv7 (RFC 9562) behind a prefix that says what is named. Within one process they grow
 * strictly, also inside a millisecond and when the clock goes back, so that the order of ids is the
 * order in which they were made.
 */
import { randomFillSync } from 'node:crypto';

export type NewId = (prefix: string) => string;

const poolBytes = 4096;
const randomBytesEach = 8;
/** rand_a holds a counter (RFC 9562, section 6.2, method 1). */
const counterMax = 0xfff;

export function makeIdSource(clock: () => number): NewId {
  const pool = Buffer.alloc(poolBytes);
  let used = poolBytes;
  let lastMs = 0;
  let counter = 0;
  return (prefix) => {
    const now = clock();
    if (now > lastMs) {
      lastMs = now;
      counter = 0;
    } else {
      counter += 1;
      if (counter > counterMax) {
        lastMs += 1;
        counter = 0;
      }
    }
    if (used + randomBytesEach > poolBytes) {
      randomFillSync(pool);
      used = 0;
    }
    pool[used] = ((pool[used] ?? 0) & 0x3f) | 0x80;
    const random = pool.toString('hex', used, used + randomBytesEach);
    used += randomBytesEach;
    return prefix + uuid(lastMs, counter, random);
  };
}

/** The smallest id of a prefix at an instant: a bound for range queries. */
export function idFloor(prefix: string, instant: number): string {
  return prefix + uuid(Math.max(0, Math.floor(instant)), 0, '8000000000000000');
}

/** The instant, in ms, that an id was made at. */
export function instantOfId(id: string): number {
  const hex = id.slice(id.indexOf('_') + 1).replaceAll('-', '');
  return Number.parseInt(hex.slice(0, 12), 16);
}

function uuid(ms: number, counter: number, random: string): string {
  const time = ms.toString(16).padStart(12, '0');
  const sequence = counter.toString(16).padStart(3, '0');
  return (
    `${time.slice(0, 8)}-${time.slice(8)}-7${sequence}-` +
    `${random.slice(0, 4)}-${random.slice(4)}`
  );
}
