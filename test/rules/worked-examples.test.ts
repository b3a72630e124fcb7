/**
 * The ten worked examples of docs/rules.md, taken from the page: written to a folder as their
 * author would, run as `porteiro rules test` runs them, and judged by json-rules-engine as well.
 */
import { expect } from 'chai';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { effects } from '../../src/domain/rule.ts';
import { ruleFindings } from '../../src/policies/findings/rule-findings.ts';
import { runCases } from '../../src/rules/case-run.ts';
import { libraryCore } from '../../src/rules/library-core.ts';
import { factsOf } from '../../src/rules/named-facts.ts';
import { judgeCase } from '../../src/rules/rule-case.ts';
import { readRules } from '../../src/rules/rule-file.ts';
import { loadCases, loadRules } from '../../src/rules/rule-folder.ts';
import { quietFacts } from '../../src/rules/quiet-facts.ts';
import { ruleCore } from '../../src/rules/rule-core.ts';
import { shippedFiles, shippedRules } from './shipped.ts';

const page = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```\w+ (rules\/\S+)\n([\s\S]*?)^```$/gm)].map(
  ([, path = '', text = '']) => ({ path, text }),
);
/** Of each example its title and what stands below it. */
const sections = page
  .split(/^### (?=\d+\. )/m)
  .slice(1)
  .map((section) => section.split(/^## /m, 1).join());
const examples = blocks.filter(({ path }) => /(?<!conditions)\.json$/.test(path));

describe('the worked examples of docs/rules.md', () => {
  let root: string;
  let folder: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'porteiro-examples-'));
    folder = join(root, 'rules');
    mkdirSync(folder);
    // What they set aside has to be there.
    const lifted = ['quiet-hours', 'quiet-hours-refused'];
    const shipped = shippedFiles.filter(({ path }) => {
      return lifted.some((name) => path.startsWith(`rules/${name}.`));
    });
    for (const { path, text } of [...shipped, ...blocks]) writeFileSync(join(root, path), text);
  });
  after(() => rmSync(root, { recursive: true }));

  it('are ten, each with a rule and its cases', () => {
    expect(sections.map((section) => Number.parseInt(section, 10))).to.deep.equal([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
    for (const section of sections) {
      const [title = ''] = section.split('\n');
      const [, rule] = /^```json rules\/((?!conditions)[^.]+)\.json$/m.exec(section) ?? [];
      expect(rule, title).to.be.a('string');
      expect(section, title).to.include(`\`\`\`yaml rules/${rule}.cases.yaml\n`);
    }
  });

  it('pass their cases as porteiro rules test runs them', async () => {
    const rules = await loadRules(folder);
    const run = await runCases({ ...rules, folder }, await loadCases(folder));
    expect([run.failed, run.complaints]).to.deep.equal([[], []]);
    const names = run.counts.map(({ rule }) => rule);
    for (const { path } of examples) {
      expect(names).to.include(path.slice('rules/'.length, -'.json'.length));
    }
  });

  it('pass them on json-rules-engine too, with a case for every fact', async () => {
    const { rules } = await loadRules(folder);
    const { cases } = await loadCases(folder);
    for (const rule of rules) {
      const own = cases.filter((each) => each.rule === rule.name);
      const core = libraryCore([rule]);
      for (const each of own) expect(await judgeCase(each, core), each.name).to.equal(null);
      expect(
        own.some(({ fires }) => fires),
        rule.name,
      ).to.equal(true);
      expect(own.some(({ fires, missing }) => !fires && missing.length === 0)).to.equal(true);
      const missing = [...new Set(own.flatMap((each) => each.missing))];
      expect(missing.toSorted(), rule.name).to.deep.equal(factsOf(rule).toSorted());
    }
  });

  it('show every effect but one, a name, a path, a priority and a fact against a fact', () => {
    const { rules } = readRules(
      [...blocks, ...shippedFiles].filter(({ path }) => path.endsWith('.json')),
    );
    const shown = rules.filter(({ name }) =>
      examples.some(({ path }) => path.endsWith(`/${name}.json`)),
    );
    const used = new Set(shown.map(({ rule }) => rule.event.type));
    // The gate strips what a purpose does not list by itself: an owner has no use for the effect.
    expect(effects.filter((effect) => !used.has(effect))).to.deep.equal(['defer', 'strip']);
    const text = JSON.stringify(shown);
    for (const part of ['"condition":', '"path":', '"priority":', '"value":{"fact":', '"not":']) {
      expect(text).to.include(part);
    }
  });

  it('stand beside the shipped rules with nothing found of them', async () => {
    const { rules, complaints } = readRules(
      [...blocks, ...shippedFiles].filter(({ path }) => path.endsWith('.json')),
    );
    expect(complaints).to.deep.equal([]);
    expect(rules.length).to.equal(shippedRules.length + 10);
    expect(ruleFindings(rules)).to.deep.equal([]);
    expect(await ruleCore(rules).find(quietFacts)).to.deep.equal([]);
  });
});
