/**
 * The facts that a decision would have been judged by under another policy set.
 *
 * A record keeps the facts as the gate saw them, and most of them do not depend on the policies.
 * So the situation of then is made twice, under the set of the decision and under the draft: where
 * both agree on a fact, it stays as recorded; where they differ, the draft's takes its place,
 * provided that the other one is what was recorded, which shows that the situation is that of then.
 * A set that is replayed over its own decisions therefore finds every fact as it was.
 */
import { basisOf } from '../../domain/decision.ts';
import {
  type FactName,
  factNames,
  type Facts,
  type FactValue,
} from '../../domain/fact-catalogue.ts';
import { factsOf } from '../../domain/facts.ts';
import { guardOf } from '../../domain/guards/duplicate.ts';
import type { Json } from '../../domain/json.ts';
import type { PolicySet } from '../../domain/policy.ts';
import { type Question, type Situation, situationOf } from '../../domain/situation.ts';
import type { Slot } from '../../domain/slots.ts';
import type { ContactPoint } from '../../domain/standing.ts';
import { textDigest } from '../../ledger/entry.ts';
import { policySetText } from '../../policies/policy-set.ts';
import type { PastSubject } from '../decisions/as-of.ts';
import { contentTold } from '../decisions/content-told.ts';
import type { DecisionRequest } from '../decisions/decision-record.ts';
import { drawLot } from '../experiments/lot.ts';
import type { Gate } from '../gate.ts';
import { phonesIn } from '../subjects/phones.ts';

/** Why a decision cannot be replayed. */
export const unreplayable = [
  'content-dropped',
  'contact-unknown',
  'state-differs',
  'subject-gone',
  'history-too-long',
  'fault',
] as const;
export type Unreplayable = (typeof unreplayable)[number];

/** One act as its decision kept it. */
export interface RecordedAct {
  readonly question: Question;
  /** In the order of the catalogue, as far as the catalogue went then. */
  readonly facts: readonly Json[];
  /** What the request said, less the text. */
  readonly given: Pick<DecisionRequest, 'content' | 'criteria'>;
  /** Whether there was a text, of which only the digest was kept. */
  readonly hadText: boolean;
  /** Keyed hash of its content, where the contact that it took remembers it. */
  readonly contentHash: string | null;
  /** What the answer says besides; null where the answer is about another act. */
  readonly told: ActTold | null;
}

interface ActTold {
  /** How far each cap was used before the act. */
  readonly used: readonly string[];
  /** The consent that it rested on. */
  readonly receipt: string | null;
}

/** The set of the decision, and the one that is tried. */
export interface Sets {
  readonly base: PolicySet;
  readonly draft: PolicySet;
}

/** Somebody at the instant of the decision, and how the decision may have named them. */
export interface Seen {
  readonly at: number;
  readonly past: PastSubject;
  readonly reference: string;
}

const policyDigests = new WeakMap<PolicySet, string>();

/** Whether two sets differ in their rules at most: every fact is the same under both then. */
export function areFactsShared({ base, draft }: Sets): boolean {
  return policiesOf(base) === policiesOf(draft);
}

function policiesOf(set: PolicySet): string {
  const known = policyDigests.get(set);
  if (known !== undefined) return known;
  const digest = textDigest(policySetText({ ...set, rules: [] }));
  policyDigests.set(set, digest);
  return digest;
}

/** Whether the catalogue has learned no fact since. */
export function hasEveryFact(facts: readonly Json[]): boolean {
  return facts.length >= factNames.length;
}

export function recordedFacts({ facts }: RecordedAct): Facts {
  // A record holds values of facts, and as many as there are names.
  return factsFrom((_, place) => (facts[place] ?? null) as FactValue);
}

/** One for each contact point that the decision may have been about. */
export function factsUnder(
  gate: Gate,
  sets: Sets,
  act: RecordedAct,
  seen: Seen,
): readonly Facts[] | Unreplayable {
  if (isContentMissed(sets, act)) return 'content-dropped';
  const pairs = contactsAsked(seen).map((contact) => {
    const asked = { act, seen, contact };
    const base = situationUnder(gate, sets.base, asked, []);
    const draft = situationUnder(gate, sets.draft, asked, []);
    // A draft with other caps counts every contact, also those that no cap counted then.
    const { uncounted } = seen.past;
    const isRecounted = uncounted.length > 0 && !haveSameCaps(base, draft);
    const tried = isRecounted ? situationUnder(gate, sets.draft, asked, uncounted) : draft;
    return pairOf(act, base, tried);
  });
  const fewest = Math.min(...pairs.map(({ unlike }) => unlike));
  const likely = pairs.filter(({ unlike, isThen }) => unlike === fewest && isThen);
  return likely.length === 0 ? 'state-differs' : likely.map(({ facts }) => facts);
}

/** Whether the draft asks about a text, or about what was sent before, and nobody kept it. */
function isContentMissed({ base, draft }: Sets, act: RecordedAct): boolean {
  const { given, question, hadText, contentHash } = act;
  const [before, after] = [base, draft].map((set) => {
    const purpose = set.purposes.get(question.purpose) ?? null;
    const guard = JSON.stringify(guardOf(set, purpose));
    const { guardrails } = set;
    const asks = guardrails === null ? '' : JSON.stringify([guardrails, purpose?.promotional]);
    return { guard, asks };
  });
  if (before === undefined || after === undefined || given.content === undefined) return false;
  if (hadText && (before.asks !== after.asks || !hasEveryFact(act.facts))) return true;
  const hasNone = JSON.stringify(null);
  if (before.guard === after.guard || after.guard === hasNone) return false;
  // Without a guard no contact remembers what was sent.
  return before.guard === hasNone || (hadText && contentHash === null);
}

const phoneTypes: ReadonlySet<string> = new Set(['phone', 'whatsapp']);

/** A record names the type of the reference alone; null stands for the id of the subject. */
function contactsAsked({ reference, past }: Seen): readonly (ContactPoint | null)[] {
  if (reference === 'id') return [null];
  const { identifiers } = past.subject;
  return identifiers.filter(({ kind }) => {
    if (kind === 'phone') return phoneTypes.has(reference);
    return kind === 'bsuid' ? reference === 'whatsapp' : kind === reference;
  });
}

function haveSameCaps(one: Situation, other: Situation): boolean {
  return JSON.stringify(one.caps) === JSON.stringify(other.caps);
}

function situationUnder(
  gate: Gate,
  set: PolicySet,
  {
    act,
    seen,
    contact,
  }: {
    readonly act: RecordedAct;
    readonly seen: Seen;
    readonly contact: ContactPoint | null;
  },
  more: readonly Slot[],
): Situation {
  const { question, hadText, contentHash } = act;
  const { at } = seen;
  const { subject, slots, file } = seen.past;
  const told = contentTold(gate, set, { ...question, ...act.given });
  return situationOf({
    question,
    content: hadText ? { ...told, digest: contentHash } : told,
    at,
    set,
    subject,
    slots: more.length === 0 ? slots : { ...slots, slots: [...slots.slots, ...more] },
    contact,
    phones: phonesIn(file, subject),
    registryLists: gate.registryLists,
    text: null,
    lot: drawLot(gate.vault, { set, subject, at }, question),
    claimed: act.given.criteria?.experiment ?? null,
  });
}

interface FactPair {
  readonly facts: Facts;
  /** How much of the base is not as recorded. */
  readonly unlike: number;
  /** Whether all are that the draft changes, and the counters as well where it counts anew. */
  readonly isThen: boolean;
}

function pairOf(act: RecordedAct, base: Situation, draft: Situation): FactPair {
  const [before, after] = [factsOf(base), factsOf(draft)];
  const receipt = basisOf(base)?.receipt ?? null;
  let unlike = act.told === null || act.told.receipt === receipt ? 0 : 1;
  let isThen = isCountedAlike(act, base, draft);
  const facts = factsFrom((name, place) => {
    const recorded = act.facts[place];
    if (recorded === undefined) return after[name];
    // Facts hold what JSON can: a record keeps them whole.
    const value = recorded as FactValue;
    const isAsRecorded = isSameValue(before[name], value);
    if (!isAsRecorded) unlike += 1;
    if (isSameValue(before[name], after[name])) return value;
    if (!isAsRecorded) isThen = false;
    return after[name];
  });
  return { facts, unlike, isThen };
}

/** Whether the caps are the same, or the counters are those that the decision found. */
function isCountedAlike({ told }: RecordedAct, base: Situation, draft: Situation): boolean {
  if (told === null || haveSameCaps(base, draft)) return true;
  const found = (base.capUses ?? []).map((use) => `${use.cap.name} ${use.used}`);
  return isSameValue(found, told.used);
}

function factsFrom(valueOf: (name: FactName, place: number) => FactValue): Facts {
  const entries = factNames.map((name, place) => [name, valueOf(name, place)] as const);
  return Object.fromEntries(entries) as Record<FactName, FactValue>;
}

function isSameValue(one: FactValue, other: FactValue): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return one === other;
  if (one === null || other === null) return one === other;
  return one.length === other.length && one.every((each, place) => each === other[place]);
}
