/**
 * Which policy set runs in shadow. Like the activations the shadows are one document, appended to
 * by compare-and-set, so that at most one runs and every process sees the same one.
 *
 * Order of the writes: the claim of the key, the list, the record. A crash before the last leaves a
 * start or an end without its record; the next start, end or sweep makes it from the list.
 */
import { type Instant, toIso } from '../../domain/calendar/instant.ts';
import type { Store, Write } from '../../store/port.ts';
import { putWrite } from '../put-write.ts';
import { makeRecord } from '../record.ts';

export interface Shadow {
  /** Id of the record of its start. */
  readonly id: string;
  readonly digest: string;
  /** Of the decisions that are compared, above 0 and up to 1. */
  readonly share: number;
  readonly client: string;
  readonly startedAt: Instant;
  readonly end: {
    /** Id of the record. */
    readonly record: string;
    readonly client: string;
    readonly at: Instant;
  } | null;
}

export interface ShadowList {
  /** In the order in which they began; the last alone may run. */
  readonly shadows: readonly Shadow[];
  readonly revision: number | null;
}

const shadowsId = 'policy-shadows';
/** Read once a second by every process. Earlier ones stay on record. */
const listedMax = 200;

export async function readShadows(store: Store): Promise<ShadowList> {
  const stored = await store.get('settings', shadowsId);
  if (stored === null) return { shadows: [], revision: null };
  return { shadows: JSON.parse(stored.body) as readonly Shadow[], revision: stored.revision };
}

/** The one that runs, or null. */
export function runningIn({ shadows }: ShadowList): Shadow | null {
  const last = shadows.at(-1);
  return last === undefined || last.end !== null ? null : last;
}

/** The list with the shadow as it is from now on, and the record of that. */
export function shadowWrites({ shadows, revision }: ShadowList, shadow: Shadow): readonly Write[] {
  const others = shadows.filter(({ id }) => id !== shadow.id);
  const body = JSON.stringify([...others, shadow].slice(-listedMax));
  const document = { id: shadowsId, fields: {}, body };
  return [putWrite('settings', document, revision), ...recordsOf(shadow).slice(-1)];
}

/** Makes the records that a crash left out; harmless otherwise. */
export async function recordLastShadow(store: Store): Promise<void> {
  const { shadows } = await readShadows(store);
  // Each by itself: one that is there already must not hold up the next.
  for (const write of shadows.slice(-1).flatMap(recordsOf)) await store.write([write]);
}

/** Of its start, and of its end where it has one. */
function recordsOf({ id, digest, share, client, startedAt, end }: Shadow): readonly Write[] {
  const head = { id, kind: 'policy-shadow', at: startedAt, subject: null, client } as const;
  const started = recordWrite(makeRecord(head, { digest, share }));
  if (end === null) return [started];
  const { record, at, client: ender } = end;
  const ended = makeRecord(
    { id: record, kind: 'policy-shadow-ended', at, subject: null, client: ender },
    { digest, shadow: id, startedAt: toIso(startedAt) },
  );
  return [started, recordWrite(ended)];
}

function recordWrite(document: ReturnType<typeof makeRecord>): Write {
  return { kind: 'insert', collection: 'records', document };
}
