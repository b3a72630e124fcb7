/** policies/channels.yaml: the hours in which a channel may be used, by the subject's own clock. */
import { isMap, isScalar } from 'yaml';
import type { ChannelPolicy, Hours } from '../domain/policy.ts';
import {
  type Found,
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

const hours: Shape<Hours> = scalar('hours such as "09:00-18:00"', (value) => {
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

type Entry = Omit<ChannelPolicy, 'channel'>;
const entry: Shape<Entry> = record<Entry>({
  permitted,
  holidays: oneOf(['closed', 'open']),
  appliesTo: oneOf(['promotional', 'all']),
  quietAction: oneOf(['defer', 'deny']),
});

/** `none` reaches nobody and has no hours. */
const contacts = ['whatsapp', 'email', 'sms', 'push', 'site', 'app', 'voice', 'ads'] as const;
type Entries = Readonly<Record<(typeof contacts)[number], Entry | null>>;
const listed = optional<Entry | null>(entry, null);

interface ChannelsFile {
  readonly channels: Entries;
}

export const channelsShape: Shape<ChannelsFile> = record<ChannelsFile>({
  channels: record<Entries>(
    {
      whatsapp: listed,
      email: listed,
      sms: listed,
      push: listed,
      site: listed,
      app: listed,
      voice: listed,
      ads: listed,
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
