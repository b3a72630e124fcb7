/** policies/recipients/ID.yaml: whom data are shared with (LGPD arts. 9, V, 18, VII and 33). */
import {
  adequateCountries,
  type Recipient,
  type TransferMechanism,
  transferMechanisms,
} from '../../domain/guards/recipient.ts';
import { suggestion } from '../../rules/nearest-name.ts';
import { attributeName, civilDate, id, line } from '../format.ts';
import { type Found, list, nullable, oneOf, optional, record, type Shape, text } from '../shape.ts';

const country: Shape<string> = text('a country in two capital letters, such as BR', (value) => {
  if (!/^[A-Z]{2}$/.test(value)) return false;
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  return names.of(value) !== undefined;
});

export const recipientShape: Shape<Recipient> = record<Recipient>(
  {
    id,
    name: line,
    country,
    role: oneOf(['processor', 'controller']),
    mechanism: optional(nullable(oneOf(transferMechanisms)), null),
    clauseVersion: optional(nullable(line), null),
    since: civilDate,
    data: list(attributeName, { min: 0, max: 100 }),
  },
  { check },
);

/** Clauses that the ANPD wrote or approved, whose version is part of the proof. */
const written: readonly TransferMechanism[] = [
  'standard_clauses',
  'specific_clauses',
  'global_rules',
];

function check(found: Found<Recipient>): void {
  const { value, source, complain } = found;
  if (value.id !== undefined && value.id !== source.id) {
    complain('id', `is "${value.id}", but the file is called ${source.id}.yaml`, `"${source.id}"`);
  }
  checkMechanism(found);
  const { attributes } = source.reading.declared;
  for (const given of attributes.size === 0 ? [] : (value.data ?? [])) {
    if (attributes.has(given)) continue;
    const message = `has "${given}", which data.yaml does not declare`;
    complain('data', message, suggestion(given, [...attributes.keys()]));
  }
}

function checkMechanism({ value, complain }: Found<Recipient>): void {
  const { mechanism, clauseVersion, country: place } = value;
  if (mechanism === undefined || place === undefined) return;
  if (mechanism !== null && (place === 'BR' || adequateCountries.has(place))) {
    const message = `is ${mechanism}, but nothing is needed for ${place} (LGPD art. 33, I)`;
    complain('mechanism', message, 'no mechanism');
  }
  if (clauseVersion === undefined) return;
  const needed = mechanism !== null && written.includes(mechanism);
  if (needed && clauseVersion === null) {
    const message = `is missing under ${mechanism} (Res. CD/ANPD 19/2024)`;
    complain('clauseVersion', message, 'which text was signed, such as Res. CD/ANPD 19/2024');
  }
  if (!needed && clauseVersion !== null) {
    complain('clauseVersion', 'has no place without clauses', 'no clauseVersion');
  }
}
