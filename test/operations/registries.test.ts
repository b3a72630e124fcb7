/** Do-not-contact registries, from the list to the answer. */
import { expect } from 'chai';
import { dayMs } from '../../src/domain/calendar/instant.ts';
import { registryList } from '../../src/domain/guards/registry-list.ts';
import type { PolicySet } from '../../src/domain/policy.ts';
import { putSubject } from '../../src/operations/subjects/put-subject.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { makeTestGate, shippedSet, start } from '../support/gate.ts';
import { ana, anaPhone, call, codeOf, decide, grant, makeSubject, rulesOf } from './calls.ts';

function setOf(obtainedOn: string): PolicySet {
  return shippedSet((parts) => ({
    ...parts,
    registries: [
      {
        id: 'bloqueio-sp',
        title: { 'pt-BR': 'Cadastro', en: 'Registry' },
        law: 'SP, Lei 17.832/2023',
        states: ['SP'],
        channels: ['voice', 'sms', 'whatsapp'],
        appliesTo: 'promotional',
        effectiveAfterDays: 30,
        obtainedOn,
        maximumAgeDays: 30,
      },
    ],
  }));
}

/** Ana's number is on the list since `daysAgo`; the list bears keyed hashes alone. */
async function enrolled(daysAgo: number, obtainedOn = '2026-11-20'): Promise<Gate> {
  const { gate } = await makeTestGate({ set: setOf(obtainedOn) });
  const hash = gate.vault.hash('phone', '+5511987654321');
  const enrolledOn = Math.floor(start / dayMs) - daysAgo;
  const list = registryList([{ hash, enrolledOn, removedOn: null }]);
  const listed: Gate = { ...gate, registryLists: new Map([['bloqueio-sp', list]]) };
  await makeSubject(listed);
  await grant(listed, { channels: ['whatsapp', 'email'] });
  return listed;
}

const byWhatsapp = { subject: anaPhone, channel: 'whatsapp' } as const;

describe('a number on a registry', () => {
  it('is blocked from the thirtieth day, whatever its owner agreed to', async () => {
    const young = await enrolled(29);
    expect(await decide(young, byWhatsapp)).to.include({ outcome: 'allow' });
    const listed = await enrolled(30);
    const refused = await decide(listed, byWhatsapp);
    expect(refused).to.deep.include({
      outcome: 'deny',
      explanation: {
        'pt-BR': 'Seu número está em um cadastro de bloqueio.',
        en: 'Your number is on a do-not-contact registry.',
      },
    });
    expect(rulesOf(refused)).to.deep.equal(['registry-block']);
  });

  it('is found by whatever the caller names the person', async () => {
    const gate = await enrolled(30);
    const byMail = await decide(gate, { ...byWhatsapp, subject: ana });
    expect(rulesOf(byMail)).to.deep.equal(['registry-block']);
  });

  it('gets e-mail, and news of its order', async () => {
    const gate = await enrolled(30);
    expect(await decide(gate)).to.include({ outcome: 'allow' });
    const order = { ...byWhatsapp, purpose: 'pedidos' };
    expect(await decide(gate, order)).to.include({ outcome: 'allow' });
  });
});

describe('a list that is too old', () => {
  it('stops offers to people of its states, and to no others', async () => {
    const gate = await enrolled(0, '2026-10-24');
    const refused = await decide(gate, byWhatsapp);
    expect(rulesOf(refused)).to.deep.equal(['registry-outdated']);
    const bahia = { type: 'whatsapp', value: '+55 71 98765-4321' } as const;
    await makeSubject(gate, [bahia], {});
    await grant(gate, { subject: bahia, channels: ['whatsapp'] });
    const elsewhere = { subject: bahia, channel: 'whatsapp' } as const;
    expect(await decide(gate, elsewhere)).to.include({ outcome: 'allow' });
    await makeSubject(gate, [bahia], { state: 'SP' });
    expect(rulesOf(await decide(gate, elsewhere))).to.include('registry-outdated');
  });
});

describe('the state of a person', () => {
  it('is refused where there is no such state', async () => {
    const { gate } = await makeTestGate();
    const request = { identifiers: [ana], attributes: { state: 'Acre' } };
    expect(codeOf(await putSubject(gate, call(request)))).to.equal('attribute-undeclared');
  });
});
