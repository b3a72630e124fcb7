/** What may be set by the environment: names, meanings and defaults. */

interface Setting {
  readonly meaning: string;
  /** What local mode takes where nothing is stated; in words where it depends on others. */
  readonly byDefault: string;
  readonly requiredInProduction: boolean;
}

export const settingNames = [
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
  'PORTEIRO_SMTP_URL',
  'PORTEIRO_MAIL_FROM',
  'PORTEIRO_PHONE_SENDER_URL',
  'PORTEIRO_PHONE_SENDER_SECRET',
  'PORTEIRO_LEDGER_KEYS_FILE',
  'PORTEIRO_ANCHOR_FILE',
  'PORTEIRO_ANCHOR_URL',
  'PORTEIRO_ANCHOR_SECRET',
  'PORTEIRO_ANCHOR_MINUTES',
  'PORTEIRO_WORKERS',
  'PORTEIRO_RETENTION_HOURS',
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
  PORTEIRO_SMTP_URL: {
    meaning: 'Mail server, `smtps://LOGIN:PASSWORD@HOST` or `smtp://...`, for codes of the portal.',
    byDefault: 'no mail; in local mode messages are printed and kept in PORTEIRO_DATA/outbox',
    requiredInProduction: false,
  },
  PORTEIRO_MAIL_FROM: {
    meaning: 'Address that mail is sent from; goes with `PORTEIRO_SMTP_URL`.',
    byDefault: 'none',
    requiredInProduction: false,
  },
  PORTEIRO_PHONE_SENDER_URL: {
    meaning: "Webhook of the owner's sender that codes for phones are handed to.",
    byDefault: 'none; in local mode as with mail',
    requiredInProduction: false,
  },
  PORTEIRO_PHONE_SENDER_SECRET: {
    meaning: 'What its calls are signed with, `whsec_` and base64, as Standard Webhooks says.',
    byDefault: 'none',
    requiredInProduction: false,
  },
  PORTEIRO_LEDGER_KEYS_FILE: {
    meaning: 'File with the keys that checkpoints of the ledger are signed with.',
    byDefault: 'made as PORTEIRO_DATA/keys/ledger-keys.json',
    requiredInProduction: true,
  },
  PORTEIRO_ANCHOR_FILE: {
    meaning:
      'File that checkpoints of the ledger are added to, for somebody else to keep, such as on a ' +
      'volume that only lets it grow. Each process has its own.',
    byDefault: 'none',
    requiredInProduction: false,
  },
  PORTEIRO_ANCHOR_URL: {
    meaning: 'Webhook of somebody else who keeps them.',
    byDefault: 'none',
    requiredInProduction: false,
  },
  PORTEIRO_ANCHOR_SECRET: {
    meaning: 'What its calls are signed with, as with `PORTEIRO_PHONE_SENDER_SECRET`.',
    byDefault: 'none',
    requiredInProduction: false,
  },
  PORTEIRO_ANCHOR_MINUTES: {
    meaning: 'Least time between two checkpoints that are handed over, from 1 minute to a day.',
    byDefault: '60',
    requiredInProduction: false,
  },
  PORTEIRO_WORKERS: {
    meaning:
      'Threads that try audiences on SQLite beside the one that decides; 0 for none. They start ' +
      'with the first audience. MongoDB has none.',
    byDefault: 'one less than there are processors, from 1 to 4',
    requiredInProduction: false,
  },
  PORTEIRO_RETENTION_HOURS: {
    meaning: 'Hours from one retention run to the next; 0 where none begins by itself.',
    byDefault: '24',
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
    meaning: 'The same of one address where no token is asked for: unsubscription and the portal.',
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
