import { expect } from 'chai';
import { defaultZone } from '../../src/domain/calendar/zone.ts';
import { type Action, actions } from '../../src/domain/policy.ts';
import { capUsesAt, isContact } from '../../src/domain/situation.ts';
import { emptySlots, slotsMax } from '../../src/domain/slots.ts';
import { applyEvent, type Subject } from '../../src/domain/subject.ts';
import {
  ana,
  bia,
  dailyCap,
  grant,
  instruction,
  now,
  policySet,
  promotions,
  setWith,
  situation,
  slot,
  whatsappHours,
} from './cast.ts';

const byPhone: Subject = applyEvent(
  ana,
  {
    kind: 'consent',
    purpose: 'promocoes',
    channels: ['whatsapp'],
    act: grant({ contact: 'ana-phone', frequency: { max: 1, per: 'month' } }),
    contactKind: 'phone',
  },
  now,
);

describe('situation', () => {
  const reaching: readonly Action[] = ['send', 'show'];
  for (const action of actions) {
    const reaches = reaching.includes(action);
    it(`of ${action} has ${reaches ? 'caps and hours' : 'neither caps nor hours'}`, () => {
      expect(isContact(action)).to.equal(reaches);
      const { caps, hours, quiet } = situation({ question: { action } });
      expect(caps).to.have.length(reaches ? 1 : 0);
      expect(hours).to.equal(reaches ? whatsappHours : null);
      expect(quiet?.quiet).to.equal(false);
    });
  }

  for (const purpose of ['outra', 'constructor', '__proto__', '']) {
    it(`of a purpose called ${JSON.stringify(purpose)} has nothing to rest on`, () => {
      const found = situation({ question: { purpose }, subject: byPhone });
      expect(found).to.deep.include({ purpose: null, caps: [], hours: null, noticeCurrent: true });
      expect(found.consent.state).to.equal('never_asked');
    });
  }

  it('has no hours for an order where they bind promotions', () => {
    expect(situation({ question: { purpose: 'pedidos' } }).hours).to.equal(null);
    const all = setWith({ whatsapp: { appliesTo: 'all' } });
    const found = situation({ question: { purpose: 'pedidos' }, set: all });
    expect(found.hours?.appliesTo).to.equal('all');
  });

  it('has the zone of the subject, else of the state, else of the controller', () => {
    const { controller } = policySet;
    const inNoronha = {
      ...policySet,
      controller: { ...controller, timeZone: 'America/Noronha' },
    };
    expect(situation().zone).to.equal(defaultZone);
    expect(situation({ set: inNoronha, phones: [] }).zone).to.equal('America/Noronha');
    expect(situation({ set: inNoronha }).zone).to.equal('America/Sao_Paulo');
    expect(situation({ set: inNoronha, subject: bia }).zone).to.equal('America/Rio_Branco');
  });

  it('holds the consent of the contact point asked for, and its frequency', () => {
    const asked = (hash: string): ReturnType<typeof situation> =>
      situation({ subject: byPhone, contact: { kind: 'phone', hash } });
    const mine = asked('ana-phone');
    expect(mine.consent.state).to.equal('granted');
    expect(mine.caps[0]).to.deep.include({ source: 'consent', max: 1, per: 'month' });
    const other = asked('somebody');
    expect(other.consent.state).to.equal('never_asked');
    expect(other.caps[0]).to.deep.include({ source: 'policy', ...promotions.frequency?.default });
  });

  it('keeps the instructions that bind', () => {
    const instructions = [
      instruction({ id: 'ins_1' }),
      instruction({ id: 'ins_2', until: now }),
      instruction({ id: 'ins_3', channels: ['email'] }),
      instruction({ id: 'ins_4', kind: 'block', purposes: ['promocoes'] }),
    ];
    const found = situation({ subject: { ...ana, instructions } }).instructions;
    expect(found.map(({ id }) => id)).to.deep.equal(['ins_1', 'ins_4']);
  });

  it('tells no use of caps from slots that are beyond their limit', () => {
    const full = Array.from({ length: slotsMax }, (_, index) => slot(now - index));
    const uses = (count: number): unknown =>
      capUsesAt(
        {
          caps: situation({ set: setWith({ caps: [dailyCap] }) }).caps,
          slots: { ...emptySlots(0, 0), slots: [...full, slot(now)].slice(0, count) },
          zone: defaultZone,
        },
        now,
      );
    expect(uses(slotsMax)).to.have.length(2);
    expect(uses(slotsMax + 1)).to.equal(null);
  });
});
