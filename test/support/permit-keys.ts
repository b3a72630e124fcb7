/** Keys of permits, made for a test and read as the server reads them. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PermitKeys, readPermitKeys } from '../../src/keys/permit-keys.ts';

/** Shared with the channels. */
export const hashKey: Buffer = Buffer.alloc(32, 9);

export function permitKeysOf(kid: string): PermitKeys {
  const folder = mkdtempSync(join(tmpdir(), 'porteiro-permit-'));
  const path = join(folder, 'permit-keys.json');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = String(privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const keys = [{ kid, privateKey: pem }];
  const file = { version: 1, signWith: kid, keys, hashKey: hashKey.toString('base64') };
  writeFileSync(path, JSON.stringify(file));
  try {
    return readPermitKeys(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
