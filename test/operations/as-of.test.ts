/**
 * The past, looked at again: whatever happened to a subject, a dry run as of the instant of an
 * earlier decision says what that decision said. What fails is made small by fast-check.
 */
import { expect } from 'chai';
import fc from 'fast-check';
import { dayMs, fromIso, hourMs, toIso } from '../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { subjectAsOf } from '../../src/operations/decisions/as-of.ts';
import type { DecisionRequest } from '../../src/operations/decisions/decision-record.ts';
import { dryRunDecision } from '../../src/operations/decisions/dry-run-decision.ts';
import { readSubject } from '../../src/operations/subjects/subject-lookup.ts';
import { makeTestGate, type TestGate } from '../support/gate.ts';
import { everybody, history, live } from './history.ts';
import {
  ana,
  anaPhone,
  bodyOf,
  call,
  codeOf,
  grant,
  makeSubject,
  recordsIn,
  rulesOf,
} from './calls.ts';

/** What a repetition cannot share: the id, what hangs on it, and a link that is sealed anew. */
function comparable(answer: JsonObject): JsonObject {
  const { id: _id, whyUrl: _why, reservation: _held, trace: _trace, obligations, ...rest } = answer;
  const bound = (obligations as readonly JsonObject[]).map((each) =>
    each['kind'] === 'list-unsubscribe' ? { ...each, url: 'a link' } : each,
  );
  return { ...rest, obligations: bound };
}

async function dryRun(gate: TestGate['gate'], body: object): Promise<JsonObject> {
  return bodyOf(await dryRunDecision(gate, call(body as DecisionRequest)));
}

describe('the past', () => {
  it('is judged as it was when it was present', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const past = await live(steps);
        const { made } = past;
        const records = (await recordsIn(made.gate)).length;
        for (const { request, answer } of past.asked) {
          const again = await dryRun(made.gate, { ...request, asOf: answer['decidedAt'] });
          expect(comparable(again)).to.deep.include(comparable(answer));
        }
        expect(await recordsIn(made.gate)).to.have.length(records);
      }),
      { numRuns: 40 },
    );
  });

  it('folds to the subject that is stored', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const { gate } = (await live(steps)).made;
        const { items } = await gate.store.find('subjects', everybody);
        for (const { id } of items) {
          const file = await readSubject(gate, id);
          if (file === null) throw new Error('the subject is stored');
          const folded = await subjectAsOf(gate, file, gate.clock());
          expect(folded).to.have.property('subject').that.deep.equals(file.subject);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('knows nobody before the first record', async () => {
    const { gate, clock } = await makeTestGate();
    clock.advance(dayMs);
    await grant(gate);
    const before = toIso(clock.read() - 1);
    clock.advance(dayMs);
    const unknown = await dryRun(gate, { ...anything, asOf: before });
    expect(rulesOf(unknown)).to.deep.equal(['subject-unknown']);
    expect(unknown['trace']).to.deep.equal([]);
    expect(await dryRun(gate, anything)).to.include({ outcome: 'allow' });
  });

  it('does not know an identifier before it was given', async () => {
    const { gate, clock } = await makeTestGate();
    await makeSubject(gate, [ana]);
    clock.advance(hourMs);
    const before = toIso(clock.read() - 1);
    await makeSubject(gate, [ana, anaPhone]);
    clock.advance(hourMs);
    const byPhone = await dryRun(gate, { ...anything, subject: anaPhone, asOf: before });
    expect(rulesOf(byPhone)).to.deep.equal(['subject-unknown']);
    const byMail = await dryRun(gate, { ...anything, asOf: before });
    expect(rulesOf(byMail)).to.deep.equal(['consent-granted']);
  });

  it('is refused before any policies were in force', async () => {
    const { gate, clock } = await makeTestGate();
    const asOf = toIso(clock.read() - 1);
    const answer = await dryRunDecision(gate, call({ ...anything, asOf }));
    expect(codeOf(answer)).to.equal('instant-out-of-range');
  });

  it('is a fault where a change is missing, and never judged over', async () => {
    const { gate, clock } = await makeTestGate();
    await grant(gate);
    const subject = await makeSubject(gate, [ana], { age_band: 'child' });
    clock.advance(1);
    const records = await recordsIn(gate);
    const lost = records.find(({ kind }) => kind === 'consent')?.id ?? '';
    const { store } = gate;
    const torn = {
      ...gate,
      store: {
        ...store,
        get: store.get.bind(store),
        find: async (...query: Parameters<typeof store.find>) => {
          const page = await store.find(...query);
          return { ...page, items: page.items.filter(({ id }) => id !== lost) };
        },
      },
    } as typeof gate;
    const file = await readSubject(torn, subject);
    if (file === null) throw new Error('the subject is stored');
    const fault = await subjectAsOf(torn, file, fromIso('2027-01-01T00:00:00Z') ?? 0).then(
      () => null,
      (error: unknown) => error,
    );
    expect(fault).to.be.instanceOf(Error);
  });
});

const anything = { subject: ana, action: 'send', purpose: 'promocoes', channel: 'email' } as const;
