import { expect } from 'chai';
import { type Calendar, restDaysOf } from '../../../src/domain/calendar/calendar.ts';
import { toIsoOrNull } from '../../../src/domain/calendar/instant.ts';
import { hoursIn, quietHours } from '../../../src/domain/calendar/quiet-hours.ts';
import { type State, states, zoneOfState } from '../../../src/domain/calendar/state.ts';
import { isZone } from '../../../src/domain/calendar/zone.ts';
import type { ChannelPolicy, StateHours } from '../../../src/domain/policy.ts';
import { ana, instant, policySet, situation, whatsappHours } from '../cast.ts';

const reason = { 'pt-BR': 'Motivo.', en: 'Reason.' };
const late = { from: 10 * 60, to: 20 * 60 };
const all = { from: 0, to: 1440 };
const bahia: StateHours = {
  states: ['BA'],
  permitted: [late, late, late, late, late, late, null],
  holidays: 'open',
  reason,
};
const voice: ChannelPolicy = { ...whatsappHours, holidays: 'open', byState: [bahia] };

describe('hours of a state', () => {
  it('are its own, else those of the channel', () => {
    expect(hoursIn(voice, 'BA')).to.deep.include({ permitted: bahia.permitted, holidays: 'open' });
    expect(hoursIn(voice, 'SP')).to.equal(voice);
    expect(hoursIn(whatsappHours, null)).to.equal(whatsappHours);
  });

  it('are those that all share where the state is not known', () => {
    const shared = { from: 10 * 60, to: 18 * 60 };
    const { permitted, holidays } = hoursIn(voice, null);
    expect(permitted).to.deep.equal([shared, shared, shared, shared, shared, null, null]);
    expect(holidays).to.equal('open');
    const closed = { ...voice, byState: [{ ...bahia, holidays: 'closed' as const }] };
    expect(hoursIn(closed, null).holidays).to.equal('closed');
  });

  it('are none where no hour is shared', () => {
    const night = { ...bahia, permitted: bahia.permitted.map(() => ({ from: 0, to: 60 })) };
    const never = hoursIn({ ...voice, byState: [night] }, null);
    const found = quietHours(never, 'America/Bahia', instant('2026-11-24T14:00:00Z'));
    expect(found).to.deep.include({ quiet: true, until: null });
  });

  it('bind the subject of that state, by its clock', () => {
    const set = { ...policySet, channels: new Map([['whatsapp' as const, voice]]) };
    // Seven in the evening in Bahia.
    const at = instant('2026-11-24T22:00:00Z');
    const quietIn = (state: State): boolean | undefined =>
      situation({ set, at, subject: { ...ana, attributes: { state } } }).quiet?.quiet;
    expect(quietIn('BA')).to.equal(false);
    expect(quietIn('SP')).to.equal(true);
  });
});

describe('the zone of a state', () => {
  it('is one of the IANA database, and the right one for the four of Brazil', () => {
    for (const state of states) expect(isZone(zoneOfState(state)), state).to.equal(true);
    expect(zoneOfState('SP')).to.equal('America/Sao_Paulo');
    expect(zoneOfState('AM')).to.equal('America/Manaus');
    expect(zoneOfState('AC')).to.equal('America/Rio_Branco');
  });

  it('is the clock of a subject that has none of its own', () => {
    const zoneOf = (attributes: Readonly<Record<string, string>>): string =>
      situation({ subject: { ...ana, attributes }, phones: [] }).zone;
    expect(zoneOf({ state: 'AC' })).to.equal('America/Rio_Branco');
    expect(zoneOf({ state: 'PE', time_zone: 'America/Noronha' })).to.equal('America/Noronha');
    expect(zoneOf({})).to.equal('America/Sao_Paulo');
    const phones = [{ hash: 'ana-phone', state: 'AM' }] as const;
    expect(situation({ phones }).zone).to.equal('America/Manaus');
  });
});

describe('a day that rests in part', () => {
  const title = { 'pt-BR': 'Dia', en: 'Day' };
  const partly = (...rests: readonly (readonly [number, number])[]): Calendar => ({
    id: 'c',
    title,
    states: [],
    cities: [],
    days: rests.map(([from, to]) => ({ on: '2026-11-24', title, rest: { from, to } })),
  });
  /** When WhatsApp opens after a time in São Paulo; null where it is open. */
  function opens(
    calendar: Calendar,
    utc: string,
    policy: ChannelPolicy = whatsappHours,
  ): string | null {
    const restDays = restDaysOf([calendar], { state: 'SP', city: null });
    const found = quietHours(policy, 'America/Sao_Paulo', instant(utc), restDays);
    return toIsoOrNull(found?.until ?? null);
  }

  it('opens when the rest is over', () => {
    const morning = partly([0, 14 * 60]);
    expect(opens(morning, '2026-11-24T12:30:00Z')).to.equal('2026-11-24T17:00:00.000Z');
    expect(opens(morning, '2026-11-24T16:59:59Z')).to.equal('2026-11-24T17:00:00.000Z');
    expect(opens(morning, '2026-11-24T17:00:00Z')).to.equal(null);
  });

  it('opens the next day where the afternoon rests', () => {
    const afternoon = partly([14 * 60, 1440]);
    expect(opens(afternoon, '2026-11-24T16:59:59Z')).to.equal(null);
    expect(opens(afternoon, '2026-11-24T17:00:00Z')).to.equal('2026-11-25T12:00:00.000Z');
  });

  it('opens between two rests, and not where they touch', () => {
    const noon = partly([0, 11 * 60], [13 * 60, 1440]);
    expect(opens(noon, '2026-11-24T09:00:00Z')).to.equal('2026-11-24T14:00:00.000Z');
    expect(opens(noon, '2026-11-24T16:00:00Z')).to.equal('2026-11-25T12:00:00.000Z');
    const touching = partly([0, 11 * 60], [11 * 60, 13 * 60]);
    expect(opens(touching, '2026-11-24T09:00:00Z')).to.equal('2026-11-24T16:00:00.000Z');
  });

  it('is nothing to a channel whose holidays are open', () => {
    const open = { ...whatsappHours, holidays: 'open', permitted: Array(7).fill(all) } as const;
    expect(opens(partly([0, 1440]), '2026-11-24T12:30:00Z', open)).to.equal(null);
  });
});
