/**
 * Who calls: a client by its bearer token, or a refusal. Nothing further in knows about tokens.
 *
 * The library alone would accept a token without `exp`, with `crit`, or for any audience when none
 * is named; each of these is closed here (RFC 8725).
 */
import jwt from 'jsonwebtoken';
import type { Problem } from '../../domain/problem.ts';
import { type Actor, type Scope, scopes } from '../../operations/operation.ts';
import type { KeyRing } from './key-ring.ts';
import { plainProblem } from '../problems.ts';

export const audience: string = 'porteiro';
/** Longest life of a token, from `iat`. */
export const tokenSecondsMax: number = 86_400;

const tokenLengthMax = 8192;
const clockToleranceSeconds = 5;
const scopeLengthMax = 1000;
const cacheEntriesDefault = 10_000;

export interface Authentication {
  identify(authorization: string | undefined): Actor | Problem;
}

export interface AuthenticationOptions {
  /** Asked for each token, so that keys can change while the server runs. */
  readonly ring: () => KeyRing;
  readonly now: () => number;
  readonly cacheEntriesMax?: number;
}

interface Verified {
  readonly actor: Actor;
  readonly expiresAtSeconds: number;
  readonly ring: KeyRing;
}

function isScope(name: string): name is Scope {
  return scopes.some((scope) => scope === name);
}

function readScopes(scope: unknown): ReadonlySet<Scope> | null {
  if (typeof scope !== 'string' || scope.length > scopeLengthMax) return null;
  return new Set(scope.split(' ').filter(isScope));
}

/** The key that the token's own header may ask for, by `kid` alone. */
function keyFor(token: string, ring: KeyRing): ReturnType<KeyRing['keys']['get']> {
  const header: unknown = jwt.decode(token, { complete: true })?.header;
  if (typeof header !== 'object' || header === null || 'crit' in header) return undefined;
  const typ = 'typ' in header ? header.typ : undefined;
  if (typ !== undefined && typ !== 'JWT' && typ !== 'at+jwt') return undefined;
  return 'kid' in header && typeof header.kid === 'string' ? ring.keys.get(header.kid) : undefined;
}

function verify(token: string, ring: KeyRing, nowSeconds: number): Verified | null {
  const known = keyFor(token, ring);
  if (known === undefined) return null;
  const claims = jwt.verify(token, known.key, {
    algorithms: [known.alg],
    issuer: ring.issuer,
    audience,
    clockTolerance: clockToleranceSeconds,
    clockTimestamp: nowSeconds,
    maxAge: tokenSecondsMax,
  });
  if (typeof claims !== 'object') return null;
  const { sub, exp, iat } = claims;
  const granted = readScopes(claims['scope']);
  if (typeof exp !== 'number' || typeof iat !== 'number' || granted === null) return null;
  // Dated in the future, it would outlive the longest life.
  if (iat > nowSeconds + clockToleranceSeconds) return null;
  if (typeof sub !== 'string' || !/^[\x21-\x7e]{1,120}$/.test(sub)) return null;
  const ends = Math.min(exp, iat + tokenSecondsMax) + clockToleranceSeconds;
  return { actor: { kind: 'client', id: sub, scopes: granted }, expiresAtSeconds: ends, ring };
}

/** Verified tokens by their text, the oldest dropped first; refusals are never kept. */
class VerifiedTokens {
  readonly #entries = new Map<string, Verified>();
  readonly #entriesMax: number;

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  get(token: string, ring: KeyRing, nowSeconds: number): Actor | null {
    const known = this.#entries.get(token);
    if (known === undefined) return null;
    if (known.ring === ring && nowSeconds < known.expiresAtSeconds) return known.actor;
    this.#entries.delete(token);
    return null;
  }

  add(token: string, verified: Verified): void {
    const oldest = this.#entries.keys().next();
    if (this.#entries.size >= this.#entriesMax && oldest.done !== true) {
      this.#entries.delete(oldest.value);
    }
    this.#entries.set(token, verified);
  }
}

export function makeAuthentication(options: AuthenticationOptions): Authentication {
  const tokens = new VerifiedTokens(options.cacheEntriesMax ?? cacheEntriesDefault);
  return {
    identify(authorization) {
      const text = /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
      if (text === undefined) return plainProblem('token-missing');
      if (text.length > tokenLengthMax) return plainProblem('token-invalid');
      const ring = options.ring();
      const nowSeconds = Math.floor(options.now() / 1000);
      const known = tokens.get(text, ring, nowSeconds);
      if (known !== null) return known;
      try {
        const verified = verify(text, ring, nowSeconds);
        if (verified === null) return plainProblem('token-invalid');
        tokens.add(text, verified);
        return verified.actor;
      } catch (error) {
        const expired = error instanceof jwt.TokenExpiredError;
        return plainProblem(expired ? 'token-expired' : 'token-invalid');
      }
    },
  };
}
