/**
 * Frequency caps: how often a person may be contacted (LGPD arts. 6, III and 10, II). The person's
 * own choice, given with the consent, and the controller's caps all hold; the narrowest wins.
 */
import { dayMs, type Instant, minuteMs } from './calendar/instant.ts';
import type { Cap, Channel, Frequency, Period, Purpose } from './policy.ts';
import { counts, type Slot, type Slots } from './slots.ts';
import { instantOf, localTime, monthOf } from './calendar/zone.ts';

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

/** Caps that hold for a contact: the controller's that match, then the person's or the default. */
export function applicableCaps(
  purpose: Purpose,
  channel: Channel,
  policy: { readonly caps: readonly Cap[]; readonly chosen: Frequency | null },
): readonly ApplicableCap[] {
  const caps: ApplicableCap[] = [];
  for (const cap of policy.caps) {
    if (matches(cap, { purpose: purpose.id, channel, promotional: purpose.promotional })) {
      caps.push({ ...cap, source: 'policy' });
    }
  }
  const own = policy.chosen ?? purpose.frequency?.default ?? null;
  if (own !== null) caps.push(ownCap(purpose, channel, { own, chosen: policy.chosen !== null }));
  return caps;
}

/** How much of a cap is used at an instant; null when the zone is unknown. */
export function capUse(
  cap: ApplicableCap,
  slots: Slots,
  when: { readonly at: Instant; readonly zone: string },
): CapUse | null {
  const counted = slots.slots.filter((slot) => counts(slot, when.at) && matches(cap, slot));
  const frame = cap.window === 'rolling' ? null : calendarFrame(cap.per, when);
  if (cap.window === 'calendar' && frame === null) return null;
  const inside = counted.filter(({ at }) =>
    frame === null ? at > when.at - rollingMs[cap.per] : at >= frame.start,
  );
  const ends = inside
    .map((slot) => endOf(slot, frame === null ? slot.at + rollingMs[cap.per] : frame.end))
    .sort((a, b) => a - b);
  const windowFree = ends[ends.length - cap.max] ?? when.at;
  return {
    cap,
    used: inside.length,
    freeAt: Math.max(windowFree, gapFree(cap, counted, when.at)),
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

function gapFree(cap: ApplicableCap, counted: readonly Slot[], at: Instant): Instant {
  if (cap.minGapMinutes === null) return at;
  const gapMs = cap.minGapMinutes * minuteMs;
  return counted.reduce((free, slot) => Math.max(free, endOf(slot, slot.at + gapMs)), at);
}

function ownCap(
  purpose: Purpose,
  channel: Channel,
  choice: { readonly own: Frequency; readonly chosen: boolean },
): ApplicableCap {
  return {
    name: `${purpose.id}/${channel}`,
    match: { purpose: purpose.id, channel, promotional: null },
    max: choice.own.max,
    per: choice.own.per,
    window: 'rolling',
    minGapMinutes: null,
    unreported: null,
    source: choice.chosen ? 'consent' : 'policy',
  };
}

function matches(
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
