/** Whatever happened to two people: what is allowed to the merged one was forbidden by neither. */
import { expect } from 'chai';
import fc from 'fast-check';
import { dayMs, hourMs, toIso } from '../../../src/domain/calendar/instant.ts';
import { dryRunDecision } from '../../../src/operations/decisions/dry-run-decision.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import { giveInstruction } from '../../../src/operations/instructions/instruction-change.ts';
import { mergeSubjects } from '../../../src/operations/merging/merge-subjects.ts';
import { readSubject } from '../../../src/operations/subjects/subject-lookup.ts';
import { makeTestGate, type TestGate } from '../../support/gate.ts';
import {
  ana,
  anaPhone,
  bodyOf,
  bruno,
  call,
  decide,
  grant,
  makeSubject,
  rulesOf,
  withdraw,
} from '../calls.ts';

const brunoPhone = { type: 'phone', value: '+55 21 91234-5678' } as const;
const people = [
  [ana, anaPhone],
  [bruno, brunoPhone],
] as const;
const reference = fc.constantFrom(ana, anaPhone, bruno, brunoPhone);
const ways = ['email', 'whatsapp'] as const;
const channel = fc.constantFrom(...ways);
const purposes = ['promocoes', 'novidades'] as const;
/** What no merge may silence; quiet hours and purposes are nobody's own. */
const forbidding = [
  'withdrawn',
  'objection',
  'pause',
  'blocked',
  'exclusion',
  'frequency-cap',
  'minimum-gap',
];

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('grant'), subject: reference, channel }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('no'), subject: reference, channel }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('ask'), subject: reference, channel }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('pause', 'objection', 'block', 'exclusion'),
      person: fc.nat({ max: 1 }),
      channel,
    }),
  },
);
const history = fc.array(step, { maxLength: 14 });
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function act({ gate, clock }: TestGate, ids: readonly string[], done: Step): Promise<void> {
  clock.advance(5 * hourMs);
  if ('person' in done) {
    const until = done.kind === 'pause' ? toIso(clock.read() + 30 * dayMs) : null;
    const path = { id: ids[done.person] ?? '' };
    const body = { until, channels: [done.channel], purposes: ['promocoes'] };
    bodyOf(await giveInstruction(gate, done.kind, call(body, { path })));
    return;
  }
  const { subject, channel: way } = done;
  if (done.kind === 'grant') await grant(gate, { subject, channels: [way] });
  else if (done.kind === 'no') await withdraw(gate, { subject, channels: [way] });
  else await decide(gate, { subject, channel: way });
}

/** Question -> the rules that fired, each by person. */
async function verdicts(
  gate: Gate,
  ids: readonly string[],
): Promise<ReadonlyMap<string, { readonly outcome: unknown; readonly rules: readonly string[] }>> {
  const found = new Map<string, { outcome: unknown; rules: readonly string[] }>();
  for (const [person, identifiers] of people.entries()) {
    const id = { type: 'id', value: ids[person] ?? '' } as const;
    for (const subject of [id, ...identifiers]) {
      for (const purpose of purposes) {
        for (const way of ways) {
          const asked = { subject, action: 'send', purpose, channel: way } as const;
          const answer = bodyOf(await dryRunDecision(gate, call(asked)));
          const key = `${person} ${subject.type} ${purpose} ${way}`;
          found.set(key, { outcome: answer['outcome'], rules: rulesOf(answer) });
        }
      }
    }
  }
  return found;
}

describe('a merged subject', () => {
  it('is allowed nothing that either of the two forbade', async function () {
    this.timeout(60_000);
    const property = fc.asyncProperty(history, fc.boolean(), async (steps, isFirst) => {
      const made = await makeTestGate();
      const { gate } = made;
      const ids: string[] = [];
      for (const identifiers of people) ids.push(await makeSubject(gate, [...identifiers]));
      for (const done of steps) await act(made, ids, done);
      // In hours in which nothing is quiet.
      made.clock.set(Date.UTC(2026, 11, 3, 14));
      const before = await verdicts(gate, ids);
      const [id = '', other = ''] = isFirst ? ids : [...ids].reverse();
      bodyOf(await mergeSubjects(gate, call({ other }, { path: { id } })));
      for (const [question, { outcome }] of await verdicts(gate, ids)) {
        if (outcome !== 'allow') continue;
        const [person, type, ...rest] = question.split(' ');
        const others = `${1 - Number(person)} id ${rest.join(' ')}`;
        const said = [before.get(`${person} ${type} ${rest.join(' ')}`), before.get(others)];
        for (const rules of said.map((each) => each?.rules ?? [])) {
          expect(rules, question).not.to.include.oneOf(forbidding);
        }
      }
      expect((await readSubject(gate, other))?.subject.mergedInto?.subject).to.equal(id);
    });
    await fc.assert(property, { numRuns: 60 });
  });
});
