/** Keys and notes against what the format's authors publish, and what is refused. */
import { expect } from 'chai';
import { generateKeyPairSync, verify } from 'node:crypto';
import { readCheckpoint, signCheckpoint, signedBy } from '../../src/ledger/checkpoint.ts';
import { emptyRoot } from '../../src/ledger/merkle.ts';
import { readVerifierKey, verifierKey } from '../../src/ledger/verifier-key.ts';

/** The example in the documentation of golang.org/x/mod/sumdb/note. */
const published = {
  key: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  text:
    'If you think cryptography is the answer to your problem,\n' +
    "then you don't know what your problem is.\n",
  signature:
    'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=',
};

function signerOf(name: string): Parameters<typeof signCheckpoint>[1][number] {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { verifier: verifierKey(name, publicKey), signing: privateKey };
}

const origin = 'loja.example/porteiro';

describe('a public key of a ledger', () => {
  it('is read and written as the published example', () => {
    const key = readVerifierKey(published.key);
    expect(key).to.include({ name: 'PeterNeumann', id: 'c74f20a3', line: published.key });
    const bytes = Buffer.from(published.signature, 'base64');
    expect(bytes.toString('hex', 0, 4)).to.equal(key?.id);
    if (key === null) throw new Error('the key did not read');
    expect(verify(null, Buffer.from(published.text), key.key, bytes.subarray(4))).to.equal(true);
  });

  const bad: readonly (readonly [string, string])[] = [
    ['nothing', ''],
    ['another id', published.key.replace('c74f20a3', 'c74f20a4')],
    ['another name', published.key.replace('Peter', 'Paul')],
    ['a name with a blank', published.key.replace('Peter', 'Peter ')],
    ['another kind of key', published.key.replace('+AR', '+Ah')],
    ['a key cut short', published.key.slice(0, -4)],
    ['a line feed behind it', `${published.key}\n`],
  ];
  for (const [what, line] of bad) {
    it(`is refused with ${what}`, () => {
      expect(readVerifierKey(line)).to.equal(null);
    });
  }

  it('is of Ed25519 and nothing else', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(() => verifierKey(origin, publicKey)).to.throw(TypeError);
  });
});

describe('a checkpoint', () => {
  it('says what was signed, by each of several keys', () => {
    const [old, fresh, foreign] = [signerOf(origin), signerOf(origin), signerOf('other')];
    const note = signCheckpoint({ origin, size: 12, root: emptyRoot }, [old, fresh]);
    const read = readCheckpoint(note);
    if (read === null) throw new Error('the note did not read');
    expect(read.checkpoint).to.deep.equal({ origin, size: 12, root: emptyRoot });
    expect(signedBy(read, [old.verifier])).to.equal(old.verifier);
    expect(signedBy(read, [fresh.verifier])).to.equal(fresh.verifier);
    expect(signedBy(read, [signerOf(origin).verifier, foreign.verifier])).to.equal(null);
    expect(signedBy(read, [])).to.equal(null);
  });

  it('is no checkpoint where anything is put before, between or behind', () => {
    const note = signCheckpoint({ origin, size: 12, root: emptyRoot }, [signerOf(origin)]);
    const bad = [
      `\n${note}`,
      `${note}\n`,
      `${note}x`,
      note.replace('\n12\n', '\n+12\n'),
      note.replace('\n12\n', '\n012\n'),
      note.replace('\n12\n', '\n12.0\n'),
      note.replace('\n12\n', '\n99999999999999999\n'),
      note.replace('\n12\n', '\n12\r\n'),
      note.replace('=\n\n', '\n\n'),
      note.replace('— ', '—  '),
      note.slice(0, note.indexOf('—')),
      '',
    ];
    for (const text of bad) expect(readCheckpoint(text), text).to.equal(null);
  });
});
