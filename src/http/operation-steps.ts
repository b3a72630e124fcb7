/** The steps that a request of one operation goes through, from the token to the answer. */
import { Problem } from '../domain/problem.ts';
import type { Locale } from '../domain/text.ts';
import type { Actor, Answer, Call, PlainText, Streamed } from '../operations/operation.ts';
import type { Authentication } from './tokens/authentication.ts';
import {
  awaitsContinue,
  dropRest,
  mediaTypeOf,
  mediaTypeProblem,
  parseJson,
  readBytes,
} from './body.ts';
import type { CheckedParameters, Contract, ParameterPlace } from './contract/contract.ts';
import { docsAsset, docsPage } from './pages/docs-page.ts';
import { type ExchangeContext, Page, type Step } from './exchange.ts';
import { parseForm } from './form.ts';
import { chunksOf } from './lines/chunks.ts';
import { columnsOf } from './lines/columns.ts';
import { csvRows, jsonRows } from './lines/rows.ts';
import { inputProblem, plainProblem } from './problems.ts';
import type { RateSteps } from './rate-limit.ts';
import {
  bodyLimitOf,
  type CalledId,
  type OperationId,
  type Operations,
  routes,
  rowSchemas,
  type ServiceId,
  type StreamedId,
  streamedIds,
} from './routes.ts';

export interface StepOptions {
  readonly operations: Operations;
  readonly contract: Contract;
  readonly authentication: Authentication;
  /** Answers whether the process can decide, as `readReadiness` of openapi.yaml says. */
  readonly readiness: () => Promise<Answer>;
}

/** Who acts where nobody is asked to log in. */
const anyone: Actor = { kind: 'client', id: 'public', scopes: new Set() };

function nameOperation(id: OperationId): Step {
  return function name(ctx, next) {
    ctx.state.exchange.operation = id;
    return next();
  };
}

function authenticate(authentication: Authentication): Step {
  return async function identify(ctx, next) {
    const { exchange } = ctx.state;
    const identified = authentication.identify(ctx.req.headers.authorization);
    if (identified instanceof Problem) {
      exchange.answer = identified;
      return;
    }
    exchange.actor = identified;
    await next();
  };
}

function requireScope(id: OperationId): Step {
  const { scope } = routes[id];
  const refusal = new Problem('scope-missing', {
    'pt-BR': `Falta o escopo ${scope ?? ''}.`,
    en: `The scope ${scope ?? ''} is missing.`,
  });
  return async function permit(ctx, next) {
    const { exchange } = ctx.state;
    if (scope !== null && exchange.actor?.scopes.has(scope) === true) await next();
    else exchange.answer = refusal;
  };
}

type Values = Readonly<Record<string, unknown>>;
type ReadParameters = (given: Values, locale: Locale) => CheckedParameters;

/** Checks one place of parameters; where nothing is given, what follows from that is known. */
function parametersAt(id: OperationId, place: ParameterPlace, contract: Contract): ReadParameters {
  let ofNone: CheckedParameters | null = null;
  return (given, locale) => {
    if (Object.keys(given).length > 0) return contract.checkParameters(id, place, given, locale);
    // Looked at with the first request, since a start would wait for some hundred compilations.
    ofNone ??= contract.checkParameters(id, place, {}, 'pt-BR');
    const isReadable = ofNone.errors.length === 0;
    return isReadable ? ofNone : contract.checkParameters(id, place, {}, locale);
  };
}

function checkParameters(id: OperationId, contract: Contract): Step {
  const { scope, idempotent } = routes[id];
  const readPath = parametersAt(id, 'path', contract);
  const readQuery = parametersAt(id, 'query', contract);
  const readHeaders = parametersAt(id, 'header', contract);
  return async function parameters(ctx, next) {
    const { exchange } = ctx.state;
    const { locale } = exchange;
    const key = idempotent ? ctx.req.headers['idempotency-key'] : undefined;
    // Links that people follow grow parameters on their way, so those are ignored there.
    const queried = scope !== null && ctx.querystring !== '';
    const path = readPath(ctx.params ?? {}, locale);
    const query = readQuery(queried ? ctx.query : {}, locale);
    const header = readHeaders(key === undefined ? {} : { 'Idempotency-Key': key }, locale);
    const errors = [...path.errors, ...query.errors, ...header.errors];
    if (errors.length > 0) {
      exchange.answer = inputProblem(errors);
      return;
    }
    exchange.path = path.values;
    exchange.query = query.values;
    exchange.idempotencyKey = typeof key === 'string' ? key : null;
    await next();
  };
}

function readBody(id: OperationId, contract: Contract): Step {
  const mediaTypes = contract.mediaTypes(id);
  const json = mediaTypes.includes('application/json');
  const bytesMax = bodyLimitOf(id);
  return async function body(ctx, next) {
    const { exchange } = ctx.state;
    const unfit = mediaTypeProblem(ctx.req.headers, mediaTypes);
    // The parser calls us at the end of the headers, and has the body once we have returned to it.
    await Promise.resolve();
    if (unfit === null && awaitsContinue(ctx.req, bytesMax)) ctx.res.writeContinue();
    const bytes = unfit ?? (await readBytes(ctx.req, bytesMax));
    if (bytes instanceof Problem) {
      exchange.answer = bytes;
      return;
    }
    const contentType = ctx.req.headers['content-type'] ?? '';
    const parsed = json ? parseJson(bytes, exchange.locale) : parseForm(bytes, contentType);
    if (parsed instanceof Problem) {
      exchange.answer = parsed;
      return;
    }
    exchange.body = parsed.value;
    await next();
  };
}

/** Reads no more than what the first row needs; the operation reads on. */
function readRows(id: StreamedId, contract: Contract): Step {
  const mediaTypes = contract.mediaTypes(id);
  const columns = columnsOf(contract.document, rowSchemas[id]);
  return async function rows(ctx, next) {
    const { req, res } = ctx;
    const { exchange } = ctx.state;
    const { locale } = exchange;
    const unfit = mediaTypeProblem(req.headers, mediaTypes);
    if (unfit !== null) {
      exchange.answer = unfit;
      return;
    }
    if (awaitsContinue(req)) res.writeContinue();
    const row = {
      locale,
      columns,
      errorsOf: (value: unknown) => contract.bodyErrors(id, value, locale),
    };
    const isCsv = mediaTypeOf(req.headers) === 'text/csv';
    const chunks = chunksOf(req);
    const read = isCsv ? await csvRows(chunks, row) : jsonRows(chunks, row);
    if (read instanceof Problem) {
      exchange.answer = read;
      dropRest(req);
      return;
    }
    exchange.body = read;
    await next();
    if (exchange.answer instanceof Problem) dropRest(req);
  };
}

function checkBody(id: OperationId, contract: Contract): Step {
  return async function validate(ctx, next) {
    const { exchange } = ctx.state;
    const errors = contract.bodyErrors(id, exchange.body, exchange.locale);
    if (errors.length > 0) exchange.answer = inputProblem(errors);
    else await next();
  };
}

function perform(id: CalledId, operations: Operations): Step {
  // The contract held body, query and path to the types that the operation takes.
  const operation: (
    call: Call<never, never, never>,
  ) => Promise<Answer | PlainText | Streamed> | Answer | Streamed = operations[id];
  return async function call(ctx) {
    const { actor, body, query, path, idempotencyKey, locale } = ctx.state.exchange;
    ctx.state.exchange.answer = await operation({
      actor: actor ?? anyone,
      body: body as never,
      query: query as never,
      path: path as never,
      idempotencyKey,
      locale,
    });
  };
}

async function assetOf(ctx: ExchangeContext): Promise<Page | Problem> {
  const { asset } = ctx.state.exchange.path;
  const takesGzip = ctx.acceptsEncodings('gzip', 'identity') === 'gzip';
  const page = typeof asset === 'string' ? await docsAsset(asset, takesGzip) : null;
  return page ?? plainProblem('route-unknown');
}

type ServiceAnswer = (ctx: ExchangeContext) => Promise<Answer | Page> | Answer | Page;

function serviceAnswers(options: StepOptions): Readonly<Record<ServiceId, ServiceAnswer>> {
  const contract = new Page('application/yaml', options.contract.document.text);
  return {
    readOpenApi: () => contract,
    readHealth: () => ({ status: 'ok' }),
    readReadiness: options.readiness,
    readDocs: docsPage,
    readDocsAsset: assetOf,
  };
}

function isService(id: OperationId, answers: object): id is ServiceId {
  return id in answers;
}

function work(id: OperationId, options: StepOptions): Step {
  const answers = serviceAnswers(options);
  if (!isService(id, answers)) return perform(id, options.operations);
  const answer = answers[id];
  return async function serve(ctx) {
    ctx.state.exchange.answer = await answer(ctx);
  };
}

function isStreamed(id: OperationId): id is StreamedId {
  return streamedIds.some((streamed) => streamed === id);
}

function bodySteps(id: OperationId, contract: Contract): readonly Step[] {
  if (isStreamed(id)) return [readRows(id, contract)];
  if (contract.mediaTypes(id).length === 0) return [];
  return [readBody(id, contract), checkBody(id, contract)];
}

/** What anybody may call who holds a link; the pages and the state of the service cost nothing. */
const byAnyone: ReadonlySet<OperationId> = new Set(['showUnsubscribe', 'unsubscribe']);

export function operationSteps(id: OperationId, options: StepOptions, rates: RateSteps): Step[] {
  const { contract, authentication } = options;
  const guarded = routes[id].scope !== null;
  return [
    nameOperation(id),
    ...(byAnyone.has(id) ? rates.ofAddresses : []),
    ...(guarded ? [authenticate(authentication), ...rates.ofClients, requireScope(id)] : []),
    checkParameters(id, contract),
    ...bodySteps(id, contract),
    work(id, options),
  ];
}
