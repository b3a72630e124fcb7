/**
 * The fields of the form of preferences, and what a form that comes back says. An unchecked box is
 * not sent, so the purposes are walked and not the fields; what is no field of theirs is nothing.
 */
import { type Channel, type Frequency, periods } from '../../domain/policy.ts';
import type { Preference, Wish } from '../../domain/portal/preferences.ts';

export const setField = 'policySet';

interface Fields {
  readonly on: string;
  readonly wasOn: string;
  readonly frequency: string;
}

export function fieldsOf({
  purpose,
  channel,
}: {
  readonly purpose: { readonly id: string };
  readonly channel: Channel;
}): Fields {
  const place = `${purpose.id}.${channel}`;
  return { on: `on.${place}`, wasOn: `was.${place}`, frequency: `often.${place}` };
}

/** `2-week`. */
export function frequencyValue({ max, per }: Frequency): string {
  return `${max}-${per}`;
}

export function wishesIn(
  form: URLSearchParams,
  preferences: readonly Preference[],
): readonly Wish[] {
  return preferences
    .filter(({ wayOut }) => wayOut !== 'none')
    .map((preference) => {
      const fields = fieldsOf(preference);
      return {
        purpose: preference.purpose.id,
        channel: preference.channel,
        on: form.get(fields.on) === 'on',
        wasOn: form.get(fields.wasOn) === 'on',
        frequency: readFrequency(form.get(fields.frequency)),
      };
    });
}

function readFrequency(value: string | null): Frequency | null {
  const [, max, named] = /^(\d{1,2})-([a-z]+)$/.exec(value ?? '') ?? [];
  const per = periods.find((period) => period === named);
  return max === undefined || per === undefined ? null : { max: Number(max), per };
}
