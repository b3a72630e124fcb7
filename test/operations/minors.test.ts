/** Minors, and ages that nobody proved: from what is told of a person to the answer. */
import { expect } from 'chai';
import type { JsonObject } from '../../src/domain/json.ts';
import { getDecision } from '../../src/operations/decisions/get-decision.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { putSubject } from '../../src/operations/subjects/put-subject.ts';
import type { PolicyParts } from '../../src/policies/policy-set.ts';
import type { PurposeRecord } from '../../src/policies/purpose.ts';
import { makeTestGate, shippedSet } from '../support/gate.ts';
import {
  ana,
  bodyOf,
  call,
  codeOf,
  decide,
  grant,
  idOf,
  makeSubject,
  read,
  rulesOf,
} from './calls.ts';

function withPromotions(change: Partial<PurposeRecord>): (parts: PolicyParts) => PolicyParts {
  return (parts) => ({
    ...parts,
    purposes: parts.purposes.map((each) =>
      each.id === 'promocoes' ? { ...each, ...change } : each,
    ),
  });
}

async function grantBy(gate: Gate, actor: JsonObject): Promise<void> {
  const evidence = { class: 'native', control: { kind: 'checkbox', initialState: 'off' } } as const;
  bodyOf(await grant(gate, { evidence: { ...evidence, actor: actor as { kind: 'guardian' } } }));
}

describe('a minor', () => {
  it('gets no promotion, and none by profile is told first', async () => {
    const { gate } = await makeTestGate();
    await makeSubject(gate, [ana], { age_band: 'adolescent' });
    await grant(gate);
    expect(rulesOf(await decide(gate))).to.deep.equal(['minor-guardian']);
    const chosen = await decide(gate, { criteria: { segment: 'viu-tenis' } });
    expect(rulesOf(chosen)).to.deep.equal(['minor-profiling', 'minor-guardian']);
    expect(chosen).to.deep.include({
      outcome: 'deny',
      explanation: {
        'pt-BR': 'Não fazemos publicidade personalizada para menores de 18 anos.',
        en: 'We make no personalised advertising for people under 18.',
      },
    });
  });

  it('gets news of an order all the same', async () => {
    const { gate } = await makeTestGate();
    await makeSubject(gate, [ana], { age_band: 'child' });
    expect(await decide(gate, { purpose: 'pedidos' })).to.include({ outcome: 'allow' });
  });

  it('is reached under the consent of a verified guardian, and of nobody else', async () => {
    const set = shippedSet(withPromotions({ minors: 'guardian-consent' }));
    const { gate, clock } = await makeTestGate({ set });
    await makeSubject(gate, [ana], { age_band: 'child' });
    const verified = { method: 'documento', result: 'confirmed' };
    for (const actor of [
      { kind: 'subject' },
      { kind: 'guardian' },
      { kind: 'guardian', verification: { ...verified, result: 'not_confirmed' } },
      { kind: 'representative', verification: verified },
    ]) {
      await grantBy(gate, actor);
      expect(rulesOf(await decide(gate)), actor.kind).to.deep.equal(['minor-guardian']);
      clock.advance(1);
    }
    await grantBy(gate, { kind: 'guardian', verification: verified });
    expect(await decide(gate)).to.include({ outcome: 'allow' });
    const chosen = await decide(gate, { criteria: { signals: ['view_item'] } });
    expect(rulesOf(chosen)).to.include('minor-profiling');
  });
});

describe('an age that is not proved', () => {
  it('sends a purpose for adults to a person for review', async () => {
    const { gate } = await makeTestGate({
      set: shippedSet(withPromotions({ adultProof: 'document' })),
    });
    await makeSubject(gate, [ana], { age_band: 'adult', age_evidence: 'declared' });
    await grant(gate);
    const answer = await decide(gate);
    expect(answer).to.include({ outcome: 'review' });
    expect(rulesOf(answer)).to.deep.equal(['age-unknown']);
    await makeSubject(gate, [ana], { age_evidence: 'document' });
    expect(await decide(gate)).to.include({ outcome: 'allow' });
  });

  it('gets no promotion of a service that minors are likely to use', async () => {
    const { gate, activate } = await makeTestGate();
    await makeSubject(gate, [ana], {});
    await grant(gate);
    expect(await decide(gate)).to.include({ outcome: 'allow' });
    await activate(
      shippedSet((parts) => ({
        ...parts,
        controller: { ...parts.controller, likelyAccessedByMinors: true },
      })),
    );
    expect(rulesOf(await decide(gate))).to.deep.equal(['age-unknown-refused', 'minimum-gap']);
    expect(await decide(gate, { purpose: 'pedidos' })).to.include({ outcome: 'allow' });
    await makeSubject(gate, [ana], { age_band: 'adult', age_evidence: 'age_signal' });
    expect(rulesOf(await decide(gate))).to.deep.equal(['minimum-gap']);
  });

  it('is refused where it is no evidence that we know', async () => {
    const { gate } = await makeTestGate();
    const request = { identifiers: [ana], attributes: { age_evidence: 'hearsay' } };
    expect(codeOf(await putSubject(gate, call(request)))).to.equal('attribute-undeclared');
  });

  it('stands in the record of the decision', async () => {
    const { gate } = await makeTestGate();
    await makeSubject(gate, [ana], { age_band: 'adult' });
    await grant(gate);
    const id = idOf(await decide(gate));
    const { facts } = bodyOf(await getDecision(gate, read({ id })));
    expect(facts).to.include({ 'subject.ageBand': 'adult', 'subject.ageEvidence': 'none' });
  });
});
