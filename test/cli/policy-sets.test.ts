/** `porteiro policies put`, `list` and `activate`, as a person calls them beside a server. */
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Started, startProcess } from '../main/server-process.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const main = join(root, 'src/cli/main.ts');

interface Ended {
  readonly status: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

describe('porteiro policies, beside a server', function () {
  this.timeout(60_000);
  let folder: string;
  let draft: string;
  let server: Started;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-sets-'));
    draft = join(folder, 'draft');
    for (const part of ['policies', 'rules'])
      cpSync(join(root, part), join(draft, part), { recursive: true });
    server = await startProcess({ PORTEIRO_DATA: join(folder, 'data') });
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  /** What a file of the draft says from now on. */
  function edit(path: string, change: (text: string) => string): void {
    const file = join(draft, path);
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  }

  function porteiro(...words: readonly string[]): Promise<Ended> {
    const env = {
      PATH: process.env['PATH'],
      PORTEIRO_DATA: join(folder, 'data'),
      PORTEIRO_PORT: new URL(server.url).port,
    };
    const command = ['--import', 'tsx/esm', main, 'policies', ...words];
    return new Promise((resolve) => {
      execFile(process.execPath, command, { cwd: root, env }, (error, stdout, stderr) => {
        resolve({ status: error?.code ?? 0, stdout, stderr });
      });
    });
  }

  it('put a draft, put it in force and take it back', async () => {
    edit('policies/exclusions.yaml', (text) => text.replace('for: P7D', 'for: P14D'));
    const put = await porteiro('put', draft, '--client', 'dpo', '--english');
    expect(put.status, put.stderr).to.equal(0);
    expect(put.stdout).to.match(/^Exclusion bought: .*14 days/m);
    const [, digest = ''] = /^(sha256:[0-9a-f]{64}) {2}tested$/m.exec(put.stdout) ?? [];

    const activated = await porteiro('activate', digest, '--client', 'dpo', '--reason', 'Longer.');
    expect(activated.status, activated.stderr).to.equal(0);
    const told = /^(sha256:\w+) {2}in force from \S+, in place of (sha256:\w+)\n$/;
    const [, now, before = ''] = told.exec(activated.stdout) ?? [];
    expect(now).to.equal(digest);

    const listed = await porteiro('list', '--client', 'dpo', '--json');
    const states = (JSON.parse(listed.stdout) as { digest: string; state: string }[]).map(
      (set) => [set.digest, set.state] as const,
    );
    expect(Object.fromEntries(states)).to.deep.equal({
      [digest]: 'active',
      [before]: 'superseded',
    });

    const back = await porteiro('activate', before, '--client', 'dpo', '--reason', 'Not yet.');
    expect(back.status, back.stderr).to.equal(0);
    const shown = await porteiro('list', '--client', 'dpo');
    expect(shown.stdout).to.match(new RegExp(`^${before} {2}active .*put \\S+ by porteiro`, 'm'));
  });

  it('say what is wrong with a draft, before it is sent', async () => {
    edit('policies/caps.yaml', (text) => text.replace('window: rolling', 'window: rollin'));
    const { status, stdout, stderr } = await porteiro('put', draft, '--client', 'dpo');
    expect(status).to.equal(1);
    expect(stdout).to.equal('');
    expect(stderr).to.match(/caps\.yaml:\d+:\d+.*rolling/);
  });

  it('say what the server has against it', async () => {
    const unknown = `sha256:${'0'.repeat(64)}`;
    const refused = await porteiro('activate', unknown, '--client', 'dpo', '--reason', 'Why not.');
    expect(refused.status).to.equal(1);
    expect(refused.stderr).to.match(/^policy-set-absent: /);
    const misused = await porteiro('activate', 'sha256:0', '--client', 'dpo', '--reason', 'Oh.');
    expect(misused.status).to.equal(2);
    expect(misused.stderr).to.include('It must be a digest');
  });
});
