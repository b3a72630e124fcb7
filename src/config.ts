/**
 * The settings: read from the environment once, as a whole, with every mistake named at once.
 * Nothing that is unsafe is a default outside of local mode on loopback.
 */
import { type SettingName, settingNames, settings } from './config/settings.ts';
import { nearestName } from './domain/nearest-name.ts';

/** A value that no log, error or JSON text can show: Node inspects no private field. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
}

const logLevels = ['error', 'warn', 'info', 'debug'] as const;

export type StoreSetting =
  | { readonly kind: 'sqlite'; readonly path: string }
  /** The address may hold a password. */
  | { readonly kind: 'mongodb'; readonly url: Secret };

/** Where the text of a master key file comes from; it is in no store. */
export type MasterKeySetting =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'environment'; readonly text: Secret }
  /** Printed by a command, such as that of a secret store. */
  | { readonly kind: 'command'; readonly command: string };

export interface WebhookSetting {
  readonly url: string;
  readonly secret: Secret;
}

export interface Config {
  readonly mode: 'local' | 'production';
  readonly host: string;
  readonly port: number;
  readonly dataFolder: string;
  readonly store: StoreSetting;
  readonly policiesFolder: string;
  readonly rulesFolder: string;
  /** Without a slash at its end; null where none is stated: then it is where it listens. */
  readonly publicUrl: string | null;
  /** Null in local mode, where keys are made under the data folder. */
  readonly masterKey: MasterKeySetting | null;
  /** Null in local mode, where it is made beside the keys. */
  readonly erasureLogFile: string | null;
  readonly jwtKeysFile: string | null;
  /** Null in production as well where no permits are wanted. */
  readonly permitKeysFile: string | null;
  /** Null where no mail is sent. */
  readonly mail: { readonly url: Secret; readonly from: string } | null;
  /** Null where no message goes to a phone. */
  readonly phoneSender: WebhookSetting | null;
  /** Null in local mode, as the first two. */
  readonly ledgerKeysFile: string | null;
  /** Where checkpoints are handed over, and how often at most; nowhere by default. */
  readonly anchors: {
    readonly file: string | null;
    readonly webhook: WebhookSetting | null;
    readonly minutes: number;
  };
  /** Threads that try audiences; null for as many as the machine is good for. */
  readonly workers: number | null;
  /** Hours between retention runs; 0 where none begins by itself. */
  readonly retentionHours: number;
  readonly logLevel: (typeof logLevels)[number];
  readonly rateLimits: {
    /** Requests a minute; 0 for no limit. */
    readonly client: number;
    readonly address: number;
    readonly proxies: number;
  };
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Sentences, one for each mistake. */
export interface Complaints {
  readonly complaints: readonly string[];
  /** As far as it could be read: enough to look for mistakes in the files that it names. */
  readonly config: Config;
}

const masterKeyNames = [
  'PORTEIRO_MASTER_KEY_FILE',
  'PORTEIRO_MASTER_KEY',
  'PORTEIRO_MASTER_KEY_COMMAND',
] as const;
const prefix = 'PORTEIRO_';
const portMax = 65_535;
const perMinuteMax = 1_000_000_000;
const proxiesMax = 10;
const workersMax = 64;
/** A year: what is to be erased waits no longer. */
const retentionHoursMax = 8784;
const anchorMinutesMax = 24 * 60;

interface CountOptions {
  readonly min?: number;
  /** In place of what the settings say by default. */
  readonly fallback?: string;
}

/** Takes settings one by one and keeps what is wrong with them. */
class Reader {
  readonly complaints: string[] = [];
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Null where it is absent or empty. */
  stated(name: SettingName): string | null {
    const value = this.#environment[name];
    return value === undefined || value === '' ? null : value;
  }

  text(name: SettingName): string {
    return this.stated(name) ?? settings[name].byDefault;
  }

  oneOf<Value extends string>(name: SettingName, values: readonly Value[], fallback: Value): Value {
    const stated = this.text(name);
    const value = values.find((one) => one === stated);
    if (value === undefined) this.complain(`${name} must be one of ${values.join(', ')}.`);
    return value ?? fallback;
  }

  count(
    name: SettingName,
    max: number,
    { min = 0, fallback = settings[name].byDefault }: CountOptions = {},
  ): number {
    const stated = this.stated(name) ?? fallback;
    const count = /^\d{1,10}$/.test(stated) ? Number(stated) : Number.NaN;
    if (count >= min && count <= max) return count;
    this.complain(`${name} must be a whole number from ${min} to ${max}.`);
    return min;
  }

  complain(sentence: string): void {
    this.complaints.push(sentence);
  }
}

function complainOfUnknown(environment: Environment, reader: Reader): void {
  for (const name of Object.keys(environment)) {
    if (!name.startsWith(prefix) || name in settings) continue;
    const nearest = nearestName(name, settingNames);
    const hint =
      nearest === null ? `the settings are ${settingNames.join(', ')}` : `is it ${nearest}?`;
    reader.complain(`${name} is not a setting: ${hint}.`);
  }
}

function complainOfMissing(reader: Reader): void {
  for (const name of settingNames) {
    const alternatives = name === masterKeyNames[0] ? masterKeyNames : [name];
    const isStated = alternatives.some((each) => reader.stated(each) !== null);
    if (!settings[name].requiredInProduction || isStated) continue;
    reader.complain(`${name} must be set in production: ${settings[name].meaning}`);
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function readStore(reader: Reader, dataFolder: string): StoreSetting {
  const stated = reader.stated('PORTEIRO_STORE');
  if (stated === null) return { kind: 'sqlite', path: `${dataFolder}/porteiro.sqlite` };
  if (/^mongodb(?:\+srv)?:\/\/[^/]/.test(stated))
    return { kind: 'mongodb', url: new Secret(stated) };
  const path = /^sqlite:(.+)$/.exec(stated)?.[1];
  // The value is not repeated: an address may hold a password.
  if (path === undefined) {
    reader.complain('PORTEIRO_STORE must be sqlite:PATH, mongodb://... or mongodb+srv://...');
  }
  return { kind: 'sqlite', path: path ?? '' };
}

function readMasterKey(reader: Reader): MasterKeySetting | null {
  const [path, text, command] = masterKeyNames.map((name) => reader.stated(name));
  const stated = masterKeyNames.filter((name) => reader.stated(name) !== null);
  if (stated.length > 1) {
    reader.complain(`${stated.join(' and ')} are set: the master key comes from one place.`);
  }
  if (typeof path === 'string') return { kind: 'file', path };
  if (typeof text === 'string') return { kind: 'environment', text: new Secret(text) };
  return typeof command === 'string' ? { kind: 'command', command } : null;
}

function readPublicUrl(reader: Reader, mode: Config['mode']): string | null {
  const stated = reader.stated('PORTEIRO_PUBLIC_URL');
  if (stated === null) return null;
  const url = URL.canParse(stated) ? new URL(stated) : null;
  const plain = url !== null && `${url.username}${url.password}${url.search}${url.hash}` === '';
  if (url === null || !plain || !['http:', 'https:'].includes(url.protocol)) {
    reader.complain('PORTEIRO_PUBLIC_URL must be an http or https address without query or login.');
  } else if (mode === 'production' && url.protocol !== 'https:') {
    reader.complain('PORTEIRO_PUBLIC_URL must begin with https:// in production.');
  }
  return stated.replace(/\/+$/, '');
}

/** Refused without repeating it: it may hold a password. */
function readMail(reader: Reader): Config['mail'] {
  const url = reader.stated('PORTEIRO_SMTP_URL');
  const from = reader.stated('PORTEIRO_MAIL_FROM');
  if (url === null && from === null) return null;
  if (url === null || !/^smtps?:\/\/[^/?#]+\/?$/.test(url) || !URL.canParse(url)) {
    reader.complain('PORTEIRO_SMTP_URL must be smtp://HOST or smtps://HOST, with login and port.');
  }
  if (from === null || !/^[^\s@<>"]+@[^\s@<>"]+$/.test(from)) {
    reader.complain('PORTEIRO_MAIL_FROM must be the e-mail address that mail is sent from.');
  }
  return { url: new Secret(url ?? ''), from: from ?? '' };
}

function readWebhook(
  reader: Reader,
  mode: Config['mode'],
  [urlName, secretName]: readonly [SettingName, SettingName],
): WebhookSetting | null {
  const url = reader.stated(urlName);
  const secret = reader.stated(secretName);
  if (url === null && secret === null) return null;
  const protocol = url !== null && URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol !== 'https:' && (mode === 'production' || protocol !== 'http:')) {
    reader.complain(`${urlName} must be an https address.`);
  }
  if (secret === null || !/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/.test(secret)) {
    reader.complain(`${secretName} must be whsec_ and 24 bytes or more in base64.`);
  }
  return { url: url ?? '', secret: new Secret(secret ?? '') };
}

function readAnchors(reader: Reader, mode: Config['mode']): Config['anchors'] {
  return {
    file: reader.stated('PORTEIRO_ANCHOR_FILE'),
    webhook: readWebhook(reader, mode, ['PORTEIRO_ANCHOR_URL', 'PORTEIRO_ANCHOR_SECRET']),
    minutes: reader.count('PORTEIRO_ANCHOR_MINUTES', anchorMinutesMax, { min: 1 }),
  };
}

export function readEnvironment(environment: Environment): Config | Complaints {
  const reader = new Reader(environment);
  complainOfUnknown(environment, reader);
  const mode = reader.oneOf('PORTEIRO_MODE', ['local', 'production'], 'local');
  const host = reader.text('PORTEIRO_HOST');
  const port = reader.count('PORTEIRO_PORT', portMax);
  const dataFolder = reader.text('PORTEIRO_DATA');
  if (mode === 'production') complainOfMissing(reader);
  else if (!isLoopback(host)) {
    reader.complain(
      'PORTEIRO_HOST is reachable from other machines: set PORTEIRO_MODE=production and the ' +
        'settings that it asks for, or listen on 127.0.0.1.',
    );
  }
  const config: Config = {
    mode,
    host,
    port,
    dataFolder,
    store: readStore(reader, dataFolder),
    policiesFolder: reader.text('PORTEIRO_POLICIES'),
    rulesFolder: reader.text('PORTEIRO_RULES'),
    publicUrl: readPublicUrl(reader, mode),
    masterKey: readMasterKey(reader),
    erasureLogFile: reader.stated('PORTEIRO_ERASURE_LOG_FILE'),
    jwtKeysFile: reader.stated('PORTEIRO_JWT_KEYS_FILE'),
    permitKeysFile: reader.stated('PORTEIRO_PERMIT_KEYS_FILE'),
    mail: readMail(reader),
    phoneSender: readWebhook(reader, mode, [
      'PORTEIRO_PHONE_SENDER_URL',
      'PORTEIRO_PHONE_SENDER_SECRET',
    ]),
    ledgerKeysFile: reader.stated('PORTEIRO_LEDGER_KEYS_FILE'),
    anchors: readAnchors(reader, mode),
    workers:
      reader.stated('PORTEIRO_WORKERS') === null
        ? null
        : reader.count('PORTEIRO_WORKERS', workersMax),
    retentionHours: reader.count('PORTEIRO_RETENTION_HOURS', retentionHoursMax),
    logLevel: reader.oneOf('PORTEIRO_LOG_LEVEL', logLevels, 'info'),
    rateLimits: {
      client: reader.count('PORTEIRO_RATE_LIMIT', perMinuteMax),
      address: reader.count('PORTEIRO_RATE_LIMIT_PUBLIC', perMinuteMax),
      proxies: reader.count('PORTEIRO_PROXIES', proxiesMax, {
        fallback: mode === 'production' ? '1' : '0',
      }),
    },
  };
  const { complaints } = reader;
  return complaints.length > 0 ? { complaints, config } : Object.freeze(config);
}
