/** `sha256:<hex>` over lines that come one by one, each ended by a line break. */
import { createHash, type Hash } from 'node:crypto';

export class LinesDigest {
  readonly #hash: Hash = createHash('sha256');

  add(line: string): void {
    this.#hash.update(`${line}\n`);
  }

  /** Of the lines so far. */
  get value(): string {
    return `sha256:${this.#hash.copy().digest('hex')}`;
  }
}
