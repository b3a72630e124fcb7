import { expect } from 'chai';
import { dayMs } from '../../../src/domain/calendar/instant.ts';
import {
  type ExclusionChange,
  type ExclusionPolicy,
  exclusionsByConsent,
  exclusionsByEvent,
} from '../../../src/domain/guards/exclusion.ts';
import { applyEvent, type Subject } from '../../../src/domain/subject.ts';
import { ana, grant, instruction, now } from '../cast.ts';

const bought: ExclusionPolicy = {
  name: 'bought',
  event: 'purchase',
  consent: null,
  kind: 'bought',
  purposes: ['promocoes'],
  channels: ['*'],
  for: 'P7D',
  endedBy: ['refund'],
};
const complained: ExclusionPolicy = {
  ...bought,
  name: 'complained',
  event: 'complaint',
  kind: 'complaint_open',
  for: null,
  endedBy: ['custom:closed'],
};
const refused: ExclusionPolicy = {
  ...bought,
  name: 'refused',
  event: null,
  consent: 'refused',
  kind: 'recent_refusal',
  purposes: ['*'],
  for: 'P30D',
  endedBy: [],
};
const policies = [bought, complained, refused];

let made = 0;
const newId = (): string => {
  made += 1;
  return `ins_${made}`;
};

function happen(subject: Subject, names: readonly string[], occurredAt: number): ExclusionChange {
  const happened = { names, occurredAt, record: `evt_${occurredAt}` };
  return exclusionsByEvent(policies, subject, happened, { at: now, newId });
}

/** The subject after events, the ending ones remembered as signals. */
function after(...events: readonly (readonly [name: string, occurredAt: number])[]): Subject {
  return events.reduce<Subject>((subject, [name, occurredAt]) => {
    const exclusions = happen(subject, [name], occurredAt);
    const isEnding = policies.some(({ endedBy }) => endedBy.includes(name));
    const signals = isEnding ? { [name]: occurredAt } : {};
    return applyEvent(subject, { kind: 'signals', signals, exclusions }, now);
  }, ana);
}

function consents(subject: Subject, event: 'granted' | 'refused' | 'withdrawn', at: number) {
  const act = grant({ event, occurredAt: at, receipt: `con_${at}` });
  const given = { purpose: 'promocoes', act };
  return exclusionsByConsent(policies, subject, given, { at: now, newId });
}

describe('an exclusion by an event', () => {
  it('counts from when the person acted, and names its cause', () => {
    const [exclusion] = after(['purchase', now - dayMs]).instructions;
    expect(exclusion).to.deep.include({
      kind: 'exclusion',
      exclusion: 'bought',
      purposes: ['promocoes'],
      until: now + 6 * dayMs,
      createdAt: now,
      cause: {
        by: 'event',
        policy: 'bought',
        record: `evt_${now - dayMs}`,
        occurredAt: now - dayMs,
      },
    });
  });

  const terms = [
    [7 * dayMs - 1, 1],
    [7 * dayMs, 0],
    [8 * dayMs, 0],
  ] as const;
  for (const [late, count] of terms) {
    it(`is made ${count} times by what happened ${late} ms ago`, () => {
      expect(after(['purchase', now - late]).instructions).to.have.length(count);
    });
  }

  it('is lengthened by the same cause again, and never shortened', () => {
    const once = after(['purchase', now - dayMs]);
    const twice = after(['purchase', now - dayMs], ['purchase', now]);
    expect(twice.instructions).to.have.length(1);
    expect(twice.instructions[0]?.until).to.equal(now + 7 * dayMs);
    expect(twice.instructions[0]?.createdAt).to.equal(once.instructions[0]?.createdAt);
    expect(happen(twice, ['purchase'], now - 2 * dayMs)).to.deep.equal({ given: [], ended: [] });
  });

  it('is another one where the policy reaches otherwise by now', () => {
    const subject = after(['purchase', now - dayMs]);
    const wider = [{ ...bought, purposes: ['promocoes', 'novidades'] }];
    const happened = { names: ['purchase'], occurredAt: now, record: 'evt_2' };
    const { given } = exclusionsByEvent(wider, subject, happened, { at: now, newId });
    expect(given.map(({ id }) => id)).not.to.deep.equal(subject.instructions.map(({ id }) => id));
  });

  it('is ended by what the policy names, in whatever order the two arrive', () => {
    const [buys, gives] = [
      ['purchase', now - 2 * dayMs],
      ['refund', now - dayMs],
    ] as const;
    expect(after(buys, gives).instructions).to.deep.equal([]);
    expect(after(gives, buys).instructions).to.deep.equal([]);
    expect(after(['refund', now - 3 * dayMs], buys).instructions).to.have.length(1);
    expect(after(buys, ['refund', now - 3 * dayMs]).instructions).to.have.length(1);
  });

  it('without a term stands until it is ended by its name', () => {
    const open = after(['complaint', now - 900 * dayMs]);
    expect(open.instructions[0]?.until).to.equal(null);
    expect(happen(open, ['custom'], now).ended).to.deep.equal([]);
    expect(happen(open, ['custom', 'custom:other'], now).ended).to.deep.equal([]);
    const { ended } = happen(open, ['custom', 'custom:closed'], now);
    expect(ended).to.deep.equal(open.instructions.map(({ id }) => id));
  });

  it('leaves those alone that a client gave', () => {
    const given = instruction({ kind: 'exclusion', exclusion: 'bought', until: null });
    const subject = { ...ana, instructions: [given] };
    expect(happen(subject, ['refund'], now).ended).to.deep.equal([]);
    expect(happen(subject, ['purchase'], now).given[0]?.id).not.to.equal(given.id);
  });

  it('takes no signal that is called as something every object has for one that was seen', () => {
    const policy = { ...bought, endedBy: ['constructor'] };
    const happened = { names: ['purchase'], occurredAt: now, record: 'evt_1' };
    const { given } = exclusionsByEvent([policy], ana, happened, { at: now, newId });
    expect(given).to.have.length(1);
  });
});

describe('an exclusion by a no', () => {
  it('is about the refused purpose alone, on every channel of the policy', () => {
    const { given } = consents(ana, 'refused', now);
    expect(given).to.have.length(1);
    expect(given[0]).to.deep.include({ purposes: ['promocoes'], until: now + 30 * dayMs });
    expect(given[0]?.cause).to.deep.include({ by: 'consent', record: `con_${now}` });
    expect(consents(ana, 'withdrawn', now).given).to.deep.equal([]);
  });

  it('is made for the purposes of the policy alone', () => {
    const act = grant({ event: 'refused', occurredAt: now });
    const only = [{ ...refused, purposes: ['novidades'] }];
    const about = (purpose: string) =>
      exclusionsByConsent(only, ana, { purpose, act }, { at: now, newId }).given;
    expect(about('promocoes')).to.deep.equal([]);
    expect(about('novidades')).to.have.length(1);
  });

  it('ends with a later yes, not with an earlier one, nor with one of the same instant', () => {
    const exclusions = consents(ana, 'refused', now - dayMs);
    const subject = applyEvent(ana, { kind: 'signals', signals: {}, exclusions }, now);
    expect(consents(subject, 'granted', now - 2 * dayMs).ended).to.deep.equal([]);
    expect(consents(subject, 'granted', now - dayMs).ended).to.deep.equal([]);
    expect(consents(subject, 'granted', now).ended).to.have.length(1);
  });

  it('is not made by a no that arrives after a newer yes', () => {
    const yes = grant({ event: 'granted', occurredAt: now });
    const event = {
      kind: 'consent',
      purpose: 'promocoes',
      channels: ['email'],
      contactKind: null,
      act: yes,
    } as const;
    const subject = applyEvent(ana, event, now);
    expect(consents(subject, 'refused', now - dayMs).given).to.deep.equal([]);
    expect(consents(subject, 'refused', now).given).to.have.length(1);
  });
});
