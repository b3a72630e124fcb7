/** `porteiro replay`, as a person calls it beside a running server. */
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { issueToken } from '../../src/cli/token.ts';
import type { components } from '../../src/operations/wire.ts';
import { type Started, startProcess } from '../main/server-process.ts';
import { edited } from '../operations/policy-sets/files.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** News of orders, which rest on a contract, are off. */
const ordersOff = edited({
  'purposes/pedidos.yaml': (text) => text.replace(/^version: \d+$/m, '$&\nactive: false'),
});

interface Ended {
  readonly status: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

describe('porteiro replay', function () {
  this.timeout(60_000);
  let folder: string;
  let server: Started;
  let digest: string;
  const from = ['--client', 'dpo', '--from', '2026-01-01T00:00:00-03:00'];

  async function send(method: string, path: string, body: object): Promise<object> {
    const scope = ['policies:write', 'decisions:write', 'consents:write'] as const;
    const token = issueToken({ client: 'dpo', scope, expires: 600 }, { PORTEIRO_DATA: folder });
    const headers = {
      authorization: `Bearer ${String(token)}`,
      'content-type': 'application/json',
    };
    const sent = { method, headers, body: JSON.stringify(body) };
    const response = await fetch(new URL(path, server.url), sent);
    expect(response.status, await response.clone().text()).to.equal(200);
    return (await response.json()) as object;
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-replay-'));
    // With the sample cast, so that there is somebody to decide on.
    server = await startProcess({ PORTEIRO_DATA: folder }, []);
    const put = await send('PUT', '/v1/policy-sets', ordersOff);
    ({ digest } = put as components['schemas']['PolicySetFiled']);
    const subject = { type: 'email', value: 'ana@example.com' };
    const act = { subject, action: 'send', purpose: 'pedidos', channel: 'email' };
    for (let each = 0; each < 3; each += 1) await send('POST', '/v1/decisions', act);
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  function porteiro(words: readonly string[], port = new URL(server.url).port): Promise<Ended> {
    const env = { PATH: process.env['PATH'], PORTEIRO_DATA: folder, PORTEIRO_PORT: port };
    return new Promise((resolve) => {
      const command = ['--import', 'tsx/esm', main, 'replay', ...words];
      execFile(process.execPath, command, { env }, (error, stdout, stderr) => {
        resolve({ status: error?.code ?? 0, stdout, stderr });
      });
    });
  }

  it('says what changes', async () => {
    const { status, stdout, stderr } = await porteiro([digest, ...from]);
    expect(status, stderr).to.equal(0);
    expect(stderr).to.match(/^\d+ %: \d+ decisions, \d+ change$/m);
    expect(stdout).to.match(/^rep_[0-9a-f-]{36} done: 3 of 3 decisions change, for 1 people\n/);
    expect(stdout).to.include('\n  allow -> deny  3\nby rule\n  purpose-declared fires  3\n');
    expect(stdout).to.match(/\nfor example\n(?: {2}dec_[0-9a-f-]{36} {2}allow -> deny\n){3}$/);
  });

  it('prints what was found as JSON', async () => {
    const { status, stdout } = await porteiro([digest, ...from, '--json', '--channel', 'email']);
    expect(status).to.equal(0);
    const replay = JSON.parse(stdout) as components['schemas']['Replay'];
    expect(replay).to.deep.include({ policySet: digest, state: 'done', channels: ['email'] });
    expect(replay.comparison).to.include({ compared: 3, changed: 3 });
    const { stdout: none } = await porteiro([digest, ...from, '--purpose', 'promocoes']);
    expect(none).to.match(/ done: 0 of 0 decisions change/);
  });

  it('ends with 1 where it is refused or nobody answers, and with 2 by wrong usage', async () => {
    const unknown = await porteiro([`sha256:${'0'.repeat(64)}`, ...from]);
    expect(unknown).to.include({ status: 1, stdout: '' });
    expect(unknown.stderr).to.match(/^policy-set-unknown: /);
    const unanswered = await porteiro([digest, ...from], '9');
    expect(unanswered).to.include({ status: 1 });
    expect(unanswered.stderr).to.include('ECONNREFUSED');
    expect(await porteiro([digest, '--client', 'dpo', '--from', 'ontem'])).to.include({
      status: 2,
    });
    expect(await porteiro([digest])).to.include({ status: 2 });
  });
});
