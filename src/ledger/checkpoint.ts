/**
 * Checkpoints: the size and the root of the tree, signed, in the form of C2SP tlog-checkpoint and
 * signed-note. Whoever keeps one can be shown later that nothing before it was rewritten.
 *
 *     loja.example/porteiro
 *     20852163
 *     CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
 *
 *     — loja.example/porteiro X2ocAkFy...
 */
import { type KeyObject, sign, verify } from 'node:crypto';
import { hashBytes, type TreeHead } from './merkle.ts';
import type { VerifierKey } from './verifier-key.ts';

export interface Checkpoint extends TreeHead {
  readonly origin: string;
}

export interface Signer {
  readonly verifier: VerifierKey;
  readonly signing: KeyObject;
}

interface Signature {
  readonly name: string;
  readonly keyId: string;
  readonly bytes: Buffer;
}

/** A checkpoint as it was read: what it says, and who says so as long as nobody checked. */
export interface SignedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly text: string;
  readonly signatures: readonly Signature[];
}

/** Longest note that is looked at, with room for signatures of many witnesses. */
const noteLengthMax = 64 * 1024;
const keyIdBytes = 4;
const signatureBytes = 64;

export function signCheckpoint(
  { origin, size, root }: Checkpoint,
  signers: readonly Signer[],
): string {
  const text = `${origin}\n${size}\n${root.toString('base64')}\n`;
  const lines = signers.map(({ verifier, signing }) => {
    const signature = sign(null, Buffer.from(text), signing);
    const signed = Buffer.concat([Buffer.from(verifier.id, 'hex'), signature]);
    return `— ${verifier.name} ${signed.toString('base64')}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/** Null for what is not exactly a checkpoint; no signature is checked yet. */
export function readCheckpoint(note: string): SignedCheckpoint | null {
  const end = note.lastIndexOf('\n\n') + 1;
  if (end === 0 || note.length > noteLengthMax || !note.endsWith('\n')) return null;
  const text = note.slice(0, end);
  const checkpoint = readText(text);
  const signatures = note
    .slice(end + 1, -1)
    .split('\n')
    .map(readSignature);
  if (checkpoint === null || signatures.includes(null)) return null;
  return { checkpoint, text, signatures: signatures.filter((each) => each !== null) };
}

/** The first of the keys that signed it, or null. Signatures of other keys count for nothing. */
export function signedBy(note: SignedCheckpoint, keys: readonly VerifierKey[]): VerifierKey | null {
  const { text, signatures, checkpoint } = note;
  const signs = ({ name, id, key }: VerifierKey): boolean =>
    name === checkpoint.origin &&
    signatures.some(
      (each) =>
        each.name === name &&
        each.keyId === id &&
        each.bytes.length === signatureBytes &&
        verify(null, Buffer.from(text), key, each.bytes),
    );
  return keys.find(signs) ?? null;
}

function readText(text: string): Checkpoint | null {
  const [origin = '', digits = '', encoded = '', ...rest] = text.split('\n');
  const size = /^(?:0|[1-9]\d{0,15})$/.test(digits) ? Number(digits) : Number.NaN;
  const root = readHash(encoded);
  if (origin === '' || !Number.isSafeInteger(size) || root === null) return null;
  return rest.length === 1 && rest[0] === '' ? { origin, size, root } : null;
}

function readSignature(line: string): Signature | null {
  const [, name = '', encoded = ''] = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length <= keyIdBytes || bytes.toString('base64') !== encoded) return null;
  const keyId = bytes.toString('hex', 0, keyIdBytes);
  return { name, keyId, bytes: bytes.subarray(keyIdBytes) };
}

/** 32 bytes in the one way of writing them in base64, or null. */
export function readHash(encoded: string): Buffer | null {
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.length === hashBytes && bytes.toString('base64') === encoded ? bytes : null;
}
