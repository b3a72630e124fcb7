/**
 * A recorded decision explained by the rules that made it: what each of them made of the facts that
 * the record kept. Nothing of today is asked, neither the set in force nor the person's state.
 */
import type { Facts } from '../../domain/fact-catalogue.ts';
import { liftedBy, type Rule } from '../../domain/rule.ts';
import type { Text } from '../../domain/text.ts';
import { inTellingOrder } from '../../rules/core.ts';
import { readRules, type RuleFile } from '../../rules/rule-file.ts';
import { type RuleTrace, trace } from '../../rules/trace.ts';
import { rulesDigestOf } from '../policy-board.ts';
import type { components } from '../wire.ts';

type DecisionRecord = components['schemas']['DecisionRecord'];
type CandidateSeen = components['schemas']['CandidateSeen'];
type Reason = components['schemas']['Reason'];

/**
 * What came of a rule: it is among the reasons; it fired and another set it aside; it fired and
 * goes along with an allow alone; it did not fire; it was not judged, for want of a fact.
 */
export type RuleStanding = 'told' | 'set-aside' | 'of-an-allow' | 'quiet' | 'not-judged';

export interface ExplainedRule extends RuleTrace {
  readonly article: string;
  readonly text: Text;
  readonly standing: RuleStanding;
  /** Rules that set it aside. */
  readonly setAsideBy: readonly string[];
}

export interface DecisionExplanation {
  readonly id: string;
  readonly outcome: string;
  readonly decidedAt: string;
  readonly policySet: string;
  readonly action: string;
  readonly purpose: string;
  readonly channel: string;
  /** Of a choice: which of its candidates this is about, and of how many. */
  readonly candidate: { readonly place: number; readonly of: number } | null;
  /** As they were recorded. */
  readonly reasons: readonly Reason[];
  /** Reasons that no rule gives: the gate's own, as for a person nobody knows. */
  readonly ownReasons: readonly Reason[];
  /** Whether the record has any: none were computed for a person nobody knows. */
  readonly hasFacts: boolean;
  /** In the order in which they are told; none without facts. */
  readonly rules: readonly ExplainedRule[];
  /** Whether the rules that are told are those that the record gives as reasons. */
  readonly agrees: boolean;
}

/** Why there is no explanation. */
export type ExplanationFault = 'other-rules' | 'no-candidate';

export interface Explained {
  readonly record: DecisionRecord;
  /** The files of the rules of its set. */
  readonly rules: readonly RuleFile[];
  /** Of a choice; the one that the answer is about where it is null. */
  readonly candidate: number | null;
}

export async function explainDecision(
  asked: Explained,
): Promise<DecisionExplanation | ExplanationFault> {
  const { record } = asked;
  const rules = rulesIn(asked.rules);
  if (rulesDigestOf(rules) !== record.rulesDigest) {
    return 'other-rules';
  }
  const act = actIn(record, asked.candidate);
  if (act === null) return 'no-candidate';
  const hasFacts = Object.keys(act.facts).length > 0;
  const explained = hasFacts ? await explainRules(rules, act) : [];
  const own = act.reasons.filter(({ rule }) => !rules.some(({ name }) => name === rule));
  const { id, decidedAt, policySet } = record;
  const { outcome, seen, place, reasons } = act;
  const told = explained.filter(({ standing }) => standing === 'told');
  return {
    id,
    outcome,
    decidedAt,
    policySet,
    action: seen.action,
    purpose: seen.purpose,
    channel: seen.channel,
    candidate: place,
    reasons,
    ownReasons: own,
    hasFacts,
    rules: explained,
    agrees: own.length > 0 || sameNames(told, reasons),
  };
}

/** None where a file no longer reads: then the digest says so. */
function rulesIn(files: readonly RuleFile[]): readonly Rule[] {
  return readRules(files.filter(({ path }) => path.endsWith('.json'))).rules;
}

/** One act of a decision, and what came of it. */
interface Act {
  readonly outcome: string;
  readonly seen: Pick<CandidateSeen, 'action' | 'purpose' | 'channel'>;
  readonly facts: Partial<Facts>;
  readonly reasons: readonly Reason[];
  readonly place: DecisionExplanation['candidate'];
}

function actIn(record: DecisionRecord, candidate: number | null): Act | null {
  const { candidates = [], chosen = null, passedOver = [] } = record;
  const { outcome, request, facts, reasons } = record;
  if (candidate === null || candidate === chosen) {
    const place = chosen === null ? null : { place: chosen, of: candidates.length };
    return { outcome, seen: request, facts, reasons, place };
  }
  const seen = candidates.find((each) => each.candidate === candidate);
  const passed = passedOver.find((each) => each.candidate === candidate);
  if (seen === undefined || passed === undefined) return null;
  return {
    outcome: passed.why,
    seen,
    facts: seen.facts,
    reasons: passed.reasons,
    place: { place: candidate, of: candidates.length },
  };
}

async function explainRules(
  rules: readonly Rule[],
  { facts, reasons }: Act,
): Promise<readonly ExplainedRule[]> {
  const ordered = inTellingOrder(rules);
  // A fact that the record does not have stays without a value, and the trace says so.
  const traced: { readonly rule: Rule; readonly trace: RuleTrace }[] = [];
  for (const rule of ordered) traced.push({ rule, trace: await trace(rule, facts as Facts) });
  const lifts = traced.filter(({ trace: { fired } }) => fired).map(({ rule }) => rule);
  const told = new Set(reasons.map(({ rule }) => rule));
  return traced.map(({ rule, trace: judged }) => {
    const setAsideBy = lifts
      .filter((lift) => liftedBy(lift).includes(rule.name))
      .map(({ name }) => name);
    const standing = standingOf(judged, setAsideBy.length > 0, told.has(rule.name));
    const { article, text } = rule;
    return { ...judged, article, text, standing, setAsideBy: judged.fired ? setAsideBy : [] };
  });
}

function standingOf(
  { fired, missing }: RuleTrace,
  isSetAside: boolean,
  isTold: boolean,
): RuleStanding {
  if (missing.length > 0) return 'not-judged';
  if (!fired) return 'quiet';
  if (isSetAside) return 'set-aside';
  return isTold ? 'told' : 'of-an-allow';
}

function sameNames(
  told: readonly Pick<ExplainedRule, 'rule'>[],
  reasons: readonly Reason[],
): boolean {
  const names = (list: readonly { readonly rule: string }[]): string =>
    list.map(({ rule }) => rule).join();
  return names(told) === names(reasons);
}
