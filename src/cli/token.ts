/** `porteiro token`: an access token for a client, by the keys that the server checks with. */
import { type Command, InvalidArgumentError } from 'commander';
import jwt from 'jsonwebtoken';
import { readFileSync } from 'node:fs';
import { type Config, type Environment, readEnvironment } from '../config.ts';
import { audience, tokenSecondsMax } from '../http/tokens/authentication.ts';
import { KeyRingFault, readKeyRing, type SigningKey } from '../http/tokens/key-ring.ts';
import { ensureLocalJwtKeys } from '../http/tokens/local-keys.ts';
import { type Scope, scopes } from '../operations/operation.ts';

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** `15m` as seconds. A bare number is refused: it is read as seconds here, milliseconds there. */
export function readExpiry(text: string): number {
  const [, amount = '', unit = ''] = /^(\d{1,6})([smh])$/.exec(text) ?? [];
  const seconds = Number(amount) * (unitSeconds[unit] ?? 0);
  if (seconds >= 1 && seconds <= tokenSecondsMax) return seconds;
  throw new InvalidArgumentError('It must be a number with s, m or h, such as 15m, up to 24h.');
}

function isScope(name: string): name is Scope {
  return scopes.some((scope) => scope === name);
}

export function readScopes(text: string): readonly Scope[] {
  const names = text.split(/[\s,]+/).filter((name) => name !== '');
  const unknown = names.filter((name) => !isScope(name));
  if (names.length > 0 && unknown.length === 0) return [...new Set(names.filter(isScope))];
  const which = unknown.length === 0 ? 'None is named' : `Not a scope: ${unknown.join(', ')}`;
  throw new InvalidArgumentError(`${which}. The scopes are ${scopes.join(', ')}.`);
}

export function readClient(text: string): string {
  if (/^[\x21-\x7e]{1,120}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 120 printable characters without a space.');
}

export interface TokenRequest {
  readonly client: string;
  readonly scope: readonly Scope[];
  readonly expires: number;
}

export function makeToken(request: TokenRequest, issuer: string, signing: SigningKey): string {
  return jwt.sign({ scope: request.scope.join(' ') }, signing.key, {
    algorithm: signing.alg,
    keyid: signing.kid,
    issuer,
    audience,
    subject: request.client,
    expiresIn: request.expires,
  });
}

function keysPath(config: Config): string {
  return config.jwtKeysFile ?? ensureLocalJwtKeys(config.dataFolder);
}

/** The token, or sentences that say why there is none. */
export function issueToken(
  request: TokenRequest,
  environment: Environment,
): string | readonly string[] {
  const config = readEnvironment(environment);
  if ('complaints' in config) return config.complaints;
  const path = keysPath(config);
  try {
    const ring = readKeyRing(readFileSync(path, 'utf8'));
    if (ring.signing === null) return [`${path} names no key to sign with: set "signWith".`];
    return makeToken(request, ring.issuer, ring.signing);
  } catch (error) {
    if (error instanceof KeyRingFault) return error.complaints.map((one) => `${path}: ${one}`);
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (typeof code === 'string') return [`${path} cannot be read: ${code}.`];
    throw error;
  }
}

export function addTokenCommand(program: Command): void {
  program
    .command('token')
    .description('Print an access token for a client.')
    .requiredOption('--client <name>', 'the client, as decisions will name it', readClient)
    .requiredOption('--scope <names>', `scopes, parted by spaces: ${scopes.join(', ')}`, readScopes)
    .option('--expires <time>', 'life of the token, such as 15m', readExpiry, readExpiry('15m'))
    .action((request: TokenRequest) => {
      const token = issueToken(request, process.env);
      if (typeof token === 'string') {
        process.stdout.write(`${token}\n`);
        return;
      }
      for (const complaint of token) process.stderr.write(`${complaint}\n`);
      process.exitCode = 1;
    });
}
