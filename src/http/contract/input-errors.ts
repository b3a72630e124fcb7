/**
 * Turns what ajv found into what a person can mend: a pointer, what is wrong there, and what would
 * be right. Values are never repeated: they may be identifiers of people.
 */
import type { ErrorObject } from 'ajv/dist/2020.js';
import { nearestName } from '../../domain/nearest-name.ts';
import type { InputError } from '../../domain/problem.ts';
import type { Locale, Text } from '../../domain/text.ts';
import { expectation, oneOfNames, type Resolve, type Schema } from './expectation.ts';

const messages: Readonly<Record<string, Text>> = {
  required: { 'pt-BR': 'falta', en: 'is missing' },
  additionalProperties: { 'pt-BR': 'não faz parte do contrato', en: 'is not in the contract' },
  type: { 'pt-BR': 'é de outro tipo', en: 'is of another type' },
  enum: { 'pt-BR': 'não é um dos valores aceitos', en: 'is not one of the accepted values' },
  const: { 'pt-BR': 'não é o valor aceito', en: 'is not the accepted value' },
  pattern: { 'pt-BR': 'não tem a forma esperada', en: 'is not of the expected form' },
  format: { 'pt-BR': 'não tem a forma esperada', en: 'is not of the expected form' },
  minLength: { 'pt-BR': 'é curto demais', en: 'is too short' },
  maxLength: { 'pt-BR': 'é longo demais', en: 'is too long' },
  minItems: { 'pt-BR': 'tem itens de menos', en: 'has too few items' },
  maxItems: { 'pt-BR': 'tem itens demais', en: 'has too many items' },
  uniqueItems: { 'pt-BR': 'repete um item', en: 'repeats an item' },
  minimum: { 'pt-BR': 'é pequeno demais', en: 'is too small' },
  maximum: { 'pt-BR': 'é grande demais', en: 'is too large' },
  maxProperties: { 'pt-BR': 'tem propriedades demais', en: 'has too many properties' },
  propertyNames: { 'pt-BR': 'tem um nome inválido', en: 'has an invalid name in it' },
};
const unfit: Text = { 'pt-BR': 'não segue o contrato', en: 'does not follow the contract' };
const distinct: Text = { 'pt-BR': 'itens todos diferentes', en: 'items that all differ' };

const pointerLengthMax = 500;

export interface Wording {
  readonly locale: Locale;
  readonly resolve: Resolve;
  /** Put before each pointer: empty for a body, `/query`, `/path` or `/header` otherwise. */
  readonly root: string;
}

function escapeSegment(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function schemaOf(error: ErrorObject): Schema {
  return (error.parentSchema as Schema | undefined) ?? {};
}

/** The name that `required` and `additionalProperties` complain about. */
function nameOf(error: ErrorObject): string | null {
  const parameters: Readonly<Record<string, unknown>> = error.params;
  const name = parameters['missingProperty'] ?? parameters['additionalProperty'];
  return typeof name === 'string' ? name : null;
}

function namesExpected(name: string, known: readonly string[], locale: Locale): string {
  const nearest = nearestName(name, known);
  if (nearest === null) return oneOfNames(known, locale);
  return locale === 'en' ? `did you mean ${nearest}?` : `seria ${nearest}?`;
}

function expectedBy(error: ErrorObject, { locale, resolve }: Wording): string {
  const schema = schemaOf(error);
  const properties = schema.properties ?? {};
  const name = nameOf(error);
  if (name !== null && error.keyword === 'additionalProperties') {
    return namesExpected(name, Object.keys(properties), locale);
  }
  const missing = name === null ? undefined : properties[name];
  if (missing !== undefined) return expectation(missing, resolve, locale);
  if (error.keyword === 'uniqueItems') return distinct[locale];
  return expectation(schema, resolve, locale);
}

function inputError(error: ErrorObject, wording: Wording): InputError {
  const name = nameOf(error);
  const place = `${wording.root}${error.instancePath}`;
  const pointer = name === null ? place : `${place}/${escapeSegment(name)}`;
  return {
    pointer: pointer.slice(0, pointerLengthMax),
    message: (messages[error.keyword] ?? unfit)[wording.locale],
    expected: expectedBy(error, wording).slice(0, 1000),
  };
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function takes(schema: Schema, value: unknown): boolean {
  if (schema.type === undefined) return true;
  const type = schema.type === 'integer' ? 'number' : schema.type;
  return type === typeOf(value);
}

/**
 * A union reports the faults of all its branches. Where the value is of the type of one branch
 * alone, only that branch can have been meant; otherwise the union is told as one fault.
 */
function withoutOtherBranches(errors: readonly ErrorObject[], resolve: Resolve): ErrorObject[] {
  const kept: ErrorObject[] = [];
  for (const error of errors) {
    const schema = schemaOf(error);
    const branches = error.keyword === 'oneOf' ? schema.oneOf : schema.anyOf;
    const union = error.keyword === 'oneOf' || error.keyword === 'anyOf';
    if (!union || branches === undefined) {
      kept.push(error);
      continue;
    }
    const meant = branches.filter((branch) => takes(resolve(branch), error.data));
    const place = error.instancePath;
    const inside = ({ instancePath }: ErrorObject): boolean =>
      instancePath === place || instancePath.startsWith(`${place}/`);
    const before = kept.splice(0);
    if (meant.length === 1) {
      const other = (one: ErrorObject): boolean =>
        one.keyword === 'type' && one.instancePath === place;
      kept.push(...before.filter((one) => !other(one)));
    } else {
      kept.push(...before.filter((one) => !inside(one)), error);
    }
  }
  return kept;
}

/** A pattern and a format of one value are one fault to whoever mends it. */
function withoutRepeats(errors: readonly InputError[]): InputError[] {
  const seen = new Set<string>();
  return errors.filter(({ pointer, expected }) => {
    const key = `${pointer} ${expected}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

export function inputErrors(errors: readonly ErrorObject[], wording: Wording): InputError[] {
  const meant = withoutOtherBranches(errors, wording.resolve);
  return withoutRepeats(meant.map((error) => inputError(error, wording)));
}
