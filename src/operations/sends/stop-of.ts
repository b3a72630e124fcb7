/**
 * What stood between an allow and its send. The rules that allowed it are asked again with the
 * facts of the decision and the one that has changed: an instruction that they set aside, as a
 * mandatory notice does, stops nothing.
 */
import { type Instant } from '../../domain/calendar/instant.ts';
import { applyAct, type Grant, noStanding } from '../../domain/consent.ts';
import { outcomeOf, withoutLifted } from '../../domain/decision.ts';
import type { Facts } from '../../domain/fact-catalogue.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Channel } from '../../domain/policy.ts';
import { Problem } from '../../domain/problem.ts';
import { factsUnder, type Since, type Stop, stopsAt } from '../../domain/reconciliation/stop.ts';
import { eventOfConsent } from '../consents/consent-record.ts';
import { factsTold } from '../decisions/decision-record.ts';
import { decisionContent } from '../decisions/decision-view.ts';
import { firedBy } from '../decisions/judgement.ts';
import type { Gate } from '../gate.ts';
import { exclusionsIn } from '../instructions/exclusion-record.ts';
import { eventOfInstruction } from '../instructions/instruction-record.ts';
import { type ReadRecord, readRecord, textIn } from '../record.ts';
import { idSlackMs, wholeStretch } from '../record-stretch.ts';
import { idsOf, settledSubject } from '../subjects/living-subject.ts';
import { readStretch, recordedAt } from '../subjects/subject-history.ts';
import { loadSubject } from '../subjects/subject-lookup.ts';

interface Basis extends JsonObject {
  readonly receipt: string | null;
}

const changePrefixes = ['con_', 'ins_', 'rec_', 'evt_'] as const;
/** Records about one person since the decision that are looked at. */
const recordsMax = 5000;

/** The first that the rules obey; null where nothing stood against the send. */
export async function stopOf(
  gate: Gate,
  decision: ReadRecord,
  at: Instant,
): Promise<Stop | null | Problem> {
  const { question } = decisionContent(decision);
  const contact = { purpose: question.purpose, channel: question.channel };
  const records = await recordsSince(gate, decision);
  if (records instanceof Problem) return records;
  if (records.length === 0) return null;
  const grant = await grantOf(gate, decision);
  for (const stop of stopsAt(sinceOf(records, { ...contact, grant }), contact, at)) {
    if (await isObeyed(gate, decision, stop)) return stop;
  }
  return null;
}

/** Of the person, since the decision; mostly there are none, which costs one look. */
async function recordsSince(
  gate: Gate,
  decision: ReadRecord,
): Promise<readonly ReadRecord[] | Problem> {
  const { subject } = decision;
  const decidedAt = recordedAt(decision);
  const loaded = subject === null ? null : await loadSubject(gate, subject, null);
  const isUnchanged = loaded !== null && loaded.file.subject.changedAt < decidedAt;
  if (subject === null || isUnchanged) return [];
  // The last change may wait to be put on record.
  const settled = await settledSubject(gate, subject);
  if (settled instanceof Problem) return settled;
  // Erased, the person still has records.
  const subjects = settled === null ? [subject] : idsOf(settled);
  const read = await Promise.all(
    changePrefixes.map((prefix) => {
      const stretch = { ...wholeStretch(prefix, subjects), from: decidedAt - idSlackMs };
      return readStretch(gate, stretch, recordsMax);
    }),
  );
  if (read.includes(null)) return tooMany();
  return read.flatMap((records) => records ?? []).filter((each) => recordedAt(each) >= decidedAt);
}

async function grantOf(gate: Gate, decision: ReadRecord): Promise<Grant | null> {
  const basis = decisionContent(decision).answer['basis'] as Basis | null;
  const receipt = basis?.receipt ?? null;
  const stored = receipt === null ? null : await gate.store.get('records', receipt);
  const given = stored === null ? null : readRecord(stored);
  const event = given === null || given.erasure !== null ? null : eventOfConsent(given);
  return event?.kind === 'consent' ? (applyAct(noStanding, event.act).grants[0] ?? null) : null;
}

function sinceOf(
  records: readonly ReadRecord[],
  { purpose, channel, grant }: { purpose: string; channel: Channel; grant: Grant | null },
): Since {
  const acts: Since['acts'][number][] = [];
  const instructions: Since['instructions'][number][] = [];
  const endings = new Map<string, Instant>();
  for (const record of records) {
    const event = eventIn(record);
    if (event?.kind === 'consent' && event.purpose === purpose && event.channels.includes(channel))
      acts.push({ act: event.act, recordedAt: recordedAt(record) });
    if (event?.kind === 'instruction') instructions.push(event.instruction);
    if (event?.kind === 'instruction-ended') endings.set(event.instruction, recordedAt(record));
    const { given = [], ended = [] } = exclusionsIn(record) ?? {};
    instructions.push(...given);
    for (const id of ended) endings.set(id, recordedAt(record));
  }
  return { grant, acts, instructions, endings };
}

function eventIn(
  record: ReadRecord,
): ReturnType<typeof eventOfConsent> | { kind: 'instruction-ended'; instruction: string } | null {
  switch (record.kind) {
    case 'consent':
      return eventOfConsent(record);
    case 'pause':
    case 'objection':
    case 'block':
    case 'exclusion':
      return eventOfInstruction(record);
    case 'instruction-ended':
      return { kind: 'instruction-ended', instruction: textIn(record, 'instruction') };
    default:
      return null;
  }
}

async function isObeyed(gate: Gate, decision: ReadRecord, stop: Stop): Promise<boolean> {
  const { answer, facts: values } = decisionContent(decision);
  const prepared = await gate.policies.byDigest(answer.policySet);
  if (prepared === null) throw new Error(`the store has no policy set ${answer.policySet}`);
  const facts = { ...factsTold(values ?? []), ...factsUnder(stop) } as JsonObject & Facts;
  // What cannot be judged is never taken for a permission.
  if (prepared.core.missing(facts).length > 0) return true;
  const fired = firedBy(prepared, await prepared.core.find(facts));
  return outcomeOf(withoutLifted(fired)) !== 'allow';
}

function tooMany(): Problem {
  return new Problem('limit-reached', {
    'pt-BR': `Desde a decisão o titular tem mais de ${recordsMax} registros, que não cabem em uma conciliação.`,
    en: `Since the decision the subject has more than ${recordsMax} records, too many to reconcile.`,
  });
}
