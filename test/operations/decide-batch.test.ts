/** decideBatch: each line as createDecision decides it, once; and what a summary says. */
import { expect } from 'chai';
import { hourMs } from '../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { Problem } from '../../src/domain/problem.ts';
import { type BatchLine, decideBatch } from '../../src/operations/batches/decide-batch.ts';
import type { Gate } from '../../src/operations/gate.ts';
import type { Row } from '../../src/operations/rows/row.ts';
import { FailingStore } from '../faults/failing-store.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { answeredLine } from '../support/contract.ts';
import { makeTestGate, shippedSet } from '../support/gate.ts';
import {
  ana,
  anaPhone,
  bruno,
  call,
  decide,
  grant,
  type LineTold,
  linesTold,
  makeSubject,
  recordsIn,
} from './calls.ts';

const act = { action: 'send', purpose: 'promocoes', channel: 'email' } as const;

function line(ref: string, changes: Partial<BatchLine> = {}): BatchLine {
  return { ref, subject: ana, ...act, ...changes };
}

async function* rowsOf(lines: Iterable<BatchLine>): AsyncGenerator<Row<BatchLine>> {
  let number = 0;
  for (const request of lines) {
    number += 1;
    yield { line: number, request };
  }
}

interface Told {
  readonly answers: readonly JsonObject[];
  /** The ref and the outcome of each line, or the code of its problem. */
  readonly words: readonly string[];
  readonly summary: JsonObject;
  readonly stop: string | null;
}

type Mode = 'decide' | 'dry-run';

async function tell(
  gate: Gate,
  rows: AsyncIterable<Row<BatchLine>>,
  more: { readonly key?: string; readonly mode?: Mode } = {},
): Promise<Told> {
  const { key = 'batch', mode = 'decide' } = more;
  const answers: JsonObject[] = [];
  const words: string[] = [];
  for await (const told of linesTold(decideBatch(gate, call(rows, { query: { mode }, key })))) {
    const { content, problem } = told;
    if (content['summary'] !== undefined) {
      const summary = content['summary'] as JsonObject;
      answeredLine('decideBatch', { summary });
      return { answers, words, summary, stop: problem };
    }
    if (problem === null) answers.push(answeredLine('decideBatch', content));
    words.push(wordOf(told));
  }
  throw new Error('the batch told no summary');
}

function wordOf({ content, problem }: LineTold): string {
  const { ref, outcome } = content as { readonly ref: string | null; readonly outcome?: string };
  return `${ref} ${problem ?? outcome}`;
}

function tellAll(
  gate: Gate,
  lines: readonly BatchLine[],
  more: { readonly key?: string; readonly mode?: Mode } = {},
): Promise<Told> {
  return tell(gate, rowsOf(lines), more);
}

async function decisionsIn(gate: Gate): Promise<number> {
  return (await recordsIn(gate)).filter(({ kind }) => kind === 'decision').length;
}

const refusal = new Problem('malformed-json', { 'pt-BR': '', en: '' });

describe('a batch of decisions', () => {
  it('is not decided with less than whole answers', async () => {
    const { gate } = await makeTestGate();
    const query = { mode: 'decide', answers: 'outcome' } as const;
    const refused = decideBatch(gate, call(rowsOf([line('a')]), { query, key: 'batch' }));
    expect(refused).to.be.instanceOf(Problem).and.have.nested.include({
      code: 'invalid-request',
      'errors[0].pointer': '/query/answers',
    });
  });

  it('of nothing is done at once', async () => {
    const { gate } = await makeTestGate();
    const { answers, summary, stop } = await tellAll(gate, []);
    expect({ answers, stop }).to.deep.equal({ answers: [], stop: null });
    const counts = { allow: 0, defer: 0, review: 0, deny: 0, rejected: 0, repeated: 0 };
    expect(summary).to.deep.equal({ lines: 0, ...counts, rules: [] });
  });

  it('answers each line as a decision is answered, in the order of the lines', async () => {
    const [first, second] = [await makeTestGate(), await makeTestGate()];
    for (const { gate } of [first, second]) await grant(gate);
    const { answers, words } = await tellAll(first.gate, [
      line('b', { subject: bruno }),
      line('a'),
      line('c', { purpose: 'nenhuma' }),
    ]);
    expect(words).to.deep.equal(['b deny', 'a allow', 'c deny']);
    const { id: _id, whyUrl: _why, obligations: _links, ...alone } = await decide(second.gate);
    expect(answers[1]).to.deep.include({ ...alone, ref: 'a' });
    expect(await decisionsIn(first.gate)).to.equal(3);
  });

  it('decides lines about one person in their order, by whichever identifier', async () => {
    const { gate } = await makeTestGate();
    const id = await makeSubject(gate, [ana, anaPhone]);
    await grant(gate);
    const { words } = await tellAll(gate, [
      line('1', { subject: { type: 'id', value: id } }),
      line('2'),
      line('3', { purpose: 'pedidos', subject: anaPhone, channel: 'sms' }),
    ]);
    expect(words).to.deep.equal(['1 allow', '2 defer', '3 allow']);
  });

  it('tells a line that could not be read in its place, with what it calls itself', async () => {
    const { gate } = await makeTestGate();
    async function* rows(): AsyncGenerator<Row<BatchLine>> {
      yield { line: 1, request: line('a') };
      yield { line: 2, problem: refusal };
      yield { line: 4, problem: refusal, ref: 'd' };
      yield { line: 5, request: line('e', { subject: { type: 'email', value: 'no mail' } }) };
    }
    const { words, summary } = await tell(gate, rows());
    expect(words).to.deep.equal([
      'a deny',
      'null malformed-json',
      'd malformed-json',
      'e identifier-invalid',
    ]);
    expect(summary).to.include({ lines: 4, deny: 1, rejected: 3 });
  });

  it('counts by rule, and what each rule stops alone', async () => {
    const { gate } = await makeTestGate();
    await grant(gate);
    await makeSubject(gate, [bruno]);
    await decide(gate);
    const { summary } = await tellAll(gate, [
      line('deferred'),
      line('without consent', { subject: bruno }),
      line('without consent, and a purpose less', { subject: bruno, channel: 'voice' }),
      line('allowed', { purpose: 'pedidos', data: ['cart_items'] }),
    ]);
    expect(summary).to.include({ lines: 4, allow: 1, defer: 1, deny: 2, review: 0 });
    const rules = summary['rules'] as readonly JsonObject[];
    const count = (name: string): JsonObject | undefined => rules.find(({ rule }) => rule === name);
    expect(rules[0]).to.deep.equal({ rule: 'consent-granted', effect: 'deny', lines: 2, alone: 1 });
    expect(count('minimum-gap')).to.include({ effect: 'defer', lines: 1, alone: 1 });
    expect(count('purpose-declared')).to.include({ lines: 1, alone: 0 });
    expect(count('minimisation')).to.include({ effect: 'strip', lines: 1, alone: 0 });
  });

  it('pushes nobody out of memory, and nothing remembered beside it allows more', async () => {
    const { gate, clock } = await makeTestGate();
    const id = await makeSubject(gate);
    await grant(gate);
    await decide(gate);
    const remembered = gate.cache.slotsOf(id);
    clock.advance(5 * hourMs);
    expect((await tellAll(gate, [line('a')])).words).to.deep.equal(['a allow']);
    expect(gate.cache.slotsOf(id)).to.equal(remembered);
    clock.advance(5 * hourMs);
    expect(await decide(gate)).to.include({ outcome: 'defer' });
  });

  it('needs a key where decisions are recorded', async () => {
    const { gate } = await makeTestGate();
    const answer = decideBatch(gate, call(rowsOf([]), { query: { mode: 'decide' as const } }));
    if (!(answer instanceof Problem)) throw new Error('it was taken');
    expect(answer.code).to.equal('invalid-request');
    expect(answer.errors[0]?.pointer).to.equal('/header/Idempotency-Key');
  });
});

describe('a batch that is sent again', () => {
  const lines = [line('a'), line('b', { subject: bruno }), line('c', { purpose: 'pedidos' })];

  it('decides nothing twice, and answers as it did', async () => {
    const { gate, clock } = await makeTestGate();
    await grant(gate);
    const first = await tellAll(gate, lines);
    clock.advance(hourMs);
    const again = await tellAll(gate, lines);
    expect(again.answers).to.deep.equal(first.answers);
    expect(again.summary).to.deep.equal({ ...first.summary, repeated: 3 });
    expect(await decisionsIn(gate)).to.equal(3);
  });

  it('decides what is new, and refuses another act under the same ref', async () => {
    const { gate } = await makeTestGate();
    await tellAll(gate, lines);
    const changed = line('a', { purpose: 'novidades' });
    const { words, summary } = await tellAll(gate, [changed, line('d')]);
    expect(words).to.deep.equal(['a idempotency-key-reused', 'd deny']);
    expect(summary).to.include({ rejected: 1, repeated: 0 });
  });

  it('is another one under another key, for another client, and for one act', async () => {
    const { gate } = await makeTestGate();
    await tellAll(gate, lines, { key: 'batch' });
    expect((await tellAll(gate, lines, { key: 'other' })).summary).to.include({ repeated: 0 });
    await decide(gate, {}, 'batch');
    const actor = { ...call(null).actor, id: 'outro' };
    const mode = 'decide' as const;
    const asked = { ...call(rowsOf(lines), { query: { mode }, key: 'batch' }), actor };
    for await (const { content } of linesTold(decideBatch(gate, asked))) {
      if (content['summary'] !== undefined) expect(content['summary']).to.include({ repeated: 0 });
    }
    expect(await decisionsIn(gate)).to.equal(10);
  });

  it('decides a line once that it has twice, and in two batches at once', async () => {
    const { gate } = await makeTestGate();
    await grant(gate);
    const both = await Promise.all([
      tellAll(gate, [...lines, ...lines]),
      tellAll({ ...gate }, lines),
    ]);
    expect(both[0].answers.slice(0, 3)).to.deep.equal(both[0].answers.slice(3));
    expect(both[1].answers).to.deep.equal(both[0].answers.slice(0, 3));
    expect(await decisionsIn(gate)).to.equal(3);
  });
});

describe('a batch that is tried', () => {
  it('answers the same, records nothing and reserves nothing', async () => {
    const store = new FailingStore(new MemoryStore());
    const { gate } = await makeTestGate({ store });
    await grant(gate);
    const lines = [line('a'), line('a'), line('b', { subject: bruno })];
    // The first write would fail.
    store.arm(1, 'before');
    const tried = await tellAll(gate, lines, { mode: 'dry-run' });
    expect(tried.words).to.deep.equal(['a allow', 'a allow', 'b deny']);
    expect(tried.answers[0]).to.include({ id: null, reservation: null });
    expect(tried.summary).to.include({ allow: 2, deny: 1, repeated: 0 });
    expect(store.hasFailed).to.equal(false);
    const answer = decideBatch(gate, call(rowsOf([]), { query: { mode: 'dry-run' as const } }));
    expect(answer).not.to.be.instanceOf(Problem);
  });

  it('is judged under the set in force', async () => {
    const made = await makeTestGate();
    await grant(made.gate);
    await decide(made.gate);
    const tried = (): Promise<Told> => tellAll(made.gate, [line('a')], { mode: 'dry-run' });
    expect((await tried()).words).to.deep.equal(['a defer']);
    await made.activate(
      shippedSet((parts) => ({
        ...parts,
        caps: [],
        purposes: parts.purposes.map((each) => ({ ...each, frequency: null })),
      })),
    );
    expect((await tried()).words).to.deep.equal(['a allow']);
  });
});

describe('a batch over a store that fails', () => {
  const people = Array.from({ length: 100 }, (_, index) =>
    line(`r${index}`, { subject: { type: 'external', value: `cliente-${index}` } }),
  );

  it('tells the line, begins no other, and is healed by sending it again', async () => {
    const store = new FailingStore(new MemoryStore());
    const { gate } = await makeTestGate({ store });
    store.arm(101, 'crash');
    const told = await tellAll(gate, people);
    expect(told.stop).to.equal('store-unavailable');
    expect(told.summary['lines']).to.be.within(50, 99);
    const failed = told.words.filter((word) => word.endsWith(' store-unavailable'));
    expect(failed.length).to.be.within(1, 32);
    store.restart();
    const again = await tellAll(gate, people);
    expect(again.stop).to.equal(null);
    expect(again.summary).to.include({ lines: 100, deny: 100, rejected: 0 });
    expect(again.summary['repeated']).to.be.at.least(50);
    expect(await decisionsIn(gate)).to.equal(100);
  });
});

describe('a batch that nobody reads to its end', () => {
  it('leaves each decision whole: what was reserved is on record', async () => {
    const { gate } = await makeTestGate();
    const people = Array.from({ length: 40 }, (_, index) => ({
      type: 'email' as const,
      value: `pessoa-${index}@example.com`,
    }));
    for (const subject of people) await grant(gate, { subject });
    const lines = people.map((subject) => line(subject.value, { subject }));
    const query = { mode: 'decide' as const };
    const told = linesTold(decideBatch(gate, call(rowsOf(lines), { query, key: 'batch' })));
    await told.next();
    await told.return(undefined);
    const records = (await recordsIn(gate)).filter(({ kind }) => kind === 'decision');
    expect(records.length).to.be.within(1, 33);
    const reserved = await Promise.all(
      people.map(async ({ value }) => {
        const id = await makeSubject(gate, [{ type: 'email', value }]);
        const stored = await gate.store.get('slots', id);
        return stored?.body.match(/dec_[0-9a-f-]{36}/g) ?? [];
      }),
    );
    expect(reserved.flat().toSorted()).to.deep.equal(records.map(({ id }) => id).toSorted());
    const { summary } = await tellAll(gate, lines);
    expect(summary).to.include({ allow: 40, repeated: records.length });
    expect(await decisionsIn(gate)).to.equal(40);
  });
});
