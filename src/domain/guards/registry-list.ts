/**
 * The list of a do-not-contact registry: keyed hashes of numbers with the days on which they were
 * enrolled and removed. Lists hold millions, so a number is the first 52 bits of its hash: two that
 * agree in these would block one person too many in some billions, and never one too few.
 */
export interface Enrolment {
  /** Keyed hash of the number, in hex. */
  readonly hash: string;
  /** Days since 1970-01-01. */
  readonly enrolledOn: number;
  readonly removedOn: number | null;
}

/** In the order of the numbers; in memory that threads may share. */
export interface RegistryColumns {
  readonly keys: Float64Array;
  readonly enrolled: Int32Array;
  readonly removed: Int32Array;
}

export interface RegistryList {
  readonly size: number;
  readonly columns: RegistryColumns;
  /** Whether the number is enrolled for so many days and not removed. */
  readonly isListed: (hash: string, today: number, afterDays: number) => boolean;
}

const prefixLength = 13;
const notRemoved = 2_147_483_647;

export function registryList(enrolments: readonly Enrolment[]): RegistryList {
  const sorted = enrolments
    .map(({ hash, enrolledOn, removedOn }) => ({ key: keyOf(hash), enrolledOn, removedOn }))
    .sort((a, b) => a.key - b.key);
  const { length } = sorted;
  const keys = new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
  const enrolled = new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
  const removed = new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
  for (const [at, { key, enrolledOn, removedOn }] of sorted.entries()) {
    keys[at] = key;
    enrolled[at] = enrolledOn;
    removed[at] = removedOn ?? notRemoved;
  }
  return listOf({ keys, enrolled, removed });
}

/** The list that lies in columns which another thread made. */
export function listOf(columns: RegistryColumns): RegistryList {
  const { keys, enrolled, removed } = columns;
  return {
    size: keys.length,
    columns,
    isListed: (hash, today, afterDays) => {
      const key = keyOf(hash);
      for (let at = firstFrom(keys, key); keys[at] === key; at += 1) {
        const since = enrolled[at] ?? notRemoved;
        if (today >= since + afterDays && today < (removed[at] ?? 0)) return true;
      }
      return false;
    },
  };
}

function keyOf(hash: string): number {
  return Number.parseInt(hash.slice(0, prefixLength), 16);
}

/** Index of the first key that is not smaller. */
function firstFrom(keys: Float64Array, key: number): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? key) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
