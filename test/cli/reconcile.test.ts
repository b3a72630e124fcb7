/** `porteiro reconcile`, as a person calls it beside a running server with the sample cast. */
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Started, startProcess } from '../main/server-process.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

interface Ended {
  readonly status: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

describe('porteiro reconcile', function () {
  this.timeout(30_000);
  let folder: string;
  let server: Started;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-reconcile-'));
    server = await startProcess({ PORTEIRO_DATA: folder }, []);
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  function porteiro(words: readonly string[], port = new URL(server.url).port): Promise<Ended> {
    const env = { PATH: process.env['PATH'], PORTEIRO_DATA: folder, PORTEIRO_PORT: port };
    return new Promise((resolve) => {
      const command = ['--import', 'tsx/esm', main, 'reconcile', '--client', 'dpo', ...words];
      execFile(process.execPath, command, { env }, (error, stdout, stderr) => {
        resolve({ status: error?.code ?? 0, stdout, stderr });
      });
    });
  }

  function file(name: string, lines: readonly string[]): string {
    const path = join(folder, name);
    writeFileSync(path, lines.join('\n'));
    return path;
  }

  async function allowed(): Promise<{ readonly id: string; readonly permit: string }> {
    const subject = { type: 'email', value: 'ana@example.com' };
    const act = { action: 'send', purpose: 'pedidos', channel: 'email', permit: true };
    const answer = await fetch(`${server.url}/v1/decisions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ subject, ...act }),
    });
    return (await answer.json()) as { id: string; permit: string };
  }

  it('ends with 0 where every send was permitted, and names the record', async () => {
    const { permit } = await allowed();
    const at = new Date().toISOString();
    const { status, stdout, stderr } = await porteiro([
      file('clean.csv', ['at;permit;message', `${at};${permit};m-1`]),
    ]);
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
    expect(stdout).to.match(
      /^1 rows: 1 matched, 0 without a decision .*\nrecorded as rcn_[\w-]+\n$/,
    );
  });

  it('ends with 1 where something was found, and says what in each line', async () => {
    const { id, permit } = await allowed();
    const at = new Date().toISOString();
    const late = new Date(Date.now() - 3_600_000).toISOString();
    const rows = [
      { at, decision: id, message: 'a' },
      { at, decision: id, message: 'b', channel: 'sms' },
      { at: late, permit, message: 'c' },
      { at, subject: { type: 'email', value: 'nobody@example.com' }, channel: 'email' },
    ];
    const lines = [...rows.map((row) => JSON.stringify(row)), '{"at":'];
    const { status, stdout, stderr } = await porteiro([file('found.ndjson', lines)]);
    expect(status).to.equal(1);
    expect(stderr).to.match(/^line 5: malformed-json: /);
    expect(stdout).to.match(/^line 2 \(\S+ dec_\S+ b\): other-act: channel; twice: first at /m);
    expect(stdout).to.match(/^line 3 .*: outside-permit: permit from \S+ to \S+; twice: /m);
    expect(stdout).to.match(/^line 4 \(\S+\): without-decision: unknown-person$/m);
    expect(stdout).to.match(/^5 rows: 3 matched, 1 without a decision \(1 of people/m);
    expect(stdout).to.match(/2 twice, 1 of another act, 0 reported as not sent, 1 unread/);
  });

  it('says so where the file is refused as a whole, or there is no server', async () => {
    const refused = await porteiro([file('bad.csv', ['when;message', 'x;y'])]);
    expect(refused).to.include({ status: 1, stdout: '' });
    expect(refused.stderr).to.match(/^invalid-request: .*\/columns\/at/);
    const unanswered = await porteiro([file('none.ndjson', [])], '9');
    expect(unanswered).to.include({ status: 1 });
    expect(unanswered.stderr).to.include('ECONNREFUSED');
  });
});
