/**
 * policies/calendars/ID.yaml: days of states and cities, and optional days, on which channels whose
 * holidays are closed rest. National holidays are known without.
 */
import {
  type Calendar,
  type CalendarDay,
  movableDays,
  wholeDay,
} from '../../domain/calendar/calendar.ts';
import { states } from '../../domain/calendar/state.ts';
import { hours } from '../channel.ts';
import { bilingual, id, isCivilDate, line } from '../format.ts';
import { type Found, list, oneOf, optional, record, type Shape, text } from '../shape.ts';

const movable = Object.keys(movableDays);

/** 29 February is a day of some years alone, so that a leap year judges yearly dates. */
const day = text(`"07-09", "2027-07-09", or one of ${movable.join(', ')}`, (value) =>
  /^\d\d-\d\d$/.test(value)
    ? isCivilDate(`2024-${value}`)
    : isCivilDate(value) || movable.includes(value),
);

export const calendarShape: Shape<Calendar> = record<Calendar>(
  {
    id,
    title: bilingual,
    states: optional(list(oneOf(states), { min: 1, max: states.length }), []),
    cities: optional(list(line, { min: 1, max: 1000 }), []),
    days: list(
      record<CalendarDay>({ on: day, title: bilingual, rest: optional(hours, wholeDay) }),
      { min: 1, max: 366 },
    ),
  },
  { check },
);

function check({ value, source, complain }: Found<Calendar>): void {
  if (value.id !== undefined && value.id !== source.id) {
    complain('id', `is "${value.id}", but the file is called ${source.id}.yaml`, `"${source.id}"`);
  }
  // Names of cities repeat from state to state: there are several called Bom Jesus.
  if ((value.cities ?? []).length > 0 && value.states?.length !== 1) {
    complain('cities', 'are of no one state', 'the state in "states"');
  }
}
