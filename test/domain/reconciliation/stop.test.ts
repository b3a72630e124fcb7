/** What stood against a contact at an instant, from when on, and what did not. */
import { expect } from 'chai';
import type { ConsentAct, Grant } from '../../../src/domain/consent.ts';
import type { Instruction } from '../../../src/domain/instruction.ts';
import { type Since, stopsAt } from '../../../src/domain/reconciliation/stop.ts';

const contact = { purpose: 'promocoes', channel: 'email' } as const;
const grant: Grant = {
  contact: 'hash',
  occurredAt: 100,
  receipt: 'con_1',
  evidence: 'native',
  byGuardian: false,
  notice: null,
  frequency: null,
};

function act(
  event: ConsentAct['event'],
  occurredAt: number,
  held: string | null = 'hash',
): Since['acts'][number] {
  const { byGuardian, evidence, frequency, notice } = grant;
  const said = { event, occurredAt, contact: held, receipt: `con_${occurredAt}` };
  return { act: { ...said, byGuardian, evidence, frequency, notice }, recordedAt: 900 };
}

function pause(changes: Partial<Instruction>): Instruction {
  const held = { id: 'ins_1', kind: 'pause', purposes: ['*'], channels: ['*'] } as const;
  return { ...held, until: null, createdAt: 200, exclusion: null, ...changes };
}

function since(changes: Partial<Since>): Since {
  return { grant, acts: [], instructions: [], endings: new Map(), ...changes };
}

const withdrawn = since({ acts: [act('withdrawn', 200)] });

/** Since the decision, the instant of the send, and what stands against it. */
const cases: readonly (readonly [string, Since, number, readonly string[]])[] = [
  ['nothing that was said', since({}), 200, []],
  ['a withdrawal of later', withdrawn, 199, []],
  ['a withdrawal of this instant', withdrawn, 200, ['withdrawn']],
  ['a refusal', since({ acts: [act('refused', 200)] }), 200, ['refused']],
  ['a withdrawal before the grant', since({ acts: [act('withdrawn', 99)] }), 200, []],
  [
    'a withdrawal at the instant of the grant',
    since({ acts: [act('withdrawn', 100)] }),
    200,
    ['withdrawn'],
  ],
  [
    'another grant after it',
    since({ acts: [act('withdrawn', 150), act('granted', 160)] }),
    200,
    [],
  ],
  [
    'a grant of another address',
    since({ acts: [act('withdrawn', 150), act('granted', 160, 'x')] }),
    200,
    ['withdrawn'],
  ],
  [
    'a grant of the person',
    since({ acts: [act('withdrawn', 150), act('granted', 160, null)] }),
    200,
    [],
  ],
  ['a purpose without consent', since({ grant: null, acts: [act('withdrawn', 150)] }), 200, []],
  ['a pause from this instant', since({ instructions: [pause({})] }), 200, ['pause']],
  ['a pause of later', since({ instructions: [pause({})] }), 199, []],
  ['a pause that is over', since({ instructions: [pause({ until: 300 })] }), 300, []],
  [
    'a pause that was ended',
    since({ instructions: [pause({})], endings: new Map([['ins_1', 250]]) }),
    250,
    [],
  ],
  [
    'a pause before its end',
    since({ instructions: [pause({})], endings: new Map([['ins_1', 250]]) }),
    249,
    ['pause'],
  ],
  [
    'a pause of another purpose',
    since({ instructions: [pause({ purposes: ['pedidos'] })] }),
    200,
    [],
  ],
  [
    'a block by another channel',
    since({ instructions: [pause({ kind: 'block', channels: ['sms'] })] }),
    200,
    [],
  ],
  [
    'several, in their order',
    since({
      acts: [act('withdrawn', 250)],
      instructions: [pause({}), pause({ kind: 'block', createdAt: 260 })],
    }),
    300,
    ['pause', 'withdrawn', 'block'],
  ],
];

describe('what stands against a send', () => {
  for (const [name, given, at, kinds] of cases) {
    it(`is ${kinds.length === 0 ? 'not' : ''} ${name}`.replace('  ', ' '), () => {
      expect(stopsAt(given, contact, at).map(({ kind }) => kind)).to.deep.equal(kinds);
    });
  }

  it('tells when it took effect, and when that was recorded', () => {
    expect(stopsAt(withdrawn, contact, 200)).to.deep.equal([
      { kind: 'withdrawn', record: 'con_200', effectiveAt: 200, recordedAt: 900 },
    ]);
  });
});
