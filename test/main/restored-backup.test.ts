/** A backup from before an erasure: whoever was erased since is erased again before any answer. */
import { DatabaseSync } from '@photostructure/sqlite';
import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueToken } from '../../src/cli/token.ts';
import type { Scope } from '../../src/operations/operation.ts';
import { porteiro } from './porteiro.ts';
import { type Settings, type Started, startProcess } from './server-process.ts';

const clara = { type: 'email', value: 'clara@example.com' };
const demand = { reason: 'erase-consented', actor: { kind: 'subject' }, reference: '2026/7' };
const scope: readonly Scope[] = ['subjects:read', 'rights:write', 'decisions:write'];

interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

describe('a restored backup', function () {
  this.timeout(120_000);
  let data: string;
  let token: string;
  beforeEach(() => (data = mkdtempSync(join(tmpdir(), 'porteiro-restored-'))));
  afterEach(() => rmSync(data, { recursive: true }));

  async function ask(server: Started, path: string, body?: object): Promise<Answered> {
    const response = await fetch(server.url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Answered['body'] };
  }

  function settings(more: Settings = {}): Settings {
    return { PORTEIRO_DATA: data, ...more };
  }

  function restore(backup: string, path: string): void {
    const told = porteiro(['restore', backup], settings({ PORTEIRO_STORE: `sqlite:${path}` }));
    expect(told.status, told.stdout + told.stderr).to.equal(0);
  }

  it('is erased again by the log beside the keys, and by nothing without it', async () => {
    const copy = join(data, 'copy.sqlite');
    const live = await startProcess(settings());
    token = String(issueToken({ client: 'desk', scope, expires: 600 }, settings()));
    const found = await ask(live, '/v1/subjects/lookup', { subject: clara });
    const id = String(found.body['id']);
    const made = porteiro(['backup', copy], settings());
    expect(made.status, made.stderr).to.equal(0);
    const key = wrappedKeyIn(copy, id);
    const erased = await ask(live, `/v1/subjects/${id}/erasure`, demand);
    expect(erased.status, JSON.stringify(erased.body)).to.equal(200);
    expect((await live.stop()).code).to.equal(0);

    // The log is all that knows: where it is lost, so is the promise.
    const second = join(data, 'second.sqlite');
    restore(copy, second);
    const forgetful = await startProcess(
      settings({
        PORTEIRO_STORE: `sqlite:${second}`,
        PORTEIRO_ERASURE_LOG_FILE: join(data, 'empty.ndjson'),
      }),
    );
    expect((await ask(forgetful, `/v1/subjects/${id}`)).status).to.equal(200);
    await forgetful.stop();

    const first = join(data, 'first.sqlite');
    restore(copy, first);
    const restored = await startProcess(settings({ PORTEIRO_STORE: `sqlite:${first}` }));
    const gone = await ask(restored, `/v1/subjects/${id}`);
    expect([gone.status, gone.body['code']]).to.deep.equal([410, 'subject-erased']);
    const told = await ask(restored, `/v1/subjects/${id}/erasure`);
    expect(told.body).to.include({ id: erased.body['id'], state: 'erased', client: 'desk' });
    const act = { subject: clara, action: 'send', purpose: 'promocoes', channel: 'email' };
    expect((await ask(restored, '/v1/decisions', act)).body).to.include({ outcome: 'deny' });
    const ended = await restored.stop();
    expect(ended.stderr).to.include('"message":"people erased again, whom a backup had"');
    expect(readFileSync(first).includes(key), 'her key in the restored file').to.equal(false);
    expect(readFileSync(second).includes(key), 'her key where nobody knew').to.equal(true);

    const later = await startProcess(settings({ PORTEIRO_STORE: `sqlite:${first}` }));
    expect((await later.stop()).stderr).not.to.include('erased again');
  });
});

function wrappedKeyIn(path: string, id: string): string {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const statement = database.prepare('SELECT body FROM subjects WHERE id = ?');
    const { body } = statement.get(id) as { readonly body: string };
    return (JSON.parse(body) as { readonly key: string }).key;
  } finally {
    database.close();
  }
}
