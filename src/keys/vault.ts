/**
 * The vault: everything that needs a key. Identifiers become keyed hashes (HMAC-SHA-256), personal
 * fields are sealed with AES-256-GCM under a key of the subject's own, and that key is wrapped by a
 * master key (RFC 3394), so that destroying it makes every copy of the fields unreadable.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
  randomFillSync,
} from 'node:crypto';
import { keyBytes, type Keys } from './key-file.ts';
import { unwrapKeys, wrappedBytes } from './key-unwrap.ts';

const wrapVector: Buffer = Buffer.alloc(8, 0xa6);
const ivBytes = 12;
const tagBytes = 16;
const sealVersion = 1;
const checkDigits = 32;

/** A subject's own key, open in memory; `wrapped` is the only form that is ever stored. */
export interface SubjectKey {
  readonly wrapped: string;
  readonly key: KeyObject;
}

/** A sealed text that does not open: another key, or bytes that were changed. */
export class UnsealError extends Error {
  constructor(what: string, options?: ErrorOptions) {
    super(`${what} does not open under this key`, options);
    this.name = 'UnsealError';
  }
}

export class Vault {
  #keys: Keys;

  constructor(keys: Keys) {
    this.#keys = keys;
  }

  /** Other master keys for the same look-up and link keys; the caller checked that they are. */
  take(keys: Keys): void {
    this.#keys = keys;
  }

  /** Id of the master key that wraps what is new. */
  currentKeyId(): string {
    return this.#keys.current;
  }

  /** Keyed hash for look-up, in hex. `domain` keeps hashes of different kinds of thing apart. */
  hash(domain: string, value: string): string {
    return createHmac('sha256', this.#keys.lookup).update(`${domain}\0${value}`).digest('hex');
  }

  /** Tells one key file from another without telling a key. */
  fingerprint(): string {
    return this.hash('fingerprint', 'porteiro').slice(0, 32);
  }

  masterKeyIds(): readonly string[] {
    return [...this.#keys.master.keys()];
  }

  /** Tells each master key from another one of the same name, and helps nobody to find it. */
  masterKeyChecks(): Readonly<Record<string, string>> {
    const checks = [...this.#keys.master].map(([id, key]): [string, string] => {
      const check = createHmac('sha256', key).update(`check\0${id}`).digest('hex');
      return [id, check.slice(0, checkDigits)];
    });
    return Object.fromEntries(checks);
  }

  /** The same of the key that seals links. */
  linkCheck(): string {
    const check = createHmac('sha256', this.#keys.link).update('check').digest('hex');
    return check.slice(0, checkDigits);
  }

  /** A wrapped key under the current master key; the same text where it is already. */
  rewrap(wrapped: string): string {
    const { current } = this.#keys;
    if (masterKeyOf(wrapped) === current) return wrapped;
    return this.#wrap(this.openSubjectKey(wrapped).key.export());
  }

  newSubjectKey(): SubjectKey {
    const bytes = randomBytes(keyBytes);
    return { wrapped: this.#wrap(bytes), key: createSecretKey(bytes) };
  }

  openSubjectKey(wrapped: string): SubjectKey {
    const [id = '', text = ''] = wrapped.split('.');
    try {
      const decipher = createDecipheriv('id-aes256-wrap', this.#masterKey(id), wrapVector);
      const bytes = decipher.update(Buffer.from(text, 'base64url'));
      return { wrapped, key: createSecretKey(Buffer.concat([bytes, decipher.final()])) };
    } catch (cause) {
      throw new UnsealError('a subject key', { cause });
    }
  }

  /** The same for many at once, by their wrapped forms: each costs a fraction then. */
  openSubjectKeys(wrapped: readonly string[]): ReadonlyMap<string, SubjectKey> {
    const opened = new Map<string, SubjectKey>();
    for (const [id, forms] of byMasterKey(wrapped)) {
      const master = this.#keys.master.get(id);
      const bytes = forms.map((form) => Buffer.from(form.slice(id.length + 1), 'base64url'));
      const fit = bytes.every(({ length }) => length === wrappedBytes);
      const keys = master !== undefined && fit ? unwrapKeys(master, Buffer.concat(bytes)) : [];
      for (const [at, form] of forms.entries()) {
        const key = keys[at] ?? null;
        if (key === null) throw new UnsealError('a subject key');
        opened.set(form, { wrapped: form, key: createSecretKey(key) });
      }
    }
    return opened;
  }

  /** Seals a link's payload so that it is opaque and cannot be made by anyone else. */
  sealLink(payload: string): string {
    return seal(this.#keys.link, 'link', payload);
  }

  /** The payload of a link, or null when the link was not made with this key. */
  openLink(link: string): string | null {
    try {
      return unseal(this.#keys.link, 'link', link);
    } catch (error) {
      if (error instanceof UnsealError) return null;
      throw error;
    }
  }

  #wrap(bytes: Buffer): string {
    const id = this.#keys.current;
    const cipher = createCipheriv('id-aes256-wrap', this.#masterKey(id), wrapVector);
    const wrapped = Buffer.concat([cipher.update(bytes), cipher.final()]).toString('base64url');
    return `${id}.${wrapped}`;
  }

  #masterKey(id: string): KeyObject {
    const key = this.#keys.master.get(id);
    if (key === undefined) throw new Error(`the key file has no master key ${id}`);
    return key;
  }
}

/** Wrapped forms by the id of the master key that they name. */
function byMasterKey(wrapped: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const forms = new Map<string, string[]>();
  for (const form of wrapped) {
    const id = masterKeyOf(form);
    const same = forms.get(id);
    if (same === undefined) forms.set(id, [form]);
    else same.push(form);
  }
  return forms;
}

/** Id of the master key that a key is wrapped by. */
export function masterKeyOf(wrapped: string): string {
  return wrapped.slice(0, Math.max(0, wrapped.indexOf('.')));
}

/**
 * Seals text; `context` is authenticated with it, so that a sealed field cannot be moved to another
 * subject or place. Form: base64url of version, IV, ciphertext and tag.
 */
export function seal(key: KeyObject, context: string, text: string): string {
  const iv = freshIv();
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(context));
  const body = cipher.update(text, 'utf8');
  // GCM gives every byte at once and keeps none for the end.
  cipher.final();
  const sealed = Buffer.allocUnsafe(1 + ivBytes + body.length + tagBytes);
  sealed[0] = sealVersion;
  iv.copy(sealed, 1);
  body.copy(sealed, 1 + ivBytes);
  cipher.getAuthTag().copy(sealed, 1 + ivBytes + body.length);
  return sealed.toString('base64url');
}

/** Opens what seal made under the same key and context; throws UnsealError otherwise. */
export function unseal(key: KeyObject, context: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < 1 + ivBytes + tagBytes || bytes[0] !== sealVersion) {
    throw new UnsealError('a sealed field');
  }
  const iv = bytes.subarray(1, 1 + ivBytes);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
    const body = decipher.update(bytes.subarray(1 + ivBytes, bytes.length - tagBytes));
    // GCM gives every byte at once; what is left for the end is to check the tag.
    decipher.final();
    return body.toString('utf8');
  } catch (cause) {
    throw new UnsealError('a sealed field', { cause });
  }
}

/** A call for a few random bytes costs as much as sealing them; so they are drawn by the pool. */
const pool: Buffer = Buffer.alloc(ivBytes * 512);
let used: number = pool.length;

/** Each IV leaves the pool once: a copy, since the pool is filled again. */
function freshIv(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += ivBytes;
  return Buffer.from(pool.subarray(used - ivBytes, used));
}
