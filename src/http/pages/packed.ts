/** Texts that never change while the process runs, packed once, at their first use. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);
const compressed = new Map<string, Promise<Buffer>>();
const keptMax = 100;

/** `name` stands for exactly this content. */
export function packed(name: string, content: string | Buffer): Promise<Buffer> {
  const known = compressed.get(name);
  if (known !== undefined) return known;
  if (compressed.size >= keptMax) compressed.clear();
  const made = compress(content);
  compressed.set(name, made);
  return made;
}
