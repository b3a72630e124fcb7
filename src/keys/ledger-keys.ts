/**
 * The keys that checkpoints of the ledger are signed with. Every private key in the file signs, so
 * that a new one is known before the old one goes; a public key alone is one that signed before.
 *
 *     {"version": 1, "origin": "loja.example/porteiro",
 *      "keys": [{"privateKey": "-----BEGIN PRIVATE KEY-----..."},
 *               {"publicKey": "-----BEGIN PUBLIC KEY-----..."}]}
 *
 * The origin names the ledger in its checkpoints, and stays the same as long as the ledger lives.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import type { Signer } from '../ledger/checkpoint.ts';
import { nameForm, verifierKey, type VerifierKey } from '../ledger/verifier-key.ts';
import { fieldsOf, readJsonFile } from './json-file.ts';
import { KeyFileError } from './key-file.ts';
import { ensureWholeFile } from './whole-file.ts';

export interface LedgerKeys {
  readonly origin: string;
  /** At least one. */
  readonly signers: readonly Signer[];
  /** Those of the signers, and earlier ones. */
  readonly verifiers: readonly VerifierKey[];
}

const keysMax = 20;

/** The keys of local mode, made where there are none. */
export function ensureLedgerKeys(path: string): LedgerKeys {
  try {
    ensureWholeFile(path, newLedgerKeys);
  } catch (cause) {
    throw new KeyFileError(`the key file ${path} cannot be written`, { cause });
  }
  return readLedgerKeys(path);
}

/** Throws KeyFileError that says what is wrong with the file, never a key. */
export function readLedgerKeys(path: string): LedgerKeys {
  const { version, origin, keys: entries } = readJsonFile(path);
  if (version !== 1) throw new KeyFileError(`${path}: "version" must be 1`);
  if (typeof origin !== 'string' || !nameForm.test(origin)) {
    throw new KeyFileError(`${path}: "origin" must name the ledger, without a space or a plus`);
  }
  const list: readonly unknown[] = Array.isArray(entries) ? entries : [];
  if (list.length === 0 || list.length > keysMax) {
    throw new KeyFileError(`${path}: "keys" must be a list of 1 to ${keysMax} keys`);
  }
  const keys = list.map((entry, index) => readEntry(entry, origin, `${path}: key ${index + 1}`));
  const verifiers = keys.map(({ verifier }) => verifier);
  if (new Set(verifiers.map(({ line }) => line)).size < keys.length) {
    throw new KeyFileError(`${path}: a key is there twice`);
  }
  const signers = keys.flatMap(({ verifier, signing }) =>
    signing === null ? [] : [{ verifier, signing }],
  );
  if (signers.length === 0) throw new KeyFileError(`${path}: no key has its "privateKey"`);
  return { origin, signers, verifiers };
}

interface KeyEntry {
  readonly verifier: VerifierKey;
  /** Null of a key that signs no more. */
  readonly signing: KeyObject | null;
}

function readEntry(entry: unknown, origin: string, place: string): KeyEntry {
  const { privateKey, publicKey } = fieldsOf(entry, place);
  let keys: readonly [signing: KeyObject | null, verifying: KeyObject];
  try {
    const signing = typeof privateKey === 'string' ? createPrivateKey(privateKey) : null;
    keys = [signing, createPublicKey(signing === null ? String(publicKey) : String(privateKey))];
  } catch {
    // The library's message may hold part of the key.
    throw new KeyFileError(`${place} needs "privateKey" or "publicKey" in PEM`);
  }
  const [signing, verifying] = keys;
  if (verifying.asymmetricKeyType !== 'ed25519') {
    throw new KeyFileError(`${place} must be an Ed25519 key`);
  }
  return { verifier: verifierKey(origin, verifying), signing };
}

function newLedgerKeys(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  const file = {
    version: 1,
    // Two ledgers on one machine, or on many, are told apart.
    origin: `porteiro.local/${randomBytes(4).toString('hex')}`,
    keys: [{ privateKey: String(privateKey.export({ type: 'pkcs8', format: 'pem' })) }],
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}
