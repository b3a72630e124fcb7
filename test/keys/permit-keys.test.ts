/** The keys of permits: made once, read strictly, and published without what is secret. */
import { expect } from 'chai';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyFileError } from '../../src/keys/key-file.ts';
import {
  decisionNamedIn,
  ensurePermitKeys,
  type PermitClaims,
  permitHash,
  readPermit,
  readPermitKeys,
  signPermit,
} from '../../src/keys/permit-keys.ts';
import { permitKeysOf } from '../support/permit-keys.ts';

function pem(key: KeyObject): string {
  return String(key.export({ format: 'pem', type: key.type === 'public' ? 'spki' : 'pkcs8' }));
}

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const older = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const hashKey = Buffer.alloc(32, 7).toString('base64');
const signing = { kid: 'permit-2', privateKey: pem(pair.privateKey) };
const earlier = { kid: 'permit-1', publicKey: pem(older.publicKey) };
const good = { version: 1, signWith: 'permit-2', keys: [signing, earlier], hashKey };

const refused: readonly (readonly [string, unknown, string])[] = [
  ['text that is no JSON', '{', 'is not JSON'],
  ['a list', [], 'must be a JSON object'],
  ['another version', { ...good, version: 2 }, '"version" must be 1'],
  ['no key', { ...good, keys: [] }, '1 to 20 keys'],
  ['a key that is text', { ...good, keys: ['x'] }, 'key 1 must be a JSON object'],
  ['a key without kid', { ...good, keys: [{ ...signing, kid: '' }] }, 'key 1 needs a "kid"'],
  ['one kid twice', { ...good, keys: [signing, signing] }, 'two keys have one "kid"'],
  ['another curve', { ...good, keys: [{ kid: 'a', privateKey: pem(p384.privateKey) }] }, 'P-256'],
  ['broken PEM', { ...good, keys: [signing, { kid: 'a', publicKey: 'abc' }] }, 'key 2 needs'],
  ['no PEM', { ...good, keys: [{ kid: 'a' }] }, 'key 1 needs "privateKey" or "publicKey"'],
  ['signWith nobody', { ...good, signWith: 'permit-3' }, '"signWith" must name a key'],
  ['signWith a public key', { ...good, signWith: 'permit-1' }, 'with its "privateKey"'],
  ['a short hash key', { ...good, hashKey: 'c2Vn' }, '"hashKey" must be 32 bytes'],
];

describe('the permit key file', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-permit-'));
    path = join(folder, 'permit-keys.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  for (const [name, file, words] of refused) {
    it(`is refused with ${name}`, () => {
      writeFileSync(path, typeof file === 'string' ? file : JSON.stringify(file));
      expect(() => readPermitKeys(path)).to.throw(KeyFileError, words);
    });
  }

  it('is refused where it is absent', () => {
    expect(() => readPermitKeys(path)).to.throw(KeyFileError, 'cannot be read');
  });

  it('publishes every key, and nothing that signs or hashes', () => {
    writeFileSync(path, JSON.stringify(good));
    const { published } = readPermitKeys(path);
    const keys = published['keys'] as readonly Record<string, string>[];
    expect(keys.map(({ kid }) => kid)).to.deep.equal(['permit-2', 'permit-1']);
    for (const key of keys) {
      expect(Object.keys(key)).to.have.members(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    }
    const { x, y } = pair.publicKey.export({ format: 'jwk' });
    expect(keys[0]).to.include({ x, y });
  });

  it('is made once, for its owner alone', () => {
    const made = join(folder, 'keys', 'permit-keys.json');
    const { kid } = ensurePermitKeys(made);
    const text = readFileSync(made, 'utf8');
    expect(statSync(made).mode & 0o777).to.equal(0o600);
    expect(ensurePermitKeys(made).kid).to.equal(kid);
    expect(readFileSync(made, 'utf8')).to.equal(text);
    expect(readdirSync(join(folder, 'keys'))).to.deep.equal(['permit-keys.json']);
  });
});

describe('a permit that is read back', () => {
  const keys = permitKeysOf('permit-1');
  const claims: PermitClaims = {
    issuer: 'https://porteiro.example',
    decision: 'dec_0192f0c4-5b1e-7c3a-9d2e-6a1f0b7c8d9e',
    action: 'send',
    purpose: 'promocoes',
    channel: 'email',
    identifier: 'email:ana@example.com',
    decidedAtSeconds: 1_700_000_000,
  };
  const { decision, action, purpose, channel, identifier } = claims;
  const permit = signPermit(keys, claims);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const [head = '', payload = '', signature = ''] = permit.split('.');

  it('says what it was signed over, long after its end', () => {
    expect(readPermit(keys, permit)).to.deep.equal({
      decision,
      action,
      purpose,
      channel,
      identifierHash: permitHash(keys, identifier),
      fromSeconds: 1_700_000_000,
      untilSeconds: 1_700_000_900,
    });
    expect(decisionNamedIn(permit)).to.equal(decision);
  });

  it('is null under other keys, and for any other token', () => {
    const others: readonly (readonly [string, string])[] = [
      ['other claims', `${head}.${part({ jti: decision })}.${signature}`],
      [
        'another type',
        `${part({ alg: 'ES256', kid: 'permit-1', typ: 'JWT' })}.${payload}.${signature}`,
      ],
      [
        'no algorithm',
        `${part({ alg: 'none', kid: 'permit-1', typ: 'porteiro-permit+jwt' })}.${payload}.`,
      ],
      [
        'an unknown key',
        `${part({ alg: 'ES256', kid: 'x', typ: 'porteiro-permit+jwt' })}.${payload}.${signature}`,
      ],
      ['a payload that is no JSON', `${part({ alg: 'ES256', typ: 'JWT' })}.bm9wZQ.${signature}`],
      ['no token', 'permit'],
      ['nothing', ''],
    ];
    for (const [name, text] of others) expect(readPermit(keys, text), name).to.equal(null);
    // Of the same kid.
    expect(readPermit(permitKeysOf('permit-1'), permit)).to.equal(null);
  });

  it('names no decision where it holds none', () => {
    for (const text of ['', 'a.b.c', `${head}.${part({ jti: 'sub_1' })}.x`, `${head}.bm9wZQ.x`]) {
      expect(decisionNamedIn(text), text).to.equal(null);
    }
  });
});
