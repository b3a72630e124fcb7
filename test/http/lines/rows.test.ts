/** What becomes of each line of an import: a consent event, or the problem that it has. */
import { expect } from 'chai';
import type { ConsentRequest } from '../../../src/operations/consents/consent-record.ts';
import type { Row } from '../../../src/operations/rows/row.ts';
import { Problem } from '../../../src/domain/problem.ts';
import { columnsOf } from '../../../src/http/lines/columns.ts';
import { csvRows, jsonRows, type RowContract } from '../../../src/http/lines/rows.ts';
import { contract } from '../gate.ts';

const columns = columnsOf(contract.document, 'ConsentRequest');
const rowContract: RowContract = {
  locale: 'en',
  columns,
  errorsOf: (value) => contract.bodyErrors('importConsents', value, 'en'),
};

async function* inOneChunk(text: string | Buffer): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

async function rowsOf(rows: AsyncIterable<Row<unknown>>): Promise<readonly Row<unknown>[]> {
  const all: Row<unknown>[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

async function csv(text: string | Buffer): Promise<readonly Row<unknown>[]> {
  const rows = await csvRows(inOneChunk(text), rowContract);
  if (rows instanceof Problem) throw new Error(`${rows.code} ${JSON.stringify(rows.errors)}`);
  return rowsOf(rows);
}

async function refusedHeader(text: string | Buffer): Promise<Problem> {
  const rows = await csvRows(inOneChunk(text), rowContract);
  if (rows instanceof Problem) return rows;
  throw new Error('the header was taken');
}

/** `2 invalid-request /event`, `3 taken` or `stop malformed-csv`. */
function told(row: Row<unknown>): string {
  if ('stop' in row) return `stop ${row.stop.code}`;
  if ('request' in row) return `${row.line} taken`;
  const { code, errors } = row.problem;
  return [row.line, code, ...errors.map(({ pointer }) => pointer)].join(' ');
}

function requestIn(row: Row<unknown> | undefined): ConsentRequest {
  if (row === undefined || !('request' in row)) throw new Error('no request in the row');
  return row.request as ConsentRequest;
}

const withdrawal: ConsentRequest = {
  subject: { type: 'email', value: 'ana@example.com' },
  event: 'withdrawn',
  purpose: 'promocoes',
  channels: ['email', 'whatsapp'],
  occurredAt: '2026-11-03T12:00:00-03:00',
};
const line = JSON.stringify(withdrawal);
const header = 'subject.type,subject.value,event,purpose,channels,occurredAt';
const row = 'email,ana@example.com,withdrawn,promocoes,email|whatsapp,2026-11-03T12:00:00-03:00';

describe('rows of NDJSON', () => {
  const table: readonly (readonly [string, string | Buffer, readonly string[]])[] = [
    ['events', `${line}\n\n${line}`, ['1 taken', '3 taken']],
    ['a byte order mark', `\uFEFF${line}\n`, ['1 taken']],
    [
      'what is not JSON',
      `${line}\n{"subject":\n${line}`,
      ['1 taken', '2 malformed-json', '3 taken'],
    ],
    ['another value', '[]\n"a"', ['1 invalid-request ', '2 invalid-request ']],
    ['latin-1', Buffer.from(`{"ação":1}\n${line}`, 'latin1'), ['1 malformed-json', '2 taken']],
    [
      'faults of the contract',
      line.replace('withdrawn', 'left').replace('promocoes', ''),
      ['1 invalid-request /event /purpose'],
    ],
    [
      'a line over the limit',
      `${' '.repeat(16_384)}${line}\n${line}`,
      ['1 body-too-large', '2 taken'],
    ],
  ];
  for (const [name, text, wanted] of table) {
    it(`with ${name} are told line by line`, async () => {
      const rows = await rowsOf(jsonRows(inOneChunk(text), rowContract));
      expect(rows.map(told)).to.deep.equal(wanted);
    });
  }
});

describe('rows of CSV', () => {
  it('hold what the same event holds in JSON', async () => {
    const [found] = await csv(`${header}\n${row}`);
    expect(requestIn(found)).to.deep.equal(withdrawal);
  });

  it('may have any column that the contract describes, and leave cells empty', async () => {
    const names = columns.map(({ name }) => name);
    const value: Readonly<Record<string, string>> = {
      'subject.type': 'external',
      'subject.value': '"a ""b"", c"',
      event: 'granted',
      purpose: 'promocoes',
      channels: 'email',
      'frequency.max': '2',
      'frequency.per': 'week',
      'evidence.class': 'paper',
      'evidence.control.bundledWith': 'terms | news',
      'evidence.port': '52814',
      occurredAt: '2021-03-01T09:30:00Z',
    };
    const cells = names.map((name) => value[name] ?? '');
    const [found] = await csv(`${names.join(',')}\r\n${cells.join(',')}\r\n`);
    const control = { kind: 'other', bundledWith: ['terms', 'news'] };
    if (found === undefined || 'request' in found) throw new Error('a control needs its kind');
    expect(told(found)).to.equal('2 invalid-request /evidence/control/kind');
    cells[names.indexOf('evidence.control.kind')] = 'other';
    const [again] = await csv(`${names.join(',')}\r\n${cells.join(',')}\r\n`);
    expect(requestIn(again)).to.deep.equal({
      subject: { type: 'external', value: 'a "b", c' },
      event: 'granted',
      purpose: 'promocoes',
      channels: ['email'],
      frequency: { max: 2, per: 'week' },
      evidence: { class: 'paper', control, port: 52814 },
      occurredAt: '2021-03-01T09:30:00Z',
    });
  });

  it('have the columns that openapi.yaml names', () => {
    const path = ['paths', '/v1/consents/import', 'post'];
    const description = String(contract.document.at(path)?.node['description']);
    const names = columns.map(({ name }) => `\`${name}\``);
    expect(description.replaceAll(/\s+/g, ' ')).to.include(`names them: ${names.join(', ')}.`);
  });

  const table: readonly (readonly [string, string | Buffer, readonly string[]])[] = [
    [
      'a byte order mark and semicolons',
      `\uFEFF${header}\n${row}`.replaceAll(',', ';'),
      ['2 taken'],
    ],
    ['a header alone', `${header}\n`, []],
    ['rows of empty cells', `${header}\n,,,,,\n${row}`, ['3 taken']],
    ['a cell too many', `${header}\n${row},\n${row}`, ['2 malformed-csv', '3 taken']],
    ['a row cut off', `${header}\n${row}\nemail,ana@ex`, ['2 taken', '3 malformed-csv']],
    [
      'a line break between quotes',
      `${header}\n${row.replace('ana@example.com', '"ana\n@example.com"')}\n${row}`,
      ['2 invalid-request /subject/value', '4 taken'],
    ],
    [
      'latin-1',
      Buffer.from(`${header}\n${row.replace('promocoes', 'promoções')}\n${row}`, 'latin1'),
      ['2 malformed-csv', '3 taken'],
    ],
    [
      'a line over the limit',
      `${header}\n${row}${','.repeat(16_384)}\n${row}`,
      ['2 body-too-large', '3 taken'],
    ],
    [
      'a quote inside of a cell',
      `${header}\n${row}\n${row.replace('ana', 'a"na')}\n${row}`,
      ['2 taken', 'stop malformed-csv'],
    ],
    [
      'text after a quote',
      `${header}\n${row.replace('email,', '"email"s,')}\n${row}`,
      ['stop malformed-csv'],
    ],
    [
      'a quote that never closes',
      `${header}\n${row}\n"${row}\n${row}`,
      ['2 taken', 'stop malformed-csv'],
    ],
  ];
  for (const [name, text, wanted] of table) {
    it(`with ${name} are told line by line`, async () => {
      expect((await csv(text)).map(told)).to.deep.equal(wanted);
    });
  }

  it('never take text between quotes for a row, however long it is', async () => {
    const smuggled = `${header}\n"${'x'.repeat(20_000)}\n${row}\n"\n`;
    expect((await csv(smuggled)).map(told)).to.deep.equal(['stop malformed-csv']);
  });

  const headers: readonly (readonly [string, string | Buffer, string])[] = [
    ['nothing', '', 'malformed-csv'],
    ['UTF-16', Buffer.from(`\uFEFF${header}`, 'utf16le'), 'malformed-csv'],
    ['a quote that never closes', `"${header}`, 'malformed-csv'],
    ['more than the limit', `${header},${'x'.repeat(17_000)}`, 'malformed-csv'],
    ['no required column', 'event,purpose,channels', 'invalid-request'],
    ['an unknown column', `${header},chanels`, 'invalid-request'],
    ['a column twice', `${header},event`, 'invalid-request'],
    ['a row in place of the header', row, 'invalid-request'],
  ];
  for (const [name, text, code] of headers) {
    it(`with ${name} as the header are refused as a whole`, async () => {
      expect((await refusedHeader(text)).code).to.equal(code);
    });
  }

  it('are let go of where the header is refused', async () => {
    let isHeld = false;
    async function* body(): AsyncGenerator<Buffer> {
      isHeld = true;
      try {
        yield Buffer.from(`${row}\n${row}\n`);
        expect.fail('nobody asks for more');
      } finally {
        isHeld = false;
      }
    }
    expect(await csvRows(body(), rowContract)).to.be.instanceOf(Problem);
    expect(isHeld).to.equal(false);
  });

  it('are refused by the names that are wrong', async () => {
    const wrong = header.replace('channels', 'chanels').replace('purpose', 'event');
    const { errors } = await refusedHeader(wrong);
    expect(errors.map(({ pointer, expected }) => `${pointer} ${expected}`)).to.deep.equal([
      '/columns/chanels did you mean channels?',
      '/columns/event each column once',
      '/columns/purpose a column purpose',
      '/columns/channels a column channels',
    ]);
  });
});
