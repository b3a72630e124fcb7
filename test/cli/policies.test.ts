/** `porteiro policies check` and `diff`, as an owner calls them before a set is put anywhere. */
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const project = fileURLToPath(new URL('../../', import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function policies(...words: readonly string[]): Ended {
  const command = ['--import', 'tsx/esm', main, 'policies', ...words];
  return spawnSync(process.execPath, command, {
    encoding: 'utf8',
    cwd: project,
    env: { PATH: process.env['PATH'] },
  });
}

describe('porteiro policies', function () {
  this.timeout(30_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-sets-'));
    for (const name of ['policies', 'rules']) {
      cpSync(join(project, name), join(folder, name), { recursive: true });
    }
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function edit(name: string, from: string | RegExp, to: string): void {
    const path = join(folder, name);
    const text = readFileSync(path, 'utf8');
    const changed = text.replace(from, to);
    expect(changed).not.to.equal(text);
    writeFileSync(path, changed);
  }

  it('check finds nothing wrong in the shipped folders, and tells their digest', () => {
    const { status, stdout, stderr } = policies('check');
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
    expect(stdout).to.match(/no mistakes, 1 note\nsha256:[0-9a-f]{64}\n$/);
    const { digest } = JSON.parse(policies('check', folder, '--json').stdout) as object as {
      readonly digest: string;
    };
    expect(stdout).to.include(digest);
  });

  it('check names every mistake and every case that fails, and ends with 1', () => {
    edit('policies/purposes/promocoes.yaml', '[whatsapp,', '[whatapp,');
    const { status, stdout } = policies('check', folder);
    expect(status).to.equal(1);
    expect(stdout).to.match(/promocoes\.yaml:9:12 channels\[0\] is the text "whatapp"/);
    edit('policies/purposes/promocoes.yaml', '[whatapp,', '[whatsapp,');
    edit('rules/pause.cases.yaml', 'fires: true', 'fires: false');
    const red = policies('check', folder);
    expect(red.status).to.equal(1);
    expect(red.stdout).to.match(/pause\.cases\.yaml:1:3 .* The rule fired\./);
  });

  it('check tells what gives to think as a table, and ends with 1 beyond notes', () => {
    edit('policies/caps.yaml', /(channel: whatsapp\}\n *max: )2/, '$14');
    edit('policies/purposes/promocoes.yaml', 'cupons e frete grátis', 'cupons, entre outros');
    const { status, stdout, stderr } = policies('check', folder);
    expect({ status, stderr }).to.deep.equal({ status: 1, stderr: '' });
    const [row, message, advice] = stdout.split('\n');
    expect(row).to.match(/^warning  cap-out-of-reach +\S+\/policies\/caps\.yaml:17:10$/);
    expect(message).to.equal(
      '    nobody can reach 4 a week of "promocoes-whatsapp": what people may choose under ' +
        'promocoes by whatsapp lets at most 2 through',
    );
    expect(advice).to.equal('    do: lower it to 2 or less, or remove it');
    expect(stdout).to.include('purpose-generic');
    expect(stdout).to.include('cases: no mistakes, 2 warnings, 1 note\n');
    const json = policies('check', folder, '--json');
    expect(json.status).to.equal(1);
    const { findings } = JSON.parse(json.stdout) as { readonly findings: readonly object[] };
    expect(findings[0]).to.deep.include({
      code: 'cap-out-of-reach',
      severity: 'warning',
      line: 17,
    });
    expect(policies('check', '--what').status).to.equal(2);
  });

  it('diff says in words what changes for people', () => {
    expect(policies('diff', '.', folder)).to.include({ status: 0, stdout: 'Nada muda.\n' });
    edit('policies/caps.yaml', /(channel: whatsapp\}\n *max: )2/, '$11');
    edit('policies/purposes/promocoes.yaml', 'data: [first_name]', 'data: []');
    const { status, stdout } = policies('diff', '.', folder);
    expect(status).to.equal(0);
    expect(stdout.split('\n')).to.deep.equal([
      'Promoções e ofertas: os dados usados: sem first_name.',
      'Promoções e ofertas por WhatsApp: o limite passa de 2 para 1 por semana.',
      '',
      'Promoções e ofertas: há mudança material (os dados usados), e nenhuma versão nova do aviso diz isso a quem já autorizou (LGPD art. 8, §6).',
      '',
    ]);
    expect(policies('diff', '.', folder, '--english').stdout).to.include(
      'Promotions and offers by WhatsApp: the limit goes from 2 to 1 a week.',
    );
  });

  it('diff ends with 1 where a folder does not read, and with 2 without one', () => {
    edit('policies/caps.yaml', 'caps:', 'cap:');
    const broken = policies('diff', '.', folder);
    expect(broken.status).to.equal(1);
    expect(broken.stderr).to.include('caps.yaml:2:1');
    expect(policies('diff', '.').status).to.equal(2);
  });
});
