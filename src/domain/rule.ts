/**
 * A decision rule as a controller writes it: json-rules-engine's JSON under a header that names the
 * article it serves and says, in both languages, what a person is told when it fires.
 */
import type { Json } from './json.ts';
import type { Text } from './text.ts';

/**
 * From the strongest to the weakest; `strip` and `require` accompany an allow. `lift` sets other
 * rules aside, for what the law orders to be sent.
 */
export const effects = ['deny', 'review', 'defer', 'strip', 'require', 'lift'] as const;
export type Effect = (typeof effects)[number];

const accompanying: ReadonlySet<Effect> = new Set(['strip', 'require', 'lift']);

/** Whether a rule of this effect leaves an allow an allow. */
export function accompaniesAllow(effect: Effect): boolean {
  return accompanying.has(effect);
}

interface Prioritised {
  /** Siblings of a higher one are judged first; the result is the same. */
  readonly priority?: number;
}

export interface Condition extends Prioritised {
  readonly fact: string;
  readonly operator: string;
  readonly value: Json;
  readonly path?: string;
}

type Node<Leaf> =
  | Leaf
  | ({ readonly all: readonly Node<Leaf>[] } & Prioritised)
  | ({ readonly any: readonly Node<Leaf>[] } & Prioritised)
  | ({ readonly not: Node<Leaf> } & Prioritised);

/** A condition that stands elsewhere under a name. */
export interface ConditionReference extends Prioritised {
  readonly condition: string;
}

/** As it is written. */
export type ConditionTree = Node<Condition | ConditionReference>;
/** With what the names stand for in their place. */
export type PlainTree = Node<Condition>;
export type NamedConditions = Readonly<Record<string, ConditionTree>>;

export interface Rule {
  readonly name: string;
  /** Civil date from which the rule has stood in this form. */
  readonly since: string;
  readonly article: string;
  readonly text: Text;
  readonly rule: {
    readonly conditions: ConditionTree;
    readonly event: { readonly type: Effect; readonly params?: Readonly<Record<string, Json>> };
    /** Higher first among reasons of the same effect; json-rules-engine's default is 1. */
    readonly priority?: number;
  };
  /** What the rule refers to by name, itself or by way of another; absent where nothing is. */
  readonly named?: NamedConditions;
}

/** Shipped rules that no rule sets aside: what they protect depends on no purpose. */
export const lastingRules: ReadonlySet<string> = new Set([
  'balancing-test',
  'basis-valid',
  'blocked',
  'consent-evidence',
  'consent-granted',
  'consent-stale-notice',
  'minimisation',
  'minimisation-required',
  'minor-profiling',
  'purpose-declared',
  'recipient-declared',
  'retention-over',
  'sensitive',
  'transfer',
  'withdrawn',
]);

/** Names of the rules that a rule of the effect `lift` sets aside. */
export function liftedBy({ rule }: Rule): readonly string[] {
  const { type, params } = rule.event;
  const names = params?.['rules'];
  if (type !== 'lift' || !Array.isArray(names)) return [];
  return names.filter((name) => typeof name === 'string');
}

/** A rule that fired. */
export interface Finding {
  readonly rule: string;
  readonly effect: Effect;
}
