/** policies/channels.yaml: the hours in which a channel may be used, by the subject's own clock. */
import { isMap, isScalar } from 'yaml';
import { states } from '../domain/calendar/state.ts';
import type { ChannelPolicy, Hours, StateHours } from '../domain/policy.ts';
import { bilingual } from './format.ts';
import {
  type Found,
  list,
  nullable,
  offsetOf,
  oneOf,
  optional,
  record,
  refuseNode,
  scalar,
  type Shape,
} from './shape.ts';

const minutesOfDay = 24 * 60;

export const hours: Shape<Hours> = scalar('hours such as "09:00-18:00"', (value) => {
  const parts = /^(\d\d):([0-5]\d)-(\d\d):([0-5]\d)$/.exec(typeof value === 'string' ? value : '');
  if (parts === null) return undefined;
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = parts.slice(1).map(Number);
  const from = 60 * fromHour + fromMinute;
  const to = 60 * toHour + toMinute;
  return from < to && to <= minutesOfDay ? { from, to } : undefined;
});

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
type Week = Readonly<Record<(typeof weekdays)[number], Hours | null>>;
const dayOff = nullable(hours);
const week: Shape<Week> = record<Week>({
  mon: dayOff,
  tue: dayOff,
  wed: dayOff,
  thu: dayOff,
  fri: dayOff,
  sat: dayOff,
  sun: dayOff,
});

const permitted: Shape<ChannelPolicy['permitted']> = {
  expected: 'always, or hours for each of mon, tue, wed, thu, fri, sat, sun',
  read(node, source) {
    if (isScalar(node) && node.value === 'always') {
      return weekdays.map(() => ({ from: 0, to: minutesOfDay }));
    }
    if (!isMap(node)) return refuseNode(node, source, permitted.expected);
    const read = week.read(node, source);
    if (read === undefined) return undefined;
    const days = weekdays.map((day) => read[day]);
    if (days.some((day) => day !== null)) return days;
    const message = `${source.trail} leaves no hour of the week`;
    source.complain(offsetOf(node), message, 'hours on at least one weekday');
    return undefined;
  },
};

/** Inside every state law that is known: Monday to Friday, 9:00 to 18:00, and never on holidays. */
const office: Hours = { from: 9 * 60, to: 18 * 60 };
const officeWeek: ChannelPolicy['permitted'] = [office, office, office, office, office, null, null];
const allWeek: ChannelPolicy['permitted'] = weekdays.map(() => ({ from: 0, to: minutesOfDay }));
const holidays = oneOf(['closed', 'open']);

type Entry = Omit<ChannelPolicy, 'channel'>;

/** What is left out of an entry is what disturbs nobody. */
function entryOf(usual: Pick<ChannelPolicy, 'permitted' | 'holidays'>): Shape<Entry | null> {
  const shape = record<Entry>(
    {
      permitted: optional(permitted, usual.permitted),
      holidays: optional(holidays, usual.holidays),
      appliesTo: optional(oneOf(['promotional', 'all']), 'promotional'),
      quietAction: optional(oneOf(['defer', 'deny']), 'defer'),
      byState: optional(
        list(
          record<StateHours>({
            states: list(oneOf(states), { min: 1, max: states.length }),
            permitted,
            holidays,
            reason: bilingual,
          }),
          { min: 1, max: states.length },
        ),
        [],
      ),
    },
    { check: checkStates },
  );
  return optional<Entry | null>(shape, null);
}

/** Of two entries for one state nobody could tell which holds. */
function checkStates({ value, complain }: Found<Entry>): void {
  const named = (value.byState ?? []).flatMap((each) => each.states);
  const twice = named.find((state, index) => named.indexOf(state) !== index);
  if (twice !== undefined) complain('byState', `has ${twice} twice`, 'each state once');
}

/** `none` reaches nobody and has no hours. */
const contacts = ['whatsapp', 'email', 'sms', 'push', 'site', 'app', 'voice', 'ads'] as const;
type Entries = Readonly<Record<(typeof contacts)[number], Entry | null>>;
const disturbing = entryOf({ permitted: officeWeek, holidays: 'closed' });
const quiet = entryOf({ permitted: allWeek, holidays: 'open' });

interface ChannelsFile {
  readonly channels: Entries;
}

export const channelsShape: Shape<ChannelsFile> = record<ChannelsFile>({
  channels: record<Entries>(
    {
      whatsapp: disturbing,
      email: quiet,
      sms: disturbing,
      push: disturbing,
      site: quiet,
      app: quiet,
      voice: disturbing,
      ads: quiet,
    },
    { declare },
  ),
});

/** An entry with mistakes counts as declared; it is null only where the file has none. */
function declare({ value, source }: Found<Entries>): void {
  for (const contact of contacts) {
    if (value[contact] !== null) source.reading.declared.channels.add(contact);
  }
}

export function channelPolicies({ channels }: ChannelsFile): readonly ChannelPolicy[] {
  return contacts.flatMap((channel) => {
    const policy = channels[channel];
    return policy === null ? [] : [{ channel, ...policy }];
  });
}
