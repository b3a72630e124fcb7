/** mergeSubjects and undoMerge: refusal, success, evidence. */
import { expect } from 'chai';
import { dayMs, hourMs, toIso } from '../../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { listSubjectConsents } from '../../../src/operations/consents/list-subject-consents.ts';
import { listDecisions } from '../../../src/operations/decisions/list-decisions.ts';
import { reportOutcome } from '../../../src/operations/decisions/report-outcome.ts';
import { recordEvents } from '../../../src/operations/events/record-events.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import { createObjection } from '../../../src/operations/instructions/create-objection.ts';
import { createPause } from '../../../src/operations/instructions/create-pause.ts';
import { endPause } from '../../../src/operations/instructions/end-pause.ts';
import { mergeSubjects } from '../../../src/operations/merging/merge-subjects.ts';
import { undoMerge } from '../../../src/operations/merging/undo-merge.ts';
import type { Answer } from '../../../src/operations/operation.ts';
import { getSubject } from '../../../src/operations/subjects/get-subject.ts';
import { listSubjectTimeline } from '../../../src/operations/subjects/list-subject-timeline.ts';
import { lookupSubject } from '../../../src/operations/subjects/lookup-subject.ts';
import { unsubscribeUrl } from '../../../src/operations/unsubscribe/unsubscribe-link.ts';
import { unsubscribe } from '../../../src/operations/unsubscribe/unsubscribe.ts';
import { answered } from '../../support/contract.ts';
import { makeTestGate, type TestClock } from '../../support/gate.ts';
import {
  ana,
  anaPhone,
  bodyOf,
  bruno,
  call,
  codeOf,
  decide,
  grant,
  idOf,
  itemsOf,
  makeSubject,
  read,
  recordsIn,
  rulesOf,
  withdraw,
} from '../calls.ts';

const nowhere = 'sub_0192f0c4-3333-7aaa-8bbb-0123456789ab';
const brunoPhone = { type: 'phone', value: '+55 21 91234-5678' } as const;
const carla = { type: 'email', value: 'carla@example.com' } as const;

interface Two {
  readonly gate: Gate;
  readonly clock: TestClock;
  readonly id: string;
  readonly other: string;
}

/** Ana with e-mail and phone, and Bruno, who turns out to be Ana too. */
async function twoOfOne(): Promise<Two> {
  const { gate, clock } = await makeTestGate();
  const id = await makeSubject(gate, [ana, anaPhone], { first_name: 'Ana' });
  const other = await makeSubject(gate, [bruno, brunoPhone], {
    first_name: 'Bruno',
    time_zone: 'America/Manaus',
  });
  clock.advance(hourMs);
  return { gate, clock, id, other };
}

type Order = { readonly dryRun?: boolean; readonly key?: string };

function merge(gate: Gate, id: string, other: string, order: Order = {}): Promise<Answer> {
  const { key, ...more } = order;
  const keyed = key === undefined ? {} : { key };
  return mergeSubjects(gate, call({ other, ...more }, { path: { id }, ...keyed }));
}

function undo(gate: Gate, id: string, mergeId: string, key?: string): Promise<Answer> {
  const keyed = key === undefined ? {} : { key };
  return undoMerge(gate, call(null, { path: { id, mergeId }, ...keyed }));
}

async function mergeTwo({ gate, id, other }: Two): Promise<string> {
  return idOf(answered('mergeSubjects', await merge(gate, id, other)));
}

async function subjectOf(gate: Gate, id: string): Promise<JsonObject> {
  return answered('getSubject', await getSubject(gate, read({ id })));
}

async function outcomeOf(gate: Gate, subject: typeof ana | typeof bruno): Promise<unknown> {
  return (await decide(gate, { subject }))['outcome'];
}

describe('a merge', () => {
  it('is refused with oneself, and where one of the two is unknown', async () => {
    const { gate, id, other } = await twoOfOne();
    for (const dryRun of [true, false]) {
      expect(codeOf(await merge(gate, id, id, { dryRun }))).to.equal('merge-with-itself');
      expect(codeOf(await merge(gate, nowhere, other, { dryRun }))).to.equal('subject-unknown');
      const unknown = await merge(gate, id, nowhere, { dryRun });
      expect(codeOf(unknown)).to.equal('subject-unknown');
      expect(unknown).to.have.nested.property('errors[0].pointer', '/other');
    }
  });

  it('is refused where one was merged already, in a circle too', async () => {
    const two = await twoOfOne();
    const { gate, id, other } = two;
    const third = await makeSubject(gate, [carla]);
    await mergeTwo(two);
    for (const dryRun of [true, false]) {
      for (const [one, merged, pointer] of [
        [id, other, '/other'],
        [third, other, '/other'],
        [other, id, '/path/id'],
        [other, third, '/path/id'],
      ] as const) {
        const refused = await merge(gate, one, merged, { dryRun });
        expect(codeOf(refused)).to.equal('subject-merged');
        expect(refused).to.have.nested.property('errors[0].pointer', pointer);
        expect(refused).to.have.nested.property('errors[0].expected', id);
      }
    }
  });

  it('is refused where the two have too many identifiers for one', async () => {
    const { gate, id, other } = await twoOfOne();
    for (const [first, person] of [ana, bruno].entries()) {
      for (let page = 0; page < 2; page += 1) {
        const more = Array.from({ length: 13 }, (_, each) => ({
          type: 'external' as const,
          value: `crm-${first}-${page}-${each}`,
        }));
        await makeSubject(gate, [person, ...more]);
      }
    }
    expect(codeOf(await merge(gate, id, other))).to.equal('limit-reached');
    expect(await outcomeOf(gate, bruno)).to.equal('deny');
    expect((await subjectOf(gate, other))['id']).to.equal(other);
  });

  it('says in a dry run what it would change, and changes nothing', async () => {
    const { gate, id, other } = await twoOfOne();
    const frequency = { max: 1, per: 'week' } as const;
    bodyOf(await grant(gate, { channels: ['email', 'whatsapp'], frequency }));
    bodyOf(await grant(gate, { subject: bruno, channels: ['email'] }));
    bodyOf(await withdraw(gate, { subject: bruno, channels: ['whatsapp'] }));
    await decide(gate, { subject: bruno });
    bodyOf(
      await createPause(gate, call({ until: '2026-12-24T00:00:00Z' }, { path: { id: other } })),
    );
    const before = await recordsIn(gate);
    const tried = answered('mergeSubjects', await merge(gate, id, other, { dryRun: true }));
    expect(tried).to.deep.include({ id: null, survivor: id, other, mergedAt: null, ledger: null });
    expect(tried['attributes']).to.deep.equal({
      taken: ['time_zone'],
      conflicts: [{ name: 'first_name', survivor: 'Ana', other: 'Bruno', kept: 'survivor' }],
    });
    expect(tried['slots']).to.deep.equal({ survivor: 0, other: 1, together: 1 });
    const identifiers = tried['identifiers'] as readonly JsonObject[];
    expect(identifiers.map(({ type }) => type)).to.deep.equal(['email', 'phone']);
    expect(JSON.stringify(tried)).not.to.match(/bruno@|91234-5678/);
    const withdrawn = { state: 'withdrawn', frequency: null };
    expect(tried['consents']).to.deep.equal([
      {
        purpose: 'promocoes',
        channel: 'whatsapp',
        contact: null,
        survivor: { state: 'granted', frequency },
        other: withdrawn,
        merged: withdrawn,
      },
      {
        purpose: 'promocoes',
        channel: 'email',
        contact: null,
        survivor: { state: 'granted', frequency },
        other: { state: 'granted', frequency: null },
        merged: { state: 'granted', frequency },
      },
    ]);
    const [paused] = tried['instructions'] as readonly JsonObject[];
    expect(paused).to.deep.include({ kind: 'pause', channels: ['*'] });
    expect(await recordsIn(gate)).to.deep.equal(before);
    expect((await subjectOf(gate, other))['id']).to.equal(other);
    const made = answered('mergeSubjects', await merge(gate, id, other));
    const { id: _id, mergedAt: _at, ledger: _ledger, ...rest } = made;
    expect(tried).to.deep.include(rest);
  });

  it('makes everything that led to the other lead to the survivor', async () => {
    const two = await twoOfOne();
    const { gate, id, other } = two;
    bodyOf(await grant(gate, { subject: bruno }));
    const link = unsubscribeUrl(gate, { subject: other, purpose: 'promocoes', channel: 'email' });
    const merged = await mergeTwo(two);
    const shown = await subjectOf(gate, id);
    expect(shown['mergedFrom']).to.deep.equal([
      { subject: other, merge: merged, mergedAt: toIso(two.clock.read()) },
    ]);
    expect(await subjectOf(gate, other)).to.deep.equal(shown);
    for (const subject of [
      ana,
      anaPhone,
      bruno,
      brunoPhone,
      { type: 'id', value: other },
    ] as const) {
      const found = answered('lookupSubject', await lookupSubject(gate, call({ subject })));
      expect(found['id']).to.equal(id);
    }
    expect(await makeSubject(gate, [ana, bruno])).to.equal(id);
    expect(await makeSubject(gate, [brunoPhone, carla])).to.equal(id);
    expect((await decide(gate, { subject: { type: 'id', value: other } }))['outcome']).to.equal(
      'allow',
    );
    const path = { id: other };
    const pause = bodyOf(
      await createPause(gate, call({ until: '2026-12-24T00:00:00Z' }, { path })),
    );
    expect(rulesOf(await decide(gate, { subject: bruno }))).to.include('pause');
    const ending = { path: { id: other, instructionId: idOf(pause) } };
    bodyOf(await endPause(gate, call(null, ending)));
    const occurredAt = toIso(gate.clock());
    const purchase = { id: 'order-1', type: 'purchase', subject: bruno, occurredAt } as const;
    bodyOf(await recordEvents(gate, call(purchase)));
    const token = link.split('/u/')[1] ?? '';
    bodyOf(await unsubscribe(gate, call(null, { path: { token } })));
    for (const person of [ana, bruno]) {
      expect(rulesOf(await decide(gate, { subject: person }))).to.include('consent-granted');
    }
    const records = await recordsIn(gate);
    const since = records.slice(records.findIndex((record) => record.id === merged));
    expect(new Set(since.map(({ subject }) => subject))).to.deep.equal(new Set([id, other]));
    const stray = since.filter(({ subject, kind }) => subject === other && kind !== 'merged-into');
    expect(stray).to.deep.equal([]);
  });

  it('lets a no of one beat the yes of the other, whichever came first', async () => {
    for (const isFirst of [true, false]) {
      const two = await twoOfOne();
      const { gate, clock } = two;
      if (isFirst) bodyOf(await withdraw(gate, { subject: bruno }));
      clock.advance(dayMs);
      bodyOf(await grant(gate));
      clock.advance(dayMs);
      if (!isFirst) bodyOf(await withdraw(gate, { subject: bruno }));
      expect(await outcomeOf(gate, ana)).to.equal('allow');
      await mergeTwo(two);
      clock.advance(dayMs);
      expect(await outcomeOf(gate, ana)).to.equal('deny');
      expect(await outcomeOf(gate, bruno)).to.equal('deny');
      bodyOf(await grant(gate, { subject: bruno }));
      expect(await outcomeOf(gate, bruno)).to.equal('allow');
    }
  });

  it('keeps what each granted for a contact point of its own', async () => {
    const two = await twoOfOne();
    const { gate } = two;
    bodyOf(await grant(gate, { subject: bruno }));
    await mergeTwo(two);
    expect(await outcomeOf(gate, bruno)).to.equal('allow');
    expect(rulesOf(await decide(gate, { subject: ana }))).to.include('consent-granted');
  });

  it('counts the contacts of both together, whatever is reported of them', async () => {
    const two = await twoOfOne();
    const { gate, clock } = two;
    bodyOf(await grant(gate));
    bodyOf(await grant(gate, { subject: bruno }));
    const first = idOf(await decide(gate));
    const second = idOf(await decide(gate, { subject: bruno }));
    await mergeTwo(two);
    clock.advance(5 * hourMs);
    for (const person of [ana, bruno]) expect(await outcomeOf(gate, person)).to.equal('defer');
    const report = (id: string, result: 'sent' | 'failed'): Promise<Answer> =>
      reportOutcome(gate, call({ result }, { path: { id } }));
    bodyOf(await report(first, 'sent'));
    expect(await outcomeOf(gate, ana)).to.equal('defer');
    bodyOf(await report(second, 'failed'));
    expect(await outcomeOf(gate, ana)).to.equal('allow');
    expect(await outcomeOf(gate, bruno)).to.equal('defer');
  });

  it('keeps the history of both, with its evidence, under either id', async () => {
    const two = await twoOfOne();
    const { gate, id, other, clock } = two;
    bodyOf(await grant(gate));
    clock.advance(1);
    bodyOf(await grant(gate, { subject: bruno }));
    clock.advance(1);
    await decide(gate, { subject: bruno });
    await mergeTwo(two);
    for (const either of [id, other]) {
      const receipts = itemsOf(
        answered('listSubjectConsents', await listSubjectConsents(gate, read({ id: either }, {}))),
      );
      expect(receipts.map(({ subject }) => subject)).to.deep.equal([other, id]);
      for (const { evidence } of receipts) expect(evidence).to.have.property('ip', '203.0.113.7');
      const timeline = itemsOf(
        answered('listSubjectTimeline', await listSubjectTimeline(gate, read({ id: either }, {}))),
      );
      expect(timeline.map(({ kind }) => kind)).to.deep.equal([
        'merge',
        'merged-into',
        'decision',
        'consent',
        'consent',
        'subject',
        'subject',
      ]);
      const query = { 'subject.type': 'id', 'subject.value': either } as const;
      const listed = answered('listDecisions', await listDecisions(gate, call(null, { query })));
      expect(itemsOf(listed)).to.have.length(1);
    }
  });

  it('answers the same key the same, and another body under it not at all', async () => {
    const { gate, id, other } = await twoOfOne();
    const made = bodyOf(await merge(gate, id, other, { key: 'one' }));
    expect(bodyOf(await merge(gate, id, other, { key: 'one' }))).to.deep.equal(made);
    const third = await makeSubject(gate, [carla]);
    const reused = await merge(gate, id, third, { key: 'one' });
    expect(codeOf(reused)).to.equal('idempotency-key-reused');
  });

  it('goes on in a chain, and everybody leads to the last survivor', async () => {
    const two = await twoOfOne();
    const { gate, id, other } = two;
    await mergeTwo(two);
    const third = await makeSubject(gate, [carla]);
    bodyOf(await merge(gate, third, id));
    for (const each of [id, other, third]) {
      expect((await subjectOf(gate, each))['id']).to.equal(third);
    }
    const { mergedFrom } = await subjectOf(gate, other);
    const merged = (mergedFrom as readonly JsonObject[]).map(({ subject }) => subject);
    expect(merged).to.deep.equal([id, other]);
    bodyOf(await withdraw(gate, { subject: bruno }));
    bodyOf(await grant(gate, { subject: ana, occurredAt: toIso(gate.clock() - dayMs) }));
    for (const subject of [ana, bruno, carla]) {
      expect(rulesOf(await decide(gate, { subject }))).to.include('consent-granted');
    }
  });

  it('takes subjects from documents that know nothing of merging', async () => {
    const two = await twoOfOne();
    const { gate, id, other } = two;
    for (const each of [id, other]) {
      const stored = await gate.store.get('subjects', each);
      if (stored === null) throw new Error('both are stored');
      const { lock: _lock, ...filed } = JSON.parse(stored.body) as { state: object; lock: null };
      const { mergedFrom: _from, mergedInto: _into, ...state } = filed.state as JsonObject;
      const { revision: expectedRevision, ...draft } = stored;
      const document = { ...draft, body: JSON.stringify({ ...filed, state }) };
      await gate.store.write([
        { kind: 'replace', collection: 'subjects', document, expectedRevision },
      ]);
    }
    await mergeTwo(two);
    expect((await subjectOf(gate, other))['id']).to.equal(id);
  });

  it('leaves a record and an entry about each of the two', async () => {
    const two = await twoOfOne();
    const merged = await mergeTwo(two);
    const records = (await recordsIn(two.gate)).slice(-2);
    expect(records.map(({ kind, subject }) => [kind, subject])).to.deep.equal([
      ['merge', two.id],
      ['merged-into', two.other],
    ]);
    for (const { body, digest } of records) {
      expect(body).to.deep.include({ survivor: two.id, other: two.other });
      expect(JSON.stringify(body) + digest).not.to.match(/bruno@|Bruno|Ana"|Manaus/);
    }
    expect(records[0]?.id).to.equal(merged);
  });
});

describe('an undo', () => {
  it('is refused for a merge that is unknown, or of another subject', async () => {
    const two = await twoOfOne();
    const { gate, id, other } = two;
    const third = await makeSubject(gate, [carla]);
    const merged = await mergeTwo(two);
    const unknown = merged.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
    expect(codeOf(await undo(gate, id, unknown))).to.equal('merge-unknown');
    expect(codeOf(await undo(gate, third, merged))).to.equal('merge-unknown');
    expect(codeOf(await undo(gate, other, merged))).to.equal('merge-unknown');
    expect(codeOf(await undo(gate, nowhere, merged))).to.equal('subject-unknown');
  });

  it('is refused a second time, and answers the same key the same', async () => {
    const two = await twoOfOne();
    const { gate, id } = two;
    const merged = await mergeTwo(two);
    const undone = answered('undoMerge', await undo(gate, id, merged, 'one'));
    expect(undone).to.deep.include({ merge: merged, survivor: id, other: two.other });
    expect(bodyOf(await undo(gate, id, merged, 'one'))).to.deep.equal(undone);
    expect(codeOf(await undo(gate, id, merged))).to.equal('merge-undone');
    expect(codeOf(await undo(gate, id, merged, 'two'))).to.equal('merge-undone');
  });

  it('of a merge in a chain waits for the one after it, and of two may take either', async () => {
    const two = await twoOfOne();
    const { gate, id, other } = two;
    const third = await makeSubject(gate, [carla]);
    const first = await mergeTwo(two);
    const second = idOf(bodyOf(await merge(gate, third, id)));
    const refused = await undo(gate, id, first);
    expect(codeOf(refused)).to.equal('subject-merged');
    bodyOf(await undo(gate, third, second));
    expect((await subjectOf(gate, other))['id']).to.equal(id);
    const again = idOf(bodyOf(await merge(gate, id, third)));
    bodyOf(await undo(gate, id, first));
    for (const [subject, leads] of [
      [ana, id],
      [bruno, other],
      [carla, id],
    ] as const) {
      expect(bodyOf(await lookupSubject(gate, call({ subject })))['id']).to.equal(leads);
    }
    bodyOf(await undo(gate, id, again));
    expect(bodyOf(await lookupSubject(gate, call({ subject: carla })))['id']).to.equal(third);
    expect(codeOf(await undo(gate, id, first))).to.equal('merge-undone');
  });

  it('gives both back as they were', async () => {
    const two = await twoOfOne();
    const { gate, id, other, clock } = two;
    bodyOf(await grant(gate, { channels: ['email', 'whatsapp'] }));
    bodyOf(await withdraw(gate, { subject: bruno }));
    const reason = 'asked by phone';
    bodyOf(
      await createObjection(gate, call({ channels: ['sms'], reason }, { path: { id: other } })),
    );
    const before = [await subjectOf(gate, id), await subjectOf(gate, other)];
    const merged = await mergeTwo(two);
    clock.advance(dayMs);
    bodyOf(await undo(gate, id, merged));
    for (const [index, each] of [id, other].entries()) {
      const { changedAt: _now, ...shown } = await subjectOf(gate, each);
      expect(before[index]).to.deep.include(shown);
    }
    expect(await outcomeOf(gate, ana)).to.equal('allow');
    expect(await outcomeOf(gate, bruno)).to.equal('deny');
    answered('mergeSubjects', await merge(gate, id, other, { dryRun: true }));
  });

  it('leaves every no since with both, and a yes with the right one', async () => {
    const two = await twoOfOne();
    const { gate, id, other, clock } = two;
    for (const subject of [ana, bruno]) {
      bodyOf(await grant(gate, { subject, channels: ['email', 'whatsapp'] }));
    }
    const merged = await mergeTwo(two);
    clock.advance(hourMs);
    bodyOf(await withdraw(gate, { subject: ana }));
    bodyOf(await createObjection(gate, call({ channels: ['site'] }, { path: { id } })));
    clock.advance(hourMs);
    bodyOf(await grant(gate, { subject: bruno }));
    clock.advance(hourMs);
    bodyOf(await undo(gate, id, merged));
    expect(rulesOf(await decide(gate, { subject: ana }))).to.include('consent-granted');
    expect(await outcomeOf(gate, bruno)).to.equal('allow');
    for (const each of [id, other]) {
      const { objections } = await subjectOf(gate, each);
      expect(objections).to.have.length(1);
    }
  });

  it('takes a withdrawal along that was given before the merge and told after it', async () => {
    const two = await twoOfOne();
    const { gate, id, clock } = two;
    bodyOf(await withdraw(gate, { subject: bruno }));
    clock.advance(hourMs);
    bodyOf(await grant(gate));
    clock.advance(hourMs);
    const occurredAt = toIso(clock.read());
    clock.advance(hourMs);
    const merged = await mergeTwo(two);
    bodyOf(await withdraw(gate, { subject: ana, occurredAt }));
    bodyOf(await undo(gate, id, merged));
    expect(await outcomeOf(gate, ana)).to.equal('deny');
  });

  it('counts contacts since the merge for both', async () => {
    const two = await twoOfOne();
    const { gate, id, clock } = two;
    for (const subject of [ana, bruno]) bodyOf(await grant(gate, { subject }));
    const merged = await mergeTwo(two);
    expect(await outcomeOf(gate, ana)).to.equal('allow');
    clock.advance(5 * hourMs);
    expect(await outcomeOf(gate, bruno)).to.equal('allow');
    clock.advance(5 * hourMs);
    bodyOf(await undo(gate, id, merged));
    for (const person of [ana, bruno]) expect(await outcomeOf(gate, person)).to.equal('defer');
    clock.advance(8 * dayMs);
    for (const person of [ana, bruno]) expect(await outcomeOf(gate, person)).to.equal('allow');
  });

  it('may be followed by another merge of the two, and another undo', async () => {
    const two = await twoOfOne();
    const { gate, id, other } = two;
    bodyOf(await undo(gate, id, await mergeTwo(two)));
    const again = await mergeTwo(two);
    bodyOf(await grant(gate, { subject: bruno }));
    expect(await outcomeOf(gate, bruno)).to.equal('allow');
    bodyOf(await undo(gate, id, again));
    const back = idOf(bodyOf(await merge(gate, other, id)));
    expect((await subjectOf(gate, id))['id']).to.equal(other);
    bodyOf(await undo(gate, other, back));
    expect((await subjectOf(gate, id))['id']).to.equal(id);
  });
});
