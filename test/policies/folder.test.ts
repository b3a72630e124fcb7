import { expect } from 'chai';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadFolder } from '../../src/policies/folder.ts';
import { fixtureFolder, lineOf } from './fixture.ts';

describe('policy folder', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-policies-'));
    cpSync(fixtureFolder, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('loads, and passes over what editors and git leave behind', async () => {
    mkdirSync(join(folder, '.git'));
    writeFileSync(join(folder, '.git', 'HEAD'), 'ref');
    writeFileSync(join(folder, 'purposes', '.ofertas.yaml.swp'), 'b0VIM');
    const { parts, complaints } = await loadFolder(folder);
    expect(complaints).to.deep.equal([]);
    expect(parts?.purposes).to.have.length(2);
  });

  const refused: readonly (readonly [name: string, path: string, bytes: Buffer, words: string])[] =
    [
      ['a file that is too large', 'caps.yaml', Buffer.alloc(256 * 1024 + 1, '#'), 'too large'],
      ['a file in Latin-1', 'data.yaml', Buffer.from('# promo\xe7\xf5es', 'latin1'), 'not UTF-8'],
      ['a byte order mark', 'caps.yaml', Buffer.from('\ufeffcaps: []\n'), 'byte order mark'],
      ['a file of no use', 'purposes/notes.txt', Buffer.from('a'), 'is none that policies have'],
      ['a mistake', 'caps.yaml', Buffer.from('caps: 1\n'), 'caps is number 1'],
    ];
  for (const [name, path, bytes, words] of refused) {
    it(`refuses ${name}, with its place`, async () => {
      writeFileSync(join(folder, path), bytes);
      const { parts, complaints } = await loadFolder(folder);
      const lines = complaints.map(lineOf);
      expect(parts).to.equal(null);
      const place = join(folder, path);
      const found = lines.filter((line) => line.startsWith(place) && line.includes(words));
      expect(found, lines.join('\n')).to.have.length(1);
    });
  }

  it('refuses a folder of too many files', async () => {
    for (let index = 0; index < 1000; index += 1) {
      writeFileSync(join(folder, 'purposes', `p${index}.yaml`), '');
    }
    const { parts, complaints } = await loadFolder(folder);
    expect(parts).to.equal(null);
    expect(lineOf(complaints[0] ?? expect.fail())).to.include('files (expected: at most 1000)');
  });

  it('refuses a folder that is too large as a whole', async () => {
    const text = '#'.repeat(200 * 1024);
    for (let index = 0; index < 11; index += 1) {
      writeFileSync(join(folder, 'purposes', `p${index}.yaml`), text);
    }
    const { complaints } = await loadFolder(folder);
    expect(complaints.map(lineOf).join('\n')).to.include('the folder is too large');
  });

  it('says so where there is no folder', async () => {
    const { parts, complaints } = await loadFolder(join(folder, 'gone'));
    expect(parts).to.equal(null);
    expect(complaints.map(({ message }) => message).join()).to.include('cannot be read');
  });
});
