/** Messages of local mode, told and kept. */
import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePost } from '../../src/messages/post.ts';

describe('the outbox of local mode', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-outbox-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps each message as a file that its owner alone reads, and tells it', async () => {
    const told: string[] = [];
    const settings = { mode: 'local', dataFolder: folder, mail: null, phoneSender: null } as const;
    const post = makePost(
      settings,
      (text) => told.push(text),
      () => Date.UTC(2026, 10, 24, 14),
    );
    const message = {
      to: 'ana@example.com',
      controller: 'Loja',
      code: '12345678',
      link: 'http://127.0.0.1:8080/portal/link/abc',
      minutes: 15,
      locale: 'pt-BR',
    } as const;
    await post.send({ ...message, kind: 'email' });
    await post.send({ ...message, kind: 'phone', to: '+5511987654321' });
    const files = readdirSync(join(folder, 'outbox')).sort();
    expect(files).to.deep.equal([
      '2026-11-24T14-00-00-000Z-1-email.txt',
      '2026-11-24T14-00-00-000Z-2-phone.txt',
    ]);
    for (const file of files) {
      const path = join(folder, 'outbox', file);
      expect(readFileSync(path, 'utf8')).to.include('1234 5678').and.include(message.link);
      expect(statSync(path).mode & 0o777).to.equal(0o600);
      expect(told.join('')).to.include(path);
    }
  });
});
