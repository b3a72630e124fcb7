/**
 * The settings: read from the environment once, as a whole, with every mistake named at once.
 * Nothing that is unsafe is a default outside of local mode on loopback.
 */
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
  /** Null in local mode, as the first two. */
  readonly ledgerKeysFile: string | null;
  /** Threads that try audiences; null for as many as the machine is good for. */
  readonly workers: number | null;
  readonly logLevel: (typeof logLevels)[number];
  readonly rateLimits: {
    /** Requests a minute; 0 for no limit. */
    readonly client: number;
    readonly address: number;
    readonly proxies: number;
  };
}

interface Setting {
  readonly meaning: string;
  /** What local mode takes where nothing is stated; in words where it depends on others. */
  readonly byDefault: string;
  readonly requiredInProduction: boolean;
}

const settingNames = [
  'PORTEIRO_MODE',
  'PORTEIRO_HOST',
  'PORTEIRO_PORT',
  'PORTEIRO_DATA',
  'PORTEIRO_STORE',
  'PORTEIRO_POLICIES',
  'PORTEIRO_RULES',
  'PORTEIRO_PUBLIC_URL',
  'PORTEIRO_MASTER_KEY_FILE',
  'PORTEIRO_MASTER_KEY',
  'PORTEIRO_MASTER_KEY_COMMAND',
  'PORTEIRO_ERASURE_LOG_FILE',
  'PORTEIRO_JWT_KEYS_FILE',
  'PORTEIRO_PERMIT_KEYS_FILE',
  'PORTEIRO_LEDGER_KEYS_FILE',
  'PORTEIRO_WORKERS',
  'PORTEIRO_LOG_LEVEL',
  'PORTEIRO_RATE_LIMIT',
  'PORTEIRO_RATE_LIMIT_PUBLIC',
  'PORTEIRO_PROXIES',
] as const;
export type SettingName = (typeof settingNames)[number];

/** docs/configuration.md is made from this object. */
export const settings: Readonly<Record<SettingName, Setting>> = {
  PORTEIRO_MODE: {
    meaning: '`local` for trying it on one machine, `production` for everything else.',
    byDefault: 'local',
    requiredInProduction: true,
  },
  PORTEIRO_HOST: {
    meaning: 'Address to listen on. Another than loopback needs `PORTEIRO_MODE=production`.',
    byDefault: '127.0.0.1',
    requiredInProduction: false,
  },
  PORTEIRO_PORT: {
    meaning: 'Port to listen on, 0 for any that is free.',
    byDefault: '8080',
    requiredInProduction: false,
  },
  PORTEIRO_DATA: {
    meaning: 'Folder for what the process writes: the SQLite file and the keys of local mode.',
    byDefault: './data',
    requiredInProduction: false,
  },
  PORTEIRO_STORE: {
    meaning: '`sqlite:PATH`, `mongodb://...` or `mongodb+srv://...`.',
    byDefault: 'sqlite:PORTEIRO_DATA/porteiro.sqlite',
    requiredInProduction: true,
  },
  PORTEIRO_POLICIES: {
    meaning: 'Folder of the policies.',
    byDefault: './policies',
    requiredInProduction: true,
  },
  PORTEIRO_RULES: {
    meaning: 'Folder of the rules.',
    byDefault: './rules',
    requiredInProduction: false,
  },
  PORTEIRO_PUBLIC_URL: {
    meaning: 'Where people reach it, for links in messages; `https://` in production.',
    byDefault: 'where it listens',
    requiredInProduction: true,
  },
  PORTEIRO_MASTER_KEY_FILE: {
    meaning:
      'File with the master keys that personal data are encrypted under; in its place one of the ' +
      'next two may be set.',
    byDefault: 'made under PORTEIRO_DATA/keys',
    requiredInProduction: true,
  },
  PORTEIRO_MASTER_KEY: {
    meaning: 'The text of such a file itself.',
    byDefault: 'none',
    requiredInProduction: false,
  },
  PORTEIRO_MASTER_KEY_COMMAND: {
    meaning:
      'Command that prints such a text, run by `sh` at the start, and again when keys are rotated.',
    byDefault: 'none',
    requiredInProduction: false,
  },
  PORTEIRO_ERASURE_LOG_FILE: {
    meaning:
      'File, outside of the store and its backups, with the ids of who was erased: by it a ' +
      'restored backup is erased again. Each process has its own.',
    byDefault: 'made as PORTEIRO_DATA/keys/erasures.ndjson',
    requiredInProduction: true,
  },
  PORTEIRO_JWT_KEYS_FILE: {
    meaning: 'File with the keys that access tokens are checked with.',
    byDefault: 'made as PORTEIRO_DATA/keys/jwt-keys.json',
    requiredInProduction: true,
  },
  PORTEIRO_PERMIT_KEYS_FILE: {
    meaning: 'File with the keys that permits are signed with; without it production gives none.',
    byDefault: 'in local mode made as PORTEIRO_DATA/keys/permit-keys.json',
    requiredInProduction: false,
  },
  PORTEIRO_LEDGER_KEYS_FILE: {
    meaning: 'File with the keys that checkpoints of the ledger are signed with.',
    byDefault: 'made as PORTEIRO_DATA/keys/ledger-keys.json',
    requiredInProduction: true,
  },
  PORTEIRO_WORKERS: {
    meaning:
      'Threads that try audiences on SQLite beside the one that decides; 0 for none. They start ' +
      'with the first audience. MongoDB has none.',
    byDefault: 'one less than there are processors, from 1 to 4',
    requiredInProduction: false,
  },
  PORTEIRO_LOG_LEVEL: {
    meaning: '`error`, `warn`, `info` or `debug`.',
    byDefault: 'info',
    requiredInProduction: false,
  },
  PORTEIRO_RATE_LIMIT: {
    meaning: 'Requests a minute that one process takes of one client; 0 for no limit.',
    // Above what a process answers: it holds nobody off until the owner lowers it.
    byDefault: '1000000',
    requiredInProduction: false,
  },
  PORTEIRO_RATE_LIMIT_PUBLIC: {
    meaning: 'The same of one address where no token is asked for, which is unsubscription.',
    // Mail providers click for many people from a few addresses.
    byDefault: '6000',
    requiredInProduction: false,
  },
  PORTEIRO_PROXIES: {
    meaning: 'Proxies before it, each of which adds to `X-Forwarded-For`; 0 where there is none.',
    byDefault: '0, and 1 in production',
    requiredInProduction: false,
  },
};

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

  count(name: SettingName, max: number, fallback: string = settings[name].byDefault): number {
    const stated = this.stated(name) ?? fallback;
    const count = /^\d{1,10}$/.test(stated) ? Number(stated) : Number.NaN;
    if (count >= 0 && count <= max) return count;
    this.complain(`${name} must be a whole number from 0 to ${max}.`);
    return 0;
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
    ledgerKeysFile: reader.stated('PORTEIRO_LEDGER_KEYS_FILE'),
    workers:
      reader.stated('PORTEIRO_WORKERS') === null
        ? null
        : reader.count('PORTEIRO_WORKERS', workersMax),
    logLevel: reader.oneOf('PORTEIRO_LOG_LEVEL', logLevels, 'info'),
    rateLimits: {
      client: reader.count('PORTEIRO_RATE_LIMIT', perMinuteMax),
      address: reader.count('PORTEIRO_RATE_LIMIT_PUBLIC', perMinuteMax),
      proxies: reader.count('PORTEIRO_PROXIES', proxiesMax, mode === 'production' ? '1' : '0'),
    },
  };
  const { complaints } = reader;
  return complaints.length > 0 ? { complaints, config } : Object.freeze(config);
}
