/** Calendars and hours of states, from what is told of a person to `retryAt`. */
import { expect } from 'chai';
import { makeTestGate, shippedSet, type TestGate } from '../support/gate.ts';
import { anaPhone, decide, grant, makeSubject, rulesOf } from './calls.ts';

const promotion = { subject: anaPhone, channel: 'whatsapp' } as const;

async function at(
  utc: string,
  attributes: Readonly<Record<string, string>> = {},
  set = shippedSet(),
): Promise<TestGate> {
  const made = await makeTestGate({ set });
  await makeSubject(made.gate, undefined, attributes);
  await grant(made.gate, { channels: ['whatsapp'] });
  made.clock.set(Date.parse(utc));
  return made;
}

describe('a contact on a day of rest', () => {
  const rows: readonly (readonly [string, string, Readonly<Record<string, string>>, string])[] = [
    ['Carnival', '2027-02-09T13:00:00Z', {}, '2027-02-10T17:00:00.000Z'],
    ['Carnival in Acre', '2027-02-09T15:00:00Z', { state: 'AC' }, '2027-02-10T19:00:00.000Z'],
    ['9 July in São Paulo', '2027-07-09T13:00:00Z', {}, '2027-07-12T12:00:00.000Z'],
    [
      'the day of the city',
      '2027-01-25T13:00:00Z',
      { city: 'sao paulo' },
      '2027-01-26T12:00:00.000Z',
    ],
    ['Christmas Eve in the afternoon', '2026-12-24T18:00:00Z', {}, '2026-12-28T12:00:00.000Z'],
  ];
  for (const [what, utc, attributes, retryAt] of rows) {
    it(`waits: ${what}`, async () => {
      const { gate, clock } = await at(utc, attributes);
      const answer = await decide(gate, promotion);
      expect(answer).to.include({ outcome: 'defer', retryAt });
      expect(rulesOf(answer)).to.deep.equal(['quiet-hours']);
      clock.set(Date.parse(retryAt) - 1);
      expect(await decide(gate, promotion)).to.include({ outcome: 'defer', retryAt });
      clock.set(Date.parse(retryAt));
      expect(await decide(gate, promotion)).to.include({ outcome: 'allow' });
    });
  }

  it('goes where the day is one of another state or city', async () => {
    const july = await at('2027-07-09T13:00:00Z', { state: 'RJ' });
    expect(await decide(july.gate, promotion)).to.include({ outcome: 'allow' });
    const january = await at('2027-01-25T13:00:00Z', { city: 'Campinas' });
    expect(await decide(january.gate, promotion)).to.include({ outcome: 'allow' });
  });
});

describe('hours of a state', () => {
  it('bind people of that state, by its clock', async () => {
    const always = { from: 0, to: 1440 };
    const set = shippedSet((parts) => ({
      ...parts,
      channels: parts.channels.map((policy) => ({
        ...policy,
        byState: [
          {
            states: ['AM'],
            permitted: Array.from({ length: 7 }, () => always),
            holidays: 'open',
            reason: { 'pt-BR': 'Combinado.', en: 'Agreed.' },
          },
        ],
      })),
    }));
    const night = '2026-11-29T05:00:00Z';
    const { gate } = await at(night, { state: 'AM' }, set);
    expect(await decide(gate, promotion)).to.include({ outcome: 'allow' });
    const elsewhere = await at(night, {}, set);
    const waits = await decide(elsewhere.gate, promotion);
    expect(waits).to.include({ outcome: 'defer', retryAt: '2026-11-30T12:00:00.000Z' });
  });
});
