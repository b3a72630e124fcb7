/**
 * createReconciliation: each finding, the instants at which it begins and ends, and what it is not.
 * The same on every engine.
 */
import { expect } from 'chai';
import {
  dayMs,
  hourMs,
  type Instant,
  minuteMs,
  toIso,
} from '../../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import type { DecisionRequest } from '../../../src/operations/decisions/decision-record.ts';
import { decideWithPermit } from '../../../src/operations/decisions/permit.ts';
import { reportOutcome } from '../../../src/operations/decisions/report-outcome.ts';
import { recordEvents } from '../../../src/operations/events/record-events.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import { createBlock } from '../../../src/operations/instructions/create-block.ts';
import { createExclusion } from '../../../src/operations/instructions/create-exclusion.ts';
import { createObjection } from '../../../src/operations/instructions/create-objection.ts';
import { createPause } from '../../../src/operations/instructions/create-pause.ts';
import { endPause } from '../../../src/operations/instructions/end-pause.ts';
import { mergeSubjects } from '../../../src/operations/merging/merge-subjects.ts';
import { openMongoStore } from '../../../src/store/mongo/mongo-store.ts';
import type { Store } from '../../../src/store/port.ts';
import { MemoryStore } from '../../store/memory-store.ts';
import { makeSqliteFolder } from '../../store/sqlite-folder.ts';
import { makeTestGate, type TestClock } from '../../support/gate.ts';
import {
  describeWithMongod,
  dropDatabase,
  newDatabase,
  sharedReplicaSet,
} from '../../support/mongod.ts';
import { permitKeysOf } from '../../support/permit-keys.ts';
import {
  ana,
  anaPhone,
  bodyOf,
  bruno,
  call,
  decide,
  grant,
  idOf,
  makeSubject,
  templated,
  withdraw,
} from '../calls.ts';
import { textAt } from '../policy-sets/files.ts';
import { findingIn, kindsIn, reconcile, type SentAt } from './calls.ts';

interface Opened {
  readonly store: Store;
  readonly close: () => Promise<void>;
}

const order = { subject: ana, action: 'send', purpose: 'pedidos', channel: 'email' } as const;
const permits = permitKeysOf('permit-1');

function findings(open: () => Promise<Opened>): void {
  let opened: Opened;
  let gate: Gate;
  let clock: TestClock;
  let subject: string;

  beforeEach(async () => {
    opened = await open();
    const made = await makeTestGate({ store: opened.store });
    gate = { ...made.gate, permits };
    clock = made.clock;
    subject = await makeSubject(gate);
    bodyOf(await grant(gate));
  });
  afterEach(() => opened.close());

  /** An allow for Ana by e-mail, and how it is named. */
  async function allowed(changes: Partial<DecisionRequest> = {}): Promise<JsonObject> {
    const answer = await decide(gate, changes);
    expect(answer['outcome']).to.equal('allow');
    return answer;
  }

  async function permitted(): Promise<{ readonly decision: string; readonly permit: string }> {
    const request = { ...order, permit: true };
    const answer = bodyOf(await decideWithPermit(gate, call(request)));
    return { decision: idOf(answer), permit: textAt(answer, 'permit') };
  }

  /** Kinds of the findings about one send. */
  async function found(row: SentAt): Promise<string> {
    const [kinds = ''] = kindsIn(await reconcile(gate, [row]));
    return kinds;
  }

  const now = (): Instant => clock.read();

  it('finds nothing of a send that was permitted, however it names its decision', async () => {
    const { decision, permit } = await permitted();
    const decided = now();
    clock.advance(minuteMs);
    for (const named of [{ permit }, { decision }, { subject: ana, channel: 'email' as const }]) {
      const row = { ...named, at: decided + 1000, message: 'm-1' };
      const { lines, summary } = await reconcile(gate, [row]);
      expect(lines[0]?.content).to.include({ decision, reported: null });
      expect(lines[0]?.content['findings']).to.deep.equal([]);
      expect(summary).to.include({ rows: 1, matched: 1, withFindings: 0, unreported: 1 });
    }
  });

  it('tells the rows with findings alone, unless all are asked for', async () => {
    const decision = idOf(await allowed());
    const rows: SentAt[] = [
      { decision, at: now() },
      { subject: bruno, channel: 'email', at: now() },
    ];
    const { lines } = await reconcile(gate, rows, { report: 'findings' });
    expect(lines.map(({ content }) => content['line'])).to.deep.equal([2]);
    expect((await reconcile(gate, rows)).lines.length).to.equal(2);
  });

  describe('a send without a decision', () => {
    it('was asked about by nobody', async () => {
      const row: SentAt = { subject: ana, channel: 'sms', at: now() };
      expect(findingIn(await reconcile(gate, [row]))).to.deep.equal({
        kind: 'without-decision',
        why: 'none',
        outcome: null,
      });
    });

    it('was denied, deferred or sent to a person', async () => {
      const text = 'Última chance na Loja Exemplo';
      const review = await decide(gate, { content: { text, generatedBy: 'llm' } });
      const deny = await decide(gate, { purpose: 'novidades' });
      bodyOf(
        await createPause(gate, call({ until: toIso(now() + dayMs) }, { path: { id: subject } })),
      );
      const defer = await decide(gate);
      for (const answer of [review, deny, defer]) {
        const { outcome = null } = answer;
        const row: SentAt = { decision: idOf(answer), at: now() };
        const reconciled = await reconcile(gate, [row]);
        const finding = { kind: 'without-decision', why: 'not-allowed', outcome };
        expect(findingIn(reconciled)).to.deep.equal(finding);
        expect(reconciled.summary).to.include({ matched: 0, withoutDecision: 1 });
      }
      const nearest: SentAt = { subject: ana, channel: 'email', at: now() };
      expect(findingIn(await reconcile(gate, [nearest]))).to.include({ why: 'not-allowed' });
    });

    it('names a decision that nobody made, or a permit that the gate did not sign', async () => {
      const decision = 'dec_01a20ddb-46a0-7001-8001-000000000008';
      expect(findingIn(await reconcile(gate, [{ decision, at: now() }]))).to.include({
        why: 'unknown-decision',
      });
      const { permit } = await permitted();
      const [head = '', claims = '', signature = ''] = permit.split('.');
      const forged = {
        ...(JSON.parse(Buffer.from(claims, 'base64url').toString()) as object),
        exp: 9,
      };
      const payload = Buffer.from(JSON.stringify(forged)).toString('base64url');
      const unsigned = '{"alg":"none","typ":"porteiro-permit+jwt"}';
      const texts = [
        `${head}.${payload}.${signature}`,
        `${Buffer.from(unsigned).toString('base64url')}.${claims}.`,
        'neither.a.permit-at-all',
      ];
      for (const text of texts) {
        expect(findingIn(await reconcile(gate, [{ permit: text, at: now() }])), text).to.include({
          why: 'invalid-permit',
        });
      }
    });

    it('went to somebody whom the gate does not know', async () => {
      const { lines, summary } = await reconcile(gate, [
        { subject: bruno, channel: 'email', at: now() },
      ]);
      expect(lines[0]?.content['findings']).to.deep.equal([
        { kind: 'without-decision', why: 'unknown-person', outcome: null },
      ]);
      expect(summary).to.include({ unknownPeople: 1, withoutDecision: 1, matched: 0 });
    });

    it('lies before its decision, or a day after it', async () => {
      await allowed();
      const decided = now();
      clock.advance(2 * dayMs);
      const sends: readonly (readonly [Instant, string])[] = [
        [decided - 1, 'without-decision'],
        [decided, ''],
        [decided + dayMs - 1, 'twice'],
        [decided + dayMs, 'without-decision'],
      ];
      for (const [at, kinds] of sends) {
        expect(await found({ subject: ana, channel: 'email', at }), toIso(at)).to.equal(kinds);
      }
    });

    it('was for another purpose than the row states', async () => {
      await allowed();
      const row: SentAt = { subject: ana, channel: 'email', purpose: 'pedidos', at: now() };
      expect(await found(row)).to.equal('without-decision');
      expect(await found({ ...row, purpose: 'promocoes' })).to.equal('');
    });
  });

  describe('a send after a withdrawal', () => {
    it('is one from the instant of the withdrawal on', async () => {
      const decision = idOf(await allowed());
      clock.advance(minuteMs);
      const receipt = idOf(bodyOf(await withdraw(gate)));
      const withdrawn = now();
      clock.advance(hourMs);
      expect(await found({ decision, at: withdrawn - 1, message: 'm' })).to.equal('');
      for (const at of [withdrawn, withdrawn + 1]) {
        expect(findingIn(await reconcile(gate, [{ decision, at, message: 'm' }]))).to.deep.equal({
          kind: 'after-withdrawal',
          stop: {
            kind: 'withdrawn',
            record: receipt,
            effectiveAt: toIso(withdrawn),
            recordedAt: toIso(withdrawn),
          },
        });
      }
    });

    it('is one from when the person acted, however late that was recorded', async () => {
      const decision = idOf(await allowed());
      const acted = now() + minuteMs;
      clock.advance(hourMs);
      const row = { decision, at: acted, message: 'm' };
      expect(await found(row)).to.equal('');
      bodyOf(await withdraw(gate, { occurredAt: toIso(acted) }));
      expect(findingIn(await reconcile(gate, [row]))).to.have.nested.include({
        'stop.effectiveAt': toIso(acted),
        'stop.recordedAt': toIso(now()),
      });
      expect(await found({ ...row, at: acted - 1 })).to.equal('');
    });

    it('is none where the withdrawal is of another act, or was taken back', async () => {
      const decision = idOf(await allowed());
      clock.advance(minuteMs);
      bodyOf(await withdraw(gate, { channels: ['whatsapp'] }));
      bodyOf(await withdraw(gate, { purpose: 'perfil' }));
      const row = { decision, message: 'm' };
      expect(await found({ ...row, at: now() })).to.equal('');
      bodyOf(await withdraw(gate));
      const withdrawn = now();
      clock.advance(minuteMs);
      bodyOf(await grant(gate));
      const granted = now();
      clock.advance(minuteMs);
      bodyOf(await withdraw(gate));
      const again = now();
      const told: readonly (readonly [Instant, string])[] = [
        [withdrawn - 1, ''],
        [withdrawn, 'after-withdrawal'],
        [granted - 1, 'after-withdrawal'],
        [granted, ''],
        [again - 1, ''],
        [again, 'after-withdrawal'],
      ];
      for (const [at, kinds] of told) {
        expect(await found({ ...row, at }), `${at - withdrawn}`).to.equal(kinds);
      }
    });

    it('is one after an objection, a block or an exclusion', async () => {
      const give = [createObjection, createBlock, createExclusion] as const;
      for (const create of give) {
        clock.advance(dayMs);
        const person = await makeSubject(gate, [{ type: 'external', value: create.name }]);
        const about = { type: 'id', value: person } as const;
        const decision = idOf(await allowed({ ...order, subject: about }));
        clock.advance(minuteMs);
        const body = {
          purposes: ['pedidos'],
          channels: ['email' as const],
          kind: 'custom' as const,
        };
        const { kind: _kind, ...plain } = body;
        const path = { id: person };
        const given =
          create === createExclusion
            ? await createExclusion(gate, call(body, { path }))
            : await create(gate, call(plain, { path }));
        const row = { decision, message: 'm' };
        expect(await found({ ...row, at: now() - 1 }), create.name).to.equal('');
        const reconciled = await reconcile(gate, [{ ...row, at: now() }]);
        const finding = findingIn(reconciled);
        expect(finding, create.name).to.have.nested.include({
          kind: 'after-withdrawal',
          'stop.record': idOf(bodyOf(given)),
        });
      }
    });

    it('is one after an event that the policies exclude upon', async () => {
      const decision = idOf(await allowed());
      clock.advance(minuteMs);
      const event = {
        id: 'e-1',
        type: 'not_interested' as const,
        subject: ana,
        occurredAt: toIso(now()),
      };
      const { items } = bodyOf(await recordEvents(gate, call(event)));
      const [line] = items as readonly JsonObject[];
      const row = { decision, message: 'm' };
      expect(await found({ ...row, at: now() - 1 })).to.equal('');
      expect(findingIn(await reconcile(gate, [{ ...row, at: now() }]))).to.have.nested.include({
        kind: 'after-withdrawal',
        'stop.record': line?.['event'],
      });
    });

    it('is one while a pause lasts, and no longer', async () => {
      const decision = idOf(await allowed());
      const path = { id: subject };
      clock.advance(minuteMs);
      const pause = bodyOf(
        await createPause(gate, call({ until: toIso(now() + hourMs) }, { path })),
      );
      const paused = now();
      clock.advance(minuteMs);
      bodyOf(await endPause(gate, call(null, { path: { ...path, instructionId: idOf(pause) } })));
      const ended = now();
      bodyOf(await createPause(gate, call({ until: toIso(ended + hourMs) }, { path })));
      clock.advance(2 * hourMs);
      const told: readonly (readonly [Instant, string])[] = [
        [paused - 1, ''],
        [paused, 'after-withdrawal'],
        [ended - 1, 'after-withdrawal'],
        [ended + hourMs - 1, 'after-withdrawal'],
        [ended + hourMs, ''],
      ];
      for (const [at, kinds] of told) {
        expect(await found({ decision, message: 'm', at }), `${at - paused}`).to.equal(kinds);
      }
    });

    it('is none where the rules set the instruction aside', async () => {
      const notice = {
        subject: anaPhone,
        purpose: 'avisos',
        channel: 'whatsapp',
        content: templated('pedidos'),
      } as const;
      const decision = idOf(await allowed(notice));
      clock.advance(minuteMs);
      bodyOf(await createObjection(gate, call({}, { path: { id: subject } })));
      expect(await found({ decision, at: now() })).to.equal('');
    });

    it('is one where the person was merged meanwhile', async () => {
      const decision = idOf(await allowed());
      const other = await makeSubject(gate, [bruno]);
      clock.advance(minuteMs);
      bodyOf(await mergeSubjects(gate, call({ other: subject }, { path: { id: other } })));
      clock.advance(minuteMs);
      bodyOf(await withdraw(gate, { subject: bruno }));
      const row = { message: 'm', at: now() };
      expect(await found({ ...row, decision })).to.equal('after-withdrawal');
      expect(await found({ ...row, subject: bruno, channel: 'email' })).to.equal(
        'after-withdrawal',
      );
    });
  });

  describe('a send outside the life of its permit', () => {
    it('lies before its first instant, at its end or later', async () => {
      clock.advance(250);
      const { permit } = await permitted();
      const first = Math.floor(now() / 1000) * 1000;
      const end = first + 15 * minuteMs;
      clock.advance(hourMs);
      const told: readonly (readonly [Instant, string])[] = [
        [first - 1, 'outside-permit'],
        [first, ''],
        [end - 1, ''],
        [end, 'outside-permit'],
      ];
      for (const [at, kinds] of told) {
        expect(await found({ permit, message: 'm', at }), toIso(at)).to.equal(kinds);
      }
      expect(findingIn(await reconcile(gate, [{ permit, message: 'm', at: end }]))).to.deep.equal({
        kind: 'outside-permit',
        life: { of: 'permit', from: toIso(first), until: toIso(end) },
      });
    });

    it('lies outside the day of its reservation where it shows no permit', async () => {
      clock.advance(250);
      const decision = idOf(await allowed());
      const decided = now();
      clock.advance(2 * dayMs);
      const told: readonly (readonly [Instant, string])[] = [
        [decided - 251, 'outside-permit'],
        [decided - 250, ''],
        [decided + dayMs - 1, ''],
        [decided + dayMs, 'outside-permit'],
      ];
      for (const [at, kinds] of told) {
        expect(await found({ decision, message: 'm', at }), toIso(at)).to.equal(kinds);
      }
    });
  });

  describe('a decision that was sent by twice', () => {
    it('is found in one file', async () => {
      const { decision, permit } = await permitted();
      const at = now();
      const reconciled = await reconcile(gate, [
        { permit, at, message: 'a' },
        { decision, at, message: 'b' },
        { permit, at },
        { decision, at },
        { decision, at, message: 'a' },
      ]);
      expect(kindsIn(reconciled).filter((kinds) => kinds === 'twice').length).to.equal(3);
      expect(reconciled.summary).to.include({ matched: 5, twice: 3, repeated: 1 });
    });

    it('is found across files, and not where a file is sent again', async () => {
      const decision = idOf(await allowed());
      const at = now();
      const first = await reconcile(gate, [{ decision, at, message: 'a' }]);
      clock.advance(minuteMs);
      const second = await reconcile(gate, [{ decision, at, message: 'b' }]);
      expect(findingIn(second)).to.deep.equal({
        kind: 'twice',
        first: { at: toIso(at), reconciliation: first.summary['id'], line: 1 },
      });
      for (const message of ['a', 'b']) {
        const again = await reconcile(gate, [{ decision, at, message }]);
        expect(kindsIn(again)).to.deep.equal([message === 'a' ? '' : 'twice']);
        expect(again.summary).to.include({ repeated: 1 });
      }
    });

    it('is found by address and time, each decision being sent by once', async () => {
      const decisions = [];
      for (let hour = 0; hour < 3; hour += 1) {
        decisions.push(idOf(await allowed({ ...order })));
        clock.advance(hourMs);
      }
      const row = { subject: ana, channel: 'email' as const, at: now() };
      const rows = ['a', 'b', 'c', 'd'].map((message) => ({ ...row, message }));
      const reconciled = await reconcile(gate, rows);
      const [first, second, third, fourth] = reconciled.lines.map(({ content }) => content);
      expect([first, second, third].map((told) => told?.['decision'])).to.deep.equal(
        decisions.toReversed(),
      );
      expect(fourth).to.include({ decision: decisions[2], matchedBy: 'nearest' });
      expect(kindsIn(reconciled)).to.deep.equal(['', '', '', 'twice']);
      const again = await reconcile(gate, rows);
      expect(again.lines.map(({ content }) => content['decision'])).to.deep.equal(
        reconciled.lines.map(({ content }) => content['decision']),
      );
      expect(again.summary).to.include({ repeated: 4, twice: 1 });
    });

    it('is found once where two files tell of it at the same time', async () => {
      const other = (await makeTestGate({ store: opened.store, clock, seed: 2 })).gate;
      const decision = idOf(await allowed());
      const rows = (file: string): SentAt[] =>
        Array.from({ length: 5 }, (_, row) => ({ decision, at: now(), message: `${file}${row}` }));
      const told = await Promise.all([reconcile(gate, rows('a')), reconcile(other, rows('b'))]);
      const twice = told.map(({ summary }) => Number(summary['twice']));
      expect(twice.reduce((sum, each) => sum + each)).to.equal(9);
    });

    it('keeps a bounded number of them, and finds the others as well', async () => {
      const decision = idOf(await allowed());
      const rows = Array.from({ length: 30 }, (_, each) => ({
        decision,
        at: now(),
        message: `m-${each}`,
      }));
      expect((await reconcile(gate, rows)).summary).to.include({ matched: 30, twice: 29 });
      expect((await reconcile(gate, rows)).summary).to.include({ twice: 29, repeated: 20 });
      const stored = await gate.store.get('sends', decision);
      expect((JSON.parse(stored?.body ?? '') as { s: unknown[] }).s.length).to.equal(20);
    });
  });

  describe('a send of another act than was permitted', () => {
    it('goes to another address, for another purpose or by another channel', async () => {
      const { decision, permit } = await permitted();
      const at = now();
      const as = { at, message: 'm' };
      const [phone, email] = [anaPhone, ana];
      const other = 'dec_01a20ddb-46a0-7001-8001-000000000008';
      const told: readonly (readonly [SentAt, readonly string[]])[] = [
        [{ permit, ...as, subject: email, channel: 'email', purpose: 'pedidos' }, []],
        [{ permit, ...as, subject: phone }, ['identifier']],
        [{ permit, ...as, decision: other }, ['decision']],
        [{ decision, ...as, subject: phone }, []],
        [{ decision, ...as, subject: bruno }, ['identifier']],
        [{ decision, ...as, purpose: 'promocoes' }, ['purpose']],
        [{ decision, ...as, channel: 'sms' }, ['channel']],
      ];
      for (const [row, differs] of told) {
        const { lines } = await reconcile(gate, [row]);
        const findingsTold = differs.length === 0 ? [] : [{ kind: 'other-act', differs }];
        expect(lines[0]?.content['findings'], JSON.stringify(row)).to.deep.equal(findingsTold);
      }
    });

    it('was for another action', async () => {
      const decision = idOf(await allowed({ ...order, action: 'show', channel: 'site' }));
      expect(findingIn(await reconcile(gate, [{ decision, at: now() }]))).to.deep.equal({
        kind: 'other-act',
        differs: ['action'],
      });
      expect(await found({ subject: ana, channel: 'site', at: now() })).to.equal(
        'without-decision',
      );
    });
  });

  it('finds what the caller reported as not sent', async () => {
    for (const result of ['failed', 'cancelled', 'sent'] as const) {
      const decision = idOf(await allowed({ ...order }));
      bodyOf(await reportOutcome(gate, call({ result }, { path: { id: decision } })));
      const { lines, summary } = await reconcile(gate, [{ decision, at: now() }]);
      expect(lines[0]?.content).to.include({ reported: result });
      expect(lines[0]?.content['findings']).to.deep.equal(
        result === 'sent' ? [] : [{ kind: 'reported-unsent', result }],
      );
      expect(summary).to.include({ unreported: 0 });
    }
  });

  it('tells everything that it finds of one send', async () => {
    const { permit, decision } = await permitted();
    bodyOf(await reportOutcome(gate, call({ result: 'failed' }, { path: { id: decision } })));
    clock.advance(hourMs);
    bodyOf(await createBlock(gate, call({}, { path: { id: subject } })));
    const at = now();
    await reconcile(gate, [{ permit, at, message: 'a' }]);
    const row: SentAt = { permit, at, message: 'b', channel: 'sms' };
    expect(await found(row)).to.equal(
      'other-act outside-permit after-withdrawal twice reported-unsent',
    );
  });
}

describe('a reconciliation', () => {
  findings(async () => {
    const store = new MemoryStore();
    return { store, close: () => store.close() };
  });
});

describe('a reconciliation, on SQLite', () => {
  findings(async () => {
    const folder = makeSqliteFolder();
    return { store: await folder.open(), close: () => folder.remove() };
  });
});

describeWithMongod('a reconciliation, on MongoDB', 'set', function () {
  this.timeout(60_000);
  findings(async () => {
    const set = await sharedReplicaSet();
    const database = newDatabase();
    const store = await openMongoStore({ url: set.url(database) });
    const close = async (): Promise<void> => {
      await store.close();
      await dropDatabase(set, database);
    };
    return { store, close };
  });
});
