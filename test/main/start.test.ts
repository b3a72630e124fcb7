/** Starting and stopping: what a person meets at the terminal, and what stays from run to run. */
import { expect } from 'chai';
import { createHash, createPublicKey, type JsonWebKey, randomBytes } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jwt from 'jsonwebtoken';
import { newKeyFile } from '../../src/keys/key-file.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import {
  type Ended,
  root,
  runRefused,
  type Settings,
  type Started,
  startProcess,
} from './server-process.ts';

type Answer = Readonly<Record<string, unknown>>;

async function post(server: Started, path: string, body: object): Promise<Answer> {
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Answer;
}

function lookUp(server: Started, email: string): Promise<Answer> {
  return post(server, '/v1/subjects/lookup', { subject: { type: 'email', value: email } });
}

function ask(server: Started, subject: object, channel: string): Promise<Answer> {
  const content = { template: { name: 'oferta', category: 'marketing' } };
  const act = { action: 'send', purpose: 'promocoes', channel, content };
  return post(server, '/v1/decisions', { subject, ...act });
}

/** The consent that README.md records, for e-mail. */
async function agree(server: Started, email: string): Promise<void> {
  const text = readFileSync(join(root, 'policies/notices/promocoes.v3.pt-BR.md'));
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  const control = { kind: 'checkbox', initialState: 'off' };
  const answer = await post(server, '/v1/consents', {
    subject: { type: 'email', value: email },
    event: 'granted',
    purpose: 'promocoes',
    channels: ['email'],
    notice: { id: 'promocoes', version: 3, locale: 'pt-BR', digest },
    evidence: { class: 'native', actor: { kind: 'subject' }, control },
    occurredAt: new Date().toISOString(),
  });
  expect(answer['id']).to.match(/^con_/);
}

const promotions = 'purposes/promocoes.yaml';
const people = ['ana@example.com', 'bruno@example.com', 'clara@example.com'];
const bruno = { type: 'whatsapp', value: '+55 92 99876-5432' };
const clara = { type: 'email', value: 'clara@example.com' };

async function takePort(): Promise<string> {
  const taken = createServer().listen(0, '127.0.0.1').unref();
  await once(taken, 'listening');
  const address = taken.address();
  return typeof address === 'object' ? String(address?.port) : '';
}

/** The sentences of a refused start. */
function reasons({ stderr }: Ended): readonly string[] {
  const [head = '', ...lines] = stderr.trimEnd().split('\n');
  expect(head).to.match(/^Porteiro does not start, for (?:one reason|\d+ reasons):$/);
  return lines.map((line) => line.replace(/^- /, ''));
}

describe('a start with nothing configured', function () {
  this.timeout(60_000);
  let data: string;
  let server: Started;

  before(async () => {
    data = join(mkdtempSync(join(tmpdir(), 'porteiro-start-')), 'data');
    server = await startProcess({ PORTEIRO_DATA: data });
  });
  after(async () => {
    await server.stop();
    rmSync(join(data, '..'), { recursive: true });
  });

  it('says that it is the local mode, and where everything is', () => {
    expect(server.greeting).to.include('LOCAL MODE');
    expect(server.greeting).to.include(join(data, 'porteiro.sqlite'));
    expect(server.url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('prints links that work', async () => {
    const links = server.greeting.match(/http:\S+/g) ?? [];
    expect(links).to.have.length(5);
    for (const link of links.slice(1)) expect((await fetch(link)).status, link).to.equal(200);
  });

  it('prints a token that works, and takes no call without one', async () => {
    expect((await lookUp(server, 'ana@example.com'))['id']).to.match(/^sub_/);
    const bare = await fetch(`${server.url}/v1/decisions`, { method: 'POST' });
    expect(bare.status).to.equal(401);
  });

  it('has the cast, with what they said and did', async () => {
    for (const email of people)
      expect((await lookUp(server, email))['id'], email).to.match(/^sub_/);
    expect(await ask(server, clara, 'email')).to.deep.include({ outcome: 'deny' });
    const paused = await ask(server, bruno, 'whatsapp');
    expect(paused).to.deep.include({ outcome: 'defer' });
    expect(JSON.stringify(paused['reasons'])).to.include('"rule":"pause"');
  });

  it('keeps database and keys for its owner alone', () => {
    for (const path of [
      'porteiro.sqlite',
      'keys/master-key.json',
      'keys/jwt-keys.json',
      'keys/permit-keys.json',
      'keys/ledger-keys.json',
    ]) {
      expect(statSync(join(data, path)).mode & 0o077, path).to.equal(0);
    }
  });

  it('refuses a second process on the same data, which the first survives', async () => {
    const second = await runRefused({ PORTEIRO_DATA: data });
    expect(second.code).to.equal(1);
    const [reason = '', ...others] = reasons(second);
    expect(others).to.deep.equal([]);
    expect(reason).to.match(/porteiro\.sqlite is already open for writing: stop the process/);
    expect((await lookUp(server, 'ana@example.com'))['id']).to.match(/^sub_/);
  });

  it('makes links to the port that it was given', async () => {
    await agree(server, 'ana@example.com');
    const asked = await ask(server, { type: 'email', value: 'ana@example.com' }, 'email');
    const link = /"url":"(http:[^"]+\/u\/[^"]+)"/.exec(JSON.stringify(asked))?.[1] ?? '';
    expect(link).to.match(new RegExp(`^${server.url}/u/`));
    expect((await fetch(link)).status).to.equal(200);
  });

  it('gives a permit that the published keys verify', async () => {
    const act = { subject: clara, action: 'send', purpose: 'pedidos', channel: 'email' };
    const allowed = await post(server, '/v1/decisions', { ...act, permit: true });
    const set = (await (await fetch(`${server.url}/.well-known/jwks.json`)).json()) as {
      readonly keys: readonly [JsonWebKey];
    };
    const key = createPublicKey({ key: set.keys[0], format: 'jwk' });
    const claims = jwt.verify(String(allowed['permit']), key, { algorithms: ['ES256'] });
    expect(claims).to.include({ iss: server.url, jti: allowed['id'], channel: 'email' });
  });

  it('keeps people, keys and records over a restart', async () => {
    const before = await Promise.all(people.map((email) => lookUp(server, email)));
    const asked = await ask(server, clara, 'email');
    const { token } = server;
    const names = ['master-key.json', 'jwt-keys.json', 'permit-keys.json', 'ledger-keys.json'];
    const files = names.map((name) => join(data, 'keys', name));
    const keys = files.map((path) => readFileSync(path, 'utf8'));

    const ended = await server.stop();
    expect(ended).to.include({ code: 0, signal: null });
    server = await startProcess({ PORTEIRO_DATA: data });

    expect(files.map((path) => readFileSync(path, 'utf8'))).to.deep.equal(keys);
    expect(await Promise.all(people.map((email) => lookUp(server, email)))).to.deep.equal(before);
    const why = await fetch(`${server.url}/v1/decisions/${String(asked['id'])}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await why.json()).to.deep.include({ id: asked['id'], outcome: 'deny' });
    for (const person of before) {
      const path = `/v1/subjects/${String(person['id'])}/consents`;
      const headers = { authorization: `Bearer ${token}` };
      const page = (await (await fetch(server.url + path, { headers })).json()) as Answer;
      expect((page['items'] as unknown[]).length, path).to.be.at.most(2);
    }
  });
});

describe('a start', function () {
  this.timeout(60_000);
  let folder: string;
  let data: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-start-'));
    data = join(folder, 'data');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A data folder with a store in it, as an earlier run left it. */
  async function leaveData(): Promise<string> {
    const server = await startProcess({ PORTEIRO_DATA: data }, ['--empty']);
    expect(await lookUp(server, 'ana@example.com')).to.deep.include({ status: 404 });
    await server.stop();
    return join(data, 'keys', 'master-key.json');
  }

  /** What a first start leaves that was killed between opening its store and making its keys. */
  async function leaveStoreWithoutKeys(): Promise<string> {
    mkdirSync(data);
    const store = await openSqliteStore({ path: join(data, 'porteiro.sqlite') });
    await store.close();
    return join(data, 'keys', 'master-key.json');
  }

  function policies(change: (text: string) => string, path: string): string {
    const copy = join(folder, 'policies');
    cpSync(join(root, 'policies'), copy, { recursive: true });
    const file = join(copy, path);
    writeFileSync(file, change(readFileSync(file, 'utf8')));
    return copy;
  }

  it('leaves nobody behind with --empty, and keys that others cannot replace', async () => {
    const keyFile = await leaveData();
    const text = readFileSync(keyFile, 'utf8');
    rmSync(keyFile);
    const lost = await runRefused({ PORTEIRO_DATA: data });
    expect(lost.code).to.equal(1);
    expect(reasons(lost).join()).to.match(
      /master-key\.json is gone, and .* cannot be read without/,
    );

    writeFileSync(keyFile, newKeyFile());
    const other = await runRefused({ PORTEIRO_DATA: data });
    expect(reasons(other).join()).to.match(
      /master-key\.json: These are not the keys that this store was written with/,
    );

    writeFileSync(keyFile, text);
    await (await startProcess({ PORTEIRO_DATA: data }, ['--empty'])).stop();
  });

  it('names every mistake of production at once', async () => {
    const { code, ...ended } = await runRefused({ PORTEIRO_MODE: 'production' });
    expect(code).to.equal(1);
    const told = reasons({ code, ...ended });
    const keys = ['MASTER_KEY_FILE', 'JWT_KEYS_FILE', 'LEDGER_KEYS_FILE', 'ERASURE_LOG_FILE'];
    for (const name of ['STORE', 'POLICIES', 'PUBLIC_URL', ...keys]) {
      expect(
        told.filter((reason) => reason.startsWith(`PORTEIRO_${name} must be set`)),
      ).to.have.length(1);
    }
    expect(told.filter((reason) => /"name" is still the example's/.test(reason))).to.have.length(1);
    expect(told.filter((reason) => /encarregado \(LGPD art\. 41\)/.test(reason))).to.have.length(1);
    expect(told).to.have.length(9);
  });

  it('names files that production cannot use, and shows nothing of them', async () => {
    const bad = join(folder, 'keys.json');
    writeFileSync(
      bad,
      '{"issuer": "x", "keys": [{"kid": "a", "alg": "HS256", "secret": "c2Vn"}]}\n',
    );
    const ended = await runRefused({
      PORTEIRO_MODE: 'production',
      PORTEIRO_STORE: `sqlite:${join(folder, 'porteiro.sqlite')}`,
      PORTEIRO_POLICIES: policies(
        (text) => text.replace('Loja Exemplo', 'Loja'),
        'controller.yaml',
      ),
      PORTEIRO_PUBLIC_URL: 'https://porteiro.loja.example',
      PORTEIRO_MASTER_KEY_FILE: join(folder, 'no-file'),
      PORTEIRO_JWT_KEYS_FILE: bad,
      PORTEIRO_LEDGER_KEYS_FILE: bad,
      PORTEIRO_ERASURE_LOG_FILE: bad,
    });
    const told = reasons(ended);
    expect(told).to.have.length(5);
    expect(told[0]).to.include('"dpo" is still the example\'s');
    expect(told[1]).to.match(/the key file .*no-file cannot be read/);
    expect(told[2]).to.match(/keys\.json: Key 1 has a secret of 3 bytes/);
    expect(told[3]).to.match(/keys\.json: "version" must be 1/);
    expect(told[4]).to.match(/keys\.json:1 is no line of a log of erasures/);
    expect(ended.stderr).not.to.include('c2Vn');
  });

  it('leaves nothing behind when it is refused', async () => {
    const port = await takePort();
    const copy = policies((text) => text.replace('minors: deny', 'minors: maybe'), promotions);
    const bad = join(folder, 'bad.json');
    writeFileSync(bad, '{}');
    const refused: readonly Settings[] = [
      { PORTEIRO_HOST: '0.0.0.0' },
      { PORTEIRO_PORT: port },
      { PORTEIRO_POLICIES: copy },
      { PORTEIRO_JWT_KEYS_FILE: bad },
      { PORTEIRO_MASTER_KEY_FILE: bad },
      { PORTEIRO_PERMIT_KEYS_FILE: bad },
      { PORTEIRO_LEDGER_KEYS_FILE: bad },
      { PORTEIRO_STORE: `sqlite:${join(folder, 'none', 'porteiro.sqlite')}` },
      { PORTEIRO_STORE: 'mongodb://127.0.0.1:1/porteiro?serverSelectionTimeoutMS=200' },
    ];
    const before = readdirSync(folder);
    for (const settings of refused) {
      const ended = await runRefused({ PORTEIRO_DATA: data, ...settings });
      const name = Object.keys(settings).join();
      expect(reasons(ended), name).not.to.have.length(0);
      expect(readdirSync(folder), name).to.deep.equal(before);
    }
  });

  it('goes on after a first one that was cut off before it made its keys', async () => {
    const keyFile = await leaveStoreWithoutKeys();
    await (await startProcess({ PORTEIRO_DATA: data }, ['--empty'])).stop();
    expect(statSync(keyFile).isFile()).to.equal(true);
  });

  it('takes new keys of tokens while it runs, and refuses tokens of the old', async () => {
    const server = await startProcess({ PORTEIRO_DATA: data }, ['--empty']);
    expect(await lookUp(server, 'ana@example.com')).to.deep.include({ status: 404 });
    const secret = randomBytes(32).toString('base64url');
    const keys = [{ kid: 'next', alg: 'HS256', secret }];
    const file = join(data, 'keys', 'jwt-keys.json');
    writeFileSync(`${file}.next`, JSON.stringify({ issuer: 'porteiro-local', keys }));
    renameSync(`${file}.next`, file);
    const deadline = performance.now() + 20_000;
    let answer: Answer = {};
    while (answer['code'] !== 'token-invalid' && performance.now() < deadline) {
      await delay(100);
      answer = await lookUp(server, 'ana@example.com');
    }
    expect(answer).to.deep.include({ code: 'token-invalid' });
    expect((await server.stop()).stderr).to.include('"message":"token keys taken"');
  });

  it('names a host that others reach', async () => {
    const ended = await runRefused({ PORTEIRO_DATA: data, PORTEIRO_HOST: '0.0.0.0' });
    expect(reasons(ended).join()).to.include('set PORTEIRO_MODE=production');
  });

  it('names every mistake of the policies by file, line and column', async () => {
    const typo = (text: string): string =>
      text.replace('[whatsapp,', '[whatapp,').replace('minors: deny', 'minors: maybe');
    const copy = policies(typo, promotions);
    const ended = await runRefused({ PORTEIRO_DATA: data, PORTEIRO_POLICIES: copy });
    const file = `${copy}/purposes/promocoes.yaml`;
    const told = reasons(ended);
    expect(told).to.have.length(2);
    expect(told[0]).to.equal(
      `${file}:9:12 channels[0] is the text "whatapp" (expected: "whatsapp")`,
    );
    expect(told[1]).to.match(/promocoes\.yaml:13:9 minors/);
  });

  it('names a port that is taken', async () => {
    const port = await takePort();
    const ended = await runRefused({ PORTEIRO_DATA: data, PORTEIRO_PORT: port }, ['--empty']);
    expect(reasons(ended)).to.deep.equal([
      `Port ${port} on 127.0.0.1 is taken: stop what listens there, or set PORTEIRO_PORT.`,
    ]);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`ends cleanly on ${signal}, with an open connection`, async () => {
      const server = await startProcess({ PORTEIRO_DATA: data }, ['--empty']);
      // fetch keeps the connection open for a next request.
      expect((await fetch(`${server.url}/healthz`)).status).to.equal(200);
      const ended = await server.stop(signal);
      expect(ended).to.include({ code: 0, signal: null });
      const lines = ended.stderr.trim().split('\n');
      const said = lines.map((line) => JSON.parse(line) as Answer);
      expect(said.map(({ message }) => message)).to.deep.equal(['policies in force', 'request']);
      expect(said.at(-1)).to.deep.include({ operation: 'readHealth' });
      // The log of the database was folded into it: one file to look at, and its lock.
      expect(() => statSync(join(data, 'porteiro.sqlite-wal'))).to.throw('ENOENT');
    });
  }
});
