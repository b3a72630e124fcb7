import { expect } from 'chai';
import {
  permittedData,
  type Recipient,
  recipientStatus,
  transferStatus,
} from '../../../src/domain/guards/recipient.ts';
import type { Action, LegalBasis, PolicySet, Purpose } from '../../../src/domain/policy.ts';
import type { Situation } from '../../../src/domain/situation.ts';
import { applyEvent } from '../../../src/domain/subject.ts';
import { ana, grant, instant, now, setWith, situation } from '../cast.ts';

const ads: Recipient = {
  id: 'anuncios',
  name: 'Anúncios Exemplo',
  country: 'US',
  role: 'controller',
  mechanism: 'standard_clauses',
  clauseVersion: 'Res. CD/ANPD 19/2024',
  since: '2026-02-01',
  data: ['first_name', 'health_plan'],
};

function setOf(recipient: Partial<Recipient>, purpose: Partial<Purpose> = {}): PolicySet {
  const set = setWith({ purpose: { recipients: ['anuncios'], ...purpose } });
  return { ...set, recipients: new Map([['anuncios', { ...ads, ...recipient }]]) };
}

function sharing(
  recipient: Partial<Recipient> = {},
  more: {
    readonly purpose?: Partial<Purpose>;
    readonly to?: string | null;
    readonly action?: Action;
    readonly at?: string;
  } = {},
): Situation {
  const { purpose, to = 'anuncios', action = 'sync_audience', at } = more;
  return situation({
    set: setOf(recipient, purpose),
    question: { action, recipient: to, data: ['first_name', 'health_plan'] },
    ...(at === undefined ? {} : { at: instant(at) }),
  });
}

describe('the recipient of data', () => {
  it('is needed for sharing, and for nothing else', () => {
    const statusOf = (action: Action): string => recipientStatus(sharing({}, { to: null, action }));
    expect(statusOf('sync_audience')).to.equal('missing');
    expect(statusOf('share')).to.equal('missing');
    for (const action of ['send', 'show', 'profile', 'personalise_price'] as const) {
      expect(statusOf(action), action).to.equal('not_needed');
    }
  });

  it('is one that the register has and the purpose lists', () => {
    expect(recipientStatus(sharing())).to.equal('declared');
    expect(recipientStatus(sharing({}, { purpose: { recipients: [] } }))).to.equal('unlisted');
    expect(recipientStatus(sharing({}, { to: 'outro' }))).to.equal('unknown');
    expect(recipientStatus(sharing({}, { to: '__proto__' }))).to.equal('unknown');
  });

  it('is none before it is bound, by the day of the controller', () => {
    // Midnight in São Paulo is three hours into the day in UTC.
    const before = sharing({}, { at: '2026-02-01T02:59:59.999Z' });
    const from = sharing({}, { at: '2026-02-01T03:00:00.000Z' });
    expect([recipientStatus(before), recipientStatus(from)]).to.deep.equal([
      'unlisted',
      'declared',
    ]);
  });

  it('gets what the purpose and the register both give it', () => {
    expect(permittedData(sharing())).to.deep.equal(['first_name']);
    const wide = { purpose: { data: ['first_name', 'health_plan', 'shoe_size'] } };
    expect(permittedData(sharing({}, wide))).to.deep.equal(['first_name', 'health_plan']);
    expect(permittedData(sharing({}, { to: 'outro' }))).to.deep.equal([]);
    expect(permittedData(sharing({}, { to: null }))).to.deep.equal(['first_name']);
  });
});

describe('a transfer', () => {
  const rows: readonly (readonly [string, Situation, string])[] = [
    ['to nobody', sharing({}, { to: null }), 'not_needed'],
    ['within Brazil', sharing({ country: 'BR', mechanism: null }), 'not_needed'],
    ['to the European Union', sharing({ country: 'IE', mechanism: null }), 'adequate'],
    ['to Norway', sharing({ country: 'NO', mechanism: null }), 'adequate'],
    ['to the United Kingdom, without more', sharing({ country: 'GB', mechanism: null }), 'missing'],
    ['abroad without a mechanism', sharing({ mechanism: null }), 'missing'],
    ['under standard clauses', sharing(), 'safeguarded'],
    ['under global rules', sharing({ mechanism: 'global_rules' }), 'safeguarded'],
    ['by authorisation', sharing({ mechanism: 'authorisation' }), 'safeguarded'],
    ['to somebody unknown', sharing({}, { to: 'outro' }), 'missing'],
    [
      'to the European Union before it was found adequate',
      sharing({ country: 'IE', mechanism: null }, { at: '2026-01-26T02:59:59.999Z' }),
      'missing',
    ],
    [
      'to the European Union from that day',
      sharing({ country: 'IE', mechanism: null }, { at: '2026-01-26T03:00:00.000Z' }),
      'adequate',
    ],
  ];
  for (const [what, each, wanted] of rows) {
    it(`${what} is ${wanted}`, () => {
      expect(transferStatus(each)).to.equal(wanted);
    });
  }

  const byBasis = (mechanism: Recipient['mechanism'], basis: LegalBasis): string =>
    transferStatus(sharing({ mechanism }, { purpose: { basis } }));

  it('under a duty or a contract needs that basis', () => {
    for (const basis of ['legal_obligation', 'contract', 'exercise_of_rights'] as const) {
      expect(byBasis('duty_or_contract', basis), basis).to.equal('safeguarded');
    }
    expect(byBasis('duty_or_contract', 'consent')).to.equal('missing');
  });

  it('by consent needs a specific one that stands', () => {
    expect(byBasis('specific_consent', 'consent')).to.equal('missing');
    expect(byBasis('specific_consent', 'explicit_consent')).to.equal('missing');
    const event = {
      kind: 'consent',
      purpose: 'promocoes',
      channels: ['ads'],
      act: grant(),
      contactKind: null,
    } as const;
    const given = situation({
      set: setOf({ mechanism: 'specific_consent' }, { basis: 'explicit_consent' }),
      subject: applyEvent(ana, event, now),
      question: { action: 'sync_audience', channel: 'ads', recipient: 'anuncios' },
    });
    expect(transferStatus(given)).to.equal('safeguarded');
  });
});
