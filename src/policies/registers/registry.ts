/** policies/registries.yaml: do-not-contact registries whose lists the controller obtains. */
import { states } from '../../domain/calendar/state.ts';
import type { Registry } from '../../domain/guards/registry.ts';
import type { Channel } from '../../domain/policy.ts';
import { bilingual, civilDate, id, line } from '../format.ts';
import { type Found, integer, list, oneOf, record, type Shape } from '../shape.ts';

interface RegistriesFile {
  readonly registries: readonly Registry[];
}

/** A number is what a registry lists, so that it can bind the channels of a number alone. */
const numbered = ['voice', 'sms', 'whatsapp'] as const satisfies readonly Channel[];

export const registriesShape: Shape<RegistriesFile> = record<RegistriesFile>({
  registries: list(
    record<Registry>(
      {
        id,
        title: bilingual,
        law: line,
        states: list(oneOf(states), { min: 1, max: states.length }),
        channels: list(oneOf(numbered), { min: 1, max: numbered.length }),
        appliesTo: oneOf(['promotional', 'all']),
        effectiveAfterDays: integer(0, 90),
        obtainedOn: civilDate,
        maximumAgeDays: integer(1, 366),
      },
      { declare },
    ),
    { min: 0, max: 50 },
  ),
});

function declare({ value, source, complain }: Found<Registry>): void {
  if (value.id === undefined) return;
  const { registries } = source.reading.declared;
  if (registries.has(value.id)) complain('id', `"${value.id}" stands twice`, 'each id once');
  registries.add(value.id);
}
