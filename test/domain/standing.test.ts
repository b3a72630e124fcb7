/** Consent as a decision sees it: by contact point, by age and by the notices that followed. */
import { expect } from 'chai';
import type { ConsentAct, ConsentState } from '../../src/domain/consent.ts';
import type { Channel, Notice, NoticeReference } from '../../src/domain/policy.ts';
import { consentOf, type ContactPoint } from '../../src/domain/standing.ts';
import { applyEvent, type IdentifierKind, type Subject } from '../../src/domain/subject.ts';
import { ana, grant, notice, now, promotions, setWith } from './cast.ts';

interface Given {
  readonly kind: IdentifierKind | null;
  readonly channels: readonly Channel[];
  readonly act: Partial<ConsentAct>;
}

function consenting(subject: Subject, { kind, channels, act }: Given): Subject {
  const event = {
    kind: 'consent',
    purpose: 'promocoes',
    channels,
    act: grant(act),
    contactKind: kind,
  } as const;
  return applyEvent(subject, event, now);
}

function stateOf(subject: Subject, channel: Channel, contact: ContactPoint | null): ConsentState {
  const question = { purpose: promotions, channel, contact, at: now, set: setWith({}) };
  return consentOf(subject, question).consent.state;
}

const mail = (hash: string): ContactPoint => ({ kind: 'email', hash });
const phone = (hash: string): ContactPoint => ({ kind: 'phone', hash });

const byMail = consenting(ana, {
  kind: 'email',
  channels: ['email', 'whatsapp'],
  act: { contact: 'ana-mail' },
});

const covered: readonly (readonly [
  what: string,
  channel: Channel,
  contact: ContactPoint | null,
  state: ConsentState,
])[] = [
  ['the e-mail it was given for', 'email', mail('ana-mail'), 'granted'],
  ['another e-mail', 'email', mail('ana-work'), 'never_asked'],
  ['a person asked for by external id', 'email', null, 'granted'],
  ['a person asked for by phone, on e-mail', 'email', phone('ana-phone'), 'granted'],
  [
    'the phone, on WhatsApp: an e-mail is no contact point of it',
    'whatsapp',
    phone('x'),
    'granted',
  ],
  ['a channel it was not given for', 'push', null, 'never_asked'],
];

describe('standing consent', () => {
  for (const [what, channel, contact, state] of covered) {
    it(`is ${state} for ${what}`, () => {
      expect(stateOf(byMail, channel, contact)).to.equal(state);
    });
  }

  it('is lost with the contact point that the person no longer has', () => {
    const moved = { ...byMail, identifiers: [] };
    expect(stateOf(moved, 'email', null)).to.equal('never_asked');
    expect(stateOf(moved, 'whatsapp', null)).to.equal('granted');
  });

  it('ends for every contact point when it is withdrawn from one', () => {
    const act = { event: 'withdrawn', contact: 'ana-work', occurredAt: now } as const;
    const withdrawn = consenting(byMail, { kind: 'email', channels: ['email'], act });
    expect(stateOf(withdrawn, 'email', mail('ana-mail'))).to.equal('withdrawn');
    expect(stateOf(withdrawn, 'email', mail('ana-work'))).to.equal('withdrawn');
    expect(stateOf(withdrawn, 'email', null)).to.equal('withdrawn');
    expect(stateOf(withdrawn, 'whatsapp', null)).to.equal('granted');
  });

  it('given for the person covers every contact point', () => {
    const person = consenting(ana, { kind: null, channels: ['email'], act: { contact: 'any' } });
    expect(stateOf(person, 'email', mail('ana-work'))).to.equal('granted');
  });
});

describe('notice', () => {
  const shownFirst: NoticeReference = { id: 'promocoes', version: 1 };
  const rows: readonly (readonly [
    what: string,
    shown: NoticeReference | null,
    current: NoticeReference | null,
    notices: readonly Notice[],
    isCurrent: boolean,
  ])[] = [
    ['the very version', shownFirst, shownFirst, [notice(1, true)], true],
    [
      'an edit that is not material',
      shownFirst,
      { id: 'promocoes', version: 2 },
      [notice(1, false), notice(2, false)],
      true,
    ],
    [
      'a material change',
      shownFirst,
      { id: 'promocoes', version: 2 },
      [notice(1, false), notice(2, true)],
      false,
    ],
    [
      'a material change between the two',
      shownFirst,
      { id: 'promocoes', version: 3 },
      [notice(1, false), notice(2, true), notice(3, false)],
      false,
    ],
    [
      'a material version on file that the purpose does not use yet',
      shownFirst,
      { id: 'promocoes', version: 2 },
      [notice(1, false), notice(2, false), notice(3, true)],
      true,
    ],
    [
      'an earlier version than the one shown',
      { id: 'promocoes', version: 3 },
      { id: 'promocoes', version: 2 },
      [notice(1, true), notice(2, true), notice(3, true)],
      true,
    ],
    [
      'another notice with a material version',
      { id: 'antigo', version: 9 },
      { id: 'promocoes', version: 1 },
      [notice(1, true)],
      false,
    ],
    ['no notice on file', shownFirst, { id: 'promocoes', version: 2 }, [], true],
    ['a purpose without a notice', shownFirst, null, [notice(2, true)], true],
    ['a grant without a notice', null, { id: 'promocoes', version: 2 }, [notice(2, true)], true],
  ];
  for (const [what, shown, current, notices, isCurrent] of rows) {
    it(`shown is ${isCurrent ? 'current' : 'stale'} under ${what}`, () => {
      const subject = consenting(ana, { kind: null, channels: ['email'], act: { notice: shown } });
      const purpose = { ...promotions, notice: current };
      const set = setWith({ purpose, notices });
      const question = { purpose, channel: 'email', contact: null, at: now, set } as const;
      const { consent, noticeCurrent } = consentOf(subject, question);
      expect(noticeCurrent).to.equal(isCurrent);
      expect(consent.state).to.equal(isCurrent ? 'granted' : 'needs_reconfirmation');
    });
  }
});
