import { expect } from 'chai';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashList } from '../../src/cli/registry.ts';
import { readEnvironment } from '../../src/config.ts';
import { openGate } from '../../src/main.ts';
import { complaintsOfFiles } from '../../src/start/start-files.ts';

const registries = `registries:
  - id: bloqueio-sp
    title: {pt-BR: Cadastro de bloqueio, en: Do-not-contact registry}
    law: SP, Lei 17.832/2023, arts. 127 a 129
    states: [SP]
    channels: [voice, sms, whatsapp]
    appliesTo: promotional
    effectiveAfterDays: 30
    obtainedOn: "2026-11-20"
    maximumAgeDays: 30
`;

describe('porteiro registry hash', function () {
  this.timeout(20_000);
  let folder: string;
  let list: string;
  let environment: Readonly<Record<string, string>>;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-registry-'));
    const policies = join(folder, 'policies');
    cpSync('policies', policies, { recursive: true });
    writeFileSync(join(policies, 'registries.yaml'), registries);
    mkdirSync(join(policies, 'registries'));
    list = join(policies, 'registries', 'bloqueio-sp.csv');
    environment = { PORTEIRO_DATA: join(folder, 'data'), PORTEIRO_POLICIES: policies };
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('says which lines are none, and where there is no key', async () => {
    writeFileSync(list, 'number;enrolledOn;removedOn\n11 98765-432;2026-08-02;\n');
    const [said = ''] = await hashList(list, environment);
    expect(said).to.include('master-key.json');
  });

  it('is refused by a start, with the line', async () => {
    const config = readEnvironment(environment);
    if ('complaints' in config) throw new Error(config.complaints.join());
    const [complaint = ''] = await complaintsOfFiles(config);
    expect(complaint).to.match(/bloqueio-sp\.csv:2:1 the number is no phone number of a person/);
  });

  it('writes what the server reads', async () => {
    writeFileSync(list, 'number;enrolledOn;removedOn\n(11) 98765-4321;2026-08-02;\n');
    const config = readEnvironment(environment);
    if ('complaints' in config) throw new Error(config.complaints.join());
    const first = await openGate(config, 'http://127.0.0.1');
    await first.gate.store.close();
    const keyed = await hashList(list, environment);
    expect(keyed).to.match(/^number;enrolledOn;removedOn\nhmac-sha256:[0-9a-f]{64};2026-08-02;\n$/);
    writeFileSync(list, String(keyed));
    const second = await openGate(config, 'http://127.0.0.1');
    await second.gate.store.close();
    for (const { gate } of [first, second]) {
      const hash = gate.vault.hash('phone', '+5511987654321');
      const day = Date.UTC(2026, 8, 1) / 86_400_000;
      expect(gate.registryLists.get('bloqueio-sp')?.isListed(hash, day, 30)).to.equal(true);
    }
  });
});
