/** Decisions explained by the rules that made them, from their records alone. */
import { expect } from 'chai';
import { createBestDecision } from '../../src/operations/decisions/create-best-decision.ts';
import { getDecision } from '../../src/operations/decisions/get-decision.ts';
import {
  type DecisionExplanation,
  explainDecision,
  type ExplanationFault,
} from '../../src/operations/explanations/decision-explanation.ts';
import { explanationLines } from '../../src/operations/explanations/explanation-words.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { giveInstruction } from '../../src/operations/instructions/instruction-change.ts';
import { getPolicySet } from '../../src/operations/policy-sets/get-policy-set.ts';
import type { components } from '../../src/operations/wire.ts';
import { answered } from '../support/contract.ts';
import { makeTestGate } from '../support/gate.ts';
import {
  ana,
  anaPhone,
  bruno,
  call,
  decide,
  grant,
  idOf,
  makeSubject,
  read,
  templated,
} from './calls.ts';
import { activated, edited } from './policy-sets/files.ts';

type DecisionRecord = components['schemas']['DecisionRecord'];
type Files = components['schemas']['PolicySetFiled']['files'];

async function gateOfFiles(): Promise<Gate> {
  const { gate } = await makeTestGate();
  await activated(
    gate,
    edited({ 'controller.yaml': (text) => text.replace('Exemplo, 100', 'Exemplo, 300') }),
  );
  return gate;
}

async function recordOf(gate: Gate, id: string): Promise<DecisionRecord> {
  const answer = await getDecision(gate, read({ id }));
  return answered('getDecision', answer) as unknown as DecisionRecord;
}

async function filesOf(gate: Gate, digest: string): Promise<Files> {
  const answer = await getPolicySet(gate, read({ digest }, {}));
  return answered('getPolicySet', answer)['files'] as unknown as Files;
}

async function explainedIn(
  gate: Gate,
  id: string,
  candidate: number | null = null,
): Promise<DecisionExplanation | ExplanationFault> {
  const record = await recordOf(gate, id);
  const { rules } = await filesOf(gate, record.policySet);
  return explainDecision({ record, rules, candidate });
}

async function explained(
  gate: Gate,
  id: string,
  candidate: number | null = null,
): Promise<DecisionExplanation> {
  const made = await explainedIn(gate, id, candidate);
  if (typeof made === 'string') throw new Error(made);
  return made;
}

function standings({ rules }: DecisionExplanation): readonly string[] {
  return rules
    .filter(({ standing }) => standing !== 'quiet')
    .map(({ rule, standing }) => `${rule} ${standing}`);
}

const promotion = { subject: ana, purpose: 'promocoes', channel: 'email' } as const;

describe('the explanation of a decision', () => {
  it('tells each rule that fired, its conditions and the values of that moment', async () => {
    const gate = await gateOfFiles();
    await makeSubject(gate);
    const denied = await explained(gate, idOf(await decide(gate, promotion)));
    expect(denied.agrees).to.equal(true);
    expect(standings(denied)).to.deep.equal([
      'consent-granted told',
      'unsubscribe-present of-an-allow',
    ]);
    const lines = explanationLines(denied, { locale: 'pt-BR', all: false });
    expect(lines[0]).to.match(/^decisão dec_\S+: negada, \S+Z$/);
    expect(lines.slice(1, 3)).to.deep.equal([
      'send, finalidade promocoes, canal email',
      `conjunto de políticas ${denied.policySet}`,
    ]);
    expect(lines.slice(4, 9)).to.deep.equal([
      'consent-granted (nega, LGPD art. 7, I; art. 8): disparou',
      '  Você não autorizou este tipo de mensagem por este canal.',
      '  todas:',
      '    vale: Base legal da finalidade, ou none (purpose.basis) era "consent"; pergunta-se se é um de "consent", "explicit_consent"',
      '    vale: Situação do consentimento para a finalidade e o canal (consent.state) era "never_asked"; pergunta-se se não é "granted"',
    ]);
    const english = explanationLines(denied, { locale: 'en', all: true });
    expect(english.filter((line) => line.includes(': did not fire'))).to.have.length(
      denied.rules.length - 2,
    );
  });

  it('is that of the set which decided, whatever is in force since', async () => {
    const gate = await gateOfFiles();
    await makeSubject(gate);
    const id = idOf(await decide(gate, promotion));
    const before = await explained(gate, id);
    await activated(
      gate,
      edited({
        'consent-granted.json': (text) =>
          text.replace('"notEqual", "value": "granted"', '"equal", "value": "refused"'),
        'consent-granted.cases.yaml': () =>
          '- name: A refusal is none.\n  facts: {consent.state: refused}\n  fires: true\n',
      }),
    );
    expect(await explained(gate, id)).to.deep.equal(before);
    const later = await explained(gate, idOf(await decide(gate, promotion)));
    expect(standings(later)).to.not.include('consent-granted told');
  });

  it('tells what was set aside, and by which rule', async () => {
    const gate = await gateOfFiles();
    const path = { id: await makeSubject(gate) };
    await giveInstruction(gate, 'objection', call({ purposes: ['*'] }, { path }));
    const content = { template: { name: 'incidente', category: 'utility' } } as const;
    const request = { subject: anaPhone, purpose: 'avisos', channel: 'whatsapp', content } as const;
    const allowed = await explained(gate, idOf(await decide(gate, request)));
    expect([allowed.outcome, allowed.agrees]).to.deep.equal(['allow', true]);
    expect(standings(allowed)).to.include.members(['objection set-aside', 'mandatory-notice told']);
    expect(explanationLines(allowed, { locale: 'en', all: false }).join('\n')).to.match(
      /objection \(denies, .*\): fired, and was set aside by mandatory-notice/,
    );
  });

  it('tells what the gate itself refused, where nobody was looked at', async () => {
    const gate = await gateOfFiles();
    const unknown = idOf(await decide(gate, { ...promotion, subject: bruno }));
    const refused = await explained(gate, unknown);
    expect([refused.hasFacts, refused.agrees, refused.rules]).to.deep.equal([false, true, []]);
    const told = explanationLines(refused, { locale: 'en', all: true }).join('\n');
    expect(told).to.include('subject-unknown (denies, LGPD art. 6, I): by the gate itself');
    expect(told).to.include('The record has no facts');
  });

  it('tells of a choice what was chosen, and each that was passed over', async () => {
    const gate = await gateOfFiles();
    await grant(gate);
    const answer = await createBestDecision(
      gate,
      call({
        subject: ana,
        candidates: [
          { action: 'send', purpose: 'promocoes', channel: 'whatsapp', content: templated() },
          { action: 'send', purpose: 'pedidos', channel: 'email' },
          { action: 'send', purpose: 'pedidos', channel: 'sms' },
        ],
      }),
    );
    const choice = answered('createBestDecision', answer);
    const chosen = await explained(gate, idOf(choice));
    expect(chosen.candidate).to.deep.equal({ place: choice['chosen'], of: 3 });
    const record = await recordOf(gate, idOf(choice));
    for (const { candidate, why, reasons } of record.passedOver ?? []) {
      const passed = await explained(gate, idOf(choice), candidate);
      expect([passed.outcome, passed.agrees]).to.deep.equal([why, true]);
      expect(passed.reasons).to.deep.equal(reasons);
      const [, second] = explanationLines(passed, { locale: 'en', all: false });
      expect(second).to.match(new RegExp(`candidate ${candidate} of 0 to 2$`));
    }
    expect(await explainedIn(gate, idOf(choice), 7)).to.equal('no-candidate');
  });

  it('is refused by rules that are not those that decided', async () => {
    const gate = await gateOfFiles();
    await makeSubject(gate);
    const record = await recordOf(gate, idOf(await decide(gate, promotion)));
    const { rules } = await filesOf(gate, record.policySet);
    const others = rules.filter(({ path }) => path !== 'pause.json');
    const asked = { record, rules: others, candidate: null };
    expect(await explainDecision(asked)).to.equal('other-rules');
  });

  it('says so where the record gives other reasons than its rules', async () => {
    const gate = await gateOfFiles();
    await makeSubject(gate);
    const record = await recordOf(gate, idOf(await decide(gate, promotion)));
    const { rules } = await filesOf(gate, record.policySet);
    const facts = { ...record.facts, 'consent.state': 'granted' };
    const made = await explainDecision({ record: { ...record, facts }, rules, candidate: null });
    if (typeof made === 'string') throw new Error(made);
    expect(made.agrees).to.equal(false);
    expect(explanationLines(made, { locale: 'en', all: false }).at(-1)).to.include('other reasons');
  });

  it('names what was missing where a fact could not be computed', async () => {
    const gate = await gateOfFiles();
    await makeSubject(gate);
    const record = await recordOf(gate, idOf(await decide(gate, promotion)));
    const { rules } = await filesOf(gate, record.policySet);
    const facts = { ...record.facts, 'clock.quiet': null };
    const made = await explainDecision({ record: { ...record, facts }, rules, candidate: null });
    if (typeof made === 'string') throw new Error(made);
    const told = explanationLines(made, { locale: 'en', all: false }).join('\n');
    expect(told).to.match(/quiet-hours \(defers, .*\): was not judged; there is no clock\.quiet/);
  });
});
