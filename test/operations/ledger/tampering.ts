/**
 * Manipulations of a SQLite file by hand, each with what an audit has to say of it: exactly that,
 * and of nothing else.
 */
import { DatabaseSync } from '@photostructure/sqlite';
import { recordDigest } from '../../../src/ledger/entry.ts';
import type { Dice } from '../../rules/random.ts';

type Database = InstanceType<typeof DatabaseSync>;

export interface Tampering {
  readonly name: string;
  /** Changes the file; answers what is to be found, as `kind what id`, in any order. */
  readonly act: (file: Tampered, dice: Dice) => readonly string[];
}

interface RecordRow {
  readonly position: number;
  readonly id: string;
  readonly salt: string;
  readonly digest: string;
  readonly body: string;
}

/** A file with a ledger of some size, opened past the program. */
export class Tampered {
  readonly database: Database;
  readonly size: number;

  constructor(path: string, size: number) {
    this.database = new DatabaseSync(path);
    this.size = size;
  }

  run(sql: string, ...values: (string | number)[]): void {
    const { changes } = this.database.prepare(sql).run(...values);
    if (changes === 0) throw new Error(`nothing changed: ${sql}`);
  }

  record(index: number): RecordRow {
    const columns = 'position, id, salt, digest, body';
    const sql = `SELECT ${columns} FROM records ORDER BY position LIMIT 1 OFFSET ?`;
    return this.database.prepare(sql).get(index) as RecordRow;
  }

  body(table: string, id: string): string {
    const statement = this.database.prepare(`SELECT body FROM ${table} WHERE id = ?`);
    return (statement.get(id) as { body: string }).body;
  }

  setBody(table: string, id: string, body: string): void {
    this.run(`UPDATE ${table} SET body = ? WHERE id = ?`, body, id);
  }
}

function number(index: number): string {
  return String(index).padStart(12, '0');
}

/** One character of a text as another of the same alphabet. */
function flipped(text: string, at: number): string {
  const old = text[at] ?? '';
  const fresh = old === 'a' ? 'b' : 'a';
  return text.slice(0, at) + fresh + text.slice(at + 1);
}

/** A character within the hashes of a tile that says what is given in every bit of it. */
function flippedTile(body: string, at: number): string {
  const place = 1 + Math.floor(at / 3) * 4;
  const fresh = body[place] === 'A' ? 'B' : 'A';
  return body.slice(0, place) + fresh + body.slice(place + 1);
}

function replaceEntry(file: Tampered, index: number, change: (entry: string) => string): void {
  const id = number(Math.floor(index / 256));
  const lines = file.body('"ledgerEntries"', id).split('\n');
  const at = 1 + (index % 256);
  lines[at] = change(lines[at] ?? '');
  file.setBody('"ledgerEntries"', id, lines.join('\n'));
}

function setRecord(file: Tampered, row: RecordRow, body: string): string {
  const digest = recordDigest(row.salt, body);
  file.run('UPDATE records SET body = ?, digest = ? WHERE id = ?', body, digest, row.id);
  return digest;
}

export const tamperings: readonly Tampering[] = [
  {
    name: 'a letter of a record',
    act: (file, dice) => {
      const { id, body } = file.record(dice.below(file.size));
      file.setBody('records', id, body.replace('view_item', 'view_itex'));
      return [`changed record ${id}`];
    },
  },
  {
    name: 'a record that is no JSON any more',
    act: (file, dice) => {
      const { id, body } = file.record(dice.below(file.size));
      file.setBody('records', id, body.slice(0, -1));
      return [`changed record ${id}`];
    },
  },
  {
    name: 'a salt',
    act: (file, dice) => {
      const { id, salt } = file.record(dice.below(file.size));
      file.run('UPDATE records SET salt = ? WHERE id = ?', flipped(salt, 3), id);
      return [`changed record ${id}`];
    },
  },
  {
    name: 'a digest',
    act: (file, dice) => {
      const { id, digest } = file.record(dice.below(file.size));
      file.run('UPDATE records SET digest = ? WHERE id = ?', flipped(digest, 20), id);
      return [`changed record ${id}`];
    },
  },
  {
    name: 'the subject beside a record',
    act: (file, dice) => {
      const { id } = file.record(dice.below(file.size));
      file.run('UPDATE records SET subject = ? WHERE id = ?', 'sub_other', id);
      return [`changed record ${id}`];
    },
  },
  {
    name: 'the id beside a record',
    act: (file, dice) => {
      const { id } = file.record(dice.below(file.size));
      file.run('UPDATE records SET id = ? WHERE id = ?', flipped(id, id.length - 1), id);
      return [`changed record ${id}`];
    },
  },
  {
    name: 'a record with its digest made anew',
    act: (file, dice) => {
      const row = file.record(dice.below(file.size));
      setRecord(file, row, row.body.replace('view_item', 'add_to_cart'));
      return [`changed record ${row.id}`];
    },
  },
  {
    name: 'a record deleted',
    act: (file, dice) => {
      const { id } = file.record(dice.below(file.size));
      file.run('DELETE FROM records WHERE id = ?', id);
      return [`missing record ${id}`];
    },
  },
  {
    name: 'the last records deleted',
    act: (file, dice) => {
      const count = 1 + dice.below(5);
      const ids = Array.from({ length: count }, (_, at) => file.record(file.size - 1 - at).id);
      for (const id of ids) file.run('DELETE FROM records WHERE id = ?', id);
      return ids.map((id) => `missing record ${id}`);
    },
  },
  {
    name: 'two records in each other’s place',
    act: (file, dice) => {
      const first = dice.below(file.size - 2);
      const second = first + 1 + dice.below(file.size - first - 2);
      const [a, b] = [file.record(first), file.record(second)];
      file.run('UPDATE records SET position = -1 WHERE id = ?', a.id);
      file.run('UPDATE records SET position = ? WHERE id = ?', a.position, b.id);
      file.run('UPDATE records SET position = ? WHERE id = ?', b.position, a.id);
      // Of two neighbours it is enough that one has moved.
      const both = second > first + 1 ? [`moved record ${a.id}`] : [];
      return [...both, `moved record ${b.id}`, ...ends(first, second)];
    },
  },
  {
    name: 'the contents of two records exchanged',
    act: (file, dice) => {
      const first = dice.below(file.size - 1);
      const [a, b] = [file.record(first), file.record(first + 1)];
      const sql = 'UPDATE records SET body = ?, salt = ?, digest = ? WHERE id = ?';
      file.run(sql, b.body, b.salt, b.digest, a.id);
      file.run(sql, a.body, a.salt, a.digest, b.id);
      return [`changed record ${a.id}`, `changed record ${b.id}`];
    },
  },
  {
    name: 'a record in the place of another',
    act: (file, dice) => {
      const row = file.record(dice.below(file.size - 1));
      const id = row.id.replace('evt_01', 'evt_02');
      const body = row.body.replace(row.id, id);
      file.run('UPDATE records SET id = ? WHERE id = ?', id, row.id);
      setRecord(file, { ...row, id }, body);
      return [`missing record ${row.id}`, `added record ${id}`];
    },
  },
  {
    name: 'an entry',
    act: (file, dice) => {
      const index = dice.below(file.size);
      replaceEntry(file, index, (entry) => entry.replace('"kind":"event"', '"kind":"pause"'));
      return [`changed entry ${index}`];
    },
  },
  {
    name: 'the id in an entry',
    act: (file, dice) => {
      const index = dice.below(file.size - 1);
      replaceEntry(file, index, (entry) => entry.replace('"id":"evt_01', '"id":"evt_02'));
      return [`changed entry ${index}`];
    },
  },
  {
    name: 'a blank in an entry',
    act: (file, dice) => {
      const index = dice.below(file.size);
      replaceEntry(file, index, (entry) => entry.replace('"v":1', '"v": 1'));
      return [`changed entry ${index}`];
    },
  },
  {
    name: 'an entry deleted',
    act: (file, dice) => {
      const document = dice.below(Math.floor(file.size / 256));
      const id = number(document);
      const lines = file.body('"ledgerEntries"', id).split('\n');
      lines.splice(1 + dice.below(250), 1);
      file.setBody('"ledgerEntries"', id, lines.join('\n'));
      return [`changed entries ${document * 256} to ${document * 256 + 255}`];
    },
  },
  {
    name: 'a document of entries deleted',
    act: (file, dice) => {
      const document = dice.below(Math.floor(file.size / 256));
      file.run('DELETE FROM "ledgerEntries" WHERE id = ?', number(document));
      return [`missing entries ${document * 256} to ${document * 256 + 255}`];
    },
  },
  {
    name: 'the place that entries are found by',
    act: (file, dice) => {
      const id = number(dice.below(Math.floor(file.size / 256)));
      file.run('UPDATE "ledgerEntries" SET last = ? WHERE id = ?', '0000000000000001', id);
      return [`changed entries ${id}`];
    },
  },
  {
    name: 'a tile of leaves',
    act: (file, dice) => {
      const index = dice.below(file.size);
      const id = `0/${number(Math.floor(index / 256))}`;
      const body = file.body('"ledgerTiles"', id);
      file.setBody('"ledgerTiles"', id, flippedTile(body, (index % 256) * 32));
      return [`changed tile ${id}`];
    },
  },
  {
    name: 'a tile of leaves cut short',
    act: (file) => {
      const id = `0/${number(0)}`;
      file.setBody('"ledgerTiles"', id, `${file.body('"ledgerTiles"', id).slice(0, 81)}"`);
      return [`changed tile ${id}`];
    },
  },
  {
    name: 'a tile of leaves deleted',
    act: (file, dice) => {
      const id = `0/${number(dice.below(Math.floor(file.size / 256)))}`;
      file.run('DELETE FROM "ledgerTiles" WHERE id = ?', id);
      return [`missing tile ${id}`];
    },
  },
  {
    name: 'a tile above the leaves',
    act: (file, dice) => {
      const id = `1/${number(0)}`;
      const body = file.body('"ledgerTiles"', id);
      const full = Math.floor(file.size / 256);
      file.setBody('"ledgerTiles"', id, flippedTile(body, dice.below(full) * 32));
      return [`changed tile ${id}`];
    },
  },
  {
    name: 'a tile above the leaves deleted',
    act: (file) => {
      file.run('DELETE FROM "ledgerTiles" WHERE id = ?', `1/${number(0)}`);
      return [`missing tile 1/${number(0)}`];
    },
  },
  {
    name: 'a tile that was never made',
    act: (file) => {
      const sql = 'INSERT INTO "ledgerTiles" (id, revision, body) VALUES (?, 1, ?)';
      file.run(sql, `2/${number(0)}`, `"${Buffer.alloc(32).toString('base64')}"`);
      return [`added tile 2/${number(0)}`];
    },
  },
  {
    name: 'entries that were never made',
    act: (file) => {
      const sql = 'INSERT INTO "ledgerEntries" (id, revision, last, body) VALUES (?, 1, ?, ?)';
      file.run(sql, number(900), '9999999999999999', '[\n{}\n]');
      return [`added entries ${number(900)}`];
    },
  },
  {
    name: 'the size in the head',
    act: (file) => {
      const body = file.body('settings', 'ledger-head');
      file.setBody('settings', 'ledger-head', body.replace(/"size":\d+/, '"size":7'));
      return ['changed head ledger-head'];
    },
  },
  {
    name: 'the head deleted',
    act: (file) => {
      file.run('DELETE FROM settings WHERE id = ?', 'ledger-head');
      return ['missing head ledger-head'];
    },
  },
  {
    name: 'the head in another form',
    act: (file) => {
      file.setBody('settings', 'ledger-head', '{"size":"all of them"}');
      return ['changed head ledger-head'];
    },
  },
  {
    name: 'the place in the head',
    act: (file) => {
      const body = file.body('settings', 'ledger-head');
      const changed = body.replace(/"after":"\d+"/, '"after":"0000000000000001"');
      file.setBody('settings', 'ledger-head', changed);
      return ['changed head ledger-head'];
    },
  },
  {
    name: 'the signature',
    act: (file) => {
      const body = file.body('settings', 'ledger-head');
      const at = body.lastIndexOf(' ') + 30;
      file.setBody('settings', 'ledger-head', flipped(body, at));
      return ['changed checkpoint ledger-head'];
    },
  },
  {
    name: 'a record and its entry alike',
    act: (file, dice) => {
      const index = dice.below(file.size);
      const row = file.record(index);
      const digest = setRecord(file, row, row.body.replace('view_item', 'refund'));
      replaceEntry(file, index, (entry) => entry.replace(row.digest, digest));
      return [`changed record ${row.id}`, `changed entry ${index}`];
    },
  },
];

/** Two of those that lie at the end of a document also change where it says that it ends. */
function ends(...indexes: readonly number[]): readonly string[] {
  return indexes.flatMap(lastOf);
}

function lastOf(index: number): readonly string[] {
  return index % 256 === 255 ? [`changed entries ${number(Math.floor(index / 256))}`] : [];
}
