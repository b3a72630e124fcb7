/** Ledger entries: what docs/ledger-format.md says, vectors show and src/ledger/entry.ts does. */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { entryText, freshSalt, recordDigest, textDigest } from '../../src/ledger/entry.ts';
import { type CheckName, checkNames, type Evidence, failedCheck } from './entry-checks.ts';

interface Vectors {
  readonly good: readonly (Evidence & { readonly name: string; readonly digest: string })[];
  readonly bad: readonly (Evidence & { readonly name: string; readonly fails: CheckName })[];
}

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

const vectors = JSON.parse(read('../vectors/ledger-entries.json')) as Vectors;
const page = read('../../docs/ledger-format.md');

interface Head {
  readonly id: string;
  readonly kind: string;
  readonly at: string;
}

describe('a ledger entry', () => {
  for (const { name, record, salt, digest, entry } of vectors.good) {
    it(`commits to ${name}`, () => {
      expect(failedCheck({ record, salt, entry })).to.equal(null);
      expect(recordDigest(salt, record)).to.equal(digest);
      const head = JSON.parse(record) as Head;
      expect(entryText({ ...head, digest })).to.equal(entry);
    });
  }

  for (const { name, fails, record, salt, entry } of vectors.bad) {
    it(`is caught by ${fails} when ${name}`, () => {
      expect(failedCheck({ record, salt, entry })).to.equal(fails);
    });
  }

  it('has a vector for every check', () => {
    expect([...new Set(vectors.bad.map(({ fails }) => fails))]).to.have.members(checkNames);
  });

  it('takes a fresh salt each time, so that equal records have unlike digests', () => {
    // More than one filling of the pool that the salts come from.
    const salts = Array.from({ length: 1000 }, freshSalt);
    expect(new Set(salts)).to.have.length(1000);
    for (const salt of salts) expect(Buffer.from(salt, 'base64url')).to.have.length(16);
    const digests = salts.map((salt) => recordDigest(salt, '{}'));
    expect(new Set(digests)).to.have.length(1000);
  });

  it('tells nobody that the salt was left out', () => {
    const { record, digest } = vectors.good[0] ?? { record: '', digest: '' };
    expect(textDigest(record)).not.to.equal(digest);
    expect(recordDigest('', record)).to.equal(textDigest(record));
  });
});

describe('docs/ledger-format.md', () => {
  it('shows the pause of the vectors', () => {
    const pause = vectors.good.find(({ name }) => name.startsWith('a pause'));
    for (const text of [pause?.record, pause?.salt, pause?.digest, pause?.entry]) {
      expect(page).to.include(String(text));
    }
  });

  it('names the checks in the order in which they are made', () => {
    const [, section = ''] = page.split('\n## Checking\n');
    const [checks = ''] = section.split('\n## ');
    const named = [...checks.matchAll(/^\d\. `([\w-]+)`/gm)].map(([, name]) => name);
    expect(named).to.deep.equal(checkNames);
  });
});
