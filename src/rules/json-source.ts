/**
 * JSON with positions. JSON.parse tells no place for a value, lets the last of two equal keys win
 * and, in Node 20, often has no position for a syntax error; a YAML parser has the places but takes
 * comments, single quotes and trailing commas that other readers of a rule file refuse.
 */
import type { Json } from '../domain/json.ts';

export interface JsonMember {
  readonly keyOffset: number;
  readonly node: JsonNode;
}

export type JsonNode =
  | { readonly kind: 'text'; readonly offset: number; readonly value: string }
  | { readonly kind: 'plain'; readonly offset: number; readonly value: number | boolean | null }
  | { readonly kind: 'list'; readonly offset: number; readonly items: readonly JsonNode[] }
  | ObjectNode;

export interface ObjectNode {
  readonly kind: 'object';
  readonly offset: number;
  readonly members: ReadonlyMap<string, JsonMember>;
}

export interface JsonFault {
  readonly offset: number;
  readonly message: string;
  readonly expected: string;
}

export interface JsonSource {
  /** Null after a syntax error, which is then the last fault. */
  readonly root: JsonNode | null;
  readonly faults: readonly JsonFault[];
}

const depthMax = 32;

const spaces = /[ \t\n\r]*/y;
/** Any code unit from the space onwards but the quote and the backslash, or an escape. */
const textToken = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const numberToken = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const wordToken = /[A-Za-z_$][\w$]*/y;

class SyntaxFault extends Error {
  readonly fault: JsonFault;
  constructor(fault: JsonFault) {
    super(fault.message);
    this.fault = fault;
  }
}

class JsonReader {
  readonly faults: JsonFault[] = [];
  readonly #text: string;
  #offset = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonNode {
    const root = this.#value(0);
    this.#skipSpaces();
    if (this.#offset < this.#text.length) this.#refuse('the end of the file');
    return root;
  }

  #value(depth: number): JsonNode {
    this.#skipSpaces();
    if (depth > depthMax) this.#refuse(`at most ${depthMax} levels of nesting`);
    const offset = this.#offset;
    switch (this.#text[offset]) {
      case '{':
        return { kind: 'object', offset, members: this.#members(depth) };
      case '[':
        return { kind: 'list', offset, items: this.#items(depth) };
      case '"':
        return { kind: 'text', offset, value: this.#quoted() };
      default:
        return { kind: 'plain', offset, value: this.#plain() };
    }
  }

  #members(depth: number): ReadonlyMap<string, JsonMember> {
    const members = new Map<string, JsonMember>();
    this.#offset += 1;
    if (this.#takes('}')) return members;
    do {
      this.#skipSpaces();
      const keyOffset = this.#offset;
      if (this.#text[keyOffset] !== '"') this.#refuse('a name in double quotes');
      const key = this.#quoted();
      if (!this.#takes(':')) this.#refuse('":"');
      const node = this.#value(depth + 1);
      if (members.has(key)) {
        const message = `"${key}" stands twice in one object`;
        this.faults.push({ offset: keyOffset, message, expected: 'each name once' });
      } else members.set(key, { keyOffset, node });
    } while (this.#takes(','));
    if (!this.#takes('}')) this.#refuse('"," or "}"');
    return members;
  }

  #items(depth: number): readonly JsonNode[] {
    const items: JsonNode[] = [];
    this.#offset += 1;
    if (this.#takes(']')) return items;
    do items.push(this.#value(depth + 1));
    while (this.#takes(','));
    if (!this.#takes(']')) this.#refuse('"," or "]"');
    return items;
  }

  #quoted(): string {
    const token = this.#match(textToken);
    if (token === null) this.#refuse('a text that ends on its line, in double quotes');
    const value: unknown = JSON.parse(token);
    return String(value);
  }

  #plain(): number | boolean | null {
    const offset = this.#offset;
    const number = this.#match(numberToken);
    if (number !== null) return this.#finite(Number(number), offset);
    switch (this.#match(wordToken)) {
      case 'true':
        return true;
      case 'false':
        return false;
      case 'null':
        return null;
      default:
        this.#offset = offset;
        return this.#refuse('a JSON value');
    }
  }

  #finite(value: number, offset: number): number {
    if (!Number.isFinite(value)) {
      const expected = 'a number that a double can hold';
      this.faults.push({ offset, message: 'the number is too large', expected });
    }
    return value;
  }

  #skipSpaces(): void {
    this.#match(spaces);
  }

  #takes(sign: string): boolean {
    this.#skipSpaces();
    if (this.#text[this.#offset] !== sign) return false;
    this.#offset += 1;
    return true;
  }

  #match(token: RegExp): string | null {
    token.lastIndex = this.#offset;
    const found = token.exec(this.#text)?.[0] ?? null;
    this.#offset += found?.length ?? 0;
    return found;
  }

  #refuse(expected: string): never {
    const sign = this.#text[this.#offset];
    const message = sign === undefined ? 'the file ends too early' : `${JSON.stringify(sign)} here`;
    throw new SyntaxFault({ offset: this.#offset, message, expected });
  }
}

export function readJson(text: string): JsonSource {
  const reader = new JsonReader(text);
  try {
    return { root: reader.document(), faults: reader.faults };
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    return { root: null, faults: [...reader.faults, error.fault] };
  }
}

export function jsonOf(node: JsonNode): Json {
  switch (node.kind) {
    case 'text':
    case 'plain':
      return node.value;
    case 'list':
      return node.items.map(jsonOf);
    case 'object':
      return Object.fromEntries([...node.members].map(([key, { node }]) => [key, jsonOf(node)]));
  }
}

/** Line and column of an offset, both from 1. */
export function positionIn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}
