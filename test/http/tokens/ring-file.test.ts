/** Keys are rotated without a restart, and never lost to a file that does not read. */
import { expect } from 'chai';
import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jwt from 'jsonwebtoken';
import { Problem } from '../../../src/domain/problem.ts';
import type { Detail, Log } from '../../../src/http/log.ts';
import {
  type Authentication,
  makeAuthentication,
} from '../../../src/http/tokens/authentication.ts';
import { KeyRingFault } from '../../../src/http/tokens/key-ring.ts';
import { openRingFile, type RingFile } from '../../../src/http/tokens/ring-file.ts';

const issuer = 'https://id.loja.example';
const secrets: Readonly<Record<string, Buffer>> = {
  old: Buffer.alloc(32, 1),
  new: Buffer.alloc(32, 2),
};

function fileOf(...kids: readonly string[]): string {
  const keys = kids.map((kid) => ({
    kid,
    alg: 'HS256',
    secret: secrets[kid]?.toString('base64url'),
  }));
  return JSON.stringify({ issuer, keys });
}

function tokenOf(kid: string): string {
  const secret = secrets[kid] ?? '';
  const options = { keyid: kid, issuer, audience: 'porteiro', subject: kid } as const;
  return jwt.sign({ scope: 'audit:read' }, secret, { ...options, expiresIn: '1h' });
}

describe('the JWT keys file of a running server', () => {
  let folder: string;
  let path: string;
  let file: RingFile;
  let authentication: Authentication;
  let said: { message: string; details: Readonly<Record<string, Detail>> }[];
  const log: Pick<Log, 'event'> = {
    event: (_level, message, details = {}) => said.push({ message, details }),
  };
  const tokens = { old: tokenOf('old'), new: tokenOf('new') };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-ring-'));
    path = join(folder, 'jwt-keys.json');
    writeFileSync(path, fileOf('old'));
    file = openRingFile(path);
    authentication = makeAuthentication({ ring: () => file.value, now: Date.now });
    said = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Who is let in with the old key, and who with the new one. */
  function letIn(): readonly string[] {
    return Object.values(tokens).map((token) => {
      const identified = authentication.identify(`Bearer ${token}`);
      return identified instanceof Problem ? identified.code : identified.id;
    });
  }

  it('takes a key that was added, and forgets one that was taken out', async () => {
    expect(letIn()).to.deep.equal(['old', 'token-invalid']);
    writeFileSync(path, fileOf('old', 'new'));
    await file.look(log);
    expect(letIn()).to.deep.equal(['old', 'new']);
    writeFileSync(path, fileOf('new'));
    await file.look(log);
    // It was let in before, so it was remembered.
    expect(letIn()).to.deep.equal(['token-invalid', 'new']);
    expect(said.map(({ details }) => details)).to.deep.equal([
      { keys: ['old', 'new'] },
      { keys: ['new'] },
    ]);
  });

  it('takes another file in its place, of the same length and time', async () => {
    const draft = join(folder, 'draft.json');
    writeFileSync(draft, fileOf('new'));
    const then = new Date(1_700_000_000_000);
    utimesSync(path, then, then);
    file = openRingFile(path);
    utimesSync(draft, then, then);
    renameSync(draft, path);
    await file.look(log);
    expect(letIn()).to.deep.equal(['token-invalid', 'new']);
  });

  for (const [name, harm] of [
    ['is torn', (): void => writeFileSync(path, fileOf('new').slice(0, -9))],
    ['holds no key', (): void => writeFileSync(path, fileOf())],
    ['is gone', (): void => rmSync(path)],
  ] as const) {
    it(`goes on with the keys it has where the file ${name}, and says so once`, async () => {
      harm();
      await file.look(log);
      await file.look(log);
      expect(letIn()).to.deep.equal(['old', 'token-invalid']);
      expect(said).to.have.length(1);
      expect(said[0]?.message).to.include('not taken');
      expect(String(said[0]?.details['complaints'])).to.include(path);
      writeFileSync(path, fileOf('new'));
      await file.look(log);
      expect(letIn()).to.deep.equal(['token-invalid', 'new']);
    });
  }

  it('reads nothing and says nothing where nothing changed', async () => {
    const { value } = file;
    await file.look(log);
    expect(file.value).to.equal(value);
    expect(said).to.deep.equal([]);
  });

  it('is refused at the start where it does not read', () => {
    const absent = join(folder, 'absent.json');
    expect(() => openRingFile(absent)).to.throw(KeyRingFault, `${absent} cannot be read (ENOENT)`);
  });
});
