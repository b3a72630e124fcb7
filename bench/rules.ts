/**
 * The rule core against json-rules-engine on the shipped rules: `node --import tsx/esm
 * bench/rules.ts`. Rounds of both alternate in one run, so that whatever else the machine does
 * falls on both. The library is helped where it can be: one Engine for all runs, and only the facts
 * that the rules name, because it hashes every fact that it is given.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Facts } from '../src/domain/fact-catalogue.ts';
import type { Finding, Rule } from '../src/domain/rule.ts';
import { compiledCore } from '../src/rules/compiled-core.ts';
import { libraryCore } from '../src/rules/library-core.ts';
import { readRules } from '../src/rules/rule-file.ts';
import { factsNear } from '../test/rules/generated.ts';
import { Dice } from '../test/rules/random.ts';

/** One line of the table that `npm run bench` prints. */
export interface BenchRow {
  readonly what: string;
  readonly peer: string;
  readonly unit: string;
  /** Medians over the rounds. */
  readonly ours: number;
  readonly theirs: number;
  /** How many times faster ours is. */
  readonly ratio: number;
  readonly target: number;
  readonly disagreements: number;
}

const rounds = 15;
const factCount = 200;
/** Ours goes over the facts so often in a round that the clock can see it. */
const passes = 50;
const ratioTarget = 100;

function shippedRules(): readonly Rule[] {
  const folder = new URL('../rules/', import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const texts = names.map((path) => ({ path, text: readFileSync(new URL(path, folder), 'utf8') }));
  return readRules(texts).rules;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function told(found: readonly Finding[]): string {
  return found.map(({ rule, effect }) => `${effect} ${rule}`).join();
}

type Find = (facts: Facts) => readonly Finding[] | Promise<readonly Finding[]>;

async function disagreementsOf(ours: Find, theirs: Find, all: readonly Facts[]): Promise<number> {
  let disagreements = 0;
  for (const facts of all) {
    if (told(await ours(facts)) !== told(await theirs(facts))) disagreements += 1;
  }
  return disagreements;
}

export async function benchRules(): Promise<BenchRow> {
  const rules = shippedRules();
  const compiled = compiledCore(rules);
  const library = libraryCore(rules);
  const dice = new Dice(20_261_124);
  const make = factsNear(rules, 0);
  const all = dice.times(factCount, () => make(dice));
  const disagreements = await disagreementsOf(compiled.find, library.find, all);
  const ours: number[] = [];
  const theirs: number[] = [];
  let fired = 0;
  for (let round = 0; round < rounds; round += 1) {
    let startedAt = performance.now();
    for (let pass = 0; pass < passes; pass += 1) {
      for (const facts of all) fired += compiled.find(facts).length;
    }
    ours.push(((performance.now() - startedAt) * 1000) / (factCount * passes));
    startedAt = performance.now();
    for (const facts of all) fired -= passes * (await library.find(facts)).length;
    theirs.push(((performance.now() - startedAt) * 1000) / factCount);
  }
  return {
    what: `rule core, ${rules.length} rules`,
    peer: 'json-rules-engine',
    unit: 'µs a decision',
    ours: median(ours),
    theirs: median(theirs),
    ratio: median(theirs) / median(ours),
    target: ratioTarget,
    disagreements: disagreements + Math.abs(fired),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const row = await benchRules();
  console.log(`${row.what}, ${row.unit}, median of ${rounds} interleaved rounds`);
  console.log(`porteiro           ${row.ours.toFixed(2)}`);
  console.log(`${row.peer}  ${row.theirs.toFixed(2)}`);
  console.log(`ratio              ${row.ratio.toFixed(0)} (target ${row.target})`);
  console.log(`disagreements      ${row.disagreements}`);
  if (row.ratio < row.target || row.disagreements > 0) process.exitCode = 1;
}
