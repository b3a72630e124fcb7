/** The JWT keys file: what is taken, what is refused, and that no key is ever repeated. */
import { expect } from 'chai';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KeyRing, KeyRingFault, readKeyRing } from '../../../src/http/tokens/key-ring.ts';
import { ensureLocalJwtKeys } from '../../../src/http/tokens/local-keys.ts';
import { ec, pem, rsa } from '../gate.ts';

const strong = Buffer.alloc(32, 7).toString('base64url');
const good = { kid: 'a', alg: 'HS256', secret: strong };

function complaintsOf(file: unknown): readonly string[] {
  try {
    readKeyRing(typeof file === 'string' ? file : JSON.stringify(file));
  } catch (error) {
    if (error instanceof KeyRingFault) return error.complaints;
    throw error;
  }
  return [];
}

const short = Buffer.alloc(31, 7).toString('base64url');
const rsa1024 = pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey);
const p384 = pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey);

const refused: readonly (readonly [string, unknown, string])[] = [
  ['text that is no JSON', '{', 'is not valid JSON'],
  ['a list', [], 'must hold an object'],
  ['no issuer', { keys: [good] }, '"issuer"'],
  ['an empty issuer', { issuer: '', keys: [good] }, '"issuer"'],
  ['no key', { issuer: 'i', keys: [] }, '1 to 50 keys'],
  ['a key without kid', { issuer: 'i', keys: [{ ...good, kid: undefined }] }, 'needs a "kid"'],
  ['one kid twice', { issuer: 'i', keys: [good, good] }, 'Key 2 repeats a "kid"'],
  ['alg none', { issuer: 'i', keys: [{ ...good, alg: 'none' }] }, 'one of HS256, RS256'],
  ['a secret of 31 bytes', { issuer: 'i', keys: [{ ...good, secret: short }] }, '31 bytes'],
  ['a secret in plain text', { issuer: 'i', keys: [{ ...good, secret: 'não vale' }] }, 'base64url'],
  [
    'RSA of 1024 bits',
    { issuer: 'i', keys: [{ kid: 'a', alg: 'RS256', publicKey: rsa1024 }] },
    '1024 bits',
  ],
  [
    'RSA for ES256',
    { issuer: 'i', keys: [{ kid: 'a', alg: 'ES256', publicKey: pem(rsa.publicKey) }] },
    'P-256',
  ],
  [
    'EC for RS256',
    { issuer: 'i', keys: [{ kid: 'a', alg: 'RS256', publicKey: pem(ec.publicKey) }] },
    'RSA key',
  ],
  ['another curve', { issuer: 'i', keys: [{ kid: 'a', alg: 'ES256', publicKey: p384 }] }, 'P-256'],
  [
    'broken PEM',
    { issuer: 'i', keys: [{ kid: 'a', alg: 'ES256', publicKey: 'abc' }] },
    'not valid PEM',
  ],
  ['no PEM', { issuer: 'i', keys: [{ kid: 'a', alg: 'ES256' }] }, 'needs "publicKey"'],
  ['signWith nobody', { issuer: 'i', keys: [good], signWith: 'b' }, '"signWith" names none'],
  [
    'signWith a public key',
    {
      issuer: 'i',
      keys: [{ kid: 'a', alg: 'ES256', publicKey: pem(ec.publicKey) }],
      signWith: 'a',
    },
    'without its "privateKey"',
  ],
];

describe('the JWT keys file', () => {
  for (const [name, file, words] of refused) {
    it(`is refused with ${name}`, () => {
      expect(complaintsOf(file).join(' ')).to.include(words);
    });
  }

  it('is told every mistake at once, and no key', () => {
    const keys = [
      { ...good, alg: 'none' },
      { ...good, secret: short },
    ];
    const complaints = complaintsOf({ keys });
    expect(complaints).to.have.length(3);
    expect(complaints.join()).not.to.include(short);
  });

  it('gives keys that show nothing when printed', () => {
    const ring = readKeyRing(JSON.stringify({ issuer: 'i', keys: [good], signWith: 'a' }));
    expect(ring.signing).to.include({ kid: 'a', alg: 'HS256' });
    expect(JSON.stringify([...ring.keys])).not.to.include(strong);
  });

  it('may hold keys to check with alone', () => {
    const keys = [{ kid: 'a', alg: 'RS256', publicKey: pem(rsa.publicKey) }];
    const ring: KeyRing = readKeyRing(JSON.stringify({ issuer: 'i', keys }));
    expect(ring.signing).to.equal(null);
  });
});

describe('the JWT keys of local mode', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'porteiro-keys-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are made once, for their owner alone', () => {
    const path = ensureLocalJwtKeys(folder);
    const first = readFileSync(path, 'utf8');
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    expect(readKeyRing(first).signing?.alg).to.equal('HS256');
    expect(ensureLocalJwtKeys(folder)).to.equal(path);
    expect(readFileSync(path, 'utf8')).to.equal(first);
    expect(readdirSync(join(folder, 'keys'))).to.deep.equal(['jwt-keys.json']);
  });
});
