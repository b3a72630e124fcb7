/** listDecisions: by the id of a subject alone, since a URL is written to logs. */
import { Problem } from '../../domain/problem.ts';
import { searchRecords } from './decision-search.ts';
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import type { operations } from '../wire.ts';

type Query = NonNullable<operations['listDecisions']['parameters']['query']>;

export async function listDecisions(
  gate: Gate,
  call: Call<unknown, Query, unknown>,
): Promise<Answer> {
  const { 'subject.type': type, 'subject.value': subject = null, ...filters } = call.query;
  if (type !== undefined && subject === null) return valueMissing();
  return searchRecords(gate, { ...filters, subject });
}

/** Without its value the type would silently list the decisions about everybody. */
function valueMissing(): Problem {
  return new Problem(
    'invalid-request',
    { 'pt-BR': 'Corrija os pontos indicados em errors.', en: 'Correct what errors points at.' },
    {
      errors: [
        {
          pointer: '/query/subject.value',
          message: 'subject.type stands without it',
          expected: 'the id of a subject',
        },
      ],
    },
  );
}
