/** One recorded decision under another policy set. */
import { placeChosen } from '../../domain/answer/choice.ts';
import { fromIso } from '../../domain/calendar/instant.ts';
import type { Facts } from '../../domain/fact-catalogue.ts';
import type { JsonObject } from '../../domain/json.ts';
import { type Change, changeBetween, type Ruled } from '../../domain/trial/comparison.ts';
import type { Slot } from '../../domain/slots.ts';
import { decisionContent, type DecisionContent } from '../decisions/decision-view.ts';
import { rulingOf } from '../decisions/judgement.ts';
import type { Gate } from '../gate.ts';
import type { PreparedSet } from '../policy-board.ts';
import type { ReadRecord } from '../record.ts';
import { openRecordPart } from '../subjects/subject-file.ts';
import { answeredIn, ruledIn } from '../trials/answered.ts';
import type { Histories } from './histories.ts';
import {
  areFactsShared,
  factsUnder,
  hasEveryFact,
  recordedFacts,
  type RecordedAct,
  type Seen,
  type Sets,
  type Unreplayable,
} from './replayed-facts.ts';

export interface Replaying {
  readonly gate: Gate;
  readonly draft: PreparedSet;
  readonly histories: Histories;
}

/** The change that the draft makes, null where it makes none, or why nobody can tell. */
export async function replayDecision(
  replaying: Replaying,
  record: ReadRecord,
): Promise<Change | null | Unreplayable> {
  const content = decisionContent(record);
  // Nobody was known, or the clock was not to be trusted: no policy set was asked.
  if (content.facts === null) return null;
  const { gate, draft } = replaying;
  const base = await gate.policies.byDigest(content.answer.policySet);
  if (base === null) throw new Error(`the store has no policy set ${content.answer.policySet}`);
  const sets = { base: base.set, draft: draft.set };
  const isShared = hasEveryFact(content.facts) && areFactsShared(sets);
  // What was sealed tells of content and scores: nobody asks where the facts alone decide.
  const isAsked = !isShared || content.others !== undefined;
  const sealed = isAsked ? await sealedIn(replaying, record) : {};
  if (typeof sealed === 'string') return sealed;
  const { acts, scores } = toldIn(content, sealed);
  const tried = isShared
    ? await ruledByEach(
        draft,
        acts.map((act) => [recordedFacts(act)]),
      )
    : await ruledThen(replaying, { record, content, sets, acts });
  if (typeof tried === 'string') return tried;
  const nearest = tried.map(({ outcome }) => ({ outcome, retryAt: null }));
  const place = placeChosen(nearest, scores);
  return changeBetween(answeredIn(content), { place, acts: tried });
}

/** By the situation of then. */
async function ruledThen(
  replaying: Replaying,
  {
    record,
    content,
    sets,
    acts,
  }: {
    readonly record: ReadRecord;
    readonly content: DecisionContent;
    readonly sets: Sets;
    readonly acts: readonly RecordedAct[];
  },
): Promise<readonly Ruled[] | Unreplayable> {
  const seen = await seenBy(replaying, record, content);
  if (typeof seen === 'string') return seen;
  const facts: (readonly Facts[])[] = [];
  for (const act of acts) {
    const found = factsUnder(replaying.gate, sets, act, seen);
    if (typeof found === 'string') return found;
    facts.push(found);
  }
  return ruledByEach(replaying.draft, facts);
}

/** Of each act what the rules make of it. */
async function ruledByEach(
  draft: PreparedSet,
  acts: readonly (readonly Facts[])[],
): Promise<readonly Ruled[] | Unreplayable> {
  const tried: Ruled[] = [];
  for (const facts of acts) {
    const ruled = await ruledAlike(draft, facts);
    if (typeof ruled === 'string') return ruled;
    tried.push(ruled);
  }
  return tried;
}

/** What the rules make of facts; one word on all, or nobody can tell. */
async function ruledAlike(
  draft: PreparedSet,
  facts: readonly Facts[],
): Promise<Ruled | Unreplayable> {
  let agreed: Ruled | null = null;
  for (const each of facts) {
    const ruled = ruledIn(await rulingOf(draft, each));
    if (agreed !== null && JSON.stringify(agreed) !== JSON.stringify(ruled)) {
      return 'contact-unknown';
    }
    agreed = ruled;
  }
  return agreed ?? 'state-differs';
}

/** The subject as the decision found it. */
async function seenBy(
  { histories }: Replaying,
  record: ReadRecord,
  { reference }: DecisionContent,
): Promise<Seen | Unreplayable> {
  const history = record.subject === null ? null : await histories.pastOf(record.subject);
  if (history === null) return 'subject-gone';
  if (history === 'too-long') return 'history-too-long';
  const at = fromIso(record.at) ?? 0;
  const past = history.at(at, record.id);
  return past === null ? 'state-differs' : { at, past, reference };
}

/** A decision as its record tells it. */
interface ToldActs {
  /** In the order in which they were given. */
  readonly acts: readonly RecordedAct[];
  readonly scores: readonly (number | null)[];
}

/** What is sealed of one act, or of a candidate. */
interface ActTold extends JsonObject {
  readonly content?: (JsonObject & { readonly textDigest?: string }) | null;
  readonly criteria?: JsonObject | null;
  readonly score?: number | null;
}

async function sealedIn(
  { histories }: Replaying,
  record: ReadRecord,
): Promise<JsonObject | Unreplayable> {
  if (typeof record.body['private'] !== 'string') return {};
  const file = record.subject === null ? null : await histories.fileOf(record.subject);
  return file === null ? 'subject-gone' : openRecordPart(record, file.key);
}

function toldIn(content: DecisionContent, sealed: JsonObject): ToldActs {
  const { candidate = 0, others = [], question, facts } = content;
  const inOrder = [...others, { candidate, question, facts }].toSorted(
    (a, b) => a.candidate - b.candidate,
  );
  const told = (sealed['candidates'] ?? [sealed]) as readonly ActTold[];
  const acts = inOrder.map((each): RecordedAct => {
    const answered = each.candidate === candidate;
    return {
      question: each.question,
      facts: each.facts ?? [],
      ...contentIn(told[each.candidate] ?? {}),
      contentHash: answered ? (slotIn(content)?.content ?? null) : null,
      told: answered
        ? { used: usedBefore(content), receipt: content.answer.basis?.receipt ?? null }
        : null,
    };
  });
  return { acts, scores: inOrder.map((each) => told[each.candidate]?.score ?? null) };
}

/** As the request had it, less the text. */
function contentIn({
  content = null,
  criteria = null,
}: ActTold): Pick<RecordedAct, 'given' | 'hadText'> {
  const { textDigest, ...rest } = content ?? {};
  const given = {
    ...(content === null ? {} : { content: rest }),
    ...(criteria === null ? {} : { criteria }),
  };
  return { given, hadText: textDigest !== undefined };
}

function slotIn(content: DecisionContent): Pick<Slot, 'content'> | null {
  return (content['slot'] ?? null) as (JsonObject & Pick<Slot, 'content'>) | null;
}

/** An allow counts its own contact among those that are used. */
function usedBefore(content: DecisionContent): readonly string[] {
  const own = slotIn(content) === null ? 0 : 1;
  return content.answer.frequency.map(({ cap, used }) => `${cap} ${used - own}`);
}
