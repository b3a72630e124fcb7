import { expect } from 'chai';
import { dayMs, hourMs } from '../../../src/domain/calendar/instant.ts';
import { hasOptedIn, isWindowOpen } from '../../../src/domain/guards/whatsapp.ts';
import type { Channel } from '../../../src/domain/policy.ts';
import { applyEvent, type Subject } from '../../../src/domain/subject.ts';
import { ana, grant, notice, now, policySet, setWith, situation } from '../cast.ts';

function consenting(
  purpose: string,
  act: Parameters<typeof grant>[0] = {},
  channel: Channel = 'whatsapp',
): Subject {
  const event = { kind: 'consent', purpose, channels: [channel], contactKind: null } as const;
  return applyEvent(ana, { ...event, act: grant(act) }, now);
}

describe('the opt-in of WhatsApp', () => {
  it('is missing where nobody asked', () => {
    expect(hasOptedIn(situation())).to.equal(false);
  });

  it('is a consent whose notice names the business', () => {
    expect(hasOptedIn(situation({ subject: consenting('promocoes') }))).to.equal(true);
  });

  it('may come from another purpose', () => {
    const question = { purpose: 'recompra' };
    expect(hasOptedIn(situation({ question, subject: consenting('promocoes') }))).to.equal(true);
  });

  it('is none for another channel, nor from one', () => {
    const byEmail = consenting('promocoes', {}, 'email');
    expect(hasOptedIn(situation({ subject: byEmail }))).to.equal(false);
    const question = { channel: 'email' } as const;
    expect(hasOptedIn(situation({ question, subject: consenting('promocoes') }))).to.equal(false);
  });

  it('is none under a notice that names somebody else, or under none', () => {
    const unnamed = { ...notice(3, false), texts: { 'pt-BR': null, en: null } };
    const set = setWith({ notices: [unnamed] });
    const subject = consenting('promocoes');
    expect(hasOptedIn(situation({ set, subject }))).to.equal(false);
    const renamed = { ...policySet.controller, name: 'Outra Loja Ltda.' };
    const other = { ...policySet, controller: renamed };
    expect(hasOptedIn(situation({ set: other, subject }))).to.equal(false);
    const shownNone = consenting('promocoes', { notice: null });
    expect(hasOptedIn(situation({ subject: shownNone }))).to.equal(false);
    const goneVersion = consenting('promocoes', { notice: { id: 'promocoes', version: 9 } });
    expect(hasOptedIn(situation({ subject: goneVersion }))).to.equal(false);
  });

  it('ends with the withdrawal', () => {
    const stopped = applyEvent(
      consenting('promocoes'),
      {
        kind: 'consent',
        purpose: 'promocoes',
        channels: ['whatsapp'],
        contactKind: null,
        act: grant({ event: 'withdrawn', occurredAt: now, receipt: 'con_2' }),
      },
      now,
    );
    expect(hasOptedIn(situation({ subject: stopped }))).to.equal(false);
    const question = { purpose: 'recompra' };
    expect(hasOptedIn(situation({ question, subject: stopped }))).to.equal(false);
  });
});

describe('the service window of WhatsApp', () => {
  const seenAgo = (ms: number): boolean =>
    isWindowOpen({ subject: { ...ana, signals: { reply_whatsapp: now - ms } }, at: now });

  it('is shut before the person ever wrote', () => {
    expect(isWindowOpen({ subject: ana, at: now })).to.equal(false);
    const others = { ...ana, signals: { purchase: now } };
    expect(isWindowOpen({ subject: others, at: now })).to.equal(false);
  });

  it('is open for 24 hours from a message, and no millisecond longer', () => {
    expect(seenAgo(0)).to.equal(true);
    expect(seenAgo(24 * hourMs - 1)).to.equal(true);
    expect(seenAgo(24 * hourMs)).to.equal(false);
    expect(seenAgo(dayMs + 1)).to.equal(false);
  });
});
