/** The record that a reconciliation leaves, and how it ends where it cannot come to its end. */
import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { dayMs, toIso } from '../../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { Problem } from '../../../src/domain/problem.ts';
import { canonicalJson } from '../../../src/ledger/canonical.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import { createReconciliation } from '../../../src/operations/sends/create-reconciliation.ts';
import { getReconciliation } from '../../../src/operations/sends/get-reconciliation.ts';
import { listReconciliations } from '../../../src/operations/sends/list-reconciliations.ts';
import type { SentRow } from '../../../src/operations/sends/judge-send.ts';
import type { Row } from '../../../src/operations/rows/row.ts';
import { FailingStore } from '../../faults/failing-store.ts';
import { MemoryStore } from '../../store/memory-store.ts';
import { answered } from '../../support/contract.ts';
import { makeTestGate, type TestClock } from '../../support/gate.ts';
import {
  allItems,
  ana,
  bodyOf,
  bruno,
  call,
  codeOf,
  decide,
  grant,
  idOf,
  read,
  recordsIn,
} from '../calls.ts';
import { kindsIn, reconcile, type SentAt, toldOf } from './calls.ts';

const unread = new Problem('malformed-json', { 'pt-BR': 'x', en: 'x' });

describe('the record of a reconciliation', () => {
  let gate: Gate;
  let clock: TestClock;
  let store: FailingStore;
  let decision: string;

  beforeEach(async () => {
    store = new FailingStore(new MemoryStore());
    ({ gate, clock } = await makeTestGate({ store }));
    bodyOf(await grant(gate));
    decision = idOf(await decide(gate));
  });

  function rows(): readonly (SentAt | Problem)[] {
    const at = clock.read();
    return [
      { decision, at, message: 'wamid.ana@example.com' },
      { subject: bruno, channel: 'email', at: at - 1000 },
      unread,
    ];
  }

  async function filed(id: unknown): Promise<JsonObject> {
    const answer = await getReconciliation(gate, read({ id: String(id) }));
    return answered('getReconciliation', answer);
  }

  async function reconciliations(): Promise<readonly JsonObject[]> {
    return (await recordsIn(gate))
      .filter(({ kind }) => kind === 'reconciliation')
      .map(({ body }) => body);
  }

  it('holds who did it, over which period, and what was found, without personal data', async () => {
    const { lines, summary } = await reconcile(gate, rows(), { report: 'findings' });
    const told = lines.map(({ content, problem }) =>
      canonicalJson(problem === null ? content : { ...content, problem }),
    );
    const text = told.map((line) => `${line}\n`).join('');
    const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
    const at = clock.read();
    const totals = {
      rows: 3,
      matched: 1,
      withFindings: 1,
      withoutDecision: 1,
      unknownPeople: 1,
      unreported: 1,
      unread: 1,
      from: toIso(at - 1000),
      to: toIso(at),
      digest,
    };
    expect(summary).to.include(totals);
    const whole = await filed(summary['id']);
    expect(whole).to.include({ ...totals, client: 'crm', at: toIso(at), report: 'findings' });
    expect(whole).to.have.property('findingsLeftOut', 0);
    const findings = whole['findings'] as readonly JsonObject[];
    expect(findings.map(({ line, problem = null }) => [line, problem])).to.deep.equal([
      [2, null],
      [3, 'malformed-json'],
    ]);
    const kept = JSON.stringify(await reconciliations());
    for (const said of ['ana@', 'bruno@', 'wamid']) expect(kept).not.to.include(said);
    const sends = await store.get('sends', decision);
    expect(sends?.body).not.to.include('wamid');
  });

  it('has a digest of every line where all were told', async () => {
    const { lines, summary } = await reconcile(gate, rows().slice(0, 1));
    const text = `${canonicalJson(lines[0]?.content ?? null)}\n`;
    expect(summary['digest']).to.equal(`sha256:${createHash('sha256').update(text).digest('hex')}`);
  });

  it('is listed, the last one first', async () => {
    const made: unknown[] = [];
    for (let run = 0; run < 5; run += 1) {
      made.push((await reconcile(gate, rows())).summary['id']);
      clock.advance(1000);
    }
    const listed = await allItems(async (more) =>
      answered(
        'listReconciliations',
        await listReconciliations(gate, call(null, { query: { limit: 2, ...more } })),
      ),
    );
    expect(listed.map(({ id }) => id)).to.deep.equal(made.toReversed());
    const cursor = { query: { cursor: 'x' } };
    expect(codeOf(await listReconciliations(gate, call(null, cursor)))).to.equal('invalid-cursor');
  });

  it('is not found under the id of something else, or of one that was cut off', async () => {
    const absent = 'rcn_01a20ddb-46a0-7001-8001-000000000008';
    for (const id of [absent, decision]) {
      expect(codeOf(await getReconciliation(gate, read({ id })))).to.equal(
        'reconciliation-unknown',
      );
    }
  });

  it('holds a thousand findings, and says how many it leaves out', async () => {
    const at = clock.read();
    const many = Array.from(
      { length: 1100 },
      () => ({ subject: bruno, channel: 'email', at }) as const,
    );
    const reconciled = await reconcile(gate, many, { report: 'findings' });
    expect(reconciled.lines.length).to.equal(1101);
    expect(reconciled.lines[1000]?.content).to.have.nested.include({ 'progress.rows': 1000 });
    const whole = await filed(reconciled.summary['id']);
    expect((whole['findings'] as unknown[]).length).to.equal(1000);
    expect(whole).to.include({ findingsLeftOut: 100, withoutDecision: 1100 });
  });

  it('is one under one key, which is of one file', async () => {
    const given = rows();
    const first = await reconcile(gate, given, { key: 'k' });
    clock.advance(dayMs);
    const again = await reconcile(gate, given, { key: 'k' });
    expect(again.summary).to.deep.equal(first.summary);
    const other = await reconcile(gate, given.slice(1), { key: 'k' });
    expect(other.problem).to.equal('idempotency-key-reused');
    expect(other.summary).to.include({ id: null, rows: 2 });
    const query = { report: 'findings' as const };
    const rest = createReconciliation(gate, call(none(), { query, key: 'k' }));
    expect((await rest) instanceof Problem).to.equal(true);
    expect((await reconciliations()).length).to.equal(1);
  });

  async function* none(): AsyncGenerator<Row<SentRow>> {}

  it('is none where the body ended before its end', async () => {
    async function* broken(): AsyncGenerator<Row<SentRow>> {
      yield { line: 1, request: { decision, at: toIso(clock.read()) } };
      yield { stop: unread };
    }
    const { summary, problem } = await toldOf(
      await createReconciliation(gate, call(broken(), { query: {} })),
    );
    expect(problem).to.equal('malformed-json');
    expect(summary).to.include({ id: null, rows: 1, matched: 1 });
    expect(await reconciliations()).to.deep.equal([]);
  });

  it('is none where the store fails a row, and is made by the same file again', async () => {
    store.arm(1, 'before');
    const given = rows();
    const failed = await reconcile(gate, given);
    expect(failed.problem).to.equal('store-unavailable');
    expect(failed.summary).to.include({ id: null });
    expect(await reconciliations()).to.deep.equal([]);
    const healed = await reconcile(gate, given);
    expect(kindsIn(healed)).to.deep.equal(['', 'without-decision', 'malformed-json']);
    expect(healed.summary).to.include({ twice: 0 });
    expect((await reconciliations()).length).to.equal(1);
  });

  it('begins nothing where whoever reads goes away', async () => {
    let read = 0;
    async function* endless(): AsyncGenerator<Row<SentRow>> {
      for (;;) {
        read += 1;
        yield {
          line: read,
          request: { subject: bruno, channel: 'email', at: toIso(clock.read()) },
        };
      }
    }
    const answer = await createReconciliation(gate, call(endless(), { query: {} }));
    if (answer instanceof Problem) throw new Error(answer.code);
    for await (const _line of answer.lines) break;
    expect(read).to.be.lessThan(100);
    expect(await reconciliations()).to.deep.equal([]);
  });

  it('tells rows that name nothing, lie in the future or name nobody readable', async () => {
    const at = clock.read();
    const given: readonly SentAt[] = [
      { at },
      { at, subject: ana },
      { at, channel: 'email' },
      { at: at + dayMs, decision },
      { at, subject: { type: 'phone', value: '12' }, channel: 'sms' },
      { at, permit: 'a.permit.of-a-server-without-keys' },
    ];
    const { lines, summary } = await reconcile(gate, given);
    expect(lines.map(({ problem }) => problem)).to.deep.equal([
      'invalid-request',
      'invalid-request',
      'invalid-request',
      'instant-out-of-range',
      'identifier-invalid',
      'permit-unavailable',
    ]);
    expect(summary).to.include({ rows: 6, unread: 6, matched: 0, from: null, to: null });
  });
});
