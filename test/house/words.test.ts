/**
 * What the project says. Names of the domain stand in docs/glossary.md; no file names the machine
 * or the workshop that it was written in.
 */
import { expect } from 'chai';
import { posix } from 'node:path';
import { expectNoFaults, pathsUnder, read, type Source } from './sources.ts';

/** The `English` column of every table of the glossary; a cell may hold several, by commas. */
function termsOf(glossary: string): Set<string> {
  const terms = new Set<string>();
  for (const line of glossary.split('\n')) {
    const cell = /^\|[^|]*\|([^|]+)\|/.exec(line)?.[1];
    for (const term of cell?.split(',') ?? []) terms.add(term.trim().toLowerCase());
  }
  return terms;
}

function glossaryFaults(paths: readonly string[], terms: ReadonlySet<string>): string[] {
  return paths.flatMap((path) => {
    const term = posix.basename(path, '.ts').replaceAll('-', ' ');
    if (terms.has(term)) return [];
    return [`${path}:1 "${term}" is not in docs/glossary.md: add the pair or use a word of it`];
  });
}

const workshop: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/(?<![\w.-])\/(?:work|workspace|home\/\w+)\//, 'write the path relative to the project'],
  [/\bshared\/(?:proofs|\w+\.md)\b/, 'say it in docs, which everybody has'],
  [/\b(?:STYLE|DESIGN|DEPENDENCIES|LGPD)\.md\b/, 'say it in docs, which everybody has'],
  [/\b(?:sub-?agents?|chatgpt|copilot|claude|anthropic)\b/i, 'say what is done, not by whom'],
  [/(?<![\w-])registry=/, 'leave the registry to the machine'],
];

const readable =
  /\.(?:ts|tsx|mjs|cjs|json|ya?ml|md|css|html|txt)$|(?:^|\/)(?:\.npmrc|LICENSE|run)$/;

function wordFaults({ path, text }: Source): string[] {
  return text.split('\n').flatMap((line, index) =>
    workshop.flatMap(([pattern, instead]) => {
      const word = pattern.exec(line)?.[0];
      return word === undefined ? [] : [`${path}:${index + 1} "${word}": ${instead}`];
    }),
  );
}

/** A lock file that names hosts would send everyone who installs to the author's registry. */
function lockFaults({ path, text }: Source): string[] {
  return text.split('\n').flatMap((line, index) => {
    if (!/"resolved": "https?:/.test(line)) return [];
    return [`${path}:${index + 1} names a host: install with omit-lockfile-registry-resolved=true`];
  });
}

describe('words', () => {
  const paths = pathsUnder('');

  it('names the files of src/domain by nouns of the glossary', () => {
    const domain = paths.filter((path) => path.startsWith('src/domain/'));
    expectNoFaults(glossaryFaults(domain, termsOf(read('docs/glossary.md').text)));
  });

  it('leaves out the machine and the workshop', () => {
    const texts = paths.filter(
      (path) => readable.test(path) && path !== 'test/house/words.test.ts',
    );
    expectNoFaults(texts.map(read).flatMap(wordFaults));
  });

  it('keeps hosts out of the lock files', () => {
    const locks = paths.filter((path) => path.endsWith('package-lock.json'));
    expect(locks).to.include('package-lock.json');
    expectNoFaults(locks.map(read).flatMap(lockFaults));
  });

  it('refuses planted words', () => {
    expect(wordFaults({ path: 'a.md', text: 'see\n/work/main/a' })[0]).to.include('a.md:2 ');
    expect(wordFaults({ path: 'a.md', text: 'network/main/a, User-Agent' })).to.deep.equal([]);
    const text = '      "resolved": "https://host.example/a.tgz",';
    expect(lockFaults({ path: 'package-lock.json', text })).to.have.length(1);
    const terms = termsOf('| pt-BR | English |\n|---|---|\n| reserva | reservation, slots |');
    expect(glossaryFaults(['src/domain/slots.ts'], terms)).to.deep.equal([]);
    expect(glossaryFaults(['src/domain/thing.ts'], terms)).to.have.length(1);
  });
});
