/**
 * The columns that a CSV of some schema may have: the path of each text, number and list of texts,
 * joined by dots, as in `evidence.control.kind`. A list of objects has no column.
 */
import type { OpenApiDocument, Place } from '../contract/openapi-document.ts';

export interface Column {
  readonly name: string;
  readonly path: readonly string[];
  readonly kind: 'text' | 'number' | 'list';
  /** Whether every row needs it. */
  readonly isRequired: boolean;
}

export function columnsOf(document: OpenApiDocument, schema: string): readonly Column[] {
  const place = document.at(['components', 'schemas', schema]);
  return place === null ? [] : columnsAt(document, place, { path: [], isRequired: true });
}

type Parent = Pick<Column, 'path' | 'isRequired'>;

function columnsAt(document: OpenApiDocument, given: Place, parent: Parent): readonly Column[] {
  const place = meant(document, given);
  const { type } = place.node;
  if (type !== 'object') return columnOf(document, place, parent);
  const required = place.node['required'];
  const names = Object.keys(document.at(['properties'], place)?.node ?? {});
  return names.flatMap((name) => {
    const inner = document.at(['properties', name], place);
    const isRequired = parent.isRequired && Array.isArray(required) && required.includes(name);
    return inner === null
      ? []
      : columnsAt(document, inner, { path: [...parent.path, name], isRequired });
  });
}

/** The first branch of a union: the others are null, or texts of another form. */
function meant(document: OpenApiDocument, place: Place): Place {
  for (const union of ['oneOf', 'anyOf', 'allOf']) {
    const branch = document.at([union, '0'], place);
    if (branch !== null) return meant(document, branch);
  }
  return place;
}

function columnOf(document: OpenApiDocument, place: Place, parent: Parent): readonly Column[] {
  const name = parent.path.join('.');
  const { type } = place.node;
  if (type === 'integer') return [{ ...parent, name, kind: 'number' }];
  if (type !== 'array') return [{ ...parent, name, kind: 'text' }];
  const items = document.at(['items'], place);
  const isPlain = items !== null && meant(document, items).node['type'] !== 'object';
  return isPlain ? [{ ...parent, name, kind: 'list' }] : [];
}
