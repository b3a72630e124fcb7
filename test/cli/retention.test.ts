/** `porteiro retention run`, as a person calls it beside a running server. */
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { components } from '../../src/operations/wire.ts';
import { type Started, startProcess } from '../main/server-process.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

interface Ended {
  readonly status: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

describe('porteiro retention run', function () {
  this.timeout(60_000);
  let folder: string;
  let server: Started;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-retention-'));
    // With the sample cast, so that there is somebody to look at.
    server = await startProcess({ PORTEIRO_DATA: folder }, []);
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  function run(args: readonly string[], port = new URL(server.url).port): Promise<Ended> {
    const env = { PATH: process.env['PATH'], PORTEIRO_DATA: folder, PORTEIRO_PORT: port };
    const line = ['--import', 'tsx/esm', main, 'retention', 'run', ...args];
    return new Promise((resolve) => {
      execFile(process.execPath, line, { env }, (error, stdout, stderr) =>
        resolve({ status: error === null ? 0 : error.code, stdout, stderr }),
      );
    });
  }

  it('says in a dry run what would go, and then erases and certifies', async () => {
    const tried = await run(['--client', 'dpo', '--dry-run']);
    expect(tried.status, tried.stderr).to.equal(0);
    expect(tried.stdout).to.match(
      /^rtr_\S+ done: 0 records would be erased, of 3 people looked at/,
    );
    expect(tried.stdout).not.to.include('certificate');
    const ended = await run(['--client', 'dpo', '--json']);
    expect(ended.status, ended.stderr).to.equal(0);
    const done = JSON.parse(ended.stdout) as components['schemas']['RetentionRun'];
    expect(done).to.include({ state: 'done', client: 'dpo', dryRun: false });
    expect(done.certificate?.record.run).to.equal(done.id);
  });

  it('ends with 1 where no server answers, and with 2 without a client', async () => {
    const silent = await run(['--client', 'dpo'], '1');
    expect(silent.status).to.equal(1);
    expect(silent.stderr).to.include('127.0.0.1:1');
    expect((await run([])).status).to.equal(2);
  });
});
