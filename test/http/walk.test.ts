/** Walks openapi.yaml: every operation by its example, and every way to come without permission. */
import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { isNode } from '../../src/http/contract/openapi-document.ts';
import { routes } from '../../src/http/routes.ts';
import {
  addressOf,
  callOf,
  contract,
  ec,
  type Gate,
  ids,
  issuer,
  openGate,
  problemOf,
  rsa,
  secret,
  token,
} from './gate.ts';

function unsigned(scope: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + 300;
  const claims = { iss: issuer, aud: 'porteiro', sub: 'crm', scope, iat: exp - 600, exp };
  return `${part({ alg: 'none', typ: 'JWT', kid: 'hs' })}.${part(claims)}.`;
}

function withHeader(scope: string, header: object): string {
  return token(scope, { header: { alg: 'HS256', kid: 'hs', ...header } });
}

const seconds = (): number => Math.floor(Date.now() / 1000);

const badTokens: readonly (readonly [string, (scope: string) => string, string])[] = [
  ['unsigned', unsigned, 'token-invalid'],
  ['expired', (scope) => token(scope, { expiresIn: -60 }), 'token-expired'],
  ['for another audience', (scope) => token(scope, { audience: 'outro' }), 'token-invalid'],
  ['of another issuer', (scope) => token(scope, { issuer: 'https://x.example' }), 'token-invalid'],
  ['under an unknown kid', (scope) => token(scope, { keyid: 'nobody' }), 'token-invalid'],
];

const worseTokens: typeof badTokens = [
  [
    'without exp',
    (s) =>
      jwt.sign({ scope: s }, secret, { keyid: 'hs', issuer, audience: 'porteiro', subject: 'crm' }),
    'token-invalid',
  ],
  [
    'without sub',
    (s) =>
      jwt.sign({ scope: s }, secret, { keyid: 'hs', issuer, audience: 'porteiro', expiresIn: 60 }),
    'token-invalid',
  ],
  [
    'without a kid',
    (s) =>
      jwt.sign({ scope: s }, secret, {
        issuer,
        audience: 'porteiro',
        subject: 'crm',
        expiresIn: 60,
      }),
    'token-invalid',
  ],
  ['with crit', (s) => withHeader(s, { crit: ['exp'] }), 'token-invalid'],
  ['of another type', (s) => withHeader(s, { typ: 'dpop+jwt' }), 'token-invalid'],
  [
    'of a longer life than a day',
    (s) => token(s, { expiresIn: '3d' }, { iat: seconds() - 90_000 }),
    'token-expired',
  ],
  ['dated in the future', (s) => token(s, {}, { iat: seconds() + 3600 }), 'token-invalid'],
  ['not valid yet', (s) => token(s, { notBefore: 600 }), 'token-invalid'],
  [
    'signed HS256 by the public key of an RS256 kid',
    (s) =>
      jwt.sign({ scope: s }, rsa.publicKey.export({ format: 'pem', type: 'spki' }), {
        algorithm: 'HS256',
        keyid: 'rs',
        issuer,
        audience: 'porteiro',
        subject: 'crm',
        expiresIn: 60,
      }),
    'token-invalid',
  ],
  [
    'signed PS256 under an RS256 kid',
    (s) =>
      jwt.sign({ scope: s }, rsa.privateKey, {
        algorithm: 'PS256',
        keyid: 'rs',
        issuer,
        audience: 'porteiro',
        subject: 'crm',
        expiresIn: 60,
      }),
    'token-invalid',
  ],
  [
    'signed by another secret',
    (s) =>
      jwt.sign({ scope: s }, Buffer.alloc(32, 1), {
        keyid: 'hs',
        issuer,
        audience: 'porteiro',
        subject: 'crm',
        expiresIn: 60,
      }),
    'token-invalid',
  ],
  ['longer than any token', (s) => token(s, {}, { padding: 'x'.repeat(9000) }), 'token-invalid'],
  ['that is no JWT', () => 'abc', 'token-invalid'],
];

describe('every operation of openapi.yaml', () => {
  let gate: Gate;
  before(async () => {
    gate = await openGate();
  });
  after(() => gate.close());

  it('stands in the route table as it stands in the contract', () => {
    const { paths } = contract.document.root;
    const declared = Object.entries(isNode(paths) ? paths : {}).flatMap(([path, item]) =>
      Object.entries(isNode(item) ? item : {}).map(([method, operation]) => {
        const { operationId, security, responses, parameters } = operation as Record<
          string,
          object
        >;
        const [requirement] = security as readonly Record<string, string[]>[];
        const keyed = JSON.stringify(parameters ?? []).includes('parameters/IdempotencyKey');
        const status = Object.keys(responses ?? {}).find((one) => one.startsWith('2'));
        const scope = requirement?.['bearer']?.[0] ?? null;
        return [operationId, { method, path, scope, idempotent: keyed, status: Number(status) }];
      }),
    );
    expect(Object.fromEntries(declared)).to.deep.equal(routes);
  });

  for (const id of ids) {
    const { method, path, scope, status } = routes[id];

    it(`answers ${method.toUpperCase()} ${path} as its example says`, async () => {
      const response = await gate.call(id);
      const text = await response.text();
      expect(response.status, text).to.equal(status);
      expect(response.headers.get('x-request-id')).to.match(/^[0-9a-f-]{36}$/);
      expect(response.headers.get('x-content-type-options')).to.equal('nosniff');
      expect(response.headers.get('content-security-policy')).to.include("default-src 'none'");
    });

    if (scope === null) continue;

    it(`refuses ${id} without a token, or with a bad one`, async () => {
      const sent = (authorization: string | null): Promise<Response> => {
        const { headers, ...rest } = callOf(id);
        const kept = { ...(headers as Record<string, string>) };
        delete kept['authorization'];
        const all = authorization === null ? kept : { ...kept, authorization };
        return gate.request(addressOf(id), { ...rest, headers: all });
      };
      const missing = await sent(null);
      expect(missing.status).to.equal(401);
      expect(missing.headers.get('www-authenticate')).to.equal('Bearer realm="porteiro"');
      expect((await problemOf(missing)).code).to.equal('token-missing');
      for (const [name, make, code] of badTokens) {
        const refused = await sent(`Bearer ${make(scope)}`);
        expect(refused.status, name).to.equal(401);
        expect(refused.headers.get('www-authenticate')).to.include('error="invalid_token"');
        expect((await problemOf(refused)).code, name).to.equal(code);
      }
    });

    it(`refuses ${id} without the scope ${scope}`, async () => {
      const others =
        'decisions:write consents:write subjects:read subjects:write events:write audit:read admin'
          .split(' ')
          .filter((one) => one !== scope)
          .join(' ');
      const response = await gate.call(id, {
        headers: { authorization: `Bearer ${token(others)}` },
      });
      expect(response.status).to.equal(403);
      expect(response.headers.get('www-authenticate')).to.include(`scope="${scope}"`);
      expect((await problemOf(response)).code).to.equal('scope-missing');
    });
  }

  for (const [name, make, code] of worseTokens) {
    it(`refuses a token ${name}`, async () => {
      const headers = { authorization: `Bearer ${make('decisions:write')}` };
      const response = await gate.call('createDecision', { headers });
      expect(response.status).to.equal(401);
      expect((await problemOf(response)).code).to.equal(code);
    });
  }

  const good: readonly (readonly [string, jwt.Secret, jwt.SignOptions])[] = [
    ['RS256', rsa.privateKey, { algorithm: 'RS256', keyid: 'rs' }],
    ['PS256', rsa.privateKey, { algorithm: 'PS256', keyid: 'ps' }],
    ['ES256', ec.privateKey, { algorithm: 'ES256', keyid: 'es' }],
  ];
  for (const [name, key, options] of good) {
    it(`takes a token signed by ${name}`, async () => {
      const claims = { scope: 'audit:read decisions:write unheard:of' };
      const signed = jwt.sign(claims, key, {
        issuer,
        audience: 'porteiro',
        subject: 'crm',
        expiresIn: 60,
        ...options,
      });
      const headers = { authorization: `bearer ${signed}` };
      expect((await gate.call('createDecision', { headers })).status).to.equal(200);
    });
  }
});
