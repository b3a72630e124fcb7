/** The people, purposes and policies that the tests of the domain are about. */
import { plainLook } from '../../src/domain/portal/look.ts';
import { type Instant, fromIso } from '../../src/domain/calendar/instant.ts';
import type { ConsentAct } from '../../src/domain/consent.ts';
import type { Instruction } from '../../src/domain/instruction.ts';
import type {
  Cap,
  ChannelPolicy,
  Hours,
  Notice,
  PolicySet,
  Purpose,
} from '../../src/domain/policy.ts';
import { type Situation, type SituationInput, situationOf } from '../../src/domain/situation.ts';
import { emptySlots, type Slot } from '../../src/domain/slots.ts';
import { newSubject, type Subject } from '../../src/domain/subject.ts';

export function instant(text: string): Instant {
  const read = fromIso(text);
  if (read === null) throw new Error(`${text} is no instant`);
  return read;
}

/** A Tuesday, 11:00 in São Paulo. */
export const now: Instant = instant('2026-11-24T14:00:00.000Z');

const text = (pt: string, en: string): { 'pt-BR': string; en: string } => ({ 'pt-BR': pt, en });

export const promotions: Purpose = {
  id: 'promocoes',
  version: 3,
  active: true,
  endsOn: null,
  title: text('Promoções e ofertas', 'Promotions and offers'),
  description: text('Avisar você de promoções da loja.', 'Tell you of promotions of the shop.'),
  basis: 'consent',
  actions: ['send', 'show'],
  channels: ['whatsapp', 'email', 'push', 'site'],
  data: ['first_name'],
  promotional: true,
  profiling: false,
  minors: 'deny',
  adultProof: null,
  automatedEffect: 'none',
  mandatoryNotice: null,
  notice: { id: 'promocoes', version: 3 },
  consent: { minimumEvidence: 'native', expiresAfter: null },
  frequency: {
    default: { max: 2, per: 'week' },
    choices: [
      { max: 1, per: 'month' },
      { max: 2, per: 'week' },
    ],
  },
  balancingTest: null,
  retention: 'marketing',
  recipients: [],
  refusalConsequence: text('Nada muda nas suas compras.', 'Nothing changes in your purchases.'),
};

export const orders: Purpose = {
  ...promotions,
  id: 'pedidos',
  version: 1,
  title: text('Andamento do pedido', 'Progress of your order'),
  basis: 'contract',
  promotional: false,
  notice: null,
  consent: null,
  frequency: null,
};

export const renewals: Purpose = {
  ...promotions,
  id: 'recompra',
  version: 2,
  title: text('Lembrete de recompra', 'Reminder to buy again'),
  basis: 'legitimate_interest',
  notice: null,
  consent: null,
  frequency: null,
  balancingTest: 'recompra',
};

/** Monday to Friday, 09:00 to 18:00. */
const working: Hours = { from: 9 * 60, to: 18 * 60 };
export const workingWeek: readonly (Hours | null)[] = [
  working,
  working,
  working,
  working,
  working,
  null,
  null,
];

export const whatsappHours: ChannelPolicy = {
  channel: 'whatsapp',
  permitted: workingWeek,
  holidays: 'closed',
  appliesTo: 'promotional',
  quietAction: 'defer',
  byState: [],
};

export const dailyCap: Cap = {
  name: 'total-diario',
  match: { purpose: null, channel: null, promotional: true },
  max: 1,
  per: 'day',
  window: 'calendar',
  minGapMinutes: null,
  unreported: 'presume-sent',
};

const attribute = {
  category: 'identificacao',
  title: text('Dado', 'Datum'),
  source: text('Cadastro.', 'Sign-up.'),
  sensitive: false,
  mayReveal: false,
  storedBy: 'porteiro',
} as const;

export function notice(version: number, material: boolean, id: string = 'promocoes'): Notice {
  const shown = { digest: `sha256:${'1'.repeat(64)}`, text: 'Quem escreve: Loja Exemplo Ltda.' };
  return { id, version, material, texts: { 'pt-BR': shown, en: null } };
}

export const policySet: PolicySet = {
  digest: `sha256:${'0'.repeat(64)}`,
  controller: {
    name: 'Loja Exemplo Ltda.',
    cnpj: '12ABC34501DE35',
    address: 'Rua Exemplo, 1, São Paulo',
    timeZone: 'America/Sao_Paulo',
    smallAgent: false,
    likelyAccessedByMinors: false,
    secondPersonActivates: false,
    humanContact: 'https://loja.example/atendimento',
    dpo: {
      name: 'Dora',
      contact: 'mailto:dora@loja.example',
      substitute: null,
      appointedOn: '2026-01-05',
    },
    look: plainLook,
  },
  purposes: new Map([promotions, orders, renewals].map((each) => [each.id, each])),
  notices: new Map([['promocoes', [notice(1, false), notice(2, true), notice(3, false)]]]),
  caps: [],
  duplicates: null,
  channels: new Map([['whatsapp', whatsappHours]]),
  attributes: new Map([
    ['first_name', { ...attribute, name: 'first_name' }],
    ['last_category_viewed', { ...attribute, name: 'last_category_viewed', mayReveal: true }],
    ['health_plan', { ...attribute, name: 'health_plan', sensitive: true }],
  ]),
  balancingTests: new Map([
    [
      'recompra',
      {
        id: 'recompra',
        purpose: 'recompra',
        purposeVersion: 2,
        interest: text('Lembrar clientes.', 'Remind customers.'),
        outcome: 'approved',
        approvedOn: '2026-01-10',
        reviewBy: '2027-01-10',
        priorRelation: { events: ['purchase', 'reply_whatsapp'], maxAgeDays: 365 },
      },
    ],
  ]),
  retention: new Map(),
  recipients: new Map(),
  registries: [],
  calendars: [],
  exclusions: [],
  experiments: [],
  guardrails: null,
  rules: [],
};

export function setWith(changes: {
  readonly purpose?: Partial<Purpose>;
  readonly caps?: readonly Cap[];
  readonly whatsapp?: Partial<ChannelPolicy> | null;
  readonly notices?: readonly Notice[];
}): PolicySet {
  const { purpose, caps, whatsapp, notices } = changes;
  const purposes = new Map(policySet.purposes);
  if (purpose !== undefined) purposes.set('promocoes', { ...promotions, ...purpose });
  const channels = new Map(policySet.channels);
  if (whatsapp === null) channels.delete('whatsapp');
  else channels.set('whatsapp', { ...whatsappHours, ...whatsapp });
  return {
    ...policySet,
    purposes,
    channels,
    caps: caps ?? policySet.caps,
    notices: notices === undefined ? policySet.notices : new Map([['promocoes', notices]]),
  };
}

/** Ana: known by e-mail and phone, a customer in São Paulo. */
export const ana: Subject = {
  ...newSubject('sub_ana', instant('2026-01-02T12:00:00.000Z')),
  identifiers: [
    { kind: 'email', hash: 'ana-mail', type: 'email', addedAt: 0 },
    { kind: 'phone', hash: 'ana-phone', type: 'phone', addedAt: 0 },
  ],
  attributes: { first_name: 'Ana', age_band: 'adult' },
};

/** Bia: lives in Rio Branco, two hours behind São Paulo. */
export const bia: Subject = {
  ...newSubject('sub_bia', instant('2026-01-02T12:00:00.000Z')),
  attributes: { time_zone: 'America/Rio_Branco' },
};

export function grant(changes: Partial<ConsentAct> = {}): ConsentAct {
  return {
    event: 'granted',
    occurredAt: instant('2026-11-03T12:00:00.000Z'),
    receipt: 'con_1',
    contact: null,
    evidence: 'native',
    byGuardian: false,
    notice: { id: 'promocoes', version: 3 },
    frequency: null,
    ...changes,
  };
}

export function instruction(changes: Partial<Instruction>): Instruction {
  return {
    id: 'ins_1',
    kind: 'pause',
    purposes: ['*'],
    channels: ['*'],
    until: null,
    createdAt: now,
    exclusion: null,
    ...changes,
  };
}

export function slot(at: Instant, changes: Partial<Slot> = {}): Slot {
  return {
    decision: `dec_${at}`,
    at,
    purpose: 'promocoes',
    channel: 'whatsapp',
    promotional: true,
    expiresAt: null,
    ...changes,
  };
}

export function situation(
  changes: Partial<Omit<SituationInput, 'question'>> & {
    readonly question?: Partial<SituationInput['question']>;
  } = {},
): Situation {
  const { question, ...rest } = changes;
  return situationOf({
    at: now,
    set: policySet,
    subject: ana,
    slots: emptySlots(0, 0),
    contact: null,
    phones: [{ hash: 'ana-phone', state: 'SP' }],
    registryLists: new Map(),
    content: { template: 'marketing', byProfile: false, digest: null },
    text: null,
    lot: null,
    claimed: null,
    question: {
      action: 'send',
      purpose: 'promocoes',
      channel: 'whatsapp',
      data: [],
      requireAllData: false,
      recipient: null,
      ...question,
    },
    ...rest,
  });
}
