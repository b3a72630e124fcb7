/** docs/rules.md against the code: the table of facts, and its example read as files are. */
import { expect } from 'chai';
import { readFileSync, writeFileSync } from 'node:fs';
import { factCatalogue, type FactName, factNames } from '../../src/domain/fact-catalogue.ts';
import { compiledCore } from '../../src/rules/compiled-core.ts';
import { decoratorNames, operatorNames } from '../../src/rules/operator.ts';
import { judgeCase, readCases } from '../../src/rules/rule-case.ts';
import { quietFacts } from '../../src/rules/quiet-facts.ts';
import { readRules } from '../../src/rules/rule-file.ts';
import { shippedCases } from './shipped.ts';

const page = new URL('../../docs/rules.md', import.meta.url);
const generated = /(<!-- facts: [^\n]*-->\n)([^]*?)(<!-- \/facts -->)/;

function factsTable(): string {
  const rows = factNames.map((name) => {
    const { type, values, meaning } = factCatalogue[name];
    const set = values === undefined ? '' : `: ${values.map((each) => `\`${each}\``).join(', ')}`;
    const cells = [`\`${name}\``, `${type}${set}`, unitOf(name), meaning['pt-BR'], meaning.en];
    return `| ${[...cells, `\`${exampleOf(name)}\``].join(' | ')} |`;
  });
  const head =
    '| fact | type | unit | significado | meaning | example |\n|---|---|---|---|---|---|\n';
  return `${head}${rows.join('\n')}\n`;
}

function unitOf(name: FactName): string {
  const { type, bounds } = factCatalogue[name];
  if (type === 'instant') return 'UTC';
  if (bounds === undefined) return '';
  const { min, max } = bounds;
  return max === null ? `things, from ${min}` : `things, ${min} to ${max}`;
}

/** What a shipped case makes of it, where one does. */
function exampleOf(name: FactName): string {
  const quiet = JSON.stringify(quietFacts[name]);
  const told = shippedCases.cases
    .filter(({ missing }) => !missing.includes(name))
    .map(({ facts }) => JSON.stringify(facts[name]));
  return told.find((value) => value !== quiet) ?? quiet;
}

function exampleIn(text: string, language: string): string {
  const found = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(text)?.[1];
  if (found === undefined) throw new Error(`docs/rules.md has no example in ${language}`);
  return found;
}

describe('docs/rules.md', () => {
  if (process.env['RENEW'] === '1') {
    const text = readFileSync(page, 'utf8');
    writeFileSync(
      page,
      text.replace(generated, (_, start, _old, end) => start + factsTable() + end),
    );
  }
  const text = readFileSync(page, 'utf8');

  it('lists the facts of the catalogue; RENEW=1 writes them anew', () => {
    expect(generated.exec(text)?.[2]).to.equal(factsTable());
  });

  it('names every operator and decorator', () => {
    const names = [...operatorNames, ...decoratorNames.map((name) => `${name}:`)];
    for (const name of names) expect(text).to.include(`\`${name}\``);
  });

  it('shows a rule that reads without complaint, and cases that it passes', async () => {
    const json = { path: 'rules/litigation-voice.json', text: exampleIn(text, 'json') };
    const yaml = { path: 'rules/litigation-voice.cases.yaml', text: exampleIn(text, 'yaml') };
    const { rules, complaints } = readRules([json]);
    const { cases, complaints: ofCases } = readCases([yaml]);
    expect([...complaints, ...ofCases]).to.deep.equal([]);
    expect(cases.length).to.equal(3);
    const core = compiledCore(rules);
    for (const each of cases) expect(await judgeCase(each, core)).to.equal(null);
  });
});
