/**
 * Every kind of record that operations leave, as it lies in the store: in canonical form, with an
 * entry that commits to it and says nothing of a person. Decisions write their body by hand.
 */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { dayMs, hourMs, minuteMs, toIso } from '../../src/domain/calendar/instant.ts';
import { entryText } from '../../src/ledger/entry.ts';
import { settleContentReview } from '../../src/operations/content-reviews/settle-content-review.ts';
import { sweepContentReviews } from '../../src/operations/content-reviews/sweep-content-reviews.ts';
import { reportOutcome } from '../../src/operations/decisions/report-outcome.ts';
import { eraseSubject } from '../../src/operations/erasure/erase-subject.ts';
import { sweepErasures } from '../../src/operations/erasure/sweep-erasures.ts';
import { recordEvents } from '../../src/operations/events/record-events.ts';
import { createBlock } from '../../src/operations/instructions/create-block.ts';
import { createExclusion } from '../../src/operations/instructions/create-exclusion.ts';
import { createObjection } from '../../src/operations/instructions/create-objection.ts';
import { createPause } from '../../src/operations/instructions/create-pause.ts';
import { endPause } from '../../src/operations/instructions/end-pause.ts';
import { createLegalHold } from '../../src/operations/legal-holds/create-legal-hold.ts';
import { endLegalHold } from '../../src/operations/legal-holds/end-legal-hold.ts';
import { mergeSubjects } from '../../src/operations/merging/merge-subjects.ts';
import { undoMerge } from '../../src/operations/merging/undo-merge.ts';
import { createReplay } from '../../src/operations/replays/create-replay.ts';
import { endShadow } from '../../src/operations/shadows/end-shadow.ts';
import { goOnRotating } from '../../src/operations/keys/key-rotation.ts';
import { rotateKeys } from '../../src/operations/keys/rotate-keys.ts';
import { readRecord } from '../../src/operations/record.ts';
import { startShadow } from '../../src/operations/shadows/start-shadow.ts';
import { fileSlots } from '../../src/operations/subjects/slots-file.ts';
import type { Stored } from '../../src/store/port.ts';
import {
  ana,
  bodyOf,
  bruno,
  call,
  decide,
  grant,
  idOf,
  makeSubject,
  reviewOf,
  withdraw,
  read,
} from '../operations/calls.ts';
import { ran } from '../operations/retention/retained.ts';
import { reconcile } from '../operations/sends/calls.ts';
import { makeTestGate, shippedSet, start, type TestGate } from '../support/gate.ts';
import { failedCheck } from './entry-checks.ts';

/** What was said of Ana and must stand in no record in the clear. */
const said = [
  'ana@example.com',
  '98765',
  'Ana',
  'carla@example.com',
  'Carla',
  'child',
  'férias',
  '203.0.113.7',
  'viu-tenis',
  'Oi {{',
  'chance',
  'acaba',
];

const carla = { type: 'email', value: 'carla@example.com' } as const;

const asked = {
  data: ['first_name', 'last_category_viewed'],
  content: { campaign: 'é "\u2028"', text: 'Oi {{first_name}}!', generatedBy: 'template' },
  criteria: { segment: 'viu-tenis', score: { name: 'propensao', value: 0.81 } },
} as const;

const doubtful = { text: 'Última chance na Loja Exemplo, Ana', generatedBy: 'llm' } as const;

/** A draft on file, in shadow for a moment, and over what was decided until now. */
async function tryDraft({ gate, file }: TestGate): Promise<void> {
  const draft = shippedSet((parts) => ({ ...parts, caps: [] }));
  await file(draft);
  const path = { digest: draft.digest };
  bodyOf(await startShadow(gate, call({}, { path })));
  bodyOf(await endShadow(gate, call(null, { path })));
  const period = { from: toIso(start - hourMs), to: toIso(gate.clock()) };
  bodyOf(await createReplay(gate, call({ policySet: draft.digest, ...period })));
}

/** Somebody who bought, erased; what the law holds of that, destroyed at its end; other keys. */
async function endPeople({ gate, clock }: TestGate): Promise<void> {
  const dora = { type: 'email', value: 'dora@example.com' } as const;
  const id = await makeSubject(gate, [dora]);
  const bought = { type: 'purchase', subject: dora, occurredAt: toIso(clock.read()) } as const;
  bodyOf(await recordEvents(gate, call({ ...bought, id: 'order-2' })));
  const demand = { reason: 'minimise', actor: { kind: 'subject' } } as const;
  bodyOf(await eraseSubject(gate, call(demand, { path: { id } })));
  bodyOf(await rotateKeys(gate, call(null)));
  await goOnRotating(gate, 'p1');
  clock.advance(2000 * dayMs);
  await sweepErasures(gate);
  clock.advance(-2000 * dayMs);
}

/** Records that a court asks for, kept for an hour, and then a run over what has served. */
async function holdAndLetGo({ gate, clock }: TestGate): Promise<void> {
  const until = toIso(clock.read() + dayMs);
  const order = { reason: 'Processo 0001234-56.2026', author: 'Departamento jurídico', until };
  const hold = idOf(bodyOf(await createLegalHold(gate, call({ ...order, purpose: 'promocoes' }))));
  clock.advance(hourMs);
  bodyOf(await endLegalHold(gate, read({ id: hold })));
  await ran(gate);
}

async function runOperations(made: TestGate): Promise<void> {
  const { gate, clock, store } = made;
  const id = await makeSubject(gate, undefined, { first_name: 'Ana', age_band: 'adult' });
  const path = { id };
  await decide(gate);
  await grant(gate, { event: 'requested' });
  await grant(gate, { channels: ['email', 'whatsapp'], frequency: { max: 1, per: 'week' } });
  const allowed = await decide(gate, asked, 'a key');
  await decide(gate, asked);
  const asking = await decide(gate, { content: doubtful });
  const rejection = { verdict: 'reject', reason: 'Não acaba hoje.' } as const;
  const review = { path: { id: reviewOf(asking) } };
  bodyOf(await settleContentReview(gate, call(rejection, review)));
  clock.advance(minuteMs);
  const result = { result: 'failed', error: { source: 'smtp', code: '550' } } as const;
  bodyOf(await reportOutcome(gate, call(result, { path: { id: idOf(allowed) } })));
  const week = { until: toIso(clock.read() + 7 * dayMs), reason: 'férias' };
  const pause = bodyOf(await createPause(gate, call(week, { path })));
  await decide(gate);
  const ending = { path: { id, instructionId: idOf(pause) } };
  bodyOf(await endPause(gate, call(null, ending)));
  bodyOf(await createObjection(gate, call({ purposes: ['novidades'] }, { path })));
  bodyOf(await createBlock(gate, call({ channels: ['sms'] } as const, { path })));
  bodyOf(
    await createExclusion(gate, call({ kind: 'bought', purposes: ['perfil'] } as const, { path })),
  );
  await decide(gate, { purpose: 'novidades' });
  clock.advance(hourMs);
  await grant(gate, { event: 'renewed', frequency: { max: 2, per: 'week' } });
  await withdraw(gate);
  await reconcile(gate, [
    { decision: idOf(allowed), at: clock.read(), message: 'wamid.98765' },
    { subject: carla, channel: 'email', at: clock.read() },
  ]);
  await decide(gate);
  await grant(gate, { event: 'refused', channels: ['push'] });
  const event = { type: 'purchase', subject: ana, occurredAt: toIso(clock.read()) } as const;
  bodyOf(await recordEvents(gate, call({ ...event, id: 'order-1' })));
  await decide(gate, { subject: { type: 'email', value: 'nobody@example.com' } });
  await decide(gate, { purpose: 'undeclared' });
  const other = await makeSubject(gate, [carla], { first_name: 'Carla' });
  bodyOf(await grant(gate, { subject: carla }));
  const merge = idOf(bodyOf(await mergeSubjects(gate, call({ other }, { path }))));
  bodyOf(await withdraw(gate, { subject: carla }));
  await makeSubject(gate, [ana], { age_band: 'child' });
  bodyOf(await undoMerge(gate, call(null, { path: { id, mergeId: merge } })));
  await breakSlots(store, await makeSubject(gate, [bruno]));
  await grant(gate, { subject: bruno });
  await decide(gate, { subject: bruno });
  await tryDraft(made);
  clock.advance(31 * dayMs);
  await sweepContentReviews(gate);
  clock.advance(-32 * dayMs);
  await decide(gate);
}

/** More slots than any caps leave: nothing can be told from them. */
async function breakSlots(store: TestGate['store'], subject: string): Promise<void> {
  const stored = await store.get('slots', subject);
  const slot = {
    purpose: 'promocoes',
    channel: 'email',
    promotional: true,
    expiresAt: null,
  } as const;
  const slots = Array.from({ length: 5001 }, (_, each) => ({
    ...slot,
    decision: `dec_${each}`,
    at: start,
  }));
  const document = fileSlots(subject, { epoch: 1, writtenAt: start, slots });
  await store.write([
    { kind: 'replace', collection: 'slots', document, expectedRevision: stored?.revision ?? 0 },
  ]);
}

interface Content {
  readonly kind: string;
  readonly answer?: {
    readonly outcome: string;
    readonly reasons: readonly { readonly rule: string }[];
  };
}

function entryOf({ body, fields }: Pick<Stored, 'body' | 'fields'>): string {
  const head = JSON.parse(body) as {
    readonly id: string;
    readonly kind: string;
    readonly at: string;
  };
  return entryText({ ...head, digest: String(fields['digest']) });
}

/** Without ids, hashes and what is sealed: drawn by lot, they spell a short word now and then. */
function legible(text: string): string {
  return text.replace(/[\w-]{32,}/g, '…');
}

function content(record: Stored): Content {
  return JSON.parse(record.body) as Content;
}

describe('records', () => {
  let records: readonly Stored[];
  before(async () => {
    const made = await makeTestGate();
    await runOperations(made);
    await endPeople(made);
    await holdAndLetGo(made);
    const { items } = await made.store.readLog('records', null, 1000);
    records = items.filter((stored) => readRecord(stored).erasure === null);
  });

  it('are of every kind that docs/ledger-format.md lists', () => {
    const page = readFileSync(new URL('../../docs/ledger-format.md', import.meta.url), 'utf8');
    const listed = [...page.matchAll(/^\| `([a-z-]+)` \| `([a-z]{3}_)` \|/gm)];
    const made = new Set(
      records.map((record) => `${content(record).kind} ${record.id.slice(0, 4)}`),
    );
    expect([...made]).to.have.members(listed.map(([, kind, prefix]) => `${kind} ${prefix}`));
  });

  it('are of every outcome, and of every deny that no rule makes', () => {
    const answers = records.flatMap((record) => content(record).answer ?? []);
    const outcomes = answers.map(({ outcome }) => outcome);
    expect([...new Set(outcomes)]).to.have.members(['allow', 'defer', 'deny', 'review']);
    const rules = answers.flatMap(({ reasons }) => reasons.map(({ rule }) => rule));
    expect(rules).to.include.members(['subject-unknown', 'fact-unavailable', 'clock-unreliable']);
  });

  it('hold to every check of docs/ledger-format.md', () => {
    for (const { id, body, fields } of records) {
      const evidence = {
        record: body,
        salt: String(fields['salt']),
        entry: entryOf({ body, fields }),
      };
      expect(failedCheck(evidence), `${id} ${body}`).to.equal(null);
    }
  });

  it('say nothing of a person in the clear', () => {
    for (const { id, body, fields } of records) {
      const told = legible(body + entryOf({ body, fields }));
      for (const word of said) expect(told, id).not.to.include(word);
    }
  });

  it('leave no subject in their entries', () => {
    for (const record of records) {
      expect(entryOf(record)).not.to.match(/sub_|subject":/);
    }
  });
});
