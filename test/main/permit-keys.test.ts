/** Keys of permits are rotated under a running server; a broken file takes none of them away. */
import { expect } from 'chai';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import jwt from 'jsonwebtoken';
import { type Started, startProcess } from './server-process.ts';

interface KeyFile {
  readonly signWith: string;
  readonly keys: readonly object[];
}

const looksMax = 200;
const lookEveryMs = 100;

describe('the permit key file of a running server', function () {
  this.timeout(60_000);
  let folder: string;
  let path: string;
  let server: Started;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-permits-'));
    path = join(folder, 'keys', 'permit-keys.json');
    server = await startProcess({ PORTEIRO_DATA: folder }, []);
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  function put(text: string): void {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  }

  async function published(): Promise<readonly string[]> {
    const answer = await fetch(`${server.url}/.well-known/jwks.json`);
    const { keys } = (await answer.json()) as {
      readonly keys: readonly { readonly kid: string }[];
    };
    return keys.map(({ kid }) => kid);
  }

  async function signer(): Promise<string | undefined> {
    const subject = { type: 'email', value: 'ana@example.com' };
    const act = { action: 'send', purpose: 'pedidos', channel: 'email', permit: true };
    const headers = { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ subject, ...act });
    const answer = await fetch(`${server.url}/v1/decisions`, { method: 'POST', headers, body });
    const { permit } = (await answer.json()) as { readonly permit: string };
    return jwt.decode(permit, { complete: true })?.header.kid;
  }

  async function until(isThere: () => Promise<boolean>): Promise<void> {
    for (let look = 0; look < looksMax; look += 1) {
      if (await isThere()) return;
      await delay(lookEveryMs);
    }
    throw new Error('it never came');
  }

  it('brings a key that is added and named; a file that does not read takes none', async () => {
    const file = JSON.parse(readFileSync(path, 'utf8')) as KeyFile;
    const first = file.signWith;
    expect(await signer()).to.equal(first);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const keys = [...file.keys, { kid: 'permit-next', privateKey: pem }];
    put(JSON.stringify({ ...file, keys }));
    await until(async () => (await published()).length === 2);
    expect(await signer()).to.equal(first);
    put(JSON.stringify({ ...file, keys, signWith: 'permit-next' }));
    await until(async () => (await signer()) === 'permit-next');
    put('{"version": 1, "signWith": "permit-next"');
    await until(async () => server.logged().includes('not taken'));
    expect(await published()).to.deep.equal([first, 'permit-next']);
    expect(await signer()).to.equal('permit-next');
    const { stderr } = await server.stop();
    const said = stderr
      .trim()
      .split('\n')
      .map(
        (line) => JSON.parse(line) as { readonly message: string; readonly complaints?: string[] },
      )
      .filter(({ message }) => message.startsWith('permit keys'));
    expect(said.map(({ message }) => message)).to.deep.equal([
      'permit keys taken',
      'permit keys taken',
      'permit keys not taken, the earlier ones go on',
    ]);
    expect(said.at(-1)?.complaints).to.deep.equal([`${path} is not JSON`]);
  });
});
