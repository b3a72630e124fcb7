/** openapi.yaml as a tree in which every `$ref` on the way to a place is followed. */
import { parse } from 'yaml';
import type { Schema } from './expectation.ts';

export type Node = Readonly<Record<string, unknown>>;

export interface Place {
  /** JSON pointer of the node in the document, as a URI fragment writes it. */
  readonly pointer: string;
  readonly node: Node;
}

const hopsMax = 20;

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

function fragment(segment: string): string {
  return encodeURIComponent(segment.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function segments(pointer: string): string[] {
  const parts = pointer.split('/').slice(1);
  return parts.map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'));
}

export class OpenApiDocument {
  readonly text: string;
  readonly root: Node;

  constructor(text: string) {
    const root: unknown = parse(text);
    if (!isNode(root)) throw new Error('openapi.yaml holds no document');
    this.text = text;
    this.root = root;
  }

  /** Null where nothing stands there. */
  at(path: readonly string[], from: Place = { pointer: '#', node: this.root }): Place | null {
    let place: Place = this.#followed(from);
    for (const segment of path) {
      const node = place.node[segment];
      if (!isNode(node)) return null;
      place = this.#followed({ pointer: `${place.pointer}/${fragment(segment)}`, node });
    }
    return place;
  }

  /** The schema that a `$ref` leads to, or the schema itself. */
  resolve(schema: Schema): Schema {
    return schema.$ref === undefined ? schema : (this.at(segments(schema.$ref))?.node ?? schema);
  }

  #followed(place: Place): Place {
    let current = place;
    for (let hops = 0; hops < hopsMax; hops += 1) {
      const reference = current.node['$ref'];
      if (typeof reference !== 'string') return current;
      const target = this.at(segments(reference));
      if (target === null) throw new Error(`openapi.yaml: ${reference} leads nowhere`);
      current = target;
    }
    throw new Error(`openapi.yaml: ${place.pointer} leads round in a circle`);
  }
}
