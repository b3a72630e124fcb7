/**
 * What every engine refuses before it tries anything. Stated once: an engine that let one of these
 * through would store what the other cannot give back.
 *
 * A document over its limit is a StoreFailure, because its size may come from outside. Everything
 * else is a mistake of the program: TypeError for a wrong shape, RangeError for a wrong number.
 */
import { type CollectionDeclaration, collections, type FieldType } from './collections.ts';
import {
  bodyBytesMax,
  type Draft,
  type FieldValue,
  idLengthMax,
  StoreFailure,
  stepsMax,
  type Write,
} from './port.ts';

/** Checks a list of writes; answers how many bytes of text they carry, which queues count. */
export function admitSteps(steps: readonly Write[]): number {
  if (steps.length > stepsMax) {
    throw new RangeError(`${steps.length} writes in one list, at most ${stepsMax}`);
  }
  let bytes = 0;
  for (const step of steps) bytes += admitStep(step);
  return bytes;
}

/** SQLite ends a text at its first NUL, and a lone surrogate has no UTF-8: neither comes back. */
function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** Text is compared by its bytes in UTF-8: letter case, accents and normalisation forms count. */
export function isStorableId(id: string): boolean {
  return id.length > 0 && id.length <= idLengthMax && isStorableText(id);
}

export function isFieldValue(value: unknown, type: FieldType): value is FieldValue {
  if (value === null) return true;
  return type === 'text'
    ? typeof value === 'string' && isStorableText(value)
    : Number.isSafeInteger(value);
}

function admitStep(step: Write): number {
  const declaration = collections[step.collection];
  if (step.kind !== 'insert') {
    if (declaration.appendOnly !== (step.kind === 'erase')) {
      const what = declaration.appendOnly ? 'is append-only' : 'is no log';
      throw new TypeError(`${step.collection} ${what}: ${step.kind} is refused`);
    }
    if (!Number.isSafeInteger(step.expectedRevision) || step.expectedRevision < 1) {
      throw new RangeError(`expectedRevision ${step.expectedRevision} is no revision`);
    }
  }
  if (step.kind === 'delete') {
    admitId(step.id);
    return 0;
  }
  return admitDraft(step.document, declaration);
}

function admitDraft({ id, fields, body }: Draft, declaration: CollectionDeclaration): number {
  admitId(id);
  const fieldBytes = admitFields(fields, declaration);
  if (!isStorableText(body)) throw new TypeError('a body holds NUL or a lone surrogate');
  const bodyBytes = Buffer.byteLength(body);
  if (bodyBytes > bodyBytesMax || fieldBytes > bodyBytesMax) {
    const part = bodyBytes > bodyBytesMax ? 'body' : 'fields';
    throw new StoreFailure('too-large', `a ${part} of more than ${bodyBytesMax} bytes`);
  }
  return bodyBytes + fieldBytes;
}

function admitId(id: string): void {
  if (id.length > idLengthMax) {
    throw new StoreFailure('too-large', `an id of more than ${idLengthMax} UTF-16 units`);
  }
  if (!isStorableId(id)) {
    throw new TypeError('an id is empty, or holds NUL or a lone surrogate');
  }
}

function admitFields(fields: Draft['fields'], declaration: CollectionDeclaration): number {
  let bytes = 0;
  let declared = 0;
  for (const name in declaration.fields) {
    const type = declaration.fields[name];
    const value = fields[name];
    if (type === undefined) continue;
    if (!isFieldValue(value, type)) {
      throw new TypeError(`field ${name} must be ${type} or null`);
    }
    declared += 1;
    if (typeof value === 'string') bytes += Buffer.byteLength(value);
  }
  if (Object.keys(fields).length !== declared) {
    const names = Object.keys(declaration.fields).join(', ');
    throw new TypeError(`fields are ${Object.keys(fields).join(', ')}; declared are ${names}`);
  }
  return bytes;
}
