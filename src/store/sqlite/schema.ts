/**
 * The file: one table a collection, made from the declaration. A file that another declaration
 * made is refused instead of being read wrongly; an index that is missing is made.
 */
import { type CollectionDeclaration, type CollectionName, collections } from '../collections.ts';
import { StoreFailure } from '../port.ts';
import { type Connection, integerOf, prepareRows, rowsOf } from './connection.ts';

/** Counted up with every change that an older program cannot read. */
const formatVersion = 1;
/** "PORT" in ASCII: tells our files from those of other programs. */
const applicationId = 0x504f5254;
/** Writes the first page as it is, to learn whether there is room to write. */
export const touchFile: string = `PRAGMA user_version = ${formatVersion}`;
const ownColumns: ReadonlySet<string> = new Set(['id', 'revision', 'body', 'position']);
/** Small documents that every decision rewrites: they live in the key's own tree, one page less. */
const clustered: ReadonlySet<CollectionName> = new Set(['slots']);

export function prepareFile(connection: Connection, path: string): void {
  refuseForeign(connection, path);
  connection.exec('BEGIN IMMEDIATE');
  try {
    for (const name of collectionNames()) prepareTable(connection, name, path);
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
  const options = clustered.has(name) ? 'STRICT, WITHOUT ROWID' : 'STRICT';
  return `CREATE TABLE ${quoted(name)} (${columns.join(', ')}) ${options}`;
}

export function indexSql(name: CollectionName, declaration: CollectionDeclaration): string[] {
  const indexes = Object.entries(declaration.indexes);
  // An index of no fields is the order of the id, which the table has anyway.
  return indexes.flatMap(([index, fields]) => {
    if (fields.length === 0) return [];
    const columns = [...fields, 'id'].map(quoted).join(', ');
    const label = quoted(`${name} by ${index}`);
    return [`CREATE INDEX IF NOT EXISTS ${label} ON ${quoted(name)} (${columns})`];
  });
}

function refuseForeign(connection: Connection, path: string): void {
  const found = integerOf(connection, 'PRAGMA application_id');
  const version = integerOf(connection, 'PRAGMA user_version');
  const tables = integerOf(connection, 'SELECT count(*) FROM sqlite_schema');
  if (found !== applicationId && (tables > 0 || found !== 0 || version !== 0)) {
    throw new StoreFailure('unavailable', `${path} is the database of another program`);
  }
  if (version > formatVersion) {
    throw new StoreFailure(
      'unavailable',
      `${path} has format ${version}, this program reads ${formatVersion}: run the newer program`,
    );
  }
}

function prepareTable(connection: Connection, name: CollectionName, path: string): void {
  const declaration = collections[name];
  const wanted = tableSql(name, declaration);
  const present = rowsOf(
    prepareRows(connection, "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?"),
    name,
  );
  if (present.length === 0) connection.exec(wanted);
  else if (present[0]?.[0] !== wanted) {
    throw new StoreFailure(
      'unavailable',
      `${path}: table ${name} has another shape than this program declares; run the program ` +
        `that wrote it, or start with a new file`,
    );
  }
  for (const sql of indexSql(name, declaration)) connection.exec(sql);
}
