/**
 * Canonical JSON (RFC 8785): one value, one sequence of bytes, in every language. Digests, ledger
 * leaves and signatures are taken over these bytes and over nothing else.
 *
 *     {"b": 2.0, "a": "é"}   ->   {"a":"é","b":2}
 *
 * What is not JSON is a programmer error and throws: JSON.stringify would drop or alter it without
 * a word, and the digest would then vouch for something that nobody wrote.
 */
import type { Json } from '../domain/json.ts';

/** Deeper nesting has no use here, and would let hostile input exhaust the stack. */
const canonicalDepthMax = 32;

export function canonicalJson(value: Json): string {
  return write(value, canonicalDepthMax);
}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      // RFC 8785 adopts ECMAScript's own number format, which is what concatenation gives.
      if (!Number.isFinite(value)) throw refusal('a number that is not finite');
      return `${value}`;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (depth === 0) throw refusal(`more than ${canonicalDepthMax} levels`);
      return Array.isArray(value) ? writeList(value, depth - 1) : writeObject(value, depth - 1);
    default:
      throw refusal(typeof value);
  }
}

function writeList(list: readonly unknown[], depth: number): string {
  let text = '[';
  // By index: for...of and map would skip the holes of a sparse array, which are undefined.
  for (let index = 0; index < list.length; index += 1) {
    text += index === 0 ? write(list[index], depth) : `,${write(list[index], depth)}`;
  }
  return `${text}]`;
}

function writeObject(object: object, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) {
    throw refusal('an object that is not plain');
  }
  const members = object as Readonly<Record<string, unknown>>;
  const names = sortNames(Object.keys(members));
  let text = '{';
  for (const name of names) {
    const member = label(name) + write(members[name], depth);
    text += text.length === 1 ? member : `,${member}`;
  }
  return `${text}}`;
}

/**
 * By UTF-16 code units, in place. Records have few names and most are in order already, where an
 * insertion sort is one comparison a name and Array.sort would first copy the list.
 */
function sortNames(names: string[]): string[] {
  if (names.length > 32) return names.sort();
  for (let index = 1; index < names.length; index += 1) {
    const name = names[index] ?? '';
    let hole = index;
    for (; hole > 0; hole -= 1) {
      const before = names[hole - 1] ?? '';
      if (before <= name) break;
      names[hole] = before;
    }
    names[hole] = name;
  }
  return names;
}

/** Anything but U+0020 and up without quote, backslash and surrogates. */
const needsEscape = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;
/** Under the `u` flag a surrogate pair is one code point, so only a lone half matches. */
const loneSurrogate = /[\ud800-\udfff]/u;

function quote(text: string): string {
  if (!needsEscape.test(text)) return `"${text}"`;
  if (loneSurrogate.test(text)) throw refusal('text with half a surrogate pair');
  return JSON.stringify(text);
}

/** Names recur from record to record; a name that is known costs one look-up. */
const labels = new Map<string, string>();
const labelsMax = 4096;
const labelLengthMax = 64;

function label(name: string): string {
  const known = labels.get(name);
  if (known !== undefined) return known;
  const written = `${quote(name)}:`;
  if (labels.size < labelsMax && name.length <= labelLengthMax) labels.set(name, written);
  return written;
}

function refusal(what: string): TypeError {
  return new TypeError(`Canonical JSON has no form for ${what}.`);
}
