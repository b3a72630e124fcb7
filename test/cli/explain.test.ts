/** `porteiro rules explain`, as a DPO calls it beside a server, or with files of its answers. */
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { issueToken } from '../../src/cli/token.ts';
import type * as Explanation from '../../src/operations/explanations/decision-explanation.ts';
import { type Started, startProcess } from '../main/server-process.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const absentId = 'dec_0192f0c4-5555-7aaa-8bbb-0123456789ab';
const headPattern = /^decisão dec_\S+: negada, \S+\nsend, finalidade promocoes, canal email\n/;

interface Ended {
  readonly status: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

describe('porteiro rules explain', function () {
  this.timeout(60_000);
  let folder: string;
  let server: Started;
  let decision: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-explain-'));
    server = await startProcess({ PORTEIRO_DATA: folder });
    const answer = await asked('/v1/decisions', {
      method: 'POST',
      body: JSON.stringify({
        subject: { type: 'email', value: 'clara@example.com' },
        action: 'send',
        purpose: 'promocoes',
        channel: 'email',
      }),
    });
    decision = String(answer['id']);
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  async function asked(path: string, init: RequestInit = {}): Promise<Record<string, unknown>> {
    const scope = ['decisions:write', 'audit:read'] as const;
    const token = issueToken({ client: 'test', scope, expires: 600 }, { PORTEIRO_DATA: folder });
    if (typeof token !== 'string') throw new Error(token.join(' '));
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': 'explained',
    };
    const response = await fetch(`${server.url}${path}`, { ...init, headers });
    expect(response.status).to.equal(200);
    return (await response.json()) as Record<string, unknown>;
  }

  function explain(words: readonly string[], more: Record<string, string> = {}): Promise<Ended> {
    const port = new URL(server.url).port;
    const env = { PATH: process.env['PATH'], PORTEIRO_DATA: folder, PORTEIRO_PORT: port, ...more };
    return new Promise((resolve) => {
      const command = ['--import', 'tsx/esm', main, 'rules', 'explain', ...words];
      execFile(process.execPath, command, { env }, (error, stdout, stderr) => {
        resolve({ status: error?.code ?? 0, stdout, stderr });
      });
    });
  }

  function file(name: string, value: unknown): string {
    const path = join(folder, name);
    writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
    return path;
  }

  it('tells the rules that fired, in Portuguese unless asked otherwise', async () => {
    const { status, stdout, stderr } = await explain([decision]);
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
    expect(stdout).to.match(headPattern);
    expect(stdout).to.include('withdrawn (nega, LGPD art. 8, §5; art. 18, IX): disparou\n');
    expect(stdout).to.not.include('não disparou');
    const english = await explain([decision, '--lang', 'en', '--all']);
    expect(english.stdout).to.include('withdrawn (denies, LGPD art. 8, §5; art. 18, IX): fired\n');
    expect(english.stdout).to.match(/pause \(defers, [^)]*\): did not fire\n/);
  });

  it('prints every rule as JSON', async () => {
    const { status, stdout } = await explain([decision, '--json']);
    expect(status).to.equal(0);
    const told = JSON.parse(stdout) as Explanation.DecisionExplanation;
    expect([told.id, told.outcome, told.agrees]).to.deep.equal([decision, 'deny', true]);
    expect(told.rules.find(({ rule }) => rule === 'withdrawn')).to.deep.include({
      fired: true,
      standing: 'told',
    });
  });

  it('reads what the server answered from files, and needs no server then', async () => {
    const record = await asked(`/v1/decisions/${decision}`);
    const set = await asked(`/v1/policy-sets/${String(record['policySet'])}`);
    const files = ['--record', file('record.json', record), '--set', file('set.json', set)];
    const told = await explain(files, { PORTEIRO_PORT: '9' });
    expect(told).to.include({ status: 0, stderr: '' });
    expect(told.stdout).to.equal((await explain([decision])).stdout);
    const other = await explain([absentId, ...files]);
    expect(other).to.deep.include({ status: 1, stderr: `The record is that of ${decision}.\n` });
    const rules = (set['files'] as { readonly rules: readonly object[] }).rules.slice(2);
    const torn = file('torn.json', { ...set, files: { policies: [], rules } });
    const refused = await explain(['--record', file('record.json', record), '--set', torn]);
    expect(refused.status).to.equal(1);
    expect(refused.stderr).to.include('not the rules that decided');
  });

  it('says what a file lacks to be an answer', async () => {
    const wrong = await explain(['--record', file('wrong.json', { id: decision })]);
    expect(wrong.status).to.equal(1);
    expect(wrong.stderr).to.match(/wrong\.json holds no answer of getDecision: /);
    const torn = await explain(['--record', file('half.json', '{"id": ')]);
    expect(torn.stderr).to.include('holds no JSON');
    expect((await explain(['--record', join(folder, 'none.json')])).stderr).to.include('ENOENT');
  });

  it('says so where the decision or its set is not there, or the keys are others', async () => {
    const absent = await explain([absentId]);
    expect(absent).to.include({ status: 1, stdout: '' });
    expect(absent.stderr).to.match(/^decision-unknown: /);
    const record = await asked(`/v1/decisions/${decision}`);
    const policySet = `sha256:${'0'.repeat(64)}`;
    const older = await explain(['--record', file('older.json', { ...record, policySet })]);
    expect(older.status).to.equal(1);
    expect(older.stderr).to.equal(
      `The files of ${policySet}, which decided, are not on file: give them by --set.\n`,
    );
    const strange = await explain([decision], { PORTEIRO_DATA: join(folder, 'other') });
    expect(strange.status).to.equal(1);
    expect(strange.stderr).to.match(/^token-invalid: /);
  });

  it('says so where nobody answers, and ends with 2 where it is called wrongly', async () => {
    const silent = await explain([decision], { PORTEIRO_PORT: '9' });
    expect(silent).to.include({ status: 1, stdout: '' });
    expect(silent.stderr).to.match(/ECONNREFUSED.*Is the server running/);
    for (const words of [
      [],
      ['dec_1'],
      [decision, '--lang', 'de'],
      [decision, '--candidate', '20'],
    ]) {
      expect((await explain(words)).status, words.join(' ')).to.equal(2);
    }
  });
});
