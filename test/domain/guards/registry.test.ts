import { expect } from 'chai';
import { dayMs } from '../../../src/domain/calendar/instant.ts';
import { type Registry, registryFinding } from '../../../src/domain/guards/registry.ts';
import { registryList } from '../../../src/domain/guards/registry-list.ts';
import type { Phone, Situation } from '../../../src/domain/situation.ts';
import { ana, instant, now, orders, policySet, situation } from '../cast.ts';

const today = Math.floor(now / dayMs);
const sp: Registry = {
  id: 'bloqueio-sp',
  title: { 'pt-BR': 'Cadastro', en: 'Registry' },
  law: 'SP, Lei 17.832/2023',
  states: ['SP'],
  channels: ['voice', 'sms', 'whatsapp'],
  appliesTo: 'promotional',
  effectiveAfterDays: 30,
  obtainedOn: '2026-11-20',
  maximumAgeDays: 30,
};
const enrolled = { hash: 'abc', enrolledOn: today - 30, removedOn: null };
const lists = new Map([['bloqueio-sp', registryList([enrolled])]]);
const listedPhone: Phone = { hash: 'abc', state: 'SP' };
const otherPhone: Phone = { hash: 'def', state: 'SP' };
const abroad: Phone = { hash: '123', state: null };

interface Change {
  readonly registry?: Partial<Registry>;
  readonly phones?: readonly Phone[];
  readonly asked?: string | null;
  readonly state?: string;
  readonly question?: NonNullable<Parameters<typeof situation>[0]>['question'];
  readonly at?: number;
  readonly without?: boolean;
}

function made(change: Change): Situation {
  const { registry, phones = [otherPhone], asked = null, state, question, at = now } = change;
  return situation({
    at,
    set: { ...policySet, registries: [{ ...sp, ...registry }] },
    subject: { ...ana, attributes: state === undefined ? {} : { state } },
    phones,
    registryLists: change.without === true ? new Map() : lists,
    contact: asked === null ? null : { kind: 'phone', hash: asked },
    ...(question === undefined ? {} : { question }),
  });
}

const rows: readonly (readonly [what: string, change: Change, status: string])[] = [
  ['a number on the list', { phones: [listedPhone] }, 'listed'],
  ['a number that is not on it', {}, 'clear'],
  [
    'one of two numbers, when neither is asked for',
    { phones: [otherPhone, listedPhone] },
    'listed',
  ],
  ['the other of two numbers', { phones: [otherPhone, listedPhone], asked: 'def' }, 'clear'],
  ['the listed of two numbers', { phones: [otherPhone, listedPhone], asked: 'abc' }, 'listed'],
  ['a listed number of somebody elsewhere', { phones: [listedPhone], state: 'BA' }, 'listed'],
  ['a number of the day before', { phones: [listedPhone], at: now - dayMs }, 'clear'],
  ['an e-mail', { phones: [listedPhone], question: { channel: 'email' } }, 'not_needed'],
  ['a score', { phones: [listedPhone], question: { action: 'score' } }, 'not_needed'],
  ['an order', { phones: [listedPhone], question: { purpose: orders.id } }, 'not_needed'],
  [
    'an order, where all is bound',
    { phones: [listedPhone], question: { purpose: orders.id }, registry: { appliesTo: 'all' } },
    'listed',
  ],
  ['somebody of the state without a number', { phones: [], state: 'SP' }, 'unknown'],
  ['somebody of whom nothing is known', { phones: [] }, 'unknown'],
  ['somebody elsewhere without a number', { phones: [], state: 'BA' }, 'clear'],
  ['a number abroad', { phones: [abroad] }, 'clear'],
  ['a list of its last day', { registry: { obtainedOn: '2026-10-25' } }, 'clear'],
  ['a list a day too old', { registry: { obtainedOn: '2026-10-24' } }, 'outdated'],
  [
    'a listed number on a list too old',
    { registry: { obtainedOn: '2026-01-01' }, phones: [listedPhone] },
    'listed',
  ],
  [
    'an address elsewhere with a number of the state, and a list too old',
    { registry: { obtainedOn: '2026-01-01' }, state: 'BA' },
    'outdated',
  ],
  [
    'an address in the state with a number of elsewhere, and a list too old',
    { registry: { obtainedOn: '2026-01-01' }, phones: [{ hash: 'x', state: 'BA' }], state: 'SP' },
    'outdated',
  ],
  [
    'somebody elsewhere, and a list too old',
    { registry: { obtainedOn: '2026-01-01' }, phones: [{ hash: 'x', state: 'BA' }] },
    'clear',
  ],
  [
    'somebody of whom nothing is known, and a list too old',
    { registry: { obtainedOn: '2026-01-01' }, phones: [] },
    'outdated',
  ],
  ['a list that was not read', { without: true }, 'outdated'],
  ['a list that was not read, and somebody elsewhere', { without: true, state: 'BA' }, 'clear'],
];

describe('a registry', () => {
  for (const [what, change, status] of rows) {
    it(`says ${status} of ${what}`, () => {
      const names = ['clear', 'not_needed'].includes(status) ? [] : ['bloqueio-sp'];
      expect(registryFinding(made(change))).to.deep.equal({ status, names });
    });
  }

  it('is not needed where there is none', () => {
    expect(registryFinding(situation()).status).to.equal('not_needed');
  });

  it('says the worst of several, and which', () => {
    const each = (id: string, change: Partial<Registry> = {}): Registry => ({
      ...sp,
      id,
      ...change,
    });
    const old = { obtainedOn: '2026-01-01' };
    const registries = [each('a', old), each('bloqueio-sp'), each('b', old)];
    const finding = (phones: readonly Phone[]): unknown =>
      registryFinding(
        situation({
          set: { ...policySet, registries },
          phones,
          registryLists: new Map([
            ...lists,
            ['a', registryList([])],
            ['b', registryList([enrolled])],
          ]),
        }),
      );
    expect(finding([otherPhone])).to.deep.equal({ status: 'outdated', names: ['a', 'b'] });
    const names = ['bloqueio-sp', 'b'];
    expect(finding([listedPhone])).to.deep.equal({ status: 'listed', names });
  });

  it('counts days by the controller’s calendar', () => {
    // Three hours into the day in UTC, the day begins in São Paulo.
    const at = instant('2026-11-24T03:00:00.000Z');
    const phones = [listedPhone];
    expect(registryFinding(made({ phones, at })).status).to.equal('listed');
    expect(registryFinding(made({ phones, at: at - 1 })).status).to.equal('clear');
  });
});
