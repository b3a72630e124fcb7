/** The settings: every mistake at once, nothing unsafe by default, and a page that is current. */
import { expect } from 'chai';
import { readFileSync, writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { type Config, type Environment, readEnvironment, Secret } from '../src/config.ts';
import { settings } from '../src/config/settings.ts';

function configOf(environment: Environment): Config {
  const read = readEnvironment(environment);
  if ('complaints' in read) throw new Error(read.complaints.join('\n'));
  return read;
}

function complaintsOf(environment: Environment): readonly string[] {
  const read = readEnvironment(environment);
  return 'complaints' in read ? read.complaints : [];
}

const production: Environment = {
  PORTEIRO_MODE: 'production',
  PORTEIRO_STORE: 'mongodb://u:segredo@db.example/porteiro?replicaSet=rs0',
  PORTEIRO_POLICIES: '/etc/porteiro/policies',
  PORTEIRO_PUBLIC_URL: 'https://porteiro.loja.example/',
  PORTEIRO_MASTER_KEY_FILE: '/run/secrets/master-key',
  PORTEIRO_ERASURE_LOG_FILE: '/var/lib/porteiro/erasures.ndjson',
  PORTEIRO_JWT_KEYS_FILE: '/run/secrets/jwt-keys.json',
  PORTEIRO_LEDGER_KEYS_FILE: '/run/secrets/ledger-keys.json',
};

describe('the settings', () => {
  it('are all there in local mode without any', () => {
    expect(configOf({ PATH: '/bin' })).to.deep.equal({
      mode: 'local',
      host: '127.0.0.1',
      port: 8080,
      anchors: { file: null, webhook: null, minutes: 60 },
      dataFolder: './data',
      store: { kind: 'sqlite', path: './data/porteiro.sqlite' },
      policiesFolder: './policies',
      rulesFolder: './rules',
      publicUrl: null,
      masterKey: null,
      erasureLogFile: null,
      jwtKeysFile: null,
      permitKeysFile: null,
      mail: null,
      phoneSender: null,
      ledgerKeysFile: null,
      workers: null,
      retentionHours: 24,
      logLevel: 'info',
      rateLimits: { client: 1_000_000, address: 6000, proxies: 0 },
    });
  });

  it('are taken as they are stated', () => {
    const config = configOf({
      PORTEIRO_HOST: '::1',
      PORTEIRO_PORT: '0',
      PORTEIRO_DATA: '/var/lib/porteiro',
      PORTEIRO_RULES: '/etc/rules',
      PORTEIRO_RETENTION_HOURS: '0',
      PORTEIRO_LOG_LEVEL: 'debug',
    });
    expect(config).to.include({
      host: '::1',
      port: 0,
      rulesFolder: '/etc/rules',
      retentionHours: 0,
      logLevel: 'debug',
    });
    expect(config.store).to.deep.equal({
      kind: 'sqlite',
      path: '/var/lib/porteiro/porteiro.sqlite',
    });
    expect(Object.isFrozen(config)).to.equal(true);
  });

  it('are complete for production when the named ones are stated', () => {
    const config = configOf({ ...production, PORTEIRO_HOST: '0.0.0.0' });
    expect(config).to.include({ mode: 'production', publicUrl: 'https://porteiro.loja.example' });
    expect(config.store.kind).to.equal('mongodb');
    expect(config.rateLimits.proxies).to.equal(1);
  });

  it('take an empty value for none', () => {
    expect(configOf({ PORTEIRO_PORT: '' }).port).to.equal(8080);
    expect(complaintsOf({ ...production, PORTEIRO_MASTER_KEY_FILE: '' })).to.have.length(1);
  });

  it('never show the address of a database', () => {
    const config = configOf(production);
    const shown = `${inspect(config, { depth: 9, showHidden: true })}${JSON.stringify(config)}`;
    expect(shown).not.to.include('segredo');
    const secret = new Secret('segredo');
    expect(String(secret)).to.equal('[secret]');
    expect(secret.reveal()).to.equal('segredo');
  });

  const mistakes: readonly (readonly [Environment, string])[] = [
    [{ PORTEIRO_PROT: '80' }, 'PORTEIRO_PROT is not a setting: is it PORTEIRO_PORT?'],
    [{ PORTEIRO_SOMETHING_ELSE: 'x' }, 'the settings are PORTEIRO_MODE'],
    [{ PORTEIRO_MODE: 'prod' }, 'PORTEIRO_MODE must be one of local, production.'],
    [{ PORTEIRO_PORT: '70000' }, 'PORTEIRO_PORT must be a whole number'],
    [{ PORTEIRO_PORT: '80a' }, 'PORTEIRO_PORT must be a whole number'],
    [{ PORTEIRO_PORT: '-1' }, 'PORTEIRO_PORT must be a whole number'],
    [{ PORTEIRO_HOST: '0.0.0.0' }, 'set PORTEIRO_MODE=production'],
    [{ PORTEIRO_HOST: '192.168.0.2' }, 'set PORTEIRO_MODE=production'],
    [{ PORTEIRO_HOST: '::' }, 'set PORTEIRO_MODE=production'],
    [{ PORTEIRO_STORE: 'postgres://u:segredo@x' }, 'PORTEIRO_STORE must be sqlite:PATH'],
    [{ PORTEIRO_STORE: 'sqlite:' }, 'PORTEIRO_STORE must be sqlite:PATH'],
    [{ PORTEIRO_RATE_LIMIT: 'none' }, 'PORTEIRO_RATE_LIMIT must be a whole number'],
    [{ PORTEIRO_RATE_LIMIT_PUBLIC: '-1' }, 'PORTEIRO_RATE_LIMIT_PUBLIC must be a whole number'],
    [{ PORTEIRO_PROXIES: '11' }, 'PORTEIRO_PROXIES must be a whole number from 0 to 10.'],
    [{ PORTEIRO_WORKERS: '65' }, 'PORTEIRO_WORKERS must be a whole number from 0 to 64.'],
    [{ PORTEIRO_LOG_LEVEL: 'loud' }, 'PORTEIRO_LOG_LEVEL must be one of'],
    [{ PORTEIRO_PUBLIC_URL: 'loja.example' }, 'PORTEIRO_PUBLIC_URL must be'],
    [{ PORTEIRO_PUBLIC_URL: 'https://u:p@loja.example' }, 'without query or login'],
    [{ PORTEIRO_PUBLIC_URL: 'javascript:alert(1)' }, 'PORTEIRO_PUBLIC_URL must be'],
    [{ ...production, PORTEIRO_PUBLIC_URL: 'http://loja.example' }, 'begin with https://'],
    [{ ...production, PORTEIRO_MASTER_KEY: 'segredo' }, 'comes from one place'],
  ];
  for (const [environment, words] of mistakes) {
    it(`complain of ${Object.entries(environment).at(-1)?.join('=')}`, () => {
      const complaints = complaintsOf(environment);
      expect(complaints).to.have.length(1);
      expect(complaints[0]).to.include(words);
      expect(complaints[0]).not.to.include('segredo');
    });
  }

  it('take the master key from the environment or a command, and show neither', () => {
    const { PORTEIRO_MASTER_KEY_FILE: _file, ...rest } = production;
    const inEnvironment = readEnvironment({ ...rest, PORTEIRO_MASTER_KEY: '{"segredo":1}' });
    expect(inEnvironment).to.have.nested.property('masterKey.kind', 'environment');
    expect(JSON.stringify(inEnvironment)).not.to.include('segredo');
    const command = 'vault read -field=keys secret/porteiro';
    const byCommand = readEnvironment({ ...rest, PORTEIRO_MASTER_KEY_COMMAND: command });
    expect(byCommand).to.have.deep.property('masterKey', { kind: 'command', command });
  });

  it('complain of all that production lacks, at once', () => {
    const complaints = complaintsOf({ PORTEIRO_MODE: 'production' });
    const named = complaints.map((complaint) => complaint.split(' ')[0]);
    expect(named).to.deep.equal(Object.keys(production).filter((name) => name !== 'PORTEIRO_MODE'));
  });
});

function configurationPage(): string {
  const rows = Object.entries(settings).map(([name, setting]) => {
    const production = setting.requiredInProduction ? 'must be set' : `\`${setting.byDefault}\``;
    const local = /\s/.test(setting.byDefault) ? setting.byDefault : `\`${setting.byDefault}\``;
    return `| \`${name}\` | ${setting.meaning} | ${local} | ${production} |`;
  });
  return `# Settings

Porteiro reads its settings from the environment, once, when it starts. It names every mistake at
once and does not start on any. An empty value is none; a name that begins with \`PORTEIRO_\` and is
not listed here is a mistake. This page is made from \`src/config.ts\` by \`test/config.test.ts\`.

| name | meaning | in local mode | in production |
|---|---|---|---|
${rows.join('\n')}
`;
}

describe('the settings of messages', () => {
  const mail = { PORTEIRO_SMTP_URL: 'smtps://loja:segredo@mail.example:465' };
  const from = { PORTEIRO_MAIL_FROM: 'privacidade@loja.example' };
  const sender = { PORTEIRO_PHONE_SENDER_URL: 'https://sms.example/codigos' };
  const secret = { PORTEIRO_PHONE_SENDER_SECRET: `whsec_${'A'.repeat(32)}` };

  it('are read where they are whole, and show no secret', () => {
    const config = configOf({ ...mail, ...from, ...sender, ...secret });
    expect(config.mail?.url.reveal()).to.equal(mail.PORTEIRO_SMTP_URL);
    expect(config.mail?.from).to.equal('privacidade@loja.example');
    expect(config.phoneSender?.url).to.equal('https://sms.example/codigos');
    expect(inspect(config)).not.to.match(/segredo|whsec_/);
  });

  const anchor = { PORTEIRO_ANCHOR_URL: 'https://notary.example/checkpoints' };

  it('say where checkpoints are handed over, by default nowhere', () => {
    expect(configOf({}).anchors).to.deep.equal({ file: null, webhook: null, minutes: 60 });
    const { anchors } = configOf({
      ...anchor,
      PORTEIRO_ANCHOR_SECRET: `whsec_${'A'.repeat(32)}`,
      PORTEIRO_ANCHOR_FILE: '/notary/anchors.ndjson',
      PORTEIRO_ANCHOR_MINUTES: '5',
    });
    expect(anchors).to.deep.include({ file: '/notary/anchors.ndjson', minutes: 5 });
    expect(anchors.webhook?.url).to.equal(anchor.PORTEIRO_ANCHOR_URL);
    expect(inspect(anchors)).not.to.match(/whsec_/);
  });

  const refused: readonly (readonly [environment: Environment, name: string])[] = [
    [anchor, 'PORTEIRO_ANCHOR_SECRET'],
    [{ PORTEIRO_ANCHOR_MINUTES: '0' }, 'PORTEIRO_ANCHOR_MINUTES'],
    [{ PORTEIRO_ANCHOR_MINUTES: '1441' }, 'PORTEIRO_ANCHOR_MINUTES'],
    [mail, 'PORTEIRO_MAIL_FROM'],
    [from, 'PORTEIRO_SMTP_URL'],
    [{ ...from, PORTEIRO_SMTP_URL: 'mail.example' }, 'PORTEIRO_SMTP_URL'],
    [{ ...from, PORTEIRO_SMTP_URL: 'smtp://mail.example/?tls=no' }, 'PORTEIRO_SMTP_URL'],
    [{ ...mail, PORTEIRO_MAIL_FROM: 'Loja <a@b>' }, 'PORTEIRO_MAIL_FROM'],
    [sender, 'PORTEIRO_PHONE_SENDER_SECRET'],
    [secret, 'PORTEIRO_PHONE_SENDER_URL'],
    [{ ...sender, PORTEIRO_PHONE_SENDER_SECRET: 'whsec_short' }, 'PORTEIRO_PHONE_SENDER_SECRET'],
    [{ ...secret, PORTEIRO_PHONE_SENDER_URL: 'ftp://x' }, 'PORTEIRO_PHONE_SENDER_URL'],
    [
      { ...production, ...secret, PORTEIRO_PHONE_SENDER_URL: 'http://sms.example' },
      'PORTEIRO_PHONE_SENDER_URL',
    ],
  ];
  for (const [environment, name] of refused) {
    it(`refuse ${JSON.stringify(Object.values(environment).at(-1))} for want of ${name}`, () => {
      const complaints = complaintsOf(environment);
      expect(complaints).to.have.length(1);
      expect(complaints[0]).to.include(name).and.not.include('segredo');
    });
  }
});

describe('docs/configuration.md', () => {
  it('says what src/config.ts says (UPDATE_DOCS=1 writes it)', () => {
    const path = new URL('../docs/configuration.md', import.meta.url);
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(path, configurationPage());
    expect(readFileSync(path, 'utf8')).to.equal(configurationPage());
  });
});
