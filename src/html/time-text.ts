/** Dates and times as people write them, always with the zone that they are meant in. */
import type { Instant } from '../domain/calendar/instant.ts';
import type { Locale } from '../domain/text.ts';

interface Formats {
  readonly day: Intl.DateTimeFormat;
  readonly time: Intl.DateTimeFormat;
}

const kept = new Map<string, Formats>();
const keptMax = 200;

/** `9 de dezembro de 2026`. */
export function dayText(at: Instant, zone: string, locale: Locale): string {
  return formatsOf(zone, locale).day.format(at);
}

/** `9 de dezembro de 2026 às 23:30, horário de Brasília`. */
export function timeText(at: Instant, zone: string, locale: Locale): string {
  const { day, time } = formatsOf(zone, locale);
  const parts = new Map(time.formatToParts(at).map(({ type, value }) => [type, value]));
  const clock = `${parts.get('hour')}:${parts.get('minute')}`;
  const named = parts.get('timeZoneName') ?? zone;
  // `Horário Padrão do Amazonas` is written so at the start of a line alone.
  const name = named.replace(/^Horário( Padrão)?/, (word) => word.toLowerCase());
  const joint = locale === 'en' ? 'at' : 'às';
  return `${day.format(at)} ${joint} ${clock}, ${name}`;
}

/** Making a format costs more than using it a thousand times. */
function formatsOf(zone: string, locale: Locale): Formats {
  const key = `${locale} ${zone}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  if (kept.size >= keptMax) kept.clear();
  const language = locale === 'en' ? 'en-GB' : 'pt-BR';
  const formats = {
    day: new Intl.DateTimeFormat(language, { timeZone: zone, dateStyle: 'long' }),
    time: new Intl.DateTimeFormat(language, {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'longGeneric',
    }),
  };
  kept.set(key, formats);
  return formats;
}
