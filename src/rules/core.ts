/** What a rule core is: complete facts in, findings out, in the order in which they are told. */
import { type FactName, type Facts } from '../domain/fact-catalogue.ts';
import { effects, type Effect, type Finding, type Rule } from '../domain/rule.ts';

/** Compiled rules: synchronous, so that the hot path waits for nothing. */
export interface Core {
  /**
   * Facts that the rules name and that have no usable value: absent, of another type than the
   * catalogue says, or outside its closed set. A decision over such facts is a deny.
   */
  readonly missing: (facts: Facts) => readonly FactName[];
  /** Throws MissingFacts where a named fact is absent: no rule is silently false for that. */
  readonly find: (facts: Facts) => readonly Finding[];
}

/** The same on json-rules-engine, whose run returns a promise. */
export interface LibraryCore {
  readonly missing: (facts: Facts) => readonly FactName[];
  readonly find: (facts: Facts) => Promise<readonly Finding[]>;
}

/** Shared, so that facts under which nothing fires cost no allocation. */
export const noFindings: readonly Finding[] = Object.freeze([]);

const ranks: Readonly<Record<Effect, number>> = {
  deny: effects.indexOf('deny'),
  review: effects.indexOf('review'),
  defer: effects.indexOf('defer'),
  strip: effects.indexOf('strip'),
  require: effects.indexOf('require'),
  lift: effects.indexOf('lift'),
};

/** json-rules-engine reads an absent priority as 1. */
const priorityDefault = 1;

function tellsBefore(a: Rule, b: Rule): number {
  const byEffect = ranks[a.rule.event.type] - ranks[b.rule.event.type];
  if (byEffect !== 0) return byEffect;
  const byPriority = (b.rule.priority ?? priorityDefault) - (a.rule.priority ?? priorityDefault);
  if (byPriority !== 0) return byPriority;
  return a.name < b.name ? -1 : 1;
}

/** By effect, from deny to require; then the higher priority; then the name. */
export function inTellingOrder(rules: readonly Rule[]): readonly Rule[] {
  return rules.toSorted(tellsBefore);
}

export function findingOf(rule: Rule): Finding {
  return Object.freeze({ rule: rule.name, effect: rule.rule.event.type });
}
