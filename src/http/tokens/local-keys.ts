/** The JWT keys of local mode, made at the first start and read by nobody but their owner. */
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

function localKeys(): string {
  const key = { kid: 'local-1', alg: 'HS256', secret: randomBytes(32).toString('base64url') };
  const file = { issuer: 'porteiro-local', keys: [key], signWith: key.kid };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

export function localJwtKeysPath(dataFolder: string): string {
  return join(dataFolder, 'keys', 'jwt-keys.json');
}

/** The path of the keys file under the data folder; makes the file where it is absent. */
export function ensureLocalJwtKeys(dataFolder: string): string {
  const path = localJwtKeysPath(dataFolder);
  if (existsSync(path)) return path;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // A link never replaces: of two processes that start together, both end with the same keys, and
  // neither reads a file that is half written.
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, localKeys(), { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return path;
}
