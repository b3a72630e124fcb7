/** The keys of permits: made once, read strictly, and published without what is secret. */
import { expect } from 'chai';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyFileError } from '../../src/keys/key-file.ts';
import { ensurePermitKeys, readPermitKeys } from '../../src/keys/permit-keys.ts';

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
