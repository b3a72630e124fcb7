/** The session of README.md, word for word, on both engines. */
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root, type Started, startProcess } from '../main/server-process.ts';
import {
  describeWithMongod,
  dropDatabase,
  newDatabase,
  sharedReplicaSet,
} from '../support/mongod.ts';

interface Step {
  readonly command: string;
  /** What the README shows of the answer. */
  readonly shown: unknown;
}

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const origin = 'http://127.0.0.1:8080';
const steps: readonly Step[] = [
  ...readme.matchAll(/^```sh\n(curl [\s\S]*?)^```\n\n```json\n([\s\S]*?)^```$/gm),
].map(([, command = '', shown = '']) => ({ command, shown: JSON.parse(shown) as unknown }));

async function bash(command: string, { url, token }: Started): Promise<unknown> {
  const run = promisify(execFile);
  const env = { PATH: process.env['PATH'], TOKEN: token };
  const script = command.replace(origin, url);
  const { stdout } = await run('bash', ['-c', script], { cwd: root, env });
  return JSON.parse(stdout) as unknown;
}

/** What is shown must be in the answer at its place; `…` stands for any rest of a text. */
function expectShown(answer: unknown, shown: unknown, place: string): void {
  if (typeof shown === 'string' && shown.endsWith('…')) {
    expect(answer, place).to.be.a('string');
    expect(String(answer).startsWith(shown.slice(0, -1)), `${place}: ${String(answer)}`).to.equal(
      true,
    );
  } else if (typeof shown === 'object' && shown !== null) {
    expect(answer, place).to.be.an(Array.isArray(shown) ? 'array' : 'object');
    const found = new Map(Object.entries(answer as object));
    for (const [key, value] of Object.entries(shown)) {
      expectShown(found.get(key), value, `${place}/${key}`);
    }
  } else {
    expect(answer, place).to.equal(shown);
  }
}

function playSession(storeSetting: () => Promise<Record<string, string>>): void {
  let folder: string;
  let server: Started;

  before(async function start() {
    this.timeout(40_000);
    folder = mkdtempSync(join(tmpdir(), 'porteiro-readme-'));
    const publicUrl = { PORTEIRO_PUBLIC_URL: origin };
    server = await startProcess({ PORTEIRO_DATA: folder, ...publicUrl, ...(await storeSetting()) });
  });

  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it('is answered as it says', async () => {
    for (const [index, { command, shown }] of steps.entries()) {
      expectShown(await bash(command, server), shown, `answer ${index + 1}`);
    }
  }).timeout(20_000);
}

describe('README.md', () => {
  it('holds a session of five curl commands', () => {
    expect(steps).to.have.length(5);
    for (const { command } of steps) expect(command.split(origin)).to.have.length(2);
    const outcomes = steps.map(({ shown }) => {
      const { outcome, event } = shown as { outcome?: string; event?: string };
      return outcome ?? event;
    });
    expect(outcomes).to.deep.equal(['deny', 'granted', 'allow', 'withdrawn', 'deny']);
    expect(JSON.stringify(steps.at(-1)?.shown)).to.include('LGPD art. 8, §5');
  });

  it('begins with what it is, how it starts and how it is tested', () => {
    const first = readme.slice(0, readme.indexOf('curl '));
    expect(first).to.match(/^# Porteiro\n\nPorteiro is /);
    expect(first).to.match(/npm ci && npm start[\s\S]*npm ci && npm test/);
  });

  it('links to files that are there', () => {
    for (const [, path = ''] of readme.matchAll(/\]\(([^):]+)\)/g)) {
      expect(() => readFileSync(join(root, path)), path).not.to.throw();
    }
  });

  describe('its session on SQLite', () => playSession(() => Promise.resolve({})));
});

describeWithMongod('the session of README.md on MongoDB', 'set', () => {
  const database = newDatabase();
  playSession(async () => {
    const set = await sharedReplicaSet();
    return { PORTEIRO_STORE: set.url(database) };
  });
  after(async () => dropDatabase(await sharedReplicaSet(), database));
});
