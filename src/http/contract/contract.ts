/**
 * openapi.yaml as validators: requests are held to it always, answers in tests and development.
 * The whole document is registered once, so that its `$ref`s stand as they are written.
 */
import addFormats from 'ajv-formats';
import { Ajv2020, type Options, type ValidateFunction } from 'ajv/dist/2020.js';
import type { InputError } from '../../domain/problem.ts';
import type { Locale } from '../../domain/text.ts';
import { inputErrors } from './input-errors.ts';
import { type Node, OpenApiDocument, type Place } from './openapi-document.ts';
import { type OperationId, routes } from '../routes.ts';

export type ParameterPlace = 'query' | 'path' | 'header';

export interface CheckedParameters {
  /** With numbers read and defaults filled in; of no use where there are errors. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly errors: readonly InputError[];
}

export interface Contract {
  readonly document: OpenApiDocument;
  /** Media types that the operation takes as its body; none where it takes no body. */
  mediaTypes(id: OperationId): readonly string[];
  bodyErrors(id: OperationId, body: unknown, locale: Locale): readonly InputError[];
  checkParameters(
    id: OperationId,
    place: ParameterPlace,
    given: Readonly<Record<string, unknown>>,
    locale: Locale,
  ): CheckedParameters;
  /** What is wrong with an answer, or null. */
  answerFault(id: OperationId, answer: AnswerGiven): string | null;
}

export interface AnswerGiven {
  readonly status: number;
  readonly mediaType: string;
  /** The value for JSON, the text for anything else. */
  readonly body: unknown;
}

/** A long body is told its first fault only: looking for all of them could cost seconds. */
const thoroughCharactersMax = 16_384;

type Check = (value: unknown, locale: Locale) => readonly InputError[];

/** Checks fast; a second validator, which finds every fault, is made when one is found. */
class Validators {
  readonly #document: OpenApiDocument;
  readonly #fast: Ajv2020;
  readonly #thorough: Ajv2020;

  constructor(document: OpenApiDocument, options: Options = {}) {
    this.#document = document;
    this.#fast = this.#engine({ ...options, verbose: true });
    this.#thorough = this.#engine({ ...options, verbose: true, allErrors: true });
  }

  /** Compiled at its first use: a start would spend half a second on what few callers ask for. */
  check(schema: Node, root: string): Check {
    let fast: ValidateFunction | null = null;
    let thorough: ValidateFunction | null = null;
    const resolve = this.#document.resolve.bind(this.#document);
    return (value, locale) => {
      fast ??= this.#fast.compile(schema);
      if (fast(value)) return [];
      const small = JSON.stringify(value).length <= thoroughCharactersMax;
      if (!small) return inputErrors(fast.errors ?? [], { locale, root, resolve });
      thorough ??= this.#thorough.compile(schema);
      thorough(value);
      return inputErrors(thorough.errors ?? [], { locale, root, resolve });
    };
  }

  #engine(options: Options): Ajv2020 {
    const ajv = new Ajv2020({
      strict: true,
      strictRequired: false,
      strictTypes: false,
      // The linter of the contract holds its schemas to their meta-schema, not every start.
      validateSchema: false,
      ...options,
    });
    addFormats.default(ajv);
    const { root } = this.#document;
    ajv.addVocabulary([...Object.keys(root), 'example', 'discriminator']);
    ajv.addSchema({ ...root, $id: 'contract' }, 'contract', false, false);
    return ajv;
  }
}

function reference(place: Place): Node {
  return { $ref: `contract${place.pointer}` };
}

function operationPlace(document: OpenApiDocument, id: OperationId): Place {
  const { method, path } = routes[id];
  const place = document.at(['paths', path, method]);
  if (place === null) throw new Error(`openapi.yaml has no ${method} ${path}`);
  return place;
}

function contentOf(document: OpenApiDocument, holder: Place, mediaType: string): Place | null {
  return document.at(['content', mediaType, 'schema'], holder);
}

/** One object schema for all parameters of a place; what it does not name is refused. */
function parametersSchema(document: OpenApiDocument, id: OperationId, place: ParameterPlace): Node {
  const operation = operationPlace(document, id);
  const list = operation.node['parameters'];
  const properties: Record<string, Node> = {};
  const required: string[] = [];
  for (let index = 0; Array.isArray(list) && index < list.length; index += 1) {
    const parameter = document.at(['parameters', String(index)], operation);
    const schema = parameter === null ? null : document.at(['schema'], parameter);
    const name = parameter?.node['name'];
    if (schema === null || typeof name !== 'string' || parameter?.node['in'] !== place) continue;
    // A default behind a $ref is not filled in, so it is copied beside it.
    const byDefault = schema.node['default'];
    properties[name] = {
      ...reference(schema),
      ...(byDefault === undefined ? {} : { default: byDefault }),
    };
    if (parameter.node['required'] === true) required.push(name);
  }
  return { type: 'object', properties, required, additionalProperties: false };
}

function keysAt(document: OpenApiDocument, path: readonly string[], from: Place): string[] {
  return Object.keys(document.at(path, from)?.node ?? {});
}

export function makeContract(text: string): Contract {
  const document = new OpenApiDocument(text);
  const strict = new Validators(document);
  const reading = new Validators(document, { coerceTypes: true, useDefaults: true });
  const bodies = new Map<OperationId, Check>();
  const parameters = new Map<string, Check>();
  const mediaTypes = new Map<OperationId, readonly string[]>();
  const ids = Object.keys(routes).filter((id): id is OperationId => id in routes);
  const places: readonly ParameterPlace[] = ['query', 'path', 'header'];

  for (const id of ids) {
    const operation = operationPlace(document, id);
    const taken = keysAt(document, ['requestBody', 'content'], operation);
    mediaTypes.set(id, taken);
    const request = document.at(['requestBody'], operation);
    const schema = request && contentOf(document, request, taken[0] ?? '');
    if (schema !== null) bodies.set(id, strict.check(reference(schema), ''));
    for (const place of places) {
      const object = parametersSchema(document, id, place);
      parameters.set(`${id} ${place}`, reading.check(object, `/${place}`));
    }
  }

  return {
    document,
    mediaTypes: (id) => mediaTypes.get(id) ?? [],
    bodyErrors: (id, body, locale) => bodies.get(id)?.(body, locale) ?? [],
    checkParameters: (id, place, given, locale) => {
      const values = { ...given };
      return { errors: parameters.get(`${id} ${place}`)?.(values, locale) ?? [], values };
    },
    answerFault: answerChecks(document, strict),
  };
}

/** Validators of answers are made at their first use: production never asks for one. */
function answerChecks(document: OpenApiDocument, strict: Validators): Contract['answerFault'] {
  const checks = new Map<string, Check>();
  return (id, { status, mediaType, body }) => {
    const operation = operationPlace(document, id);
    const exact = document.at(['responses', String(status)], operation);
    const family = `${String(status).charAt(0)}XX`;
    const answer = exact ?? document.at(['responses', family], operation);
    if (answer === null) return `${id}: status ${status} is not in the contract`;
    const schema = contentOf(document, answer, mediaType);
    if (schema === null) return `${id}: ${status} ${mediaType} is not in the contract`;
    const key = schema.pointer;
    const check = checks.get(key) ?? strict.check(reference(schema), '');
    checks.set(key, check);
    const faults = check(body, 'en').map((one) => `${one.pointer} ${one.message}`);
    return faults.length === 0 ? null : `${id}: ${status} ${faults.join('; ')}`;
  };
}
