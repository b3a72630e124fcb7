/** `porteiro keys` against a running server: a rotation, and a start without the old key. */
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runRefused, type Settings, startProcess } from './server-process.ts';

interface KeyFile {
  current: string;
  master: Record<string, string>;
}

interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function keys(word: string, settings: Settings, url: string): Promise<Said> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx/esm', 'src/cli/main.ts', 'keys', word, '--client', 'operator'],
    {
      cwd: root,
      env: { PATH: process.env['PATH'], PORTEIRO_PORT: new URL(url).port, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 60_000,
    },
  );
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (printed.stdout += String(text)));
  child.stderr.on('data', (text) => (printed.stderr += String(text)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...printed };
}

describe('porteiro keys', function () {
  this.timeout(180_000);
  let data: string;
  let path: string;
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'porteiro-keys-'));
    path = join(data, 'keys', 'master-key.json');
  });
  afterEach(() => rmSync(data, { recursive: true }));

  function change(edit: (file: KeyFile) => void): void {
    const file = JSON.parse(readFileSync(path, 'utf8')) as KeyFile;
    edit(file);
    writeFileSync(`${path}.next`, JSON.stringify(file));
    renameSync(`${path}.next`, path);
  }

  it('rotates while the server runs; then no start needs the old key', async () => {
    const settings = { PORTEIRO_DATA: data };
    const live = await startProcess(settings);
    const { current } = JSON.parse(readFileSync(path, 'utf8')) as KeyFile;
    const first = await keys('status', settings, live.url);
    expect([first.code, first.stdout]).to.deep.equal([
      0,
      `${current}: current, needed by the store\n`,
    ]);
    change((file) => {
      file.master['mk-new'] = randomBytes(32).toString('base64');
      file.current = 'mk-new';
    });
    const rotated = await keys('rotate', settings, live.url);
    expect(rotated.code, rotated.stderr).to.equal(0);
    expect(rotated.stdout).to.include(`${current}: no longer needed\n`);
    expect(rotated.stdout).to.match(
      /rotation to mk-new: finished at .*, [1-9]\d* keys wrapped anew/,
    );
    await live.stop();
    change((file) => delete file.master[current]);
    const later = await startProcess(settings);
    expect((await keys('status', settings, later.url)).stdout).to.match(/^mk-new: current/);
    await later.stop();

    const wrong = { ...settings };
    change((file) => (file.master['mk-new'] = randomBytes(32).toString('base64')));
    const refused = await runRefused(wrong);
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.match(/master-key\.json: The key mk-new is not the one of this name/);
  });

  it('says that nobody answers', async () => {
    const said = await keys('status', { PORTEIRO_DATA: data }, 'http://127.0.0.1:9');
    expect(said.code).to.equal(1);
    expect(said.stderr).to.match(/127\.0\.0\.1:9: .*ECONNREFUSED/);
  });
});
