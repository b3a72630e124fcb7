import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dayMs } from '../../src/domain/calendar/instant.ts';
import {
  keyedListText,
  loadRegistryLists,
  readRegistryList,
} from '../../src/policies/registers/registry-list.ts';

const keyed = (number: string): string | null =>
  /^\d{4}$/.test(number) ? number.padEnd(64, '0') : null;
const header = 'number;enrolledOn;removedOn\n';
const hash = `hmac-sha256:${'ab'.repeat(32)}`;
const dayOf = (date: string): number => Date.parse(date) / dayMs;

function complaintsOf(text: string): readonly string[] {
  const { complaints } = readRegistryList({ path: 'lista.csv', text }, keyed);
  return complaints.map(({ line, message }) => `${line} ${message}`);
}

describe('the file of a registry', () => {
  it('has numbers, keyed or plain, with their days', () => {
    const text = `${header}1234;2026-08-02;\r\n\n${hash},2026-01-10,2026-09-01\n`;
    const { list, complaints } = readRegistryList({ path: 'lista.csv', text }, keyed);
    expect(complaints).to.deep.equal([]);
    expect(list?.size).to.equal(2);
    const isListed = (number: string, date: string): boolean | undefined =>
      list?.isListed(number, dayOf(date), 30);
    expect(isListed('1234'.padEnd(64, '0'), '2026-08-31')).to.equal(false);
    expect(isListed('1234'.padEnd(64, '0'), '2026-09-01')).to.equal(true);
    expect(isListed('ab'.repeat(32), '2026-08-31')).to.equal(true);
    expect(isListed('ab'.repeat(32), '2026-09-01')).to.equal(false);
  });

  const faults: readonly (readonly [string, readonly string[]])[] = [
    ['', ['1 the first line does not name the columns']],
    ['1234;2026-08-02;\n', ['1 the first line does not name the columns']],
    [`${header}123;2026-08-02;\n`, ['2 the number is no phone number of a person']],
    [`${header}hmac-sha256:AB;2026-08-02;\n`, ['2 the number is no phone number of a person']],
    [`${header}1234;02/08/2026;\n`, ['2 enrolledOn is no date']],
    [`${header}1234;2026-02-30;\n`, ['2 enrolledOn is no date']],
    [`${header}1234;2026-08-02;soon\n`, ['2 removedOn is no date']],
    [`${header}1234;2026-08-02\n`, ['2 the line has 2 cells']],
    [
      `${header}1234\n1234;x;\n1234;2026-08-02;\n`,
      ['2 the line has 1 cells', '3 enrolledOn is no date'],
    ],
  ];
  for (const [text, wanted] of faults) {
    it(`is told: ${wanted.join(', ')}`, () => {
      expect(complaintsOf(text)).to.deep.equal(wanted);
      expect(readRegistryList({ path: 'lista.csv', text }, keyed).list).to.equal(null);
    });
  }

  it('does not repeat a number in a complaint, nor itself without end', () => {
    const lines = complaintsOf(`${header}${'11 98765-432;x;\n'.repeat(1000)}`);
    expect(lines).to.have.length(20);
    expect(lines.join()).not.to.include('98765');
  });

  it('is written with keyed hashes, and read again the same', () => {
    const text = `${header}1234;2026-08-02;\n${hash};2026-01-10;2026-09-01\n`;
    const once = keyedListText({ path: 'lista.csv', text }, keyed).text ?? '';
    expect(once).to.equal(
      `${header}hmac-sha256:${'1234'.padEnd(64, '0')};2026-08-02;\n${hash};2026-01-10;2026-09-01\n`,
    );
    expect(keyedListText({ path: 'lista.csv', text: once }, () => null).text).to.equal(once);
    expect(keyedListText({ path: 'lista.csv', text: 'x' }, keyed).text).to.equal(null);
  });
});

describe('the lists of a folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-lists-'));
    mkdirSync(join(folder, 'registries'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const registry = {
    id: 'bloqueio-sp',
    title: { 'pt-BR': 'Cadastro', en: 'Registry' },
    law: 'Lei',
    states: ['SP'],
    channels: ['sms'],
    appliesTo: 'promotional',
    effectiveAfterDays: 30,
    obtainedOn: '2026-11-20',
    maximumAgeDays: 30,
  } as const;

  it('are read by the ids of their registries', async () => {
    writeFileSync(join(folder, 'registries', 'bloqueio-sp.csv'), `${header}1234;2026-08-02;\n`);
    const { lists, complaints } = await loadRegistryLists(folder, [registry], keyed);
    expect(complaints).to.deep.equal([]);
    expect(lists.get('bloqueio-sp')?.size).to.equal(1);
  });

  it('are told where one is missing, or nobody declares it', async () => {
    writeFileSync(join(folder, 'registries', 'outra.csv'), header);
    const { lists, complaints } = await loadRegistryLists(folder, [registry], keyed);
    expect(lists.size).to.equal(0);
    expect(complaints.map(({ message }) => message)).to.deep.equal([
      'the file cannot be read (ENOENT)',
      'no registry has this list',
    ]);
  });

  it('are none where no registry is declared', async () => {
    const none = await loadRegistryLists(join(folder, 'nowhere'), [], keyed);
    expect(none.complaints).to.deep.equal([]);
    expect(none.lists.size).to.equal(0);
  });
});
