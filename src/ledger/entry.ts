/**
 * Ledger entries: what a record leaves in the evidence. An entry is canonical JSON (RFC 8785) and
 * commits to the record by a salted digest, so that it holds no personal data, and once record and
 * salt are erased it says only that something of this kind once stood there.
 *
 *     {"at":"2026-11-24T14:00:00.000Z","digest":"sha256:…","id":"dec_…","kind":"decision","v":1}
 */
import { hash, randomFillSync } from 'node:crypto';

const saltBytes = 16;
const poolBytes = 4096;
const pool: Buffer = Buffer.alloc(poolBytes);
let used: number = poolBytes;

/** The entry of a record. `id` and `kind` are ASCII without quotes; `at` is ISO 8601. */
export function entryText(record: {
  readonly id: string;
  readonly kind: string;
  readonly at: string;
  readonly digest: string;
}): string {
  // Written by hand since every member is plain; a test holds it to the canonical form.
  const { at, digest, id, kind } = record;
  return `{"at":"${at}","digest":"${digest}","id":"${id}","kind":"${kind}","v":1}`;
}

/** `sha256:<hex>` over the salt, as it is written, followed by the record's canonical bytes. */
export function recordDigest(salt: string, body: string): string {
  return textDigest(salt + body);
}

/** `sha256:<hex>` of a text's UTF-8 bytes. */
export function textDigest(text: string): string {
  return `sha256:${hash('sha256', text, 'hex')}`;
}

/** 16 random bytes in base64url; stored beside the record, and erased with it. */
export function freshSalt(): string {
  if (used + saltBytes > poolBytes) {
    randomFillSync(pool);
    used = 0;
  }
  used += saltBytes;
  return pool.toString('base64url', used - saltBytes, used);
}
