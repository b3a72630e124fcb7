/** How a witness talks to a server that may die under it: it gets an answer, or it gets none. */
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { makeToken } from '../../src/cli/token.ts';
import { readKeyRing } from '../../src/http/tokens/key-ring.ts';

export interface Wanted {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly key: string | null;
  readonly body: object | null;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** Longer than the server itself waits for its store. */
const answerMsMax = 30_000;
const tokenSeconds = 8 * 3600;

/** A token for every scope that a witness needs, by the keys of a local data folder. */
export function witnessToken(dataFolder: string): string {
  const ring = readKeyRing(readFileSync(join(dataFolder, 'keys', 'jwt-keys.json'), 'utf8'));
  if (ring.signing === null) throw new Error('the local keys sign nothing');
  const scope = [
    'decisions:write',
    'consents:write',
    'subjects:read',
    'subjects:write',
    'audit:read',
    'policies:write',
  ] as const;
  return makeToken({ client: 'witness', scope, expires: tokenSeconds }, ring.issuer, ring.signing);
}

export class WitnessClient {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** Null where the connection broke, or nothing came in time. */
  async ask({ method, path, key, body }: Wanted): Promise<Reply | null> {
    const headers = {
      authorization: `Bearer ${this.#token}`,
      ...(body === null ? {} : { 'content-type': 'application/json' }),
      ...(key === null ? {} : { 'idempotency-key': key }),
    };
    try {
      const response = await fetch(this.#url + path, {
        method,
        headers,
        ...(body === null ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(answerMsMax),
      });
      return { status: response.status, text: await response.text() };
    } catch {
      return null;
    }
  }
}
