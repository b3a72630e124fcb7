/** The backups that docs/operating.md describes: of a live file, without stopping the server. */
import { DatabaseSync } from '@photostructure/sqlite';
import { expect } from 'chai';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { issueToken } from '../../src/cli/token.ts';
import { porteiro, porteiroBeside } from './porteiro.ts';
import { type Settings, type Started, startProcess } from './server-process.ts';

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

/** Decides, several at a time, until it is told to stop; the ids of what was acknowledged. */
function load(server: Started): () => Promise<readonly string[]> {
  const decided: string[] = [];
  let isOver = false;
  const caller = async (): Promise<void> => {
    while (!isOver) decided.push((await decide(server)).id);
  };
  const callers = Array.from({ length: 4 }, caller);
  return async () => {
    isOver = true;
    await Promise.all(callers);
    return decided;
  };
}

describe('porteiro backup and porteiro restore', function () {
  this.timeout(180_000);
  let folder: string;
  let live: Settings;
  let fresh: Settings;
  let backup: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-backup-'));
    backup = join(folder, 'monday.sqlite');
    live = { PORTEIRO_DATA: join(folder, 'live') };
    fresh = { PORTEIRO_DATA: join(folder, 'fresh') };
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const checkpointOf = async (server: Started, settings: Settings): Promise<string> => {
    const token = issueToken({ client: 'dpo', scope: ['ledger:read'], expires: 600 }, settings);
    const headers = { authorization: `Bearer ${String(token)}` };
    return (await fetch(`${server.url}/v1/ledger/checkpoint`, { headers })).text();
  };
  const sizeOf = (checkpoint: string): number => Number(checkpoint.split('\n')[1]);

  /** Waits until a decision has its place, and with it all before it. */
  async function sequenced(server: Started, settings: Settings, least: number): Promise<string> {
    for (let look = 0; look < 400; look += 1) {
      const checkpoint = await checkpointOf(server, settings);
      if (sizeOf(checkpoint) >= least) return checkpoint;
      await delay(50);
    }
    throw new Error(`the ledger never had ${least} entries`);
  }

  it('copy a server under load, and go on from the copy with the same ledger', async () => {
    let server = await startProcess(live);
    const stop = load(server);
    const kept = join(folder, 'kept.txt');
    const before = await decide(server);
    writeFileSync(kept, await sequenced(server, live, 14));
    const made = await porteiroBeside(['backup', backup], live);
    expect(made.status, made.stderr).to.equal(0);
    expect(made.stdout).to.match(/monday\.sqlite: \d+ bytes, a backup of /);
    expect(made.stderr).to.include(join(folder, 'live', 'keys', 'master-key.json'));
    expect(made.stderr).to.include(join(folder, 'live', 'keys', 'erasures.ndjson'));
    expect(statSync(backup).mode & 0o777).to.equal(0o600);
    const after = await decide(server);
    const decided = await stop();
    expect(decided.length).to.be.greaterThan(4);
    await server.stop('SIGKILL');

    cpSync(join(folder, 'live', 'keys'), join(folder, 'fresh', 'keys'), { recursive: true });
    const restored = porteiro(['restore', backup, '--against', kept], fresh);
    expect(restored.stdout + restored.stderr).to.match(/: OK\n[^]*was restored from/);
    expect(restored.status).to.equal(0);

    server = await startProcess({ ...fresh, PORTEIRO_LOG_LEVEL: 'error' });
    const mine = { ...server, token: tokenFor(fresh) };
    expect(await why(mine, before.id)).to.equal(200);
    expect(await why(mine, after.id)).to.equal(404);
    const head = await checkpointOf(server, fresh);
    for (let at = 0; at < 10; at += 1) await decide(mine);
    await sequenced(server, fresh, sizeOf(head) + 10);
    const extended = porteiro(['ledger', 'audit', '--against', kept, '--json'], fresh);
    expect(JSON.parse(extended.stdout)).to.deep.include({ ok: true, findings: [] });
    const ended = await server.stop();
    expect([ended.code, ended.stderr]).to.deep.equal([0, '']);
  });

  it('overwrite nothing, and leave nothing where they are refused', async () => {
    await (await startProcess(live)).stop();
    expect(porteiro(['backup', backup], live).status).to.equal(0);
    const bytes = readFileSync(backup);
    const cases: readonly (readonly [readonly string[], Settings, RegExp])[] = [
      [['backup', backup], live, /monday\.sqlite is there already, and is not overwritten/],
      [['restore', backup], live, /porteiro\.sqlite is there already, and is not overwritten/],
      [['backup', join(folder, 'none', 'b')], live, /cannot be created \(ENOENT\)/],
      [['backup', join(folder, 'b')], fresh, /there is no file/],
      [['restore', join(folder, 'b')], fresh, /there is no file/],
      [['restore', join(folder, 'live', 'keys', 'master-key.json')], fresh, /is damaged/],
      [['backup', join(folder, 'b')], mongo, /has its own tools/],
      [['restore', backup], mongo, /has its own tools/],
    ];
    for (const [words, settings, sentence] of cases) {
      const told = porteiro(words, settings);
      expect(told.status, words.join(' ')).to.equal(2);
      expect(told.stderr).to.match(sentence);
      expect(told.stderr).not.to.include('    at ');
    }
    expect(readFileSync(backup).equals(bytes)).to.equal(true);
    expect(readdirSync(folder).toSorted()).to.deep.equal(['fresh', 'live', 'monday.sqlite']);
    expect(readdirSync(join(folder, 'fresh'))).to.deep.equal([]);
  });

  it('put no backup in place whose ledger does not hold', async () => {
    await (await startProcess(live)).stop();
    expect(porteiro(['backup', backup], live).status).to.equal(0);
    const database = new DatabaseSync(backup);
    database.exec('DELETE FROM records WHERE id = (SELECT max(id) FROM records)');
    database.close();
    const told = porteiro(['restore', backup], fresh);
    expect(told.status).to.equal(1);
    expect(told.stdout).to.match(/^missing record /);
    expect(told.stderr).to.include('Nothing was restored');
    expect(readdirSync(join(folder, 'fresh'))).to.deep.equal([]);
  });
});

const mongo: Settings = { PORTEIRO_STORE: 'mongodb://127.0.0.1:1/porteiro' };

function tokenFor(settings: Settings): string {
  const scope = ['decisions:write', 'audit:read'] as const;
  return String(issueToken({ client: 'crm', scope, expires: 600 }, settings));
}
