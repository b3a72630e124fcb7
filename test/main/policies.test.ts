/** Policies over restarts: what the API put in force stays, a changed folder comes into force. */
import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueToken } from '../../src/cli/token.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { newKeyFile } from '../../src/keys/key-file.ts';
import { ensureLedgerKeys } from '../../src/keys/ledger-keys.ts';
import { stricterCap, textAt } from '../operations/policy-sets/files.ts';
import { type Ended, root, runRefused, type Settings, startProcess } from './server-process.ts';

/** What the log says of the policies at the start. */
function toldPolicies({ stderr }: Ended): JsonObject {
  const lines = stderr.trim().split('\n');
  const said = lines.map((line) => JSON.parse(line) as JsonObject);
  return said.find(({ message }) => message === 'policies in force') ?? {};
}

describe('policies over restarts', function () {
  this.timeout(60_000);
  let folder: string;
  let settings: Settings;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-start-'));
    cpSync(join(root, 'policies'), join(folder, 'policies'), { recursive: true });
    settings = {
      PORTEIRO_DATA: join(folder, 'data'),
      PORTEIRO_POLICIES: join(folder, 'policies'),
    };
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function edit(path: string, from: string | RegExp, to: string): void {
    const file = join(folder, 'policies', path);
    const text = readFileSync(file, 'utf8');
    const changed = text.replace(from, to);
    expect(changed).not.to.equal(text);
    writeFileSync(file, changed);
  }

  /** Puts a set and activates it on the running server; its digest. */
  async function activateByApi(url: string): Promise<string> {
    const request = { client: 'dpo', scope: ['policies:write'], expires: 60 } as const;
    const token = issueToken(request, settings);
    if (typeof token !== 'string') throw new Error(token.join('\n'));
    const send = async (method: string, path: string, body: object): Promise<JsonObject> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const init = { method, headers, body: JSON.stringify(body) };
      return (await (await fetch(`${url}/v1/policy-sets${path}`, init)).json()) as JsonObject;
    };
    const digest = textAt(await send('PUT', '', stricterCap), 'digest');
    const made = await send('POST', `/${digest}/activation`, { reason: 'fewer messages' });
    return textAt(made, 'digest');
  }

  async function readyDigest(url: string): Promise<string> {
    const ready = (await (await fetch(`${url}/readyz`)).json()) as JsonObject;
    return textAt(ready, 'policySet');
  }

  it('keep what the API put in force until the folder changes', async () => {
    const first = await startProcess(settings, ['--empty']);
    const byApi = await activateByApi(first.url);
    expect(await readyDigest(first.url)).to.equal(byApi);
    expect(toldPolicies(await first.stop())).to.include({ folder: 'activated', source: 'folder' });

    const again = await startProcess(settings, ['--empty']);
    expect(await readyDigest(again.url)).to.equal(byApi);
    expect(toldPolicies(await again.stop())).to.include({
      folder: 'unchanged',
      source: 'api',
      policySet: byApi,
    });

    edit('controller.yaml', 'Exemplo, 100', 'Exemplo, 200');
    const changed = await startProcess(settings, ['--empty']);
    expect(await readyDigest(changed.url)).not.to.equal(byApi);
    expect(toldPolicies(await changed.stop())).to.include({ folder: 'activated' });
  });

  it('do not start production with a material change that no notice tells of', async () => {
    const keys = join(folder, 'keys.json');
    writeFileSync(keys, newKeyFile());
    const tokens = join(folder, 'tokens.json');
    const secret = randomBytes(32).toString('base64url');
    const ring = { issuer: 'https://id.loja.example', keys: [{ kid: 'a', alg: 'HS256', secret }] };
    writeFileSync(tokens, JSON.stringify(ring));
    const ledger = join(folder, 'ledger-keys.json');
    ensureLedgerKeys(ledger);
    edit('controller.yaml', 'Loja Exemplo Ltda.', 'Loja Outra Ltda.');
    edit('controller.yaml', 'privacidade@loja.example', 'privacidade@outra.example');
    const production = {
      ...settings,
      PORTEIRO_MODE: 'production',
      PORTEIRO_STORE: `sqlite:${join(folder, 'porteiro.sqlite')}`,
      PORTEIRO_PUBLIC_URL: 'https://porteiro.outra.example',
      PORTEIRO_MASTER_KEY_FILE: keys,
      PORTEIRO_JWT_KEYS_FILE: tokens,
      PORTEIRO_LEDGER_KEYS_FILE: ledger,
      PORTEIRO_ERASURE_LOG_FILE: join(folder, 'erasures.ndjson'),
    };
    await (await startProcess(production)).stop();
    edit('purposes/promocoes.yaml', 'data: [first_name]', 'data: []');
    const refused = await runRefused(production);
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.match(
      /purposes\/promocoes\.yaml: .*material change \(the data used\).*LGPD art\. 8, §6/,
    );
    edit('purposes/promocoes.yaml', 'data: []', 'data: [first_name]');
    await (await startProcess(production)).stop();
  });
});
