/** Ending an instruction: once, again, and what was never there. */
import { expect } from 'chai';
import { hourMs, minuteMs, toIso } from '../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { type InstructionKind, instructionKinds } from '../../src/domain/instruction.ts';
import type { Gate } from '../../src/operations/gate.ts';
import {
  endInstruction,
  giveInstruction,
} from '../../src/operations/instructions/instruction-change.ts';
import type { Answer } from '../../src/operations/operation.ts';
import { makeTestGate } from '../support/gate.ts';
import { ana, anaPhone, bodyOf, bruno, call, codeOf, idOf, makeSubject } from './calls.ts';

interface Given {
  readonly kind: InstructionKind;
  readonly subject: string;
  readonly instruction: string;
}

async function give(gate: Gate, kind: InstructionKind, body: object = {}): Promise<Given> {
  const subject = await makeSubject(gate, [ana]);
  const answer = await giveInstruction(gate, kind, call(body, { path: { id: subject } }));
  return { kind, subject, instruction: idOf(bodyOf(answer)) };
}

function end(gate: Gate, { kind, subject, instruction }: Given): Promise<Answer> {
  return endInstruction(
    gate,
    kind,
    call(null, { path: { id: subject, instructionId: instruction } }),
  );
}

describe('ending an instruction', () => {
  for (const kind of instructionKinds) {
    it(`answers a second end of a ${kind} as the first, and records nothing`, async () => {
      const { gate, clock, store } = await makeTestGate();
      const given = await give(gate, kind, { reason: 'asked by phone' });
      clock.advance(minuteMs);
      const first = bodyOf(await end(gate, given));
      expect(first).to.include({ endedAt: toIso(clock.read()), reason: 'asked by phone' });
      clock.advance(hourMs);
      // Records of the same stretch, between the two.
      await makeSubject(gate, [ana, anaPhone]);
      const before = await recordsOf(given.subject);
      expect(bodyOf(await end(gate, given))).to.deep.equal(first);
      expect(await recordsOf(given.subject)).to.equal(before);

      async function recordsOf(subject: string): Promise<number> {
        const query = {
          index: 'subject',
          where: { subject },
          order: 'ascending',
          limit: 100,
        } as const;
        return (await store.find('records', query)).items.length;
      }
    });
  }

  it('answers two at once with one end', async () => {
    const { gate, clock } = await makeTestGate();
    const given = await give(gate, 'objection');
    clock.advance(minuteMs);
    const [one, other] = await Promise.all([end(gate, given), end(gate, given)]);
    expect(bodyOf(one)).to.deep.equal(bodyOf(other));
  });

  it('answers for one that lapsed, which nobody ended', async () => {
    const { gate, clock } = await makeTestGate();
    const until = toIso(clock.read() + hourMs);
    const given = await give(gate, 'pause', { until });
    clock.advance(2 * hourMs);
    const answer: JsonObject = bodyOf(await end(gate, given));
    expect(answer).to.include({ id: given.instruction, until, endedAt: null });
  });

  it('knows none of another person, of another kind, or of nobody', async () => {
    const { gate } = await makeTestGate();
    const given = await give(gate, 'pause');
    const other = await makeSubject(gate, [bruno]);
    const nowhere = 'ins_0192f0c4-4444-7aaa-8bbb-0123456789ab';
    const wrong = [
      { ...given, subject: other },
      { ...given, kind: 'block' as const },
      { ...given, instruction: nowhere },
      { ...given, instruction: given.subject },
    ];
    const codes = async (): Promise<readonly string[]> =>
      Promise.all(wrong.map(async (each) => codeOf(await end(gate, each))));
    const unknown = wrong.map(() => 'instruction-unknown');
    expect(await codes()).to.deep.equal(unknown);
    bodyOf(await end(gate, given));
    expect(await codes()).to.deep.equal(unknown);
  });
});
