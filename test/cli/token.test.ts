/** `porteiro token`, as a person calls it. */
import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem } from '../../src/domain/problem.ts';
import { readExpiry, readScopes } from '../../src/cli/token.ts';
import { makeAuthentication } from '../../src/http/tokens/authentication.ts';
import { readKeyRing } from '../../src/http/tokens/key-ring.ts';
import { ec, pem } from '../http/gate.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function porteiro(words: readonly string[], environment: Record<string, string> = {}): Ended {
  return spawnSync(process.execPath, ['--import', 'tsx/esm', main, ...words], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...environment },
  });
}

const asked = ['token', '--client', 'crm', '--scope', 'decisions:write consents:write'];

describe('porteiro token', function () {
  this.timeout(20_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'porteiro-token-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('prints a token alone, which the server takes', () => {
    const { status, stdout, stderr } = porteiro(asked, { PORTEIRO_DATA: folder });
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
    expect(stdout).to.match(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const ring = readKeyRing(readFileSync(join(folder, 'keys', 'jwt-keys.json'), 'utf8'));
    const authentication = makeAuthentication({ ring: () => ring, now: Date.now });
    const actor = authentication.identify(`Bearer ${stdout.trim()}`);
    if (actor instanceof Problem) throw new Error(actor.code);
    expect(actor.id).to.equal('crm');
    expect([...actor.scopes]).to.deep.equal(['decisions:write', 'consents:write']);
    const claims = jwt.decode(stdout.trim()) as jwt.JwtPayload;
    expect(Number(claims.exp) - Number(claims.iat)).to.equal(900);
  });

  it('signs with the key that the keys file names', () => {
    const path = join(folder, 'keys.json');
    const keys = [{ kid: 'es', alg: 'ES256', privateKey: pem(ec.privateKey) }];
    writeFileSync(path, JSON.stringify({ issuer: 'https://id.example', keys, signWith: 'es' }));
    const { stdout } = porteiro([...asked, '--expires', '1h'], { PORTEIRO_JWT_KEYS_FILE: path });
    expect(jwt.verify(stdout.trim(), ec.publicKey, { algorithms: ['ES256'] })).to.include({
      sub: 'crm',
    });
  });

  it('says on stderr why there is none, and ends with 1', () => {
    const path = join(folder, 'keys.json');
    const missing = porteiro(asked, { PORTEIRO_JWT_KEYS_FILE: path });
    expect(missing).to.include({
      status: 1,
      stdout: '',
      stderr: `${path} cannot be read: ENOENT.\n`,
    });
    writeFileSync(path, '{"keys":[]}');
    const broken = porteiro(asked, { PORTEIRO_JWT_KEYS_FILE: path });
    expect(broken.status).to.equal(1);
    expect(broken.stderr.trim().split('\n')).to.have.length(2);
    const unset = porteiro(asked, { PORTEIRO_MODE: 'production' });
    expect(unset.status).to.equal(1);
    expect(unset.stderr).to.include('PORTEIRO_JWT_KEYS_FILE must be set');
  });

  const wrong: readonly (readonly [string, readonly string[], string])[] = [
    ['no client', ['token', '--scope', 'audit:read'], '--client'],
    ['no scope', ['token', '--client', 'crm'], '--scope'],
    ['an unknown scope', ['token', '--client', 'crm', '--scope', 'root'], 'decisions:write'],
    ['an unknown option', [...asked, '--forever'], '--forever'],
    ['an unknown command', ['tokens'], 'token'],
  ];
  for (const [name, words, told] of wrong) {
    it(`ends with 2 on ${name}`, () => {
      const { status, stdout, stderr } = porteiro(words, { PORTEIRO_DATA: folder });
      expect({ status, stdout }).to.deep.equal({ status: 2, stdout: '' });
      expect(stderr).to.include(told);
    });
  }
});

describe('a life of a token', () => {
  for (const [text, seconds] of [
    ['1s', 1],
    ['15m', 900],
    ['24h', 86_400],
  ] as const) {
    it(`of ${text} is ${seconds} seconds`, () => expect(readExpiry(text)).to.equal(seconds));
  }
  for (const text of ['300', '0m', '25h', '1441m', '1d', '-5m', '1.5h', '']) {
    it(`of ${JSON.stringify(text)} is refused`, () =>
      expect(() => readExpiry(text)).to.throw('15m'));
  }
});

describe('scopes', () => {
  it('are parted by spaces or commas, once each', () => {
    expect(readScopes('audit:read,admin audit:read')).to.deep.equal(['audit:read', 'admin']);
  });
  for (const text of ['', ' ', 'audit:read audit:write']) {
    it(`${JSON.stringify(text)} are refused with the list`, () => {
      expect(() => readScopes(text)).to.throw('ledger:read');
    });
  }
});
