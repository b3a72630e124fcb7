/**
 * How many requests a minute: of a client by its token, and of an address where no token is asked
 * for. It holds off a caller that runs away; each process counts for itself. The headers are those
 * of the IETF draft, sent once the limit is near: each costs every answer something.
 *
 *     RateLimit-Policy: "client";q=1000000;w=60
 *     RateLimit: "client";r=0;t=12
 */
import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '../domain/problem.ts';
import type { ExchangeContext, Step } from './exchange.ts';

export interface RateLimits {
  /** Requests a minute of one client; 0 for no limit, here and below. */
  readonly client: number;
  readonly address: number;
  /** Proxies before the server, each of which adds the address that it sees to X-Forwarded-For. */
  readonly proxies: number;
}

/** A step of each kind for all operations, which count together; none where there is no limit. */
export interface RateSteps {
  readonly ofClients: readonly Step[];
  readonly ofAddresses: readonly Step[];
}

const windowSeconds = 60;
/** The share of the quota below which what is left is told. */
const nearShare = 0.1;

export function rateSteps({ client, address, proxies }: RateLimits): RateSteps {
  const clientOf = (ctx: ExchangeContext): string => ctx.state.exchange.actor?.id ?? '';
  return {
    ofClients: client === 0 ? [] : [limitRate('client', client, clientOf)],
    ofAddresses:
      address === 0 ? [] : [limitRate('address', address, ({ req }) => networkOf(req, proxies))],
  };
}

function limitRate(name: string, quota: number, keyOf: (ctx: ExchangeContext) => string): Step {
  const limiter = new RateLimiterMemory({ points: quota, duration: windowSeconds });
  const near = quota * nearShare;
  return async function limit(ctx, next) {
    const taken = await take(limiter, keyOf(ctx));
    const { exchange } = ctx.state;
    if (taken.remainingPoints < near) {
      exchange.headers['RateLimit-Policy'] = `"${name}";q=${quota};w=${windowSeconds}`;
      exchange.headers['RateLimit'] =
        `"${name}";r=${taken.remainingPoints};t=${secondsUntilReset(taken)}`;
    }
    if (taken.consumedPoints <= quota) await next();
    else exchange.answer = refusal(quota, taken);
  };
}

async function take(limiter: RateLimiterMemory, key: string): Promise<RateLimiterRes> {
  try {
    return await limiter.consume(key);
  } catch (refused) {
    // Over the quota it rejects with its result, which is no Error.
    if (refused instanceof RateLimiterRes) return refused;
    throw refused;
  }
}

function secondsUntilReset({ msBeforeNext }: RateLimiterRes): number {
  return Math.max(1, Math.ceil(msBeforeNext / 1000));
}

function refusal(quota: number, taken: RateLimiterRes): Problem {
  const seconds = secondsUntilReset(taken);
  return new Problem(
    'rate-limited',
    {
      'pt-BR': `O limite é de ${quota} pedidos por minuto. Repita daqui a ${seconds} s; nada foi feito.`,
      en: `The limit is ${quota} requests a minute. Repeat in ${seconds} s; nothing was done.`,
    },
    { retryAfterSeconds: seconds },
  );
}

/** What the attempts of an address are counted by. */
export function networkOf(request: IncomingMessage, proxies: number): string {
  return network(addressOf(request, proxies));
}

/** As our own outermost proxy saw it; whatever stands to its left, the caller may have written. */
export function addressOf({ headers, socket }: IncomingMessage, proxies: number): string {
  const direct = socket.remoteAddress ?? '';
  if (proxies === 0) return direct;
  const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
  const seen = forwarded.at(-proxies)?.trim() ?? '';
  return isIP(seen) === 0 ? direct : seen;
}

/** An IPv6 caller has a whole /64 to call from, so that is what is counted. */
function network(address: string): string {
  const plain = plainAddress(address);
  if (!isIPv6(plain)) return plain;
  const [before = [], after = []] = plain.split('::').map((part) => part.split(':'));
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const groups = [...before, ...zeros, ...after].slice(0, 4);
  return groups.map((group) => Number.parseInt(group, 16) || 0).join(':');
}

/** An IPv4 address as such where it came as one of IPv6. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
