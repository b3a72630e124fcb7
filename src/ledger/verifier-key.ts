/**
 * Public keys of a ledger as C2SP signed-note writes them: name, key id and key in one line.
 *
 *     loja.example/porteiro+5f6a1c02+AfG0...   (base64 of a byte 1 for Ed25519, then the key)
 *
 * The key id is the first four bytes of SHA-256 over the name, a line feed and those 33 bytes, so
 * that a signature names the key it was made with.
 */
import { createPublicKey, hash, type KeyObject } from 'node:crypto';

export interface VerifierKey {
  readonly name: string;
  /** Four bytes in hex. */
  readonly id: string;
  readonly key: KeyObject;
  /** The line above. */
  readonly line: string;
}

const ed25519 = 1;
const keyBytes = 32;
/** What stands before the 32 bytes in DER (RFC 8410). */
const derHead: Buffer = Buffer.from('302a300506032b6570032100', 'hex');
/** No space and no plus, which end a name in a note and in a key. */
export const nameForm: RegExp = /^[\x21-\x2a\x2c-\x7e]{1,120}$/;

export function verifierKey(name: string, key: KeyObject): VerifierKey {
  const der = key.export({ type: 'spki', format: 'der' });
  if (key.asymmetricKeyType !== 'ed25519' || der.length !== derHead.length + keyBytes) {
    throw new TypeError('a key of a ledger is an Ed25519 key');
  }
  const typed = Buffer.concat([Buffer.of(ed25519), der.subarray(derHead.length)]);
  const id = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), typed]), 'hex').slice(0, 8);
  return { name, id, key, line: `${name}+${id}+${typed.toString('base64')}` };
}

/** Null for what is no such line, or whose key id is not that of name and key. */
export function readVerifierKey(line: string): VerifierKey | null {
  const [, name = '', typed = ''] = /^([^+]+)\+[0-9a-f]{8}\+([A-Za-z0-9+/]{44})$/.exec(line) ?? [];
  const bytes = Buffer.from(typed, 'base64');
  if (!nameForm.test(name) || bytes.length !== 1 + keyBytes || bytes[0] !== ed25519) return null;
  const der = Buffer.concat([derHead, bytes.subarray(1)]);
  const read = verifierKey(name, createPublicKey({ key: der, type: 'spki', format: 'der' }));
  return read.line === line ? read : null;
}
