import { expect } from 'chai';
import fc from 'fast-check';
import { defaultZone } from '../../src/domain/calendar/zone.ts';
import { hasPriorRelation } from '../../src/domain/balancing.ts';
import { grantsMax, noStanding } from '../../src/domain/consent.ts';
import type { Json } from '../../src/domain/json.ts';
import { type Channel, channels } from '../../src/domain/policy.ts';
import {
  applyEvent,
  type IdentifierKind,
  isContactPoint,
  newSubject,
  standingOf,
  type Subject,
  type SubjectEvent,
  zoneOf,
} from '../../src/domain/subject.ts';
import { ana, bia, grant, instruction, now, policySet } from './cast.ts';

const identity = (changes: Partial<Extract<SubjectEvent, { kind: 'identity' }>>): SubjectEvent => ({
  kind: 'identity',
  identifiers: [],
  attributes: {},
  ...changes,
});
const consent = (purpose: string, channel: Channel = 'email'): SubjectEvent => ({
  kind: 'consent',
  purpose,
  channels: [channel],
  act: grant(),
  contactKind: null,
});
/** Parsed, as a body or a document is: only so is `__proto__` a name like another. */
const parsed = (text: string): Record<string, Json> => JSON.parse(text) as Record<string, Json>;
const signalsOf = (text: string): Record<string, number> => parsed(text) as Record<string, number>;
const inherited = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'] as const;

const event: fc.Arbitrary<SubjectEvent> = fc.oneof(
  fc
    .constantFrom('a', 'b')
    .map((hash) =>
      identity({ identifiers: [{ kind: 'email', hash, type: 'email' }], attributes: { hash } }),
    ),
  fc.constantFrom('promocoes', ...inherited).map((purpose) => consent(purpose)),
  fc
    .constantFrom('ins_1', 'ins_2')
    .map((id): SubjectEvent => ({ kind: 'instruction', instruction: instruction({ id }) })),
  fc
    .constantFrom('ins_1', 'ins_2')
    .map((id): SubjectEvent => ({ kind: 'instruction-ended', instruction: id })),
  fc
    .constantFrom('purchase', ...inherited)
    .map((type): SubjectEvent => ({ kind: 'signals', signals: signalsOf(`{"${type}":1}`) })),
);

describe('subject', () => {
  it('advances its epoch by one with every event, and never goes back in time', () => {
    const steps = fc.array(fc.tuple(event, fc.integer({ min: now - 10, max: now + 10 })));
    const property = fc.property(steps, (list) => {
      let subject = newSubject('sub_ana', now);
      for (const [each, at] of list) {
        const before = structuredClone(subject);
        const next = applyEvent(subject, each, at);
        expect(next.epoch).to.equal(subject.epoch + 1);
        expect(next.changedAt).to.equal(Math.max(at, subject.changedAt));
        expect(next.createdAt).to.equal(now);
        expect(subject).to.deep.equal(before);
        subject = next;
      }
    });
    fc.assert(property, { numRuns: 100 });
  });

  it('comes back from its document as it was', () => {
    const property = fc.property(fc.array(event), (list) => {
      const subject = list.reduce<Subject>(
        (before, each) => applyEvent(before, each, now),
        newSubject('sub_ana', now),
      );
      expect(JSON.parse(JSON.stringify(subject))).to.deep.equal(subject);
    });
    fc.assert(property, { numRuns: 100 });
  });

  it('starts without anything, at epoch 0', () => {
    expect(newSubject('sub_x', now)).to.deep.equal({
      id: 'sub_x',
      epoch: 0,
      createdAt: now,
      changedAt: now,
      identifiers: [],
      attributes: {},
      consents: {},
      instructions: [],
      signals: {},
      mergedFrom: [],
      mergedInto: null,
    });
  });
});

describe('identity', () => {
  const added = (...hashes: readonly (readonly [IdentifierKind, string])[]): Subject => {
    const identifiers = hashes.map(([kind, hash]) => ({ kind, hash, type: kind }));
    return applyEvent(ana, identity({ identifiers }), now);
  };

  it('keeps when an identifier was added', () => {
    const { identifiers } = added(['cookie', 'c']);
    expect(identifiers.at(-1)).to.deep.equal({
      kind: 'cookie',
      hash: 'c',
      type: 'cookie',
      addedAt: now,
    });
  });

  it('adds no identifier that is known', () => {
    expect(added(['email', 'ana-mail']).identifiers).to.deep.equal(ana.identifiers);
  });

  it('adds an identifier once that one event names twice', () => {
    expect(added(['phone', 'new'], ['phone', 'new']).identifiers).to.have.length(3);
  });

  it('tells identifiers of two kinds apart', () => {
    expect(added(['external', 'ana-mail']).identifiers).to.have.length(3);
  });

  const attributes: readonly (readonly [given: string, left: string])[] = [
    ['{}', '{"first_name":"Ana","age_band":"adult"}'],
    ['{"first_name":"Ana Lu"}', '{"first_name":"Ana Lu","age_band":"adult"}'],
    ['{"first_name":null}', '{"age_band":"adult"}'],
    ['{"nickname":null}', '{"first_name":"Ana","age_band":"adult"}'],
    ['{"points":0}', '{"first_name":"Ana","age_band":"adult","points":0}'],
    ['{"vip":false}', '{"first_name":"Ana","age_band":"adult","vip":false}'],
    ['{"alias":""}', '{"first_name":"Ana","age_band":"adult","alias":""}'],
    [
      '{"__proto__":{"age_band":"child"}}',
      '{"first_name":"Ana","age_band":"adult","__proto__":{"age_band":"child"}}',
    ],
    ['{"constructor":1}', '{"first_name":"Ana","age_band":"adult","constructor":1}'],
  ];
  for (const [given, left] of attributes) {
    it(`of Ana has ${left} after ${given}`, () => {
      const after = applyEvent(ana, identity({ attributes: parsed(given) }), now).attributes;
      expect(JSON.stringify(after)).to.equal(left);
      expect(Object.getPrototypeOf(after)).to.equal(Object.prototype);
    });
  }

  const zones: readonly (readonly [what: string, subject: Subject | null, zone: string])[] = [
    ['that is known', bia, 'America/Rio_Branco'],
    ['that is not known', ana, defaultZone],
    ['that is no text', { ...ana, attributes: { time_zone: 3 } }, defaultZone],
    ['of nobody', null, defaultZone],
  ];
  for (const [what, subject, zone] of zones) {
    it(`has the zone ${zone} for one ${what}`, () => {
      expect(zoneOf(subject)).to.equal(zone);
    });
  }

  it('has the controller’s zone where its own is not known', () => {
    expect(zoneOf(ana, 'America/Noronha')).to.equal('America/Noronha');
    expect(zoneOf(bia, 'America/Noronha')).to.equal('America/Rio_Branco');
  });
});

describe('contact point', () => {
  const reached: Readonly<Record<IdentifierKind, readonly Channel[]>> = {
    external: [],
    cpf: [],
    email: ['email'],
    phone: ['whatsapp', 'sms', 'voice'],
    bsuid: ['whatsapp'],
    cookie: ['site'],
    device: ['push', 'app'],
  };
  for (const [kind, wanted] of Object.entries(reached)) {
    it(`of ${kind} reaches ${wanted.join(', ') || 'no channel'}`, () => {
      const found = channels.filter((channel) => isContactPoint(kind as IdentifierKind, channel));
      expect(found.toSorted()).to.deep.equal(wanted.toSorted());
    });
  }
});

describe('consents of a subject', () => {
  for (const purpose of inherited) {
    it(`are none for a purpose called ${purpose}, until they are given`, () => {
      for (const channel of channels)
        expect(standingOf(ana, purpose, channel)).to.equal(noStanding);
      const after = applyEvent(ana, consent(purpose), now);
      expect(standingOf(after, purpose, 'email').grants).to.have.length(1);
      expect(standingOf(after, 'promocoes', 'email')).to.equal(noStanding);
      expect(Object.keys(after.consents)).to.deep.equal([purpose]);
    });
  }

  it('stand for each channel of the act by itself', () => {
    const both: SubjectEvent = {
      kind: 'consent',
      purpose: 'promocoes',
      channels: ['email', 'push'],
      act: grant(),
      contactKind: null,
    };
    const no = { ...both, channels: ['push'], act: grant({ event: 'withdrawn' }) } as const;
    const after = applyEvent(applyEvent(ana, both, now), no, now);
    expect(standingOf(after, 'promocoes', 'email').restriction).to.equal(null);
    expect(standingOf(after, 'promocoes', 'push').restriction?.state).to.equal('withdrawn');
    expect(standingOf(after, 'promocoes', 'sms')).to.equal(noStanding);
  });

  it('belong to the contact point on its own channels, and to the person on others', () => {
    const mixed: SubjectEvent = {
      kind: 'consent',
      purpose: 'promocoes',
      channels: ['email', 'whatsapp'],
      act: grant({ contact: 'ana-mail' }),
      contactKind: 'email',
    };
    const after = applyEvent(ana, mixed, now);
    expect(standingOf(after, 'promocoes', 'email').grants[0]?.contact).to.equal('ana-mail');
    expect(standingOf(after, 'promocoes', 'whatsapp').grants[0]?.contact).to.equal(null);
  });

  it('hold whatever was recorded: how many contact points may is asked before', () => {
    let subject = ana;
    for (let index = 0; index <= grantsMax; index += 1) {
      const act = grant({ contact: `mail-${index}` });
      const each = { ...consent('promocoes'), act, contactKind: 'email' } as SubjectEvent;
      subject = applyEvent(subject, each, now);
    }
    expect(standingOf(subject, 'promocoes', 'email').grants).to.have.length(grantsMax + 1);
  });
});

describe('instructions of a subject', () => {
  const made = (until: number | null, id: string): SubjectEvent => ({
    kind: 'instruction',
    instruction: instruction({ id, until }),
  });
  const ids = (subject: Subject): readonly string[] => subject.instructions.map(({ id }) => id);

  it('stay until they are ended, that one alone', () => {
    const two = applyEvent(applyEvent(ana, made(null, 'ins_1'), now), made(null, 'ins_2'), now);
    expect(ids(two)).to.deep.equal(['ins_1', 'ins_2']);
    const ended = applyEvent(two, { kind: 'instruction-ended', instruction: 'ins_1' }, now);
    expect(ids(ended)).to.deep.equal(['ins_2']);
  });

  it('are dropped after they lapsed, when another is made', () => {
    const paused = applyEvent(ana, made(now + 1, 'ins_1'), now);
    expect(ids(applyEvent(paused, made(null, 'ins_2'), now))).to.deep.equal(['ins_1', 'ins_2']);
    expect(ids(applyEvent(paused, made(null, 'ins_2'), now + 1))).to.deep.equal(['ins_2']);
  });

  it('are as they were when one is ended that is not there', () => {
    const paused = applyEvent(ana, made(null, 'ins_1'), now);
    const ended = applyEvent(paused, { kind: 'instruction-ended', instruction: 'ins_9' }, now);
    expect(ended.instructions).to.deep.equal(paused.instructions);
  });
});

describe('signals of a subject', () => {
  const seen = (...lists: readonly string[]): Subject =>
    lists.reduce<Subject>(
      (subject, list) => applyEvent(subject, { kind: 'signals', signals: signalsOf(list) }, now),
      ana,
    );

  it('keep the latest of each type, in whatever order they arrive', () => {
    const { signals } = seen('{"purchase":5,"search":1}', '{"purchase":3}', '{"search":2}');
    expect(signals).to.deep.equal({ purchase: 5, search: 2 });
  });

  for (const type of inherited) {
    it(`keep one of a type called ${type} and invent no other`, () => {
      const { signals } = seen(`{"${type}":4}`, `{"${type}":2}`);
      expect(Object.entries(signals)).to.deep.equal([[type, 4]]);
      expect(Object.getPrototypeOf(signals)).to.equal(Object.prototype);
      const test = policySet.balancingTests.get('recompra');
      if (test === undefined) throw new Error('recompra');
      const priorRelation = { events: [type], maxAgeDays: 730 };
      expect(hasPriorRelation({ ...test, priorRelation }, ana, now)).to.equal(false);
    });
  }
});
