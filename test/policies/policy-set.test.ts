import { expect } from 'chai';
import type { JsonObject } from '../../src/domain/json.ts';
import type { PolicySet } from '../../src/domain/policy.ts';
import type { Rule } from '../../src/domain/rule.ts';
import {
  type PolicyParts,
  policySet,
  policySetFromText,
  policySetText,
} from '../../src/policies/policy-set.ts';
import { readPolicies } from '../../src/policies/reading.ts';
import type { PolicyFile } from '../../src/policies/source.ts';
import { digestOf, lineOf, textOf, withFile } from './fixture.ts';

function rule(name: string): Rule {
  return {
    name,
    since: '2026-11-24',
    article: 'LGPD art. 7, I',
    text: { 'pt-BR': 'Você não autorizou.', en: 'You did not consent.' },
    rule: {
      conditions: { all: [{ fact: 'consent.state', operator: 'notEqual', value: 'granted' }] },
      event: { type: 'deny' },
    },
  };
}
const rules = [rule('consent-granted'), rule('another')];

function partsOf(files: readonly PolicyFile[]): PolicyParts {
  const { parts, complaints } = readPolicies(files);
  if (parts === null) throw new Error(complaints.map(lineOf).join('\n'));
  return parts;
}

function setOf(files: readonly PolicyFile[], of: readonly Rule[] = rules): PolicySet {
  return policySet(partsOf(files), of, digestOf);
}

const plain = setOf(withFile('x', null));
const ofertas = 'purposes/ofertas.yaml';

describe('policy set', () => {
  it('holds what the files say', () => {
    expect(plain.digest).to.match(/^sha256:[0-9a-f]{64}$/);
    expect([...plain.purposes.keys()]).to.deep.equal(['clientes', 'ofertas']);
    expect(plain.purposes.get('ofertas')).to.deep.include({
      active: true,
      basis: 'consent',
      consent: { minimumEvidence: 'native', expiresAfter: 'P2Y' },
      balancingTest: null,
    });
    expect(plain.controller).to.deep.include({ cnpj: '00000000000191', smallAgent: false });
    expect(plain.controller.dpo.substitute).to.equal(null);
    const caps = plain.caps.map(({ minGapMinutes, unreported }) => [minGapMinutes, unreported]);
    expect(caps).to.deep.equal([
      [240, 'presume-sent'],
      [null, 'release'],
    ]);
    expect(plain.retention.get('customers')?.duration).to.equal('P1Y6M');
    expect(plain.attributes.get('diagnosis')?.sensitive).to.equal(true);
    expect(plain.balancingTests.get('clientes')?.priorRelation.maxAgeDays).to.equal(365);
  });

  it('counts weekdays from Monday and hours in minutes', () => {
    const whatsapp = plain.channels.get('whatsapp');
    expect(whatsapp?.permitted[0]).to.deep.equal({ from: 540, to: 1080 });
    expect(whatsapp?.permitted[4]).to.deep.equal({ from: 540, to: 750 });
    expect(whatsapp?.permitted.slice(5)).to.deep.equal([null, null]);
    expect(plain.channels.get('email')?.permitted[6]).to.deep.equal({ from: 0, to: 1440 });
  });

  it('keeps every version of a notice, oldest first, with both languages', () => {
    const versions = plain.notices.get('ofertas') ?? [];
    expect(versions.map(({ version, material }) => [version, material])).to.deep.equal([
      [1, false],
      [2, true],
    ]);
    expect(versions[0]?.texts.en).to.equal(null);
    expect(versions[1]?.texts['pt-BR']?.text).to.equal(textOf('notices/ofertas.v2.pt-BR.md'));
    expect(versions[1]?.texts.en?.digest).not.to.equal(versions[1]?.texts['pt-BR']?.digest);
  });

  it('comes back from its text, equal and under the same digest', () => {
    const back = policySetFromText(policySetText(plain), plain.digest, digestOf);
    expect(back).to.deep.equal(plain);
    expect(policySetText(back)).to.equal(policySetText(plain));
  });

  it('comes back from a text of an earlier version, under the digest of then', () => {
    const document = JSON.parse(policySetText(plain)) as Record<string, JsonObject[]>;
    for (const list of ['recipients', 'registries', 'calendars']) delete document[list];
    for (const purpose of document['purposes'] ?? []) {
      for (const key of ['endsOn', 'mandatoryNotice', 'automatedEffect', 'adultProof']) {
        delete (purpose as Record<string, unknown>)[key];
      }
    }
    for (const kept of document['retention'] ?? []) {
      delete (kept as Record<string, unknown>)['events'];
    }
    const digest = digestOf(document);
    const back = policySetFromText(JSON.stringify(document), digest, digestOf);
    expect(back.digest).to.equal(digest).and.not.equal(plain.digest);
    expect(back.recipients.size + back.registries.length + back.calendars.length).to.equal(0);
    const lacking = { endsOn: null, mandatoryNotice: null, automatedEffect: 'none' };
    expect(back.purposes.get('ofertas')).to.include({ ...lacking, adultProof: null });
    expect(back.retention.get('customers')?.events).to.deep.equal([]);
  });

  it('refuses a text that was altered', () => {
    const altered = policySetText(plain).replace('"max":3', '"max":4');
    const read = (): PolicySet => policySetFromText(altered, plain.digest, digestOf);
    expect(read).to.throw('was altered');
  });

  const same: readonly (readonly [name: string, files: readonly PolicyFile[]])[] = [
    ['the order of files', withFile('x', null).toReversed()],
    ['a comment', withFile(ofertas, `# Why we do this\n${textOf(ofertas)}`)],
    ['blank lines', withFile(ofertas, textOf(ofertas).replaceAll('\n', '\n\n'))],
    ['line endings', withFile(ofertas, textOf(ofertas).replaceAll('\n', '\r\n'))],
    ['a default that is written out', withFile(ofertas, `${textOf(ofertas)}active: true\n`)],
    ['the order of keys', withFile(ofertas, sortedLines('basis:', textOf(ofertas)))],
    [
      'JSON in place of YAML',
      withFile(
        'channels.yaml',
        textOf('channels.yaml').replace(
          '{permitted: always, holidays: open, appliesTo: all, quietAction: deny}',
          '{"quietAction": "deny", "appliesTo": "all", "holidays": "open", "permitted": "always"}',
        ),
      ),
    ],
  ];
  for (const [name, files] of same) {
    it(`keeps its digest under a change of ${name}`, () => {
      expect(setOf(files).digest).to.equal(plain.digest);
    });
  }

  it('keeps its digest under another order of rules', () => {
    expect(setOf(withFile('x', null), rules.toReversed()).digest).to.equal(plain.digest);
  });

  const notice = 'notices/clientes.v1.pt-BR.md';
  const other: readonly (readonly [name: string, path: string, from: string, to: string])[] = [
    ['a cap', 'caps.yaml', 'max: 3', 'max: 4'],
    ['one byte of a notice', notice, 'Só avisamos', 'So avisamos'],
    ['a blank in a notice', notice, 'Livros em oferta\n', 'Livros em oferta \n'],
    ['the reasons in a balancing test', 'balancing-tests/clientes.yaml', 'Baixos.', 'Altos.'],
    ['a title', ofertas, 'Offers of books', 'Book offers'],
  ];
  for (const [name, path, from, to] of other) {
    it(`gets another digest by a change of ${name}`, () => {
      const changed = withFile(path, textOf(path).replace(from, to));
      expect(setOf(changed).digest).not.to.equal(plain.digest);
    });
  }

  it('gets another digest by another rule', () => {
    expect(setOf(withFile('x', null), rules.slice(1)).digest).not.to.equal(plain.digest);
  });
});

/** Moves the lines before the key behind all others; they are whole entries of the mapping. */
function sortedLines(key: string, text: string): string {
  const at = text.indexOf(key);
  return text.slice(at) + text.slice(0, at);
}
