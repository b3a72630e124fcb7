/**
 * The keys of permits, and permits signed with them: a JWS (ES256) by which a sending channel sees,
 * without a call, that an act was allowed. Channels check the signature by the published keys, and
 * by the hash key, which they share with the server, that it is for the address they send to.
 *
 *     {"version": 1, "signWith": "permit-2",
 *      "keys": [{"kid": "permit-2", "privateKey": "-----BEGIN PRIVATE KEY-----..."},
 *               {"kid": "permit-1", "publicKey": "-----BEGIN PUBLIC KEY-----..."}],
 *      "hashKey": "<32 bytes, base64>"}
 */
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import jwt from 'jsonwebtoken';
import type { JsonObject } from '../domain/json.ts';
import { keyBytes, KeyFileError } from './key-file.ts';
import { fieldsOf, jsonObjectIn } from './json-file.ts';
import { ensureWholeFile } from './whole-file.ts';

export interface PermitKeys {
  readonly kid: string;
  readonly signing: KeyObject;
  readonly hashKey: KeyObject;
  /** Every key by its `kid`, the earlier ones included. */
  readonly verifying: ReadonlyMap<string, KeyObject>;
  /** A JWK set (RFC 7517), of the signing key and of earlier ones. */
  readonly published: JsonObject;
}

/** What a permit says besides who signed it and until when. */
export interface PermitClaims {
  readonly issuer: string;
  readonly decision: string;
  readonly action: string;
  readonly purpose: string;
  readonly channel: string;
  /** `kind:value`, such as `email:ana@example.com`; it leaves as a keyed hash. */
  readonly identifier: string;
  readonly decidedAtSeconds: number;
}

/** A permit as it is read back. */
export interface ReadPermit
  extends Omit<PermitClaims, 'identifier' | 'issuer' | 'decidedAtSeconds'> {
  readonly identifierHash: string;
  readonly fromSeconds: number;
  readonly untilSeconds: number;
}

const permitSeconds = 15 * 60;
const keysMax = 20;
/** Tells a permit from any other token, whatever else is signed under one of these keys. */
const permitType = 'porteiro-permit+jwt';

export function signPermit(keys: PermitKeys, claims: PermitClaims): string {
  const { action, purpose, channel, decidedAtSeconds } = claims;
  const payload = {
    iss: claims.issuer,
    jti: claims.decision,
    iat: decidedAtSeconds,
    exp: decidedAtSeconds + permitSeconds,
    action,
    purpose,
    channel,
    identifier: permitHash(keys, claims.identifier),
  };
  const header = { alg: 'ES256', kid: keys.kid, typ: permitType };
  return jwt.sign(payload, keys.signing, { algorithm: 'ES256', header });
}

/** What a permit says instead of the identifier `kind:value`. */
export function permitHash({ hashKey }: PermitKeys, identifier: string): string {
  return createHmac('sha256', hashKey).update(identifier).digest('base64url');
}

/** A permit that was signed under one of the keys, also after its end; null for any other text. */
export function readPermit(keys: PermitKeys, text: string): ReadPermit | null {
  try {
    const head = jwt.decode(text, { complete: true })?.header;
    const key = head?.typ === permitType ? keys.verifying.get(head.kid ?? '') : undefined;
    if (key === undefined) return null;
    const options = { algorithms: ['ES256' as const], ignoreExpiration: true };
    const claims = jwt.verify(text, key, options);
    return typeof claims === 'string' ? null : claimsIn(claims);
  } catch (error) {
    if (isUnreadable(error)) return null;
    throw error;
  }
}

const decisionForm = /^dec_[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** What a permit names, whoever signed it: to put permits in order by, and nothing else. */
export function decisionNamedIn(text: string): string | null {
  try {
    const claims = jwt.decode(text, { json: true });
    return claims?.jti !== undefined && decisionForm.test(claims.jti) ? claims.jti : null;
  } catch (error) {
    if (isUnreadable(error)) return null;
    throw error;
  }
}

/** The library lets a parser's own error through where a part is no JSON. */
function isUnreadable(error: unknown): boolean {
  return error instanceof jwt.JsonWebTokenError || error instanceof SyntaxError;
}

function claimsIn(claims: jwt.JwtPayload): ReadPermit | null {
  const { jti, iat, exp } = claims;
  const [action, purpose, channel, identifierHash] = [
    'action',
    'purpose',
    'channel',
    'identifier',
  ].map((name): unknown => claims[name]);
  if (jti === undefined || iat === undefined || exp === undefined) return null;
  if (typeof action !== 'string' || typeof purpose !== 'string') return null;
  if (typeof channel !== 'string' || typeof identifierHash !== 'string') return null;
  const act = { decision: jti, action, purpose, channel, identifierHash };
  return { ...act, fromSeconds: iat, untilSeconds: exp };
}

/** The keys of local mode, made where there are none. */
export function ensurePermitKeys(path: string): PermitKeys {
  try {
    ensureWholeFile(path, newPermitKeys);
  } catch (cause) {
    throw new KeyFileError(`the key file ${path} cannot be written`, { cause });
  }
  return readPermitKeys(path);
}

/** Throws KeyFileError that says what is wrong with the file, never a key. */
export function readPermitKeys(path: string): PermitKeys {
  try {
    return permitKeysIn(readFileSync(path, 'utf8'), path);
  } catch (error) {
    throw permitFault(path, error);
  }
}

/** What kept a file from being read; throws what is no fault of it. */
export function permitFault(path: string, error: unknown): KeyFileError {
  if (error instanceof KeyFileError) return error;
  if (!(error instanceof Error && 'code' in error)) throw error;
  return new KeyFileError(`the key file ${path} cannot be read`, { cause: error });
}

/** The keys that the text of a file holds; throws as `readPermitKeys` does. */
export function permitKeysIn(text: string, path: string): PermitKeys {
  const { version, signWith, keys: entries, hashKey } = jsonObjectIn(text, path);
  if (version !== 1) throw new KeyFileError(`${path}: "version" must be 1`);
  const list: readonly unknown[] = Array.isArray(entries) ? entries : [];
  if (list.length === 0 || list.length > keysMax) {
    throw new KeyFileError(`${path}: "keys" must be a list of 1 to ${keysMax} keys`);
  }
  const keys = list.map((entry, index) => readEntry(entry, `${path}: key ${index + 1}`));
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length) {
    throw new KeyFileError(`${path}: two keys have one "kid"`);
  }
  const signing = keys.find(({ kid }) => kid === signWith);
  if (signing?.sign === undefined || signing.sign === null) {
    throw new KeyFileError(`${path}: "signWith" must name a key with its "privateKey"`);
  }
  const bytes = typeof hashKey === 'string' ? Buffer.from(hashKey, 'base64') : Buffer.alloc(0);
  if (bytes.length !== keyBytes) {
    throw new KeyFileError(`${path}: "hashKey" must be ${keyBytes} bytes in base64`);
  }
  return {
    kid: signing.kid,
    signing: signing.sign,
    hashKey: createSecretKey(bytes),
    verifying: new Map(keys.map(({ kid, verify }) => [kid, verify])),
    published: { keys: keys.map(publicKeyOf) },
  };
}

interface KeyEntry {
  readonly kid: string;
  readonly verify: KeyObject;
  /** Null of a key that is there for permits that were signed before. */
  readonly sign: KeyObject | null;
}

function readEntry(entry: unknown, place: string): KeyEntry {
  const { kid, privateKey, publicKey } = fieldsOf(entry, place);
  if (typeof kid !== 'string' || !/^[\x21-\x7e]{1,100}$/.test(kid)) {
    throw new KeyFileError(`${place} needs a "kid"`);
  }
  try {
    const sign = typeof privateKey === 'string' ? createPrivateKey(privateKey) : null;
    const verify = createPublicKey(typeof publicKey === 'string' ? publicKey : String(privateKey));
    if (verify.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
      throw new KeyFileError(`${place} must be on the curve P-256`);
    }
    return { kid, verify, sign };
  } catch (error) {
    // The library's message may hold part of the key.
    if (error instanceof KeyFileError) throw error;
    throw new KeyFileError(`${place} needs "privateKey" or "publicKey" in PEM`);
  }
}

function publicKeyOf({ kid, verify }: KeyEntry): JsonObject {
  const { kty = '', crv = '', x = '', y = '' } = verify.export({ format: 'jwk' });
  return { alg: 'ES256', crv, kid, kty, use: 'sig', x, y };
}

function newPermitKeys(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = `permit-${randomBytes(4).toString('hex')}`;
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const file = {
    version: 1,
    signWith: kid,
    keys: [{ kid, privateKey: pem }],
    hashKey: randomBytes(keyBytes).toString('base64'),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}
