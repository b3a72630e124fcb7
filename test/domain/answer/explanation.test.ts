/** What a titular reads, word for word. */
import { expect } from 'chai';
import {
  builtInReason,
  type Outcome,
  outcomes,
  type Reason,
} from '../../../src/domain/decision.ts';
import { explanationOf } from '../../../src/domain/answer/explanation.ts';
import { type Channel, channels, type LegalBasis, legalBases } from '../../../src/domain/policy.ts';
import type { Situation } from '../../../src/domain/situation.ts';
import { applyEvent, type Subject } from '../../../src/domain/subject.ts';
import { ana, bia, grant, instant, now, setWith, situation } from '../cast.ts';

/** Given late in the evening of 31 December in São Paulo, and of the same day in Rio Branco. */
const given = instant('2026-01-01T02:30:00.000Z');

function consenting(subject: Subject): Subject {
  const event = {
    kind: 'consent',
    purpose: 'promocoes',
    channels: ['whatsapp', 'email'],
    act: grant({ occurredAt: given }),
    contactKind: null,
  } as const;
  return applyEvent(subject, event, now);
}

const ordered: Reason = {
  article: 'LGPD art. 48',
  effect: 'lift',
  facts: {},
  rule: 'mandatory-notice',
  text: { 'pt-BR': 'Comunicação obrigatória por lei.', en: 'A notice that the law orders.' },
};

const quiet: Reason = {
  article: 'LGPD art. 6',
  effect: 'defer',
  facts: {},
  rule: 'quiet-hours',
  text: { 'pt-BR': 'Fora do horário permitido.', en: 'Outside the permitted hours.' },
};

function askedUnder(basis: LegalBasis, subject: Subject = consenting(ana)): Situation {
  return situation({ subject, set: setWith({ purpose: { basis } }) });
}

function allowed(asked: Situation): string {
  const text = explanationOf(asked, { outcome: 'allow', reasons: [], retryAt: null });
  return `${text['pt-BR']}\n${text.en}`;
}

const byLaw = (article: string): string =>
  [
    `A lei permite este uso (${article}): Promoções e ofertas.`,
    `The law permits this (${article}): Promotions and offers.`,
  ].join('\n');

const byConsent = [
  'Você autorizou em 31/12/2025, por WhatsApp: Promoções e ofertas. Você pode cancelar quando quiser.',
  'You allowed this on 31/12/2025, by WhatsApp: Promotions and offers. You can withdraw whenever you like.',
].join('\n');

const allows: Readonly<Record<LegalBasis, string>> = {
  consent: byConsent,
  explicit_consent: byConsent,
  contract: [
    'Isto faz parte do que você comprou ou pediu a nós: Promoções e ofertas.',
    'This is part of what you ordered or asked of us: Promotions and offers.',
  ].join('\n'),
  legitimate_interest: [
    'Você já é nosso cliente, por isso podemos falar com você por WhatsApp: Promoções e ofertas. Você pode se opor a qualquer momento.',
    'You are already our customer, so we may contact you by WhatsApp: Promotions and offers. You can object at any time.',
  ].join('\n'),
  legal_obligation: byLaw('LGPD art. 7, II'),
  public_policy: byLaw('LGPD art. 7, III'),
  research: byLaw('LGPD art. 7, IV'),
  exercise_of_rights: byLaw('LGPD art. 7, VI'),
  protection_of_life: byLaw('LGPD art. 7, VII'),
  health_protection: byLaw('LGPD art. 7, VIII'),
  credit_protection: byLaw('LGPD art. 7, X'),
  fraud_prevention: byLaw('LGPD art. 11, II, g'),
};

const places: Readonly<Record<Channel, readonly [pt: string, en: string]>> = {
  whatsapp: ['por WhatsApp', 'by WhatsApp'],
  email: ['por e-mail', 'by e-mail'],
  sms: ['por SMS', 'by SMS'],
  push: ['por notificação no celular', 'by push notification'],
  site: ['no site', 'on the site'],
  app: ['no aplicativo', 'in the app'],
  voice: ['por telefone', 'by phone'],
  ads: ['em anúncios', 'in ads'],
  none: ['sem contato', 'without contact'],
};

/** An instant -> how a person in a zone reads it. */
const retries: readonly (readonly [zone: string, at: string, pt: string, en: string])[] = [
  [
    'America/Sao_Paulo',
    '2026-11-25T12:00:00.000Z',
    'Fora do horário permitido. Pode voltar a ser possível a partir de 25/11/2026, às 09:00 (America/Sao_Paulo).',
    'Outside the permitted hours. It may be possible again from 25/11/2026 at 09:00 (America/Sao_Paulo).',
  ],
  [
    'America/Rio_Branco',
    '2027-01-01T04:59:59.999Z',
    'Fora do horário permitido. Pode voltar a ser possível a partir de 31/12/2026, às 23:59 (America/Rio_Branco).',
    'Outside the permitted hours. It may be possible again from 31/12/2026 at 23:59 (America/Rio_Branco).',
  ],
  ['America/Atlantis', '2026-11-25T12:00:00.000Z', quiet.text['pt-BR'], quiet.text.en],
];

describe('explanation', () => {
  it('of what the law orders says so', () => {
    const decided = { outcome: 'allow', reasons: [ordered], retryAt: null } as const;
    expect(explanationOf(situation(), decided)).to.deep.equal({
      'pt-BR': 'Comunicação obrigatória por lei. Promoções e ofertas.',
      en: 'A notice that the law orders. Promotions and offers.',
    });
  });

  for (const basis of legalBases) {
    it(`of an allow on the basis ${basis}`, () => {
      expect(allowed(askedUnder(basis))).to.equal(allows[basis]);
    });
  }

  it('of an allow tells the day in the subject’s zone', () => {
    const inNoronha = { ...ana, attributes: { time_zone: 'America/Noronha' } };
    expect(allowed(askedUnder('consent', consenting(inNoronha)))).to.include('em 01/01/2026,');
    expect(allowed(askedUnder('consent', consenting(bia)))).to.include('em 31/12/2025,');
  });

  it('of an allow leaves out a day that cannot be told', () => {
    const nowhere = { ...ana, attributes: { time_zone: 'America/Atlantis' } };
    for (const subject of [ana, consenting(nowhere)]) {
      const text = allowed(askedUnder('consent', subject));
      expect(text).to.include('Você autorizou, por WhatsApp: Promoções e ofertas.');
      expect(text).to.include('You allowed this, by WhatsApp: Promotions and offers.');
    }
  });

  for (const channel of channels) {
    it(`of an allow names the channel ${channel}`, () => {
      const set = setWith({ purpose: { basis: 'legitimate_interest' } });
      const [pt, en] = allowed(situation({ set, question: { channel } })).split('\n');
      expect(pt).to.include(` ${places[channel][0]}: `);
      expect(en).to.include(` ${places[channel][1]}: `);
    });
  }

  for (const outcome of outcomes.filter((each) => each !== 'allow')) {
    it(`of ${outcome} is the text of the worst rule, whatever the basis`, () => {
      const reasons = [quiet, builtInReason('subject-unknown')];
      for (const basis of legalBases) {
        const text = explanationOf(askedUnder(basis), { outcome, reasons, retryAt: null });
        expect(text).to.deep.equal(quiet.text);
      }
    });
  }

  for (const [zone, at, pt, en] of retries) {
    it(`of a defer until ${at} in ${zone}`, () => {
      const subject = { ...ana, attributes: { time_zone: zone } };
      const decided = { outcome: 'defer', reasons: [quiet], retryAt: instant(at) } as const;
      const text = explanationOf(situation({ subject }), decided);
      expect(text).to.deep.equal({ 'pt-BR': pt, en });
    });
  }

  it('of an unknown purpose is the text of the rule', () => {
    const asked = situation({ question: { purpose: 'outra' } });
    const outcome: Outcome = 'deny';
    const text = explanationOf(asked, { outcome, reasons: [quiet], retryAt: null });
    expect(text).to.deep.equal(quiet.text);
  });

  it('holds no word of the inside', () => {
    const decided = { outcome: 'allow', reasons: [quiet], retryAt: null } as const;
    for (const basis of legalBases) {
      const text = explanationOf(askedUnder(basis), decided);
      for (const word of ['promocoes', 'quiet-hours', 'sub_', 'con_', 'sha256', 'undefined']) {
        expect(`${text['pt-BR']} ${text.en}`).not.to.include(word);
      }
    }
  });
});
