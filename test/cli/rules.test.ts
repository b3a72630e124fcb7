/** `porteiro rules test`, as an owner calls it on the shipped rules and on rules of its own. */
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CaseRun } from '../../src/rules/case-run.ts';
import { shippedCases, shippedRules } from '../rules/shipped.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const shipped = fileURLToPath(new URL('../../rules', import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function rulesTest(words: readonly string[], environment: Record<string, string> = {}): Ended {
  return spawnSync(process.execPath, ['--import', 'tsx/esm', main, 'rules', 'test', ...words], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...environment },
  });
}

describe('porteiro rules test', function () {
  this.timeout(20_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'porteiro-rules-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function copy(...names: readonly string[]): void {
    for (const name of names) cpSync(join(shipped, name), join(folder, name));
  }

  function edit(name: string, from: string, to: string): void {
    const path = join(folder, name);
    const text = readFileSync(path, 'utf8');
    expect(text).to.include(from);
    writeFileSync(path, text.replace(from, to));
  }

  it('runs every case of the shipped rules', () => {
    const { status, stdout, stderr } = rulesTest([]);
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
    const cases = shippedCases.cases.length;
    expect(stdout.trim().split('\n').at(-1)).to.equal(
      `${shippedRules.length} rules, ${cases} cases: ${cases} passed, 0 failed`,
    );
  });

  it('says where a case is wrong, and what each condition made of its facts', () => {
    copy('pause.json', 'pause.cases.yaml');
    edit('pause.cases.yaml', 'fires: true', 'fires: false');
    const { status, stdout } = rulesTest([folder]);
    expect(status).to.equal(1);
    expect(stdout).to.match(
      /pause\.cases\.yaml:1:3 .* The rule fired\. \(expected: fires: false\)/,
    );
    expect(stdout).to.include('holds  pause.active equal true; it is true');
    expect(stdout).to.match(/1 rules, \d+ cases: \d+ passed, 1 failed/);
  });

  it('takes the folder of the settings, and prints JSON where asked', () => {
    copy('pause.json', 'pause.cases.yaml');
    const { status, stdout } = rulesTest(['--json'], { PORTEIRO_RULES: folder });
    const run = JSON.parse(stdout) as CaseRun;
    expect(status).to.equal(0);
    expect(run.counts.map(({ rule }) => rule)).to.deep.equal(['pause']);
    expect([run.failed, run.complaints]).to.deep.equal([[], []]);
  });

  it('complains of a rule without a case, of cases without a rule and of no folder', () => {
    copy('pause.json', 'blocked.cases.yaml');
    const { status, stdout } = rulesTest([folder]);
    expect(status).to.equal(1);
    expect(stdout).to.include('pause.json:1:1 a rule without a case');
    expect(stdout).to.include('blocked.cases.yaml:1:1 cases of a rule that is not there');
    const absent = rulesTest([join(folder, 'absent')]);
    expect(absent.status).to.equal(1);
    expect(absent.stdout.match(/cannot be read/g)).to.have.length(1);
  });
});
