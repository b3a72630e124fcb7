/**
 * The real app on a real port, with operations that answer the examples of openapi.yaml: for tests
 * of what stands before and after an operation. What operations do is tested with real ones.
 */
import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import jwt from 'jsonwebtoken';
import { policySet } from '../domain/cast.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { noCounts } from '../../src/domain/reconciliation/reconciliation.ts';
import { makeApp } from '../../src/http/app.ts';
import { type Contract, makeContract } from '../../src/http/contract/contract.ts';
import { makeLog } from '../../src/http/log.ts';
import type { RateLimits } from '../../src/http/rate-limit.ts';
import {
  type CalledId,
  type OperationId,
  type Operations,
  routes,
  type StreamedId,
  streamedIds,
} from '../../src/http/routes.ts';
import { type Listening, takePort } from '../../src/http/server.ts';
import { makeAuthentication } from '../../src/http/tokens/authentication.ts';
import { type KeyRing, readKeyRing } from '../../src/http/tokens/key-ring.ts';
import {
  type Answer,
  type AnswerLine,
  type Call,
  PlainText,
  Streamed,
} from '../../src/operations/operation.ts';

export const contract: Contract = makeContract(
  readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8'),
);
export const ids = Object.keys(routes) as OperationId[];
const calledIds = ids.filter(
  (id): id is CalledId =>
    !['readOpenApi', 'readHealth', 'readReadiness', 'readDocs', 'readDocsAsset'].includes(id),
);

export const secret: Buffer = randomBytes(32);
export const rsa: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
});
export const ec: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
});
export const issuer = 'https://id.loja.example';

export function pem(key: KeyObject): string {
  return String(key.export({ format: 'pem', type: key.type === 'public' ? 'spki' : 'pkcs8' }));
}

export const ring: KeyRing = readKeyRing(
  JSON.stringify({
    issuer,
    keys: [
      { kid: 'hs', alg: 'HS256', secret: secret.toString('base64url') },
      { kid: 'rs', alg: 'RS256', publicKey: pem(rsa.publicKey) },
      { kid: 'ps', alg: 'PS256', publicKey: pem(rsa.publicKey) },
      { kid: 'es', alg: 'ES256', privateKey: pem(ec.privateKey) },
    ],
    signWith: 'es',
  }),
);

export function token(scope: string, options: jwt.SignOptions = {}, claims: object = {}): string {
  return jwt.sign({ scope, ...claims }, secret, {
    algorithm: 'HS256',
    keyid: 'hs',
    issuer,
    audience: 'porteiro',
    subject: 'crm',
    expiresIn: '1h',
    ...options,
  });
}

/** The first example of a body, an answer or a parameter. */
export function exampleAt(id: OperationId, path: readonly string[]): JsonObject | null {
  const { method, path: route } = routes[id];
  const examples = contract.document.at(['paths', route, method, ...path, 'examples']);
  const [name] = Object.keys(examples?.node ?? {});
  if (examples === null || name === undefined) return null;
  return contract.document.at([name, 'value'], examples)?.node as JsonObject;
}

export function bodyOf(id: OperationId): JsonObject | null {
  return exampleAt(id, ['requestBody', 'content', bodyTypeOf(id)]);
}

function isStreamed(id: OperationId): boolean {
  return streamedIds.some((streamed) => streamed === id);
}

function bodyTypeOf(id: OperationId): string {
  return isStreamed(id) ? 'application/x-ndjson' : 'application/json';
}

const values: Readonly<Record<string, string>> = {
  mergeId: 'mrg_0192f0c4-6666-7aaa-8bbb-0123456789ab',
  instructionId: 'ins_0192f0c4-4444-7aaa-8bbb-0123456789ab',
  token: 'opaque-token',
  asset: 'start.js',
  digest: `sha256:${'1'.repeat(64)}`,
};
const idOf: Readonly<Record<string, string>> = {
  decisions: 'dec_0192f0c4-5b1e-7c3a-9d2e-6a1f0b7c8d9e',
  consents: 'con_0192f0c4-1111-7aaa-8bbb-0123456789ab',
  'content-reviews': 'crv_0192f0c4-5555-7aaa-8bbb-0123456789ab',
  replays: 'rep_0192f0c4-7777-7aaa-8bbb-0123456789ab',
  'retention-runs': 'rtr_01939c5a-2c00-7000-8000-000000000001',
  'legal-holds': 'hld_01939c5a-2c00-7000-8000-000000000002',
  subjects: 'sub_0192f0c4-3333-7aaa-8bbb-0123456789ab',
  reconciliations: 'rcn_0192f0c4-7777-7aaa-8bbb-0123456789ab',
};

/** What operations that cannot do without a query are called with. */
const queries: Readonly<Partial<Record<OperationId, string>>> = {
  decideBatch: '?mode=dry-run',
  getUpliftReport: '?experiment=frete-gratis',
  proveInclusion: '?index=0',
  proveConsistency: '?first=1',
};

export function addressOf(id: OperationId): string {
  const { path } = routes[id];
  const noun = path.split('/')[2] ?? '';
  return (
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? idOf[noun] ?? '') +
    (queries[id] ?? '')
  );
}

function answerOf(id: CalledId): JsonObject {
  const path = ['responses', String(routes[id].status), 'content', 'application/json'];
  return exampleAt(id, path) ?? {};
}

type StreamingCall = Call<AsyncIterable<unknown>, never, never>;

/** Reads every row, and tells a summary. */
function readAll({ body }: StreamingCall, summaryOf: (rows: number) => JsonObject): Streamed {
  async function* lines(): AsyncGenerator<AnswerLine> {
    let rows = 0;
    for await (const _row of body) rows += 1;
    yield { content: { summary: summaryOf(rows) }, problem: null };
  }
  return new Streamed(lines());
}

const streamStubs: Readonly<Record<StreamedId, (call: StreamingCall) => Streamed>> = {
  importConsents: (call) =>
    readAll(call, (rows) => ({ rows, recorded: rows, repeated: 0, rejected: 0 })),
  decideBatch: (call) =>
    readAll(call, (lines) => {
      const outcomes = { allow: lines, defer: 0, review: 0, deny: 0 };
      return { lines, ...outcomes, rejected: 0, repeated: 0, rules: [] };
    }),
  createReconciliation: (call) =>
    readAll(call, (rows) => {
      const digest = `sha256:${'2'.repeat(64)}`;
      return { id: null, from: null, to: null, digest, ...noCounts, rows };
    }),
};

const textStubs = {
  readLedgerCheckpoint: (): PlainText => new PlainText('loja.example/porteiro\n'),
} as const;

type AnyOperation = (
  call: Call<never, never, never>,
) => Promise<Answer | PlainText | Streamed> | Answer | PlainText | Streamed;
export type Replacements = Partial<Record<CalledId, AnyOperation>>;

export interface Gate {
  readonly url: string;
  readonly listening: Listening;
  readonly lines: () => Promise<Record<string, unknown>[]>;
  request(path: string, init?: RequestInit): Promise<Response>;
  /** A call of an operation with its example and a good token. */
  call(id: OperationId, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

export function callOf(id: OperationId): RequestInit {
  const { method, scope } = routes[id];
  const body = bodyOf(id);
  const headers: Record<string, string> = {};
  if (scope !== null) headers['authorization'] = `Bearer ${token(scope)}`;
  if (body !== null) headers['content-type'] = bodyTypeOf(id);
  const form =
    id === 'unsubscribe' ? new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) : null;
  const sent = form ?? (body === null ? undefined : JSON.stringify(body));
  return { method: method.toUpperCase(), headers, ...(sent === undefined ? {} : { body: sent }) };
}

const unlimited: RateLimits = { client: 0, address: 0, proxies: 0 };

export async function openGate(
  replacements: Replacements = {},
  limits: RateLimits = unlimited,
): Promise<Gate> {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString());
      done();
    },
  });
  const log = makeLog({ level: 'debug', stream, now: Date.now });
  const stubs = Object.fromEntries(calledIds.map((id) => [id, (): JsonObject => answerOf(id)]));
  const app = makeApp({
    operations: { ...stubs, ...textStubs, ...streamStubs, ...replacements } as Operations,
    contract,
    authentication: makeAuthentication({ ring: () => ring, now: Date.now }),
    readiness: async () =>
      exampleAt('readReadiness', ['responses', '200', 'content', 'application/json']) ?? {},
    log,
    limits,
    https: false,
    controller: () => policySet.controller,
    portal: async () => ({ kind: 'page', html: 'no portal', fault: 'absent', cookie: null }),
    checkAnswers: true,
  });
  const listening = await takePort({ host: '127.0.0.1', port: 0, graceMilliseconds: 500 });
  listening.serve(app.callback());
  const request = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${listening.url}${path}`, { redirect: 'manual', ...init });
  return {
    url: listening.url,
    listening,
    request,
    call: (id, init = {}) => {
      const first = callOf(id);
      const headers = { ...(first.headers as object), ...(init.headers as object | undefined) };
      return request(addressOf(id), { ...first, ...init, headers });
    },
    lines: async () => {
      await log.close();
      return chunks
        .join('')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    },
    close: () => listening.close(),
  };
}

export interface ProblemJson {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  readonly errors?: readonly { pointer: string; message: string; expected: string }[];
}

export async function problemOf(response: Response): Promise<ProblemJson> {
  const type = response.headers.get('content-type');
  if (type !== 'application/problem+json') {
    throw new Error(`${response.status} ${type}: ${await response.text()}`);
  }
  return (await response.json()) as ProblemJson;
}
