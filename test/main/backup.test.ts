/** The backup that docs/operating.md describes: of a live file, without stopping the server. */
import { DatabaseSync } from '@photostructure/sqlite';
import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Started, startProcess } from './server-process.ts';

async function decide(server: Started): Promise<{ readonly id: string }> {
  const subject = { type: 'email', value: 'clara@example.com' };
  const act = { subject, action: 'send', purpose: 'promocoes', channel: 'email' };
  const response = await fetch(`${server.url}/v1/decisions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(act),
  });
  return (await response.json()) as { id: string };
}

async function why(server: Started, id: string): Promise<number> {
  const headers = { authorization: `Bearer ${server.token}` };
  return (await fetch(`${server.url}/v1/decisions/${id}`, { headers })).status;
}

describe('a backup by VACUUM INTO', function () {
  this.timeout(60_000);
  let data: string;
  beforeEach(() => (data = mkdtempSync(join(tmpdir(), 'porteiro-backup-'))));
  afterEach(() => rmSync(data, { recursive: true }));

  it('holds what was acknowledged before it, and opens with the same keys', async () => {
    const copy = join(data, 'copy.sqlite');
    const live = await startProcess({ PORTEIRO_DATA: data });
    const earlier = await decide(live);
    const reader = new DatabaseSync(join(data, 'porteiro.sqlite'), { readOnly: true });
    reader.exec(`VACUUM INTO '${copy}'`);
    reader.close();
    const later = await decide(live);
    expect((await live.stop()).code).to.equal(0);

    const restored = await startProcess({ PORTEIRO_DATA: data, PORTEIRO_STORE: `sqlite:${copy}` });
    expect(await why(restored, earlier.id)).to.equal(200);
    expect(await why(restored, later.id)).to.equal(404);
    expect(await decide(restored)).to.include({ outcome: 'deny' });
    expect((await restored.stop()).code).to.equal(0);

    const untouched = await startProcess({ PORTEIRO_DATA: data });
    expect(await why(untouched, later.id)).to.equal(200);
    await untouched.stop();
  });
});
