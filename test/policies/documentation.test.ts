import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { readPolicies } from '../../src/policies/reading.ts';
import { filesOf, lineOf, shippedFolder } from './fixture.ts';

const page = readFileSync(new URL('../../docs/policies.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/^```\w+ policies\/(\S+)\n([\s\S]*?)^```$/gm)].map(
  ([, path = '', text = '']) => ({ path, text }),
);
const shipped = filesOf(shippedFolder);

describe('docs/policies.md', () => {
  for (const example of examples) {
    it(`shows a ${example.path} that loads`, () => {
      const others = shipped.filter(({ path }) => path !== example.path);
      const { complaints } = readPolicies([...others, example]);
      expect(complaints.map(lineOf)).to.deep.equal([]);
    });
  }

  it('quotes complaints as they are', () => {
    const edits: Readonly<Record<string, readonly [from: string, to: string]>> = {
      'purposes/promocoes.yaml': ['[whatsapp,', '[whatapp,'],
      'retention.yaml': ['duration: P30D', 'duration: forever'],
    };
    const edited = shipped.map(({ path, text }) => {
      const [from = '', to = ''] = edits[path] ?? [];
      return { path, text: text.replace(from, to) };
    });
    const lines = readPolicies(edited, 'policies').complaints.map(lineOf);
    expect(lines).to.have.length(2);
    for (const line of lines) expect(page).to.include(`\n${line}\n`);
  });

  it('has an example of every kind of file', () => {
    const kinds = (paths: readonly string[]): string[] => [
      ...new Set(paths.map((path) => (path.includes('/') ? path.split('/', 1).join() : path))),
    ];
    const shown = kinds(examples.map(({ path }) => path));
    expect(shown).to.have.members(kinds(shipped.map(({ path }) => path)));
  });

  it('names every key of the shipped files', () => {
    const written = shipped.flatMap(({ text }) => {
      const head = text.split('\n---\n', 1).join();
      return [...head.matchAll(/^[ -]*([A-Za-z]+):|[{,] *([a-z][A-Za-z]+):/gm)];
    });
    const keys = new Set(written.map(([, first, second]) => first ?? second ?? ''));
    const tables = page.split('\n').filter((line) => line.startsWith('|'));
    const named = new Set(tables.join('\n').match(/[A-Za-z]+(?=`|\.)/g));
    const languages = ['en', 'BR'];
    const missing = [...keys].filter((key) => !named.has(key) && !languages.includes(key));
    expect(missing).to.deep.equal([]);
  });
});
