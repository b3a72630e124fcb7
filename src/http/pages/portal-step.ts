/** The portal over HTTP: its plain questions and answers from requests, and to replies. */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { Problem } from '../../domain/problem.ts';
import type { AnswerPage, PageReply, PageRequest, Visitor } from '../../html/page.ts';
import { noStore } from '../answer.ts';
import { mediaTypeProblem, readBytes } from '../body.ts';
import { type ExchangeContext, Page, type Step } from '../exchange.ts';
import { parseForm } from '../form.ts';
import { plainProblem, statusOfFault } from '../problems.ts';
import { addressOf, networkOf, plainAddress } from '../rate-limit.ts';
import { readCookies, writeCookie } from './cookies.ts';
import { packed } from './packed.ts';
import { isPortalPath } from './page-path.ts';

export interface PortalOptions {
  readonly answer: AnswerPage;
  /** Proxies before the server. */
  readonly proxies: number;
  readonly https: boolean;
}

const formBytesMax = 64 * 1024;
/** Three for each channel of each purpose. */
const fieldsMax = 1000;
const userAgentLengthMax = 1024;
const formTypes = ['application/x-www-form-urlencoded'];

export function portalStep(options: PortalOptions, limits: readonly Step[]): Step {
  return async function portal(ctx, next) {
    if (!isPortalPath(ctx.path)) {
      await next();
      return;
    }
    await limited(ctx, limits, async () => {
      ctx.state.exchange.answer = await replyOf(ctx, options);
    });
  };
}

/** The limits that hold for whoever has no token, then the work. */
function limited(
  ctx: ExchangeContext,
  [first, ...rest]: readonly Step[],
  work: () => Promise<void>,
): Promise<unknown> {
  if (first === undefined) return work();
  return Promise.resolve(first(ctx, () => limited(ctx, rest, work)));
}

async function replyOf(ctx: ExchangeContext, options: PortalOptions): Promise<Page | Problem> {
  const method = methodOf(ctx.method);
  if (method === null) return plainProblem('method-not-allowed');
  const form = method === 'POST' ? await readForm(ctx) : new URLSearchParams();
  if (form instanceof Problem) return form;
  const { headers } = ctx.req;
  const request: PageRequest = {
    method,
    path: ctx.path,
    locale: ctx.state.exchange.locale,
    cookies: readCookies(headers.cookie, options.https),
    form,
    isOwnForm: isOwnForm(headers),
    visitor: visitorOf(ctx, options.proxies),
  };
  const reply = await options.answer(request);
  return reply instanceof Problem ? reply : pageOf(ctx, reply, options.https);
}

function methodOf(method: string): PageRequest['method'] | null {
  if (method === 'GET' || method === 'HEAD') return 'GET';
  return method === 'POST' ? 'POST' : null;
}

async function readForm(ctx: ExchangeContext): Promise<URLSearchParams | Problem> {
  const { headers } = ctx.req;
  const unfit = mediaTypeProblem(headers, formTypes);
  // The parser calls us at the end of the headers, and has the body once we have returned to it.
  await Promise.resolve();
  const bytes = unfit ?? (await readBytes(ctx.req, formBytesMax));
  if (bytes instanceof Problem) return bytes;
  const parsed = parseForm(bytes, headers['content-type'] ?? '', fieldsMax);
  if (parsed instanceof Problem) return parsed;
  return new URLSearchParams(parsed.value as Record<string, string>);
}

/**
 * Browsers say themselves where a form came from. The older ones among them state its origin, which
 * must be the host that was asked; one that says neither is not obeyed.
 */
function isOwnForm(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = headers;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}

function visitorOf({ req }: ExchangeContext, proxies: number): Visitor {
  const ip = plainAddress(addressOf(req, proxies));
  const userAgent = req.headers['user-agent'] ?? null;
  return {
    ip: isIP(ip) === 0 ? null : ip,
    port: proxies === 0 ? (req.socket.remotePort ?? null) : null,
    userAgent: userAgent?.slice(0, userAgentLengthMax) ?? null,
    network: networkOf(req, proxies),
  };
}

async function pageOf(ctx: ExchangeContext, reply: PageReply, https: boolean): Promise<Page> {
  if (reply.kind === 'asset') return assetPage(ctx, reply);
  if (reply.kind === 'file') {
    const kept = { ...noStore, 'Content-Disposition': `attachment; filename="${reply.name}"` };
    return new Page(reply.mediaType, reply.text, kept);
  }
  const cookie = reply.cookie === null ? {} : { 'Set-Cookie': writeCookie(reply.cookie, https) };
  if (reply.kind === 'onward') {
    return new Page('text/html', '', { ...noStore, ...cookie, Location: reply.path }, 303);
  }
  const { locale } = ctx.state.exchange;
  const headers = {
    ...noStore,
    ...cookie,
    'Content-Language': locale,
    Vary: 'Accept-Language, Cookie',
  };
  const status = reply.fault === null ? 200 : statusOfFault(reply.fault);
  return new Page('text/html', reply.html, headers, status);
}

async function assetPage(
  ctx: ExchangeContext,
  { mediaType, text, isLasting }: Extract<PageReply, { kind: 'asset' }>,
): Promise<Page> {
  const kept = isLasting ? { 'Cache-Control': 'public, max-age=31536000, immutable' } : noStore;
  const headers = { ...kept, Vary: 'Accept-Encoding' };
  // Of another name than its own nothing is kept, here as in the browser.
  if (!isLasting || ctx.acceptsEncodings('gzip', 'identity') !== 'gzip') {
    return new Page(mediaType, text, headers);
  }
  const body = await packed(ctx.path, text);
  return new Page(mediaType, body, { ...headers, 'Content-Encoding': 'gzip' });
}
