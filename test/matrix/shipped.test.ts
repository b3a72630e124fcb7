/**
 * Every purpose, channel, consent state and age band of the shipped policies, against the table in
 * shipped.csv: who gets what, and by which rules not. RENEW=1 writes the table anew; what changed
 * in it is the review.
 */
import { expect } from 'chai';
import { readFileSync, writeFileSync } from 'node:fs';
import { dayMs } from '../../src/domain/calendar/instant.ts';
import type { EffectiveConsent, Grant } from '../../src/domain/consent.ts';
import { consentStates } from '../../src/domain/consent.ts';
import { ageBands } from '../../src/domain/guards/age.ts';
import { restsOnConsent } from '../../src/domain/legal-basis.ts';
import { type Channel, channels, type Purpose } from '../../src/domain/policy.ts';
import { type Situation, situationOf } from '../../src/domain/situation.ts';
import { emptySlots } from '../../src/domain/slots.ts';
import { newSubject } from '../../src/domain/subject.ts';
import { judge } from '../../src/operations/decisions/judgement.ts';
import type { PreparedSet } from '../../src/operations/policy-board.ts';
import { makeTestGate, start } from '../support/gate.ts';

const table = new URL('shipped.csv', import.meta.url);
const head = ['purpose', 'channel', 'consent', ...ageBands].join(';');

type State = (typeof consentStates)[number];
type Band = (typeof ageBands)[number];

/** A customer who bought within the year, as good as unknown but for the age. */
const customer = {
  ...newSubject('sub_x', start - 300 * dayMs),
  signals: { purchase: start - 30 * dayMs },
};

/** States under which an act of consent is on file, whatever time or a newer notice made of it. */
const given: ReadonlySet<State> = new Set(['granted', 'expired', 'needs_reconfirmation']);

function consentIn(state: State, purpose: Purpose): EffectiveConsent {
  const grant: Grant = {
    contact: null,
    occurredAt: start - 20 * dayMs,
    receipt: 'con_x',
    evidence: 'native',
    byGuardian: false,
    notice: purpose.notice,
    frequency: null,
  };
  const isAct = state !== 'never_asked';
  return {
    state,
    grant: given.has(state) ? grant : null,
    receipt: isAct ? grant.receipt : null,
    since: isAct ? grant.occurredAt : null,
  };
}

function situationIn(
  { set }: PreparedSet,
  purpose: Purpose,
  where: { readonly channel: Channel; readonly state: State; readonly band: Band },
): Situation {
  const { channel, state, band } = where;
  const attributes = { age_band: band, age_evidence: 'declared' };
  const situation = situationOf({
    question: {
      action: purpose.actions[0] ?? 'send',
      purpose: purpose.id,
      channel,
      data: purpose.data,
      requireAllData: false,
      recipient: null,
    },
    content: {
      template: purpose.promotional ? 'marketing' : 'utility',
      byProfile: false,
      digest: null,
    },
    at: start,
    set,
    subject: { ...customer, attributes },
    slots: emptySlots(0, 0),
    contact: null,
    phones: [{ hash: 'phone', state: 'SP' }],
    text: null,
    registryLists: new Map(),
    lot: null,
    claimed: null,
  });
  return {
    ...situation,
    consent: consentIn(state, purpose),
    noticeCurrent: state !== 'needs_reconfirmation',
  };
}

interface Judged {
  readonly purpose: Purpose;
  readonly channel: Channel;
  readonly state: State;
  readonly band: Band;
  readonly outcome: string;
  readonly cell: string;
}

async function judgeAll(prepared: PreparedSet): Promise<readonly Judged[]> {
  const all: Judged[] = [];
  for (const purpose of prepared.set.purposes.values()) {
    for (const channel of channels) {
      for (const state of consentStates) {
        for (const band of ageBands) {
          const situation = situationIn(prepared, purpose, { channel, state, band });
          const judging = { decision: 'dec_x', unsubscribeUrl: () => 'https://x.example' };
          const { outcome, reasons } = await judge(prepared, situation, judging);
          const rules = reasons.map(({ rule }) => rule);
          const cell = [outcome, ...rules].join(' ');
          all.push({ purpose, channel, state, band, outcome, cell });
        }
      }
    }
  }
  return all;
}

function tableOf(all: readonly Judged[]): string {
  const rows: string[] = [head];
  for (let at = 0; at < all.length; at += ageBands.length) {
    const row = all.slice(at, at + ageBands.length);
    const [first] = row;
    if (first === undefined) continue;
    const cells = row.map(({ cell }) => cell);
    rows.push([first.purpose.id, first.channel, first.state, ...cells].join(';'));
  }
  return `${rows.join('\n')}\n`;
}

describe('the shipped set', () => {
  let all: readonly Judged[];
  before(async () => {
    const { gate } = await makeTestGate();
    all = await judgeAll(gate.policies.active());
    if (process.env['RENEW'] === '1') writeFileSync(table, tableOf(all));
  });

  it('has a row for each purpose, channel and consent state', () => {
    const rows = readFileSync(table, 'utf8').trimEnd().split('\n').slice(1);
    expect(rows).to.have.length(5 * channels.length * consentStates.length);
    expect(all).to.have.length(rows.length * ageBands.length);
  });

  it('decides as the table says', () => {
    const wanted = readFileSync(table, 'utf8').split('\n');
    for (const [index, line] of tableOf(all).split('\n').entries()) {
      expect(line, `shipped.csv:${index + 1}`).to.equal(wanted[index]);
    }
  });

  it('allows nothing on a consent that does not stand', () => {
    const asked = all.filter(({ purpose }) => restsOnConsent(purpose.basis));
    for (const { state, outcome, cell } of asked) {
      if (state !== 'granted') expect(outcome, cell).to.equal('deny');
    }
    expect(asked.filter(({ outcome }) => outcome === 'allow')).not.to.deep.equal([]);
  });

  it('reaches no minor for a purpose that is not for minors', () => {
    for (const { purpose, band, outcome } of all) {
      if (purpose.minors !== 'deny' || (band !== 'child' && band !== 'adolescent')) continue;
      expect(outcome, `${purpose.id} ${band}`).to.equal('deny');
    }
  });

  it('uses no channel that the purpose does not list', () => {
    for (const { purpose, channel, outcome } of all) {
      if (!purpose.channels.includes(channel)) expect(outcome).to.equal('deny');
    }
  });

  it('lets news of an order through, and what the law orders, whatever was said', () => {
    for (const { purpose, channel, outcome, state, cell } of all) {
      if (purpose.promotional || purpose.profiling || !purpose.channels.includes(channel)) continue;
      if (state !== 'withdrawn') expect(outcome, `${purpose.id} ${cell}`).to.equal('allow');
    }
  });
});
