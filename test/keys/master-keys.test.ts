/** Where master keys come from: each source read whole, and every fault told without a key. */
import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyFileError, newKeyFile } from '../../src/keys/key-file.ts';
import {
  keysByCommand,
  keysInEnvironment,
  keysInFile,
  type MasterKeySource,
} from '../../src/keys/master-keys.ts';

async function fault(source: MasterKeySource): Promise<string> {
  try {
    await source.read();
  } catch (error) {
    if (error instanceof KeyFileError) return error.message;
    throw error;
  }
  return 'no fault';
}

describe('a source of master keys', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-sources-'));
    path = join(folder, 'keys.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives the same keys from a file, the environment and a command', async () => {
    const text = newKeyFile();
    writeFileSync(path, text);
    const sources = [
      keysInFile(path),
      keysInEnvironment('PORTEIRO_MASTER_KEY', () => text),
      keysByCommand('PORTEIRO_MASTER_KEY_COMMAND', `cat '${path}'`),
    ];
    const read = await Promise.all(sources.map((source) => source.read()));
    expect(new Set(read.map(({ current }) => current)).size).to.equal(1);
    expect(new Set(read.map(({ lookup }) => lookup.export().toString('hex'))).size).to.equal(1);
  });

  it('says of a file that it changed, and of nothing else', async () => {
    writeFileSync(path, newKeyFile());
    const file = keysInFile(path);
    const before = await file.mark();
    expect(await file.mark()).to.equal(before);
    writeFileSync(path, `${newKeyFile()}\n`);
    expect(await file.mark()).not.to.equal(before);
    rmSync(path);
    expect(await file.mark()).to.equal('absent');
    const command = keysByCommand('PORTEIRO_MASTER_KEY_COMMAND', 'date');
    expect(await command.mark()).to.equal(await command.mark());
  });

  it('says what is wrong by its name, and quotes nothing', async () => {
    expect(await fault(keysInFile(path))).to.equal(`the key file ${path} cannot be read`);
    const environment = keysInEnvironment('PORTEIRO_MASTER_KEY', () => 'segredo');
    expect(await fault(environment)).to.equal('PORTEIRO_MASTER_KEY is not JSON');
    const commands: readonly (readonly [string, RegExp])[] = [
      ['echo segredo >&2; exit 3', /^the command of K did not print keys: it ended with 3$/],
      ['kill -9 $$', /it ended with/],
      ['echo segredo', /^K is not JSON$/],
      ['head -c 200000 /dev/zero', /did not print keys/],
    ];
    for (const [command, words] of commands) {
      const said = await fault(keysByCommand('K', command));
      expect(said, command).to.match(words);
      expect(said, command).not.to.include('segredo');
    }
  });
});
