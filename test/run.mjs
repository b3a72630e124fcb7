// `npm test`: runs mocha and ends with the line `N passed, N failed`. Arguments go to mocha, so
// `node test/run.mjs test/house/layers.test.ts` runs one file; `--coverage` runs it under c8.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';

const tallyFile = `.cache/tally-${process.pid}.json`;
const coverage = process.argv.includes('--coverage');
const mochaArguments = process.argv.slice(2).filter((argument) => argument !== '--coverage');

mkdirSync('.cache', { recursive: true });

const run = spawnSync(
  process.execPath,
  [
    ...(coverage ? ['node_modules/c8/bin/c8.js'] : []),
    'node_modules/mocha/bin/mocha.js',
    ...mochaArguments,
  ],
  { stdio: 'inherit', env: { ...process.env, TALLY_FILE: tallyFile } },
);

const tally = existsSync(tallyFile)
  ? JSON.parse(readFileSync(tallyFile, 'utf8'))
  : { passes: 0, failures: 0, skipped: {} };
rmSync(tallyFile, { force: true });
const crashed = run.status !== 0 && tally.failures === 0;
const failures = tally.failures + (crashed ? 1 : 0);
const skippedSuites = Object.entries(tally.skipped);
const skippedTests = skippedSuites.reduce((sum, [, tests]) => sum + tests, 0);

for (const [suite, tests] of skippedSuites) console.log(`skipped: ${suite} (${tests})`);
const counts = [`${tally.passes} passed`, `${failures} failed`];
if (skippedTests > 0) counts.push(`${skippedTests} skipped`);
console.log(counts.join(', '));
process.exitCode = run.status ?? 1;
