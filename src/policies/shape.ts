/**
 * Shapes: what may stand at a place of a policy file, and the typed value that it becomes. A shape
 * complains of everything that does not fit and reads on, so that one run names every mistake.
 * Hand-written and not a JSON Schema, since a schema gives neither types nor words for people.
 */
import { isMap, isScalar, isSeq, type ParsedNode, type YAMLMap } from 'yaml';
import { suggestion } from '../rules/nearest-name.ts';
import type { Source } from './source.ts';

export interface Shape<T> {
  /** What would be right, in words. */
  readonly expected: string;
  /** What an absent key stands for; without it the key is required. */
  readonly absent?: { readonly value: T };
  /** Undefined after a complaint. */
  read(node: ParsedNode | null, source: Source): T | undefined;
}

export function optional<T>(shape: Shape<T>, value: T): Shape<T> {
  return { ...shape, absent: { value } };
}

export function offsetOf(node: ParsedNode | null): number {
  return node?.range[0] ?? 0;
}

const shownLengthMax = 40;

function describe(node: ParsedNode | null): string {
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node)) return node === null ? 'empty' : 'a reference to another place';
  const { value } = node;
  if (typeof value === 'string') {
    const cut = value.length > shownLengthMax ? `${value.slice(0, shownLengthMax)}…` : value;
    return `the text ${JSON.stringify(cut)}`;
  }
  return value === null ? 'empty' : `${typeof value} ${JSON.stringify(value)}`;
}

export function refuseNode(node: ParsedNode | null, source: Source, expected: string): undefined {
  const name = source.trail === '' ? 'the file' : source.trail;
  source.complain(offsetOf(node), `${name} is ${describe(node)}`, expected);
}

/** `accept` gives undefined for a value that does not fit. */
export function scalar<T>(expected: string, accept: (value: unknown) => T | undefined): Shape<T> {
  return {
    expected,
    read(node, source) {
      const value = isScalar(node) ? accept(node.value) : undefined;
      return value === undefined ? refuseNode(node, source, expected) : value;
    },
  };
}

export function integer(min: number, max: number): Shape<number> {
  return scalar(`a whole number from ${min} to ${max}`, (value) => {
    const fits = typeof value === 'number' && Number.isInteger(value) && value >= min;
    return fits && value <= max ? value : undefined;
  });
}

export const flag: Shape<boolean> = scalar('true or false', (value) =>
  typeof value === 'boolean' ? value : undefined,
);

export function text(expected: string, fits: (text: string) => boolean): Shape<string> {
  return scalar(expected, (value) =>
    typeof value === 'string' && fits(value) ? value : undefined,
  );
}

export function oneOf<const T extends string>(values: readonly T[]): Shape<T> {
  const all = `one of ${values.join(', ')}`;
  return {
    expected: all,
    read(node, source) {
      const found = isScalar(node) ? node.value : undefined;
      const value = values.find((known) => known === found);
      if (value !== undefined) return value;
      const hint = typeof found === 'string' ? suggestion(found, values) : all;
      return refuseNode(node, source, hint);
    },
  };
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return {
    expected: `${shape.expected}, or null`,
    read(node, source) {
      return isScalar(node) && node.value === null ? null : shape.read(node, source);
    },
  };
}

interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** A list without equal items; items are told apart by their JSON form. */
export function list<T>(item: Shape<T>, { min, max }: Bounds): Shape<readonly T[]> {
  const expected = `a list of ${min} to ${max}, each ${item.expected}`;
  return {
    expected,
    read(node, source) {
      if (!isSeq<ParsedNode>(node)) return refuseNode(node, source, expected);
      if (node.items.length < min || node.items.length > max) {
        const message = `${source.trail} has ${node.items.length} entries`;
        source.complain(offsetOf(node), message, expected);
      }
      const values: T[] = [];
      const seen = new Set<string>();
      node.items.forEach((entry, index) => {
        source.under(`[${index}]`, () => {
          const value = item.read(entry, source);
          if (value === undefined) return;
          const form = JSON.stringify(value);
          if (seen.has(form)) {
            source.complain(offsetOf(entry), `${source.trail} stands twice`, 'each entry once');
          }
          seen.add(form);
          values.push(value);
        });
      });
      return values.length === node.items.length ? values : undefined;
    },
  };
}

/** A record as far as it could be read; keys that did not fit are absent. */
export interface Found<T> {
  readonly value: Partial<T>;
  readonly source: Source;
  readonly complain: (key: keyof T & string, message: string, expected: string) => void;
}

export interface RecordLaw<T> {
  /** Tells the other files what this record declares. */
  readonly declare?: (found: Found<T>) => void;
  /** Runs when every file has declared what it holds. */
  readonly check?: (found: Found<T>) => void;
}

export type Fields<T> = { readonly [K in keyof T]: Shape<T[K]> };

export function record<T>(fields: Fields<T>, law: RecordLaw<T> = {}): Shape<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  const expected = `a mapping with ${names.join(', ')}`;
  return {
    expected,
    read(node, source) {
      if (!isMap<ParsedNode, ParsedNode | null>(node)) return refuseNode(node, source, expected);
      const members = membersOf(node, names, source);
      const value: Partial<T> = {};
      for (const name of names) {
        const read = readMember(name, fields[name], { node, members, source });
        if (read !== undefined) value[name] = read;
      }
      const found = foundIn({ value, members, node, source });
      law.declare?.(found);
      if (law.check !== undefined) source.reading.checks.push(() => law.check?.(found));
      return names.every((name) => value[name] !== undefined) ? (value as T) : undefined;
    },
  };
}

type Members = ReadonlyMap<string, ParsedNode | null>;
type Mapping = YAMLMap.Parsed<ParsedNode, ParsedNode | null>;

function membersOf(node: Mapping, names: readonly string[], source: Source): Members {
  const members = new Map<string, ParsedNode | null>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (names.includes(name)) members.set(name, value ?? key);
    else {
      const place = source.trail === '' ? '' : ` in ${source.trail}`;
      const message = `the key ${JSON.stringify(name)}${place} is not known`;
      source.complain(offsetOf(key), message, suggestion(name, names));
    }
  }
  return members;
}

interface Holder {
  readonly node: Mapping;
  readonly members: Members;
  readonly source: Source;
}

function readMember<T>(name: string, shape: Shape<T>, holder: Holder): T | undefined {
  const { members, source } = holder;
  return source.under(name, () => {
    if (members.has(name)) return shape.read(members.get(name) ?? null, source);
    if (shape.absent !== undefined) return shape.absent.value;
    source.complain(offsetOf(holder.node), `${source.trail} is missing`, shape.expected);
    return undefined;
  });
}

function foundIn<T>({ value, members, node, source }: Holder & { value: Partial<T> }): Found<T> {
  const way = source.trail;
  return {
    value,
    source,
    complain(key, message, expected) {
      const offset = offsetOf(members.get(key) ?? node);
      const name = way === '' ? key : `${way}.${key}`;
      source.complain(offset, `${name} ${message}`, expected);
    },
  };
}
