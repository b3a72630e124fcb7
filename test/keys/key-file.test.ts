/** The key file: made once for its owner alone, and every fault told without a key in the words. */
import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ensureKeyFile, KeyFileError, newKeyFile, readKeyFile } from '../../src/keys/key-file.ts';
import { Vault } from '../../src/keys/vault.ts';

/** 32 bytes that would be noticed in a message. */
const secret: string = Buffer.from('segredo-segredo-segredo-segredo-').toString('base64');

function file(changes: Record<string, unknown> = {}): string {
  const good = {
    version: 1,
    current: 'mk-1',
    master: { 'mk-1': secret },
    lookup: secret,
    link: secret,
  };
  return JSON.stringify({ ...good, ...changes });
}

describe('the key file', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-keys-'));
    path = join(folder, 'keys', 'master-key.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function told(text: string): string {
    const given = join(folder, 'given.json');
    writeFileSync(given, text);
    try {
      readKeyFile(given);
    } catch (error) {
      if (error instanceof KeyFileError) return error.message;
      throw error;
    }
    return 'no fault';
  }

  it('is read with all its keys', () => {
    const given = join(folder, 'given.json');
    writeFileSync(given, file({ master: { 'mk-0': secret, 'mk-1': secret } }));
    const keys = readKeyFile(given);
    expect(keys.current).to.equal('mk-1');
    expect([...keys.master.keys()]).to.deep.equal(['mk-0', 'mk-1']);
    expect(keys.lookup.export().toString()).to.equal('segredo-segredo-segredo-segredo-');
  });

  it('is made where there is none, for its owner alone', () => {
    ensureKeyFile(path);
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    expect(statSync(join(folder, 'keys')).mode & 0o777).to.equal(0o700);
  });

  it('is left as it is where there is one', () => {
    const first = new Vault(ensureKeyFile(path));
    const text = readFileSync(path, 'utf8');
    const again = new Vault(ensureKeyFile(path));
    expect(readFileSync(path, 'utf8')).to.equal(text);
    expect(again.fingerprint()).to.equal(first.fingerprint());
    expect(again.openSubjectKey(first.newSubjectKey().wrapped)).to.have.property('key');
  });

  it('is never replaced when it is broken', () => {
    ensureKeyFile(path);
    writeFileSync(path, '{');
    expect(() => ensureKeyFile(path)).to.throw(KeyFileError, 'is not JSON');
    expect(readFileSync(path, 'utf8')).to.equal('{');
  });

  it('holds other keys each time', () => {
    const keys = [newKeyFile(), newKeyFile()].flatMap((text) => text.match(/[\w+/]{43}=/g) ?? []);
    expect(new Set(keys)).to.have.length(6);
  });

  it('gives keys that show nothing when they are printed', () => {
    const given = join(folder, 'given.json');
    writeFileSync(given, file());
    const keys = readKeyFile(given);
    const shown = [keys, new Vault(keys)].flatMap((each) => [
      inspect(each, { depth: 9, showHidden: true }),
      JSON.stringify(each),
    ]);
    expect(shown.join()).not.to.match(/segredo|c2VncmVkb/);
  });

  const faults: readonly (readonly [name: string, text: string, told: string])[] = [
    ['nothing', '', 'is not JSON'],
    ['half a file', file().slice(0, -5), 'is not JSON'],
    ['a key alone', JSON.stringify(secret), 'must hold a JSON object'],
    ['null', 'null', 'must hold a JSON object'],
    ['no version', file({ version: undefined }), '"version" must be 1'],
    ['a later version', file({ version: 2 }), '"version" must be 1'],
    ['no master keys', file({ master: undefined }), '"master" must be an object'],
    ['a master key without its id', file({ master: secret }), '"master" must be an object'],
    ['an empty set of them', file({ master: {} }), '"current" must name one of the master keys'],
    ['a current one that is not there', file({ current: 'mk-2' }), '"current" must name one'],
    ['no current one', file({ current: undefined }), '"current" must name one'],
    ['a current one of the prototype', file({ current: 'toString' }), '"current" must name one'],
    ['an id with a dot', file({ master: { 'mk.1': secret } }), 'a master key id is not plain'],
    ['a key for an id', file({ master: { [secret]: secret } }), 'a master key id is not plain'],
    [
      'a short master key',
      file({ master: { 'mk-1': secret.slice(8) } }),
      '"master.mk-1" must be 32',
    ],
    ['a long one', file({ master: { 'mk-1': `QUFB${secret}` } }), '"master.mk-1" must be 32 bytes'],
    ['a key in hex', file({ lookup: '7365'.repeat(16) }), '"lookup" must be 32 bytes in base64'],
    ['no look-up key', file({ lookup: undefined }), '"lookup" must be 32 bytes in base64'],
    ['a look-up key that is no text', file({ lookup: [secret] }), '"lookup" must be 32 bytes'],
    ['no link key', file({ link: undefined }), '"link" must be 32 bytes in base64'],
    ['an empty link key', file({ link: '' }), '"link" must be 32 bytes in base64'],
  ];
  for (const [name, text, expected] of faults) {
    it(`is refused with ${name}`, () => {
      const message = told(text);
      expect(message).to.include(expected);
      expect(message).to.include('given.json');
      expect(message).not.to.match(/segredo|c2VncmVkb|73656772/);
    });
  }

  it('is refused where it cannot be read or written', () => {
    expect(() => readKeyFile(path)).to.throw(KeyFileError, 'cannot be read');
    writeFileSync(join(folder, 'keys'), 'a file in the way');
    expect(() => ensureKeyFile(path)).to.throw();
  });
});
