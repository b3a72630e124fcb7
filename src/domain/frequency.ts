/**
 * Frequency caps: how often a person may be contacted (LGPD arts. 6, III and 10, II). The person's
 * own choice, given with the consent, and the controller's caps all hold; the narrowest wins.
 */
import { dayMs, type Instant, minuteMs } from './calendar/instant.ts';
import type { Cap, Channel, Frequency, Period, Purpose } from './policy.ts';
import { counts, type Slot, type Slots } from './slots.ts';
import { instantOf, localTime, monthOf } from './calendar/zone.ts';

/** Contacts left where no cap applies, as `frequency.purposeRemaining` says it. */
export const remainingUncapped = 1_000_000;

/** A cap that applies to one purpose and channel of one person. */
export interface ApplicableCap extends Omit<Cap, 'unreported'> {
  readonly source: 'consent' | 'policy';
  /** Null where no controller's cap stands behind it: then the others decide. */
  readonly unreported: Cap['unreported'] | null;
}

export interface CapUse {
  readonly cap: ApplicableCap;
  readonly used: number;
  /** When one more contact fits; the instant itself when it fits now. */
  readonly freeAt: Instant;
  /** When the number used goes down next; null when nothing is used. */
  readonly resetsAt: Instant | null;
}

const rollingMs: Readonly<Record<Period, number>> = {
  day: dayMs,
  week: 7 * dayMs,
  month: 30 * dayMs,
};

interface CapLists {
  readonly of: readonly Cap[];
  /** The controller's, and with the default of the purpose where it has one. */
  readonly byChannel: Map<Channel, Record<'controllers' | 'usual', readonly ApplicableCap[]>>;
}

/** The same for everybody who chose nothing, and most of it for everybody else. */
const capLists = new WeakMap<Purpose, CapLists>();

/** Caps that hold for a contact: the controller's that match, then the person's or the default. */
export function applicableCaps(
  purpose: Purpose,
  channel: Channel,
  policy: { readonly caps: readonly Cap[]; readonly chosen: Frequency | null },
): readonly ApplicableCap[] {
  const { controllers, usual } = capListsOf(purpose, channel, policy.caps);
  if (policy.chosen === null) return usual;
  return [...controllers, ownCap(purpose, channel, { own: policy.chosen, source: 'consent' })];
}

function capListsOf(
  purpose: Purpose,
  channel: Channel,
  caps: readonly Cap[],
): Record<'controllers' | 'usual', readonly ApplicableCap[]> {
  let known = capLists.get(purpose);
  if (known?.of !== caps) {
    known = { of: caps, byChannel: new Map() };
    capLists.set(purpose, known);
  }
  const kept = known.byChannel.get(channel);
  if (kept !== undefined) return kept;
  const contact = { purpose: purpose.id, channel, promotional: purpose.promotional };
  const controllers = caps
    .filter((cap) => isMatched(cap, contact))
    .map((cap): ApplicableCap => ({ ...cap, source: 'policy' }));
  const own = purpose.frequency?.default ?? null;
  const usual =
    own === null
      ? controllers
      : [...controllers, ownCap(purpose, channel, { own, source: 'policy' })];
  known.byChannel.set(channel, { controllers, usual });
  return { controllers, usual };
}

/** How much of a cap is used at an instant; null when the zone is unknown. */
export function capUse(
  cap: ApplicableCap,
  slots: Slots,
  when: { readonly at: Instant; readonly zone: string },
): CapUse | null {
  const frame = cap.window === 'rolling' ? null : calendarFrame(cap.per, when);
  if (cap.window === 'calendar' && frame === null) return null;
  const rolling = rollingMs[cap.per];
  const gapMs = (cap.minGapMinutes ?? 0) * minuteMs;
  const ends: Instant[] = [];
  let gapFree = when.at;
  for (const slot of slots.slots) {
    if (!counts(slot, when.at) || !isMatched(cap, slot)) continue;
    gapFree = Math.max(gapFree, endOf(slot, slot.at + gapMs));
    const inside = frame === null ? slot.at > when.at - rolling : slot.at >= frame.start;
    if (inside) ends.push(endOf(slot, frame === null ? slot.at + rolling : frame.end));
  }
  ends.sort((a, b) => a - b);
  const windowFree = ends[ends.length - cap.max] ?? when.at;
  return {
    cap,
    used: ends.length,
    freeAt: Math.max(windowFree, cap.minGapMinutes === null ? when.at : gapFree),
    resetsAt: ends[0] ?? null,
  };
}

/** What becomes of a reservation that nobody reports: it lapses only where every cap says so. */
export function ifUnreported(caps: readonly ApplicableCap[]): Cap['unreported'] {
  const stated = caps.filter((cap) => cap.unreported !== null);
  const lapses = stated.length > 0 && stated.every((cap) => cap.unreported === 'release');
  return lapses ? 'release' : 'presume-sent';
}

/** A reservation that nobody reports may lapse before the window or the gap has passed. */
function endOf({ expiresAt }: Slot, passes: Instant): Instant {
  return expiresAt === null ? passes : Math.min(passes, expiresAt);
}

function ownCap(
  purpose: Purpose,
  channel: Channel,
  choice: { readonly own: Frequency; readonly source: ApplicableCap['source'] },
): ApplicableCap {
  return {
    name: `${purpose.id}/${channel}`,
    match: { purpose: purpose.id, channel, promotional: null },
    max: choice.own.max,
    per: choice.own.per,
    window: 'rolling',
    minGapMinutes: null,
    unreported: null,
    source: choice.source,
  };
}

export function isMatched(
  cap: Pick<Cap, 'match'>,
  contact: Pick<Slot, 'purpose' | 'channel' | 'promotional'>,
): boolean {
  const { purpose, channel, promotional } = cap.match;
  return (
    (purpose === null || purpose === contact.purpose) &&
    (channel === null || channel === contact.channel) &&
    (promotional === null || promotional === contact.promotional)
  );
}

function calendarFrame(
  per: Period,
  when: { readonly at: Instant; readonly zone: string },
): { readonly start: Instant; readonly end: Instant } | null {
  const local = localTime(when.zone, when.at);
  if (local === null) return null;
  const [first, next] = calendarDays(per, local);
  const start = instantOf(when.zone, first, 0);
  const end = instantOf(when.zone, next, 0);
  return start === null || end === null ? null : { start, end };
}

function calendarDays(
  per: Period,
  local: { readonly day: number; readonly weekday: number },
): readonly [number, number] {
  if (per === 'day') return [local.day, local.day + 1];
  if (per === 'week') return [local.day - local.weekday, local.day - local.weekday + 7];
  const month = monthOf(local.day);
  return [month.first, month.next];
}
