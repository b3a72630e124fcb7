/**
 * Caps that nobody can reach: another cap, the least gap between two contacts, or what people may
 * choose keeps everybody below their number. Counted in whole contacts and on the safe side, with
 * an hour more for days on which clocks change, so that what is told is so.
 */
import { liftedBy, type PlainTree } from '../../domain/rule.ts';
import { follows } from '../../rules/analysis/proof.ts';
import { conditionsOf } from '../../rules/named-condition.ts';
import type { Cap, Frequency, Period, PolicySet } from '../../domain/policy.ts';
import { type Contact, contactName, contactsOf, isCovered, listed } from './contact.ts';
import type { Found } from './set-finding.ts';

const hourMinutes = 60;
const dayMinutes = 24 * hourMinutes;

type Window = Pick<Cap, 'per' | 'window'>;

const rollingDays: Readonly<Record<Period, number>> = { day: 1, week: 7, month: 30 };
const calendarDays: Readonly<Record<Period, number>> = { day: 1, week: 7, month: 31 };

/** The longest that a window can be. */
function minutesOf({ per, window }: Window): number {
  if (window === 'rolling') return rollingDays[per] * dayMinutes;
  return calendarDays[per] * dayMinutes + hourMinutes;
}

/** How many windows of one kind it takes to cover any window of another. */
function windowsIn(wide: Window, narrow: Window): number {
  if (narrow.window === 'rolling') return Math.ceil(minutesOf(wide) / minutesOf(narrow));
  if (wide.window === 'calendar' && wide.per === narrow.per) return 1;
  const shortestDays = narrow.per === 'month' ? 28 : calendarDays[narrow.per];
  // A window may begin and end in the midst of a day, week or month.
  return Math.ceil(minutesOf(wide) / (shortestDays * dayMinutes - hourMinutes)) + 1;
}

interface Bound {
  readonly contacts: number;
  /** What keeps people there. */
  readonly by: string;
}

export function capFindings(set: PolicySet): readonly Found[] {
  const contacts = contactsOf(set);
  return set.caps.flatMap((cap, index): readonly Found[] => {
    const place = (key: string): Found['at'] => ({ file: 'caps.yaml', way: ['caps', index, key] });
    const covered = contacts.filter((contact) => isCovered(cap.match, contact));
    if (covered.length === 0) {
      const message = `the cap "${cap.name}" matches no channel of any active purpose`;
      const advice = 'mend what it matches, or remove it';
      return [{ code: 'cap-matches-nothing', at: place('match'), message, advice }];
    }
    const bound = mayBeExceeded(set, covered) ? null : boundOf(cap, { covered, caps: set.caps });
    if (bound === null || bound.contacts >= cap.max) return [];
    const most = `${bound.by} lets at most ${bound.contacts} through`;
    const message = `nobody can reach ${cap.max} a ${cap.per} of "${cap.name}": ${most}`;
    const advice = `lower it to ${bound.contacts} or less, or remove it`;
    return [{ code: 'cap-out-of-reach', at: place('max'), message, advice }];
  });
}

/** The shipped rules by which caps hold. */
const capRules = ['frequency-cap', 'minimum-gap'];
const isOrdered: PlainTree = {
  all: [{ fact: 'purpose.mandatoryNotice', operator: 'notEqual', value: 'none' }],
};

/** What the law orders goes beyond caps, and so does what a rule sets them aside for. */
function mayBeExceeded({ rules }: PolicySet, covered: readonly Contact[]): boolean {
  const held = capRules.every((name) => rules.some((rule) => rule.name === name));
  const lifts = rules.filter((rule) => liftedBy(rule).some((name) => capRules.includes(name)));
  const ordered = covered.some(({ purpose }) => purpose.mandatoryNotice !== null);
  return !held || ordered || !lifts.every((rule) => follows(conditionsOf(rule), isOrdered));
}

interface Reach {
  readonly covered: readonly Contact[];
  readonly caps: readonly Cap[];
}

/** The tightest of what is known to bind; null where nothing is. */
function boundOf(cap: Cap, { covered, caps }: Reach): Bound | null {
  const wider = caps.filter(
    (other) => other === cap || covered.every((contact) => isCovered(other.match, contact)),
  );
  const bounds = [
    ...wider.filter((other) => other !== cap).map((other) => boundByCap(cap, other)),
    ...wider.flatMap((other) => boundByGap(cap, other)),
    ...boundByChoice(cap, covered),
  ];
  return bounds.toSorted((a, b) => a.contacts - b.contacts)[0] ?? null;
}

function boundByCap(cap: Cap, other: Cap): Bound {
  return { contacts: other.max * windowsIn(cap, other), by: `the cap "${other.name}"` };
}

function boundByGap(cap: Cap, { name, minGapMinutes }: Cap): readonly Bound[] {
  if (minGapMinutes === null) return [];
  const contacts = Math.ceil(minutesOf(cap) / minGapMinutes);
  return [{ contacts, by: `the least gap of "${name}", ${minGapMinutes} minutes,` }];
}

/** What people chose is counted by purpose and channel; each is added at its most. */
function boundByChoice(cap: Cap, covered: readonly Contact[]): readonly Bound[] {
  const most = covered.map(({ purpose: { frequency } }): number => {
    if (frequency === null) return Infinity;
    const offered: readonly Frequency[] = [frequency.default, ...frequency.choices];
    const each = offered.map(({ max, per }) => max * windowsIn(cap, { per, window: 'rolling' }));
    return Math.max(...each);
  });
  const contacts = most.reduce((sum, each) => sum + each, 0);
  if (contacts === Infinity) return [];
  return [{ contacts, by: `what people may choose under ${listed(covered.map(contactName))}` }];
}
