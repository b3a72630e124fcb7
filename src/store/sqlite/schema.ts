/**
 * The file: one table a collection, made from the declaration. A file that another declaration
 * made is refused instead of being read wrongly; an index that is missing is made.
 */
import { type CollectionDeclaration, type CollectionName, collections } from '../collections.ts';
import { StoreFailure } from '../port.ts';
import { type Connection, integerOf, prepareRows, rowOf } from './connection.ts';

/** Counted up with every change that an older program cannot read. */
const formatVersion = 1;
/** "PORT" in ASCII: tells our files from those of other programs. */
const applicationId = 0x504f5254;
/** Writes the first page as it is, to learn whether there is room to write. */
export const touchFile: string = `PRAGMA user_version = ${formatVersion}`;
const ownColumns: ReadonlySet<string> = new Set(['id', 'revision', 'body', 'position', 'entry']);

/** An index that lives in the tree of another collection, whose id is what its field names. */
export interface GuestIndex {
  readonly index: string;
  readonly field: string;
  readonly host: CollectionName;
}

/**
 * An allow rewrites the slots of a subject and appends a record of the same subject. With the index
 * of records by subject in the tree of slots, both are on one page: a third of what a decision
 * writes to the log. A row of the index is (subject, id of the record, position of the record).
 */
const guests: Readonly<Partial<Record<CollectionName, GuestIndex>>> = {
  records: { index: 'subject', field: 'subject', host: 'slots' },
};
const hosts: ReadonlySet<CollectionName> = new Set(Object.values(guests).map(({ host }) => host));

/** `entry` of a document in a tree with guests; it stands right behind the newest decision. */
export const ownEntry = 'dec~';
/** Stands for null in the key of a guest index, and like null before every text. */
export const nullKey = 0;

export function guestOf(name: CollectionName): GuestIndex | null {
  return guests[name] ?? null;
}

export function isHost(name: CollectionName): boolean {
  return hosts.has(name);
}

export function prepareFile(connection: Connection, path: string): void {
  refuseForeign(connection, path, 'new');
  connection.exec('BEGIN IMMEDIATE');
  try {
    for (const name of collectionNames()) prepareTable(connection, name, path);
    for (const name of collectionNames()) prepareGuest(connection, name);
    connection.exec(`
      PRAGMA application_id = ${applicationId};
      PRAGMA user_version = ${formatVersion};
      COMMIT;
    `);
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

export function collectionNames(): readonly CollectionName[] {
  return Object.keys(collections) as CollectionName[];
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function tableSql(name: CollectionName, declaration: CollectionDeclaration): string {
  const fields = Object.entries(declaration.fields).map(([field, type]) => {
    if (ownColumns.has(field)) throw new TypeError(`${name}: no field may be called ${field}`);
    return `${quoted(field)} ${type.toUpperCase()}`;
  });
  const key = declaration.appendOnly
    ? ['position INTEGER PRIMARY KEY', 'id TEXT NOT NULL UNIQUE']
    : ['id TEXT NOT NULL PRIMARY KEY'];
  // The body last: what stands behind a long body is read through all of its pages.
  const columns = [...key, 'revision INTEGER NOT NULL', ...fields, 'body TEXT NOT NULL'];
  if (!isHost(name)) return `CREATE TABLE ${quoted(name)} (${columns.join(', ')}) STRICT`;
  // Revision and body are those of a document, position that of a row of the guest's index.
  const shared = [
    'id ANY NOT NULL',
    'entry TEXT NOT NULL',
    'position INTEGER',
    'revision INTEGER',
    ...fields,
    'body TEXT',
    'PRIMARY KEY (id, entry)',
  ];
  return `CREATE TABLE ${quoted(name)} (${shared.join(', ')}) STRICT, WITHOUT ROWID`;
}

export function indexSql(name: CollectionName, declaration: CollectionDeclaration): string[] {
  const indexes = Object.entries(declaration.indexes);
  // An index of no fields is the order of the id, which the table has anyway.
  return indexes.flatMap(([index, fields]) => {
    if (fields.length === 0) return [];
    const columns = [...fields, 'id'].map(quoted).join(', ');
    const label = quoted(`${name} by ${index}`);
    if (guestOf(name)?.index === index) return [];
    return [`CREATE INDEX IF NOT EXISTS ${label} ON ${quoted(name)} (${columns})`];
  });
}

/**
 * The index is written by a trigger: one statement for a document and its row, as for any index.
 * Where the trigger is missing rows may be missing too, and are made.
 */
function guestSql(name: CollectionName, { index, field, host }: GuestIndex): string {
  const key = `coalesce(NEW.${quoted(field)}, ${nullKey})`;
  return `
    CREATE TRIGGER ${quoted(`${name} by ${index}`)} AFTER INSERT ON ${quoted(name)} BEGIN
      INSERT INTO ${quoted(host)} (id, entry, position) VALUES (${key}, NEW.id, NEW.position);
    END;
    INSERT OR IGNORE INTO ${quoted(host)} (id, entry, position)
      SELECT ${key.replace('NEW.', '')}, id, position FROM ${quoted(name)};`;
}

/** A document that is erased leaves the place that its field gave it. */
function guestMoveSql(name: CollectionName, { index, field, host }: GuestIndex): string {
  const key = (row: 'OLD' | 'NEW'): string => `coalesce(${row}.${quoted(field)}, ${nullKey})`;
  return `
    CREATE TRIGGER ${quoted(`${name} by ${index}, moved`)} AFTER UPDATE OF ${quoted(field)}
    ON ${quoted(name)} WHEN OLD.${quoted(field)} IS NOT NEW.${quoted(field)} BEGIN
      DELETE FROM ${quoted(host)} WHERE id = ${key('OLD')} AND entry = OLD.id;
      INSERT INTO ${quoted(host)} (id, entry, position)
        VALUES (${key('NEW')}, NEW.id, NEW.position);
    END;`;
}

/** A file that is `new` may be empty; one that was `made` is of ours, and of this format. */
export function refuseForeign(connection: Connection, path: string, state: 'new' | 'made'): void {
  const found = integerOf(connection, 'PRAGMA application_id');
  const version = integerOf(connection, 'PRAGMA user_version');
  const tables = integerOf(connection, 'SELECT count(*) FROM sqlite_schema');
  const isEmpty = tables === 0 && found === 0 && version === 0;
  if (found !== applicationId && (state === 'made' || !isEmpty)) {
    throw new StoreFailure('unavailable', `${path} is the database of another program`);
  }
  if (version > formatVersion) {
    throw new StoreFailure(
      'unavailable',
      `${path} has format ${version}, this program reads ${formatVersion}: run the newer program`,
    );
  }
}

function prepareGuest(connection: Connection, name: CollectionName): void {
  const guest = guestOf(name);
  if (guest === null) return;
  const label = `${name} by ${guest.index}`;
  if (schemaSql(connection, 'trigger', label) === null) connection.exec(guestSql(name, guest));
  const moved = `${label}, moved`;
  if (schemaSql(connection, 'trigger', moved) === null) {
    connection.exec(guestMoveSql(name, guest));
  }
}

function schemaSql(connection: Connection, type: 'table' | 'trigger', name: string): unknown {
  const sql = 'SELECT sql FROM sqlite_schema WHERE type = ? AND name = ?';
  return rowOf(prepareRows(connection, sql), type, name)?.[0] ?? null;
}

function prepareTable(connection: Connection, name: CollectionName, path: string): void {
  const declaration = collections[name];
  const wanted = tableSql(name, declaration);
  const present = schemaSql(connection, 'table', name);
  if (present === null) connection.exec(wanted);
  else if (present !== wanted) {
    throw new StoreFailure(
      'unavailable',
      `${path}: table ${name} has another shape than this program declares; run the program ` +
        `that wrote it, or start with a new file`,
    );
  }
  for (const sql of indexSql(name, declaration)) connection.exec(sql);
}
