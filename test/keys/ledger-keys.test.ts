/** The key file of the ledger: what is taken from it, and what it is refused for. */
import { expect } from 'chai';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyFileError } from '../../src/keys/key-file.ts';
import { ensureLedgerKeys, readLedgerKeys } from '../../src/keys/ledger-keys.ts';

type Pem = string;

function pair(): { readonly privateKey: Pem; readonly publicKey: Pem } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    publicKey: String(publicKey.export({ type: 'spki', format: 'pem' })),
  };
}

const [old, fresh] = [pair(), pair()];
const origin = 'loja.example/porteiro';
const good = {
  version: 1,
  origin,
  keys: [{ privateKey: fresh.privateKey }, { publicKey: old.publicKey }],
};

describe('the key file of the ledger', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-ledger-keys-'));
    path = join(folder, 'ledger-keys.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function read(file: unknown): ReturnType<typeof readLedgerKeys> {
    writeFileSync(path, typeof file === 'string' ? file : JSON.stringify(file));
    return readLedgerKeys(path);
  }

  it('signs with every private key, and knows the public ones beside them', () => {
    const keys = read(good);
    expect(keys.origin).to.equal(origin);
    expect(keys.signers).to.have.length(1);
    expect(keys.verifiers).to.have.length(2);
    for (const { line } of keys.verifiers) expect(line).to.match(/^loja\.example\/porteiro\+/);
    const both = { ...good, keys: [old, fresh].map(({ privateKey }) => ({ privateKey })) };
    expect(read(both).signers).to.have.length(2);
    expect(new Set(read(both).verifiers.map(({ line }) => line))).to.deep.equal(
      new Set(keys.verifiers.map(({ line }) => line)),
    );
  });

  it('is made once, for its owner alone, under a name of its own', () => {
    const made = join(folder, 'keys', 'ledger-keys.json');
    const keys = ensureLedgerKeys(made);
    expect(keys.origin).to.match(/^porteiro\.local\/[0-9a-f]{8}$/);
    expect(statSync(made).mode & 0o077).to.equal(0);
    expect(readdirSync(join(folder, 'keys'))).to.deep.equal(['ledger-keys.json']);
    const text = readFileSync(made, 'utf8');
    expect(ensureLedgerKeys(made).verifiers[0]?.line).to.equal(keys.verifiers[0]?.line);
    expect(readFileSync(made, 'utf8')).to.equal(text);
  });

  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const otherKind = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const bad: readonly (readonly [string, unknown, RegExp])[] = [
    ['no JSON', 'PRIVATE', /is not JSON/],
    ['a list', [], /must be a JSON object/],
    ['another version', { ...good, version: 2 }, /"version" must be 1/],
    ['no origin', { ...good, origin: '' }, /"origin" must name/],
    ['an origin with a blank', { ...good, origin: 'loja example' }, /"origin" must name/],
    ['an origin with a plus', { ...good, origin: 'loja+1' }, /"origin" must name/],
    ['no keys', { ...good, keys: [] }, /a list of 1 to 20 keys/],
    ['a key of neither kind', { ...good, keys: [{}] }, /key 1 needs "privateKey" or/],
    ['a key that is none', { ...good, keys: [{ privateKey: 'x' }] }, /key 1 needs "privateKey"/],
    ['a key of another kind', { ...good, keys: [{ privateKey: otherKind }] }, /must be an Ed25519/],
    ['nothing to sign with', { ...good, keys: [{ publicKey: old.publicKey }] }, /no key has its/],
    ['a key twice', { ...good, keys: [{ privateKey: old.privateKey }, old] }, /is there twice/],
  ];
  for (const [what, file, reason] of bad) {
    it(`is refused for ${what}, and shows no key`, () => {
      expect(() => read(file))
        .to.throw(KeyFileError, reason)
        .with.property('message')
        .not.match(/BEGIN/);
    });
  }

  it('is refused where it cannot be read', () => {
    expect(() => readLedgerKeys(join(folder, 'none'))).to.throw(KeyFileError, /cannot be read/);
  });
});
