/** Says in words what a schema expects, for whoever has to mend a request. */
import type { Locale } from '../../domain/text.ts';

/** The part of JSON Schema that openapi.yaml uses and that words exist for. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly example?: unknown;
  readonly default?: unknown;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

export type Resolve = (schema: Schema) => Schema;

interface Words {
  readonly oneOf: string;
  readonly or: string;
  readonly to: string;
  readonly of: string;
  readonly from: string;
  readonly upTo: string;
  readonly text: string;
  readonly characters: string;
  readonly suchAs: string;
  readonly matching: string;
  readonly wholeNumber: string;
  readonly number: string;
  readonly boolean: string;
  readonly list: string;
  readonly items: string;
  readonly object: string;
  readonly objectWith: string;
  readonly formats: Readonly<Record<string, string>>;
}

const words: Readonly<Record<Locale, Words>> = {
  'pt-BR': {
    oneOf: 'um destes',
    or: 'ou',
    to: 'a',
    of: 'de',
    from: 'de',
    upTo: 'até',
    text: 'texto',
    characters: 'caracteres',
    suchAs: 'como',
    matching: 'na forma',
    wholeNumber: 'número inteiro',
    number: 'número',
    boolean: 'true ou false',
    list: 'lista',
    items: 'itens',
    object: 'objeto',
    objectWith: 'objeto com',
    formats: {
      'date-time': 'instante RFC 3339 com Z ou fuso, como 2026-11-24T11:00:00-03:00',
      uri: 'URL absoluta, como https://loja.example/cadastro',
      ipv4: 'endereço IPv4',
      ipv6: 'endereço IPv6',
    },
  },
  en: {
    oneOf: 'one of',
    or: 'or',
    to: 'to',
    of: 'of',
    from: 'from',
    upTo: 'up to',
    text: 'text',
    characters: 'characters',
    suchAs: 'such as',
    matching: 'of the form',
    wholeNumber: 'whole number',
    number: 'number',
    boolean: 'true or false',
    list: 'list',
    items: 'items',
    object: 'object',
    objectWith: 'object with',
    formats: {
      'date-time': 'RFC 3339 instant with Z or an offset, such as 2026-11-24T11:00:00-03:00',
      uri: 'absolute URL, such as https://loja.example/cadastro',
      ipv4: 'IPv4 address',
      ipv6: 'IPv6 address',
    },
  },
};

interface Bounds {
  readonly least: number | undefined;
  readonly most: number | undefined;
}

/** ` of 1 to 9`, ` of up to 9`, or nothing where there is no upper bound. */
function sizes({ least, most }: Bounds, say: Words): string {
  if (most === undefined) return '';
  return ` ${say.of} ${least === undefined ? say.upTo : `${least} ${say.to}`} ${most}`;
}

/** ` from 1 to 200`. */
function bounds({ minimum, maximum }: Schema, say: Words): string {
  if (minimum === undefined || maximum === undefined) return '';
  return ` ${say.from} ${minimum} ${say.to} ${maximum}`;
}

function textExpectation(schema: Schema, say: Words): string {
  const format = schema.format === undefined ? undefined : say.formats[schema.format];
  if (format !== undefined) return format;
  if (typeof schema.example === 'string') return `${say.text} ${say.suchAs} ${schema.example}`;
  if (schema.pattern !== undefined) return `${say.text} ${say.matching} ${schema.pattern}`;
  const length = sizes({ least: schema.minLength, most: schema.maxLength }, say);
  return length === '' ? say.text : `${say.text}${length} ${say.characters}`;
}

/** A text as it is, anything else as JSON writes it. */
function nameOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function oneOfNames(names: readonly unknown[], locale: Locale): string {
  return `${words[locale].oneOf}: ${names.map(nameOf).join(', ')}`;
}

function typeExpectation(schema: Schema, say: Words): string {
  switch (schema.type) {
    case 'string':
      return textExpectation(schema, say);
    case 'integer':
      return `${say.wholeNumber}${bounds(schema, say)}`;
    case 'number':
      return `${say.number}${bounds(schema, say)}`;
    case 'boolean':
      return say.boolean;
    case 'array': {
      const length = sizes({ least: schema.minItems, most: schema.maxItems }, say);
      return length === '' ? say.list : `${say.list}${length} ${say.items}`;
    }
    case 'object': {
      const required = schema.required ?? [];
      return required.length === 0 ? say.object : `${say.objectWith} ${required.join(', ')}`;
    }
    default:
      return schema.type ?? 'JSON';
  }
}

/** `one of: send, show`, `text of up to 120 characters`, `object with type, value`. */
export function expectation(schema: Schema, resolve: Resolve, locale: Locale): string {
  const meant = resolve(schema);
  const say = words[locale];
  if (meant.const !== undefined) return nameOf(meant.const);
  if (meant.enum !== undefined) return oneOfNames(meant.enum, locale);
  const branches = meant.oneOf ?? meant.anyOf;
  if (branches !== undefined) {
    const each = branches.map((branch) => expectation(branch, resolve, locale));
    return each.join(` ${say.or} `);
  }
  const only = meant.allOf?.[0];
  return only === undefined ? typeExpectation(meant, say) : expectation(only, resolve, locale);
}
