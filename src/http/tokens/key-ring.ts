/**
 * The keys that access tokens are checked and signed with, as a file holds them:
 *
 *     {"issuer": "https://id.loja.example",
 *      "keys": [{"kid": "2026-11", "alg": "HS256", "secret": "<base64url>"},
 *               {"kid": "idp-1", "alg": "RS256", "publicKey": "-----BEGIN PUBLIC KEY-----..."},
 *               {"kid": "cli-1", "alg": "ES256", "privateKey": "-----BEGIN PRIVATE KEY-----..."}],
 *      "signWith": "cli-1"}
 *
 * The kid fixes the algorithm: what the header of a token claims decides nothing.
 */
import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';

const algorithms = ['HS256', 'RS256', 'PS256', 'ES256'] as const;
export type KeyAlgorithm = (typeof algorithms)[number];

export interface VerifyingKey {
  readonly alg: KeyAlgorithm;
  readonly key: KeyObject;
}

export interface SigningKey extends VerifyingKey {
  readonly kid: string;
}

export interface KeyRing {
  readonly issuer: string;
  readonly keys: ReadonlyMap<string, VerifyingKey>;
  /** Null where the server only checks tokens that another system issues. */
  readonly signing: SigningKey | null;
}

/** Every mistake of the file, in sentences that never repeat a key. */
export class KeyRingFault extends Error {
  readonly complaints: readonly string[];
  constructor(complaints: readonly string[]) {
    super(complaints.join('\n'));
    this.name = 'KeyRingFault';
    this.complaints = complaints;
  }
}

const secretBytesMin = 32;
const modulusBitsMin = 2048;
const keysMax = 50;

interface KeyPair {
  readonly verify: KeyObject;
  readonly sign: KeyObject | null;
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAlgorithm(value: unknown): value is KeyAlgorithm {
  return algorithms.some((algorithm) => algorithm === value);
}

function secretPair(secret: unknown): KeyPair | string {
  if (typeof secret !== 'string' || !/^[A-Za-z0-9_-]+$/.test(secret)) {
    return 'needs "secret" in base64url';
  }
  const bytes = Buffer.from(secret, 'base64url');
  if (bytes.length < secretBytesMin) {
    return `has a secret of ${bytes.length} bytes; the least is ${secretBytesMin}`;
  }
  const key = createSecretKey(bytes);
  return { verify: key, sign: key };
}

function weakness(key: KeyObject, alg: KeyAlgorithm): string | null {
  const type = key.asymmetricKeyType;
  const detail = key.asymmetricKeyDetails;
  if (alg === 'ES256') {
    const fits = type === 'ec' && detail?.namedCurve === 'prime256v1';
    return fits ? null : 'needs a key on the curve P-256 for ES256';
  }
  if (type !== 'rsa') return `needs an RSA key for ${alg}`;
  const bits = detail?.modulusLength ?? 0;
  return bits < modulusBitsMin
    ? `has an RSA key of ${bits} bits; the least is ${modulusBitsMin}`
    : null;
}

function pemPair(entry: Fields, alg: KeyAlgorithm): KeyPair | string {
  const { publicKey, privateKey } = entry;
  try {
    const sign = typeof privateKey === 'string' ? createPrivateKey(privateKey) : null;
    const pem = typeof publicKey === 'string' ? publicKey : sign;
    if (pem === null) return 'needs "publicKey" or "privateKey" in PEM';
    const verify = createPublicKey(pem);
    return weakness(verify, alg) ?? { verify, sign };
  } catch {
    // The library's message may hold part of the key.
    return 'has a key that is not valid PEM';
  }
}

function readEntry(entry: unknown): { kid: string; alg: KeyAlgorithm; pair: KeyPair } | string {
  if (!isFields(entry)) return 'is not an object';
  const { kid, alg } = entry;
  if (typeof kid !== 'string' || !/^[\x21-\x7e]{1,100}$/.test(kid)) return 'needs a "kid"';
  if (!isAlgorithm(alg)) return `needs "alg", one of ${algorithms.join(', ')}`;
  const pair = alg === 'HS256' ? secretPair(entry['secret']) : pemPair(entry, alg);
  return typeof pair === 'string' ? pair : { kid, alg, pair };
}

function signingKey(
  signWith: unknown,
  keys: ReadonlyMap<string, VerifyingKey & { readonly sign: KeyObject | null }>,
): SigningKey | null | string {
  if (signWith === undefined || signWith === null) return null;
  const known = typeof signWith === 'string' ? keys.get(signWith) : undefined;
  if (typeof signWith !== 'string' || known === undefined) {
    return '"signWith" names none of the keys';
  }
  if (known.sign === null) return '"signWith" names a key without its "privateKey"';
  return { kid: signWith, alg: known.alg, key: known.sign };
}

function parseFields(text: string): Fields {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw new KeyRingFault(['The JWT keys file is not valid JSON.']);
  }
  if (!isFields(file)) throw new KeyRingFault(['The JWT keys file must hold an object.']);
  return file;
}

/** Throws KeyRingFault with every mistake at once. */
export function readKeyRing(text: string): KeyRing {
  const { issuer, keys: entries, signWith } = parseFields(text);
  const complaints: string[] = [];
  const keys = new Map<string, VerifyingKey & { readonly sign: KeyObject | null }>();

  if (typeof issuer !== 'string' || issuer === '' || issuer.length > 200) {
    complaints.push('"issuer" must name who issues the tokens.');
  }
  const list: readonly unknown[] = Array.isArray(entries) ? entries : [];
  if (list.length === 0 || list.length > keysMax) {
    complaints.push(`"keys" must be a list of 1 to ${keysMax} keys.`);
  }
  for (const [index, entry] of list.slice(0, keysMax).entries()) {
    const read = readEntry(entry);
    if (typeof read === 'string') complaints.push(`Key ${index + 1} ${read}.`);
    else if (keys.has(read.kid)) complaints.push(`Key ${index + 1} repeats a "kid".`);
    else keys.set(read.kid, { alg: read.alg, key: read.pair.verify, sign: read.pair.sign });
  }
  const signing = signingKey(signWith, keys);
  if (typeof signing === 'string' && complaints.length === 0) complaints.push(`${signing}.`);
  if (complaints.length > 0 || typeof issuer !== 'string' || typeof signing === 'string') {
    throw new KeyRingFault(complaints);
  }
  return { issuer, keys, signing };
}
