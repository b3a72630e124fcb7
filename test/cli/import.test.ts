/** `porteiro import`, as a person calls it beside a running server. */
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Started, startProcess } from '../main/server-process.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const header = 'subject.type;subject.value;event;purpose;channels;occurredAt';
const row = 'email;ana@example.com;withdrawn;promocoes;email|whatsapp;2021-03-01T09:30:00-03:00';
const unfit = 'phone;(11) 8765-4321;withdrawn;promocoes;whatsapp;2021-03-02T10:00:00-03:00';

interface Ended {
  readonly status: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

describe('porteiro import', function () {
  this.timeout(30_000);
  let folder: string;
  let server: Started;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-import-'));
    server = await startProcess({ PORTEIRO_DATA: folder }, ['--empty']);
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  function porteiro(words: readonly string[], port = new URL(server.url).port): Promise<Ended> {
    const env = { PATH: process.env['PATH'], PORTEIRO_DATA: folder, PORTEIRO_PORT: port };
    return new Promise((resolve) => {
      const command = ['--import', 'tsx/esm', main, 'import', ...words];
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

  it('tells what was refused, and ends with 1', async () => {
    const path = file('consents.csv', [header, row, unfit]);
    const { status, stdout, stderr } = await porteiro(['--client', 'crm', path]);
    expect(stdout).to.equal('2 rows: 1 recorded, 0 repeated, 1 rejected\n');
    expect(stderr).to.match(/^line 3: identifier-invalid: .*\/subject\/value/);
    expect(status).to.equal(1);
  });

  it('ends with 0 where every row is on record, as often as it is called', async () => {
    const path = file('mended.csv', [header, row]);
    expect(await porteiro(['--client', 'crm', path])).to.deep.equal({
      status: 0,
      stdout: '1 rows: 0 recorded, 1 repeated, 0 rejected\n',
      stderr: '',
    });
  });

  it('tells a file that is refused as a whole', async () => {
    const { status, stdout, stderr } = await porteiro(['--client', 'crm', file('bad.csv', [row])]);
    expect({ status, stdout }).to.deep.equal({ status: 1, stdout: '' });
    expect(stderr).to.match(/^invalid-request: .*\/columns\/occurredAt/);
  });

  it('tells why an import ended before the file', async () => {
    const path = file('quotes.csv', [header, row, `"${row}`]);
    const { status, stderr } = await porteiro(['--client', 'crm', path]);
    expect(status).to.equal(1);
    expect(stderr).to.match(/^malformed-csv: /);
  });

  it('says so where there is no file, no server, or no client', async () => {
    const absent = await porteiro(['--client', 'crm', join(folder, 'none.ndjson')]);
    expect(absent).to.include({ status: 1 });
    expect(absent.stderr).to.include('ENOENT');
    const path = file('consents.ndjson', []);
    const unanswered = await porteiro(['--client', 'crm', path], '9');
    expect(unanswered).to.include({ status: 1 });
    expect(unanswered.stderr).to.include('ECONNREFUSED');
    expect(await porteiro([path])).to.include({ status: 2 });
  });
});
