/** The ledger of a server that runs: evidence by HTTP, checked by the command, over a kill -9. */
import { expect } from 'chai';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { anchorLine } from '../../src/ledger/anchor.ts';
import { openMongoStore } from '../../src/store/mongo/mongo-store.ts';
import {
  describeWithMongod,
  dropDatabase,
  newDatabase,
  sharedReplicaSet,
} from '../support/mongod.ts';
import { porteiro, type Told } from './porteiro.ts';
import { runRefused, type Settings, type Started, startProcess } from './server-process.ts';

const waitMsMax = 20_000;

function describeServed(engine: string, prepare: () => Promise<Settings>): void {
  describe(`the ledger of a server on ${engine}`, function () {
    this.timeout(180_000);
    let folder: string;
    let settings: Settings;
    let server: Started;
    let token: string;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'porteiro-ledger-'));
      const anchors = { PORTEIRO_ANCHOR_FILE: join(folder, 'anchors.ndjson') };
      settings = { ...(await prepare()), PORTEIRO_DATA: folder, ...anchors };
      server = await startProcess(settings);
      const scope = 'ledger:read decisions:write audit:read';
      token = porteiro(['token', '--client', 'dpo', '--scope', scope], settings).stdout.trim();
      writeFileSync(join(folder, 'token'), token);
    });
    after(async () => {
      await server.stop('SIGKILL');
      rmSync(folder, { recursive: true });
    });

    async function get(path: string): Promise<Response> {
      return fetch(server.url + path, { headers: { authorization: `Bearer ${token}` } });
    }

    async function decide(): Promise<string> {
      const subject = { type: 'email', value: 'clara@example.com' };
      const act = { subject, action: 'send', purpose: 'promocoes', channel: 'email' };
      const response = await fetch(`${server.url}/v1/decisions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(act),
      });
      return ((await response.json()) as { id: string }).id;
    }

    /** The evidence as soon as there is any; until then the answer says when to come again. */
    async function evidenceOf(decision: string): Promise<string> {
      const deadline = performance.now() + waitMsMax;
      for (;;) {
        const response = await get(`/v1/decisions/${decision}/evidence`);
        if (response.status === 200) return response.text();
        expect(response.status).to.equal(503);
        expect(response.headers.get('retry-after')).to.equal('2');
        expect(await response.json()).to.include({ code: 'not-sequenced-yet' });
        if (performance.now() > deadline) throw new Error('the decision got no place');
        await delay(50);
      }
    }

    function file(name: string, text: string): string {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    }

    const verify = (...words: readonly string[]): Told =>
      porteiro(['ledger', 'verify', ...words], {});

    it('gives evidence that the command checks without the server', async () => {
      const bundle = await evidenceOf(await decide());
      const good = verify(file('evidence.json', bundle));
      expect(good.status, good.stderr).to.equal(0);
      expect(good.stdout).to.match(/^OK Entry \d+ of porteiro\.local\/[0-9a-f]{8} is this record/);
      const bad = verify(file('forged.json', bundle.replace('promocoes', 'pedidos')), '--json');
      expect(bad.status).to.equal(1);
      expect(JSON.parse(bad.stdout)).to.include({ ok: false, check: 'digest' });
    });

    it('is checked whole, at its address and by an export, against what was kept', async () => {
      const older = file('older.txt', await (await get('/v1/ledger/checkpoint')).text());
      await evidenceOf(await decide());
      const words = ['--against', older, '--token-file', join(folder, 'token')];
      const served = verify(server.url, ...words);
      expect(served.status, served.stderr).to.equal(0);
      expect(served.stdout).to.match(/are complete and unchanged[\s\S]*goes on from the older/);

      const path = join(folder, 'ledger.ndjson');
      const written = porteiro(['ledger', 'export', '--out', path], settings);
      expect(written.status, written.stderr).to.equal(0);
      expect(verify(path, '--against', older).status).to.equal(0);
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
      const cut = file('cut.ndjson', lines.filter((_, at) => at !== 3).join('\n'));
      const found = verify(cut);
      expect(found.status).to.equal(1);
      expect(found.stdout).to.match(/^FAILED sequence: /);
    });

    it('hands checkpoints over, also at its end, and is held to all of them', async () => {
      const path = join(folder, 'anchors.ndjson');
      const lines = (): readonly string[] => readFileSync(path, 'utf8').trimEnd().split('\n');
      const deadline = performance.now() + waitMsMax;
      while (!existsSync(path)) {
        if (performance.now() > deadline) throw new Error('no checkpoint was handed over');
        await delay(50);
      }
      expect(lines()).to.have.length(1);
      await decide();
      expect((await server.stop()).code).to.equal(0);
      expect(lines()).to.have.length(2);
      server = await startProcess(settings);
      const words = ['--against', path, '--token-file', join(folder, 'token')];
      const served = verify(server.url, ...words);
      expect(served.status, served.stderr).to.equal(0);
      expect(served.stdout).to.include('goes on from the older checkpoint of');
      const other = await (await get('/v1/ledger/checkpoint')).text();
      const [origin, , root] = other.split('\n');
      const forged = file(
        'forged.ndjson',
        `${lines().join('\n')}\n${anchorLine({
          at: '2026-11-25T14:00:00.000Z',
          checkpoint: `${String(origin)}\n2\n${String(root)}\n\n${other.split('\n\n')[1] ?? ''}`,
        })}`,
      );
      expect(verify(server.url, '--against', forged, ...words.slice(2)).stdout).to.match(
        /^FAILED older-checkpoint: The older one, line 3: No key given here signed/,
      );
      expect(porteiro(['ledger', 'audit', '--against', path], settings).stdout).to.match(/: OK\n/);
    });

    it('ends with 2 where nothing could be checked', async () => {
      const path = join(folder, 'evidence.json');
      const cases: readonly (readonly string[])[] = [
        [join(folder, 'no-file')],
        [server.url],
        [path, '--keys', path],
        [],
      ];
      for (const words of cases) {
        const { status, stdout, stderr } = verify(...words);
        expect(status, words.join(' ')).to.equal(2);
        expect(stdout).to.equal('');
        expect(stderr).not.to.include('    at ');
      }
    });

    it('keeps every entry over a kill -9, and the audit finds nothing', async () => {
      const older = file('before.txt', await (await get('/v1/ledger/checkpoint')).text());
      const decisions = await Promise.all(Array.from({ length: 30 }, decide));
      await server.stop('SIGKILL');
      const between = porteiro(['ledger', 'audit', '--against', older], settings);
      expect(between.stdout + between.stderr).to.match(/: OK\n/);
      server = await startProcess(settings);
      for (const decision of decisions) await evidenceOf(decision);
      const beside = porteiro(['ledger', 'audit', '--against', older, '--json'], settings);
      expect(JSON.parse(beside.stdout)).to.deep.include({ ok: true, waiting: 0, findings: [] });
      expect(beside.status).to.equal(0);
    });

    if (engine !== 'SQLite') return;

    it('signs with a second key, and older evidence holds by the first', async () => {
      const bundle = await evidenceOf(await decide());
      await server.stop();
      const path = join(folder, 'keys', 'ledger-keys.json');
      const keys = JSON.parse(readFileSync(path, 'utf8')) as { keys: object[] };
      const { privateKey } = generateKeyPairSync('ed25519');
      keys.keys.push({ privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) });
      writeFileSync(path, JSON.stringify(keys));
      server = await startProcess(settings);
      const told = (await (await get('/v1/ledger/keys')).json()) as { keys: readonly string[] };
      expect(told.keys).to.have.length(2);
      const [first = '', second = ''] = told.keys;
      const fresh = file('fresh.json', await evidenceOf(await decide()));
      const earlier = file('earlier.json', bundle);
      const byKey = (line: string, source: string): number | null =>
        verify(source, '--keys', file('keys.txt', `${line}\n`)).status;
      expect([byKey(first, earlier), byKey(first, fresh)]).to.deep.equal([0, 0]);
      expect([byKey(second, earlier), byKey(second, fresh)]).to.deep.equal([1, 0]);
    });

    it('is refused under another name, and without its keys', async () => {
      await server.stop();
      const path = join(folder, 'keys', 'ledger-keys.json');
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, text.replace(/porteiro\.local\/\w+/, 'other.example'));
      expect((await runRefused(settings)).stderr).to.match(/"origin" must be porteiro\.local/);
      rmSync(path);
      expect((await runRefused(settings)).stderr).to.match(
        /ledger-keys\.json is gone, which signs/,
      );
      writeFileSync(path, text);
      server = await startProcess(settings);
    });
  });
}

describeServed('SQLite', async () => ({}));
describeWithMongod('the served ledger', 'set', () => {
  let database: string;
  after(async () => dropDatabase(await sharedReplicaSet(), database));
  describeServed('MongoDB', async () => {
    database = newDatabase();
    const url = (await sharedReplicaSet()).url(database);
    // The collections are made once, so that the first start is as quick as on a file.
    await (await openMongoStore({ url })).close();
    return { PORTEIRO_STORE: url };
  });
});
