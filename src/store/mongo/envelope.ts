/**
 * What a document is in MongoDB: the envelope of the port and nothing of its meaning.
 *
 *     { _id: 'ab12', revision: 3, subject: 's-1', body: '{"a": 1}' }
 *
 * The body is a string, so that it comes back byte for byte. An append-only collection has one
 * field more, `appended`, which the server fills (append-log.ts).
 */
import { mongo, Schema, type SchemaDefinition } from 'mongoose';
import type { CollectionDeclaration } from '../collections.ts';
import type { Draft, FieldValue, Stored } from '../port.ts';

export interface Envelope {
  readonly _id: string;
  readonly revision: number;
  readonly body: string;
  readonly [field: string]: FieldValue | mongo.Timestamp;
}

/** At the top level of an inserted document the server puts its cluster time in place of this. */
const filledByServer = new mongo.Timestamp({ t: 0, i: 0 });

export function envelopeOf(draft: Draft, revision: number, isAppended: boolean): Envelope {
  const { id, fields, body } = draft;
  const envelope = { _id: id, revision, ...fields, body };
  return isAppended ? { ...envelope, appended: filledByServer } : envelope;
}

export function storedOf(envelope: Envelope, fieldNames: readonly string[]): Stored {
  const fields: Record<string, FieldValue> = {};
  for (const name of fieldNames) {
    const value = envelope[name] ?? null;
    if (value instanceof mongo.Timestamp) throw new TypeError(`field ${name} holds a timestamp`);
    fields[name] = value;
  }
  return { id: envelope._id, fields, body: envelope.body, revision: envelope.revision };
}

/**
 * Indexes are made when the store opens and at no other time. Nothing here names a collation:
 * MongoDB's own, which compares bytes, is what ids and texts need.
 */
export function schemaOf(declaration: CollectionDeclaration): Schema {
  const definition: SchemaDefinition = {
    _id: { type: String, required: true },
    revision: { type: Number, required: true },
    body: { type: String, required: true },
  };
  for (const [name, type] of Object.entries(declaration.fields)) {
    definition[name] = { type: type === 'text' ? String : Number, default: null };
  }
  if (declaration.appendOnly) definition['appended'] = { type: Schema.Types.Mixed };
  const schema = new Schema(definition, {
    strict: 'throw',
    versionKey: false,
    id: false,
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
  });
  for (const [name, fields] of Object.entries(declaration.indexes)) {
    // An index of no fields is the order of the id, which every collection of MongoDB has.
    if (fields.length === 0) continue;
    const keys = Object.fromEntries([...fields, '_id'].map((field) => [field, 1 as const]));
    schema.index(keys, { name });
  }
  if (declaration.appendOnly) schema.index({ appended: 1, _id: 1 }, { name: 'appended' });
  return schema;
}
