/** The instants that a query gives as the bounds of a list or a report. */
import { fromIso, type Instant } from '../domain/calendar/instant.ts';
import { Problem } from '../domain/problem.ts';

/** Null where the query gives none. */
export function boundOf(given: string | undefined, name: string): Instant | null | Problem {
  if (given === undefined) return null;
  const instant = fromIso(given);
  if (instant !== null) return instant;
  return new Problem(
    'instant-out-of-range',
    { 'pt-BR': 'Corrija o instante indicado.', en: 'Correct the instant pointed at.' },
    { errors: [{ pointer: `/${name}`, message: 'no such instant', expected: 'RFC 3339' }] },
  );
}
