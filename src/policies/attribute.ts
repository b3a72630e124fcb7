/** policies/data.yaml: every attribute of a subject that a purpose may use (LGPD art. 6, III). */
import type { Attribute } from '../domain/policy.ts';
import { attributeName, bilingual, id } from './format.ts';
import { type Found, flag, list, oneOf, record, type Shape } from './shape.ts';

interface AttributesFile {
  readonly attributes: readonly Attribute[];
}

export const attributesShape: Shape<AttributesFile> = record<AttributesFile>({
  attributes: list(
    record<Attribute>(
      {
        name: attributeName,
        title: bilingual,
        category: id,
        sensitive: flag,
        mayReveal: flag,
        source: bilingual,
        storedBy: oneOf(['porteiro', 'caller']),
      },
      { declare },
    ),
    { min: 1, max: 500 },
  ),
});

function declare({ value, source, complain }: Found<Attribute>): void {
  if (value.name === undefined) return;
  const { attributes } = source.reading.declared;
  if (attributes.has(value.name)) {
    complain('name', `"${value.name}" is declared twice`, 'each attribute once');
  }
  attributes.set(value.name, value);
}
