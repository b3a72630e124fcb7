/** The Koa app: a list of named steps around those of each operation. */
import Router from '@koa/router';
import Koa from 'koa';
import { randomUUID } from 'node:crypto';
import type { Controller } from '../domain/policy.ts';
import { Problem } from '../domain/problem.ts';
import type { AnswerPage } from '../html/page.ts';
import { Streamed } from '../operations/operation.ts';
import { storeProblem } from '../operations/store-problem.ts';
import { replyTo, write } from './answer.ts';
import { ClientGone } from './body.ts';
import type { AnswerGiven } from './contract/contract.ts';
import {
  type Exchange,
  type ExchangeContext,
  type ExchangeState,
  Page,
  type RoutedContext,
  type Step,
} from './exchange.ts';
import { linesMediaType, writeLines } from './lines/answer-lines.ts';
import { readLocale } from './locale.ts';
import type { Log } from './log.ts';
import { operationSteps, type StepOptions } from './operation-steps.ts';
import { chosenLocale } from './pages/cookies.ts';
import { type PortalOptions, portalStep } from './pages/portal-step.ts';
import { plainProblem } from './problems.ts';
import { type RateLimits, type RateSteps, rateSteps } from './rate-limit.ts';
import { type OperationId, routes } from './routes.ts';
import { secureHeaders } from './security-headers.ts';

export interface AppOptions extends StepOptions {
  readonly log: Log;
  readonly limits: RateLimits;
  /** Whether callers reach it by https, so that browsers may be told to stay there. */
  readonly https: boolean;
  /** Whose pages people see. */
  readonly controller: () => Controller;
  /** What answers the pages of the portal. */
  readonly portal: AnswerPage;
  /** Holds every answer to openapi.yaml; for tests and development. */
  readonly checkAnswers?: boolean;
}

function openExchange(controller: AppOptions['controller']): Step {
  return function open(ctx, next) {
    const { headers } = ctx.req;
    ctx.state.exchange = {
      requestId: randomUUID(),
      startedAt: performance.now(),
      locale: chosenLocale(headers.cookie) ?? readLocale(headers['accept-language']),
      controller,
      operation: null,
      actor: null,
      body: null,
      query: {},
      path: {},
      idempotencyKey: null,
      answer: null,
      headers: {},
      securityHeaders: [],
      outcome: null,
      problem: null,
    };
    return next();
  };
}

/** nginx's word for a client that did not wait for its answer. */
const statusOfGoneClient = 499;
const ownId = /^[a-z]{2,3}_[0-9a-f-]{36}$/;

const noIds: readonly string[] = [];

function idsIn(path: Exchange['path']): readonly string[] {
  const values = Object.values(path);
  if (values.length === 0) return noIds;
  return values.filter((value): value is string => ownId.test(String(value)));
}

function logExchange(log: Log): Step {
  return async function line(ctx, next) {
    await next();
    const { exchange } = ctx.state;
    log.request({
      requestId: exchange.requestId,
      operation: exchange.operation,
      method: ctx.method.slice(0, 10),
      ids: idsIn(exchange.path),
      status: exchange.answer === null ? statusOfGoneClient : ctx.res.statusCode,
      problem: exchange.problem,
      outcome: exchange.outcome,
      client: exchange.actor?.id ?? null,
      milliseconds: Math.round((performance.now() - exchange.startedAt) * 100) / 100,
    });
  };
}

function hold(ctx: ExchangeContext, options: AppOptions): void {
  const { answer } = ctx.state.exchange;
  if (options.checkAnswers !== true || answer instanceof Streamed) return;
  const { status, mediaType, content } = replyTo(ctx);
  // Of anything but JSON the contract says no more than that it is text.
  const body: unknown = mediaType.endsWith('json') ? JSON.parse(content.toString()) : '';
  holdTo(options, ctx, { status, mediaType, body });
}

function holdTo(
  { contract, checkAnswers }: AppOptions,
  ctx: ExchangeContext,
  answer: AnswerGiven,
): void {
  const { operation } = ctx.state.exchange;
  if (checkAnswers !== true || operation === null) return;
  const fault = contract.answerFault(operation, answer);
  if (fault !== null) throw new Error(fault);
}

/** Once the first line is out no other answer can be given: a fault cuts the connection. */
async function streamLines(
  ctx: ExchangeContext,
  answer: Streamed,
  options: AppOptions,
): Promise<void> {
  const { exchange } = ctx.state;
  ctx.respond = false;
  try {
    await writeLines(ctx, answer, (lines) => {
      if (options.checkAnswers !== true) return;
      for (const line of Buffer.from(lines).toString().trimEnd().split('\n')) {
        const body: unknown = JSON.parse(line);
        holdTo(options, ctx, { status: 200, mediaType: linesMediaType, body });
      }
    });
  } catch (error) {
    if (error instanceof ClientGone) exchange.answer = null;
    else options.log.fault(exchange.requestId, error);
    ctx.res.destroy();
  }
}

/** The one place where a throw becomes an answer: a failing store is told, a bug never is. */
function answerExchange(options: AppOptions): Step {
  const { log } = options;
  return async function reply(ctx, next) {
    const { exchange } = ctx.state;
    try {
      await next();
      hold(ctx, options);
    } catch (error) {
      if (error instanceof ClientGone) {
        ctx.respond = false;
        return;
      }
      const told = storeProblem(error);
      if (told?.code !== 'overloaded') log.fault(exchange.requestId, error);
      exchange.answer = told ?? plainProblem('internal-error');
    }
    const { answer } = exchange;
    if (answer instanceof Streamed) await streamLines(ctx, answer, options);
    else write(ctx, replyTo(ctx));
  };
}

/** What no operation took: OPTIONS, another method, or an address that does not exist. */
const refuseUnmatched: Step = function refuse(ctx) {
  const { exchange } = ctx.state;
  const methods = [...new Set((ctx.matched ?? []).flatMap((layer) => layer.methods))];
  if (methods.length === 0) {
    exchange.answer = plainProblem('route-unknown');
    return;
  }
  const allowed = [...methods, 'OPTIONS'].sort().join(', ');
  exchange.headers = { Allow: allowed };
  exchange.answer =
    ctx.method === 'OPTIONS'
      ? new Page('text/plain', '', {}, 204)
      : new Problem('method-not-allowed', {
          'pt-BR': `Métodos aceitos: ${allowed}.`,
          en: `Accepted methods: ${allowed}.`,
        });
};

function routerPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function operationRouter(
  options: AppOptions,
  rates: RateSteps,
): Router<ExchangeState, RoutedContext> {
  const router = new Router<ExchangeState, RoutedContext>({ strict: true, sensitive: true });
  for (const id of Object.keys(routes) as OperationId[]) {
    const { method, path } = routes[id];
    router.register(routerPath(path), [method], operationSteps(id, options, rates), { name: id });
  }
  return router;
}

function inTurn(steps: readonly Step[], ctx: Parameters<Step>[0], at = 0): Promise<unknown> {
  const step = steps[at];
  if (step === undefined) return Promise.resolve();
  return Promise.resolve(step(ctx, () => inTurn(steps, ctx, at + 1)));
}

/**
 * The way of a decision past the router, which tries every route and puts the steps together anew
 * for each request: 15 of the 70 CPU us that a decision spends in HTTP. What is not exactly this
 * request, such as one with a query, goes on to the router.
 */
function shortWay(id: OperationId, options: AppOptions, rates: RateSteps): Step {
  const { path } = routes[id];
  const method = routes[id].method.toUpperCase();
  const steps = operationSteps(id, options, rates);
  return function short(ctx, next) {
    const { req } = ctx;
    return req.method === method && req.url === path ? inTurn(steps, ctx) : next();
  };
}

function portalOptions({ portal, limits, https }: AppOptions): PortalOptions {
  return { answer: portal, proxies: limits.proxies, https };
}

export function makeApp(options: AppOptions): Koa<ExchangeState, RoutedContext> {
  const app = new Koa<ExchangeState, RoutedContext>();
  const rates = rateSteps(options.limits);
  app.silent = true;
  app.use(openExchange(options.controller));
  app.use(logExchange(options.log));
  app.use(secureHeaders(options.https));
  app.use(answerExchange(options));
  app.use(shortWay('createDecision', options, rates));
  app.use(portalStep(portalOptions(options), rates.ofAddresses));
  app.use(operationRouter(options, rates).routes());
  app.use(refuseUnmatched);
  app.on('error', (error: unknown) => options.log.fault(null, error));
  return app;
}
