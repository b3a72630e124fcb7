/**
 * A decision: deny over review over defer over allow. Every rule that fired is kept, worst first;
 * an allow also says what was stripped or must be added. What cannot be judged is a deny with a
 * built-in reason of its own.
 */
import type { FactName, Facts, FactValue } from './fact-catalogue.ts';
import { excessOf } from './facts.ts';
import { permittedData } from './guards/recipient.ts';
import { type CapUse, ifUnreported } from './frequency.ts';
import { type Instant, toIsoOrNull } from './calendar/instant.ts';
import { basisArticles, restsOnConsent } from './legal-basis.ts';
import type { Controller } from './policy.ts';
import { accompaniesAllow, type Effect, liftedBy, type Rule } from './rule.ts';
import { isContact, type Situation } from './situation.ts';
import type { Text } from './text.ts';

export const outcomes = ['allow', 'defer', 'review', 'deny'] as const;
export type Outcome = (typeof outcomes)[number];

/** Keys stand in the order of RFC 8785, here and below: a record is written as it is. */
export interface Reason {
  readonly article: string;
  readonly effect: Effect;
  readonly facts: Readonly<Partial<Record<FactName, FactValue>>>;
  readonly rule: string;
  readonly text: Text;
}

export interface Basis {
  readonly article: string;
  readonly kind: string;
  readonly receipt: string | null;
}

export type Obligation =
  | { readonly data: readonly string[]; readonly kind: 'use-only-data' | 'strip-data' }
  /** The link is made where it is written: not every obligation is. */
  | { readonly kind: 'list-unsubscribe'; readonly post: string; readonly url: () => string }
  | { readonly kind: 'identify-sender'; readonly name: string }
  | { readonly kind: 'offer-human'; readonly url: string };

/** What a rule with the effect `require` may ask for; the rule reader refuses anything else. */
export const requiredObligations = ['list-unsubscribe'] as const;
export type RequiredObligation = (typeof requiredObligations)[number];

export interface FrequencyState {
  readonly cap: string;
  readonly max: number;
  readonly per: string;
  readonly resetsAt: string | null;
  readonly source: 'consent' | 'policy';
  readonly used: number;
  readonly window: 'rolling' | 'calendar';
}

/** A finding with the rule that made it. */
export interface Fired {
  readonly rule: Rule;
  /** Facts that the rule's conditions name. */
  readonly named: readonly FactName[];
}

/** How long an allow waits for its report before the policy's choice takes effect. */
export const reportWithinMs: number = 24 * 60 * 60 * 1000;

export const builtInRules = ['subject-unknown', 'fact-unavailable', 'clock-unreliable'] as const;
export type BuiltInRule = (typeof builtInRules)[number];

const builtIn: Readonly<Record<BuiltInRule, { readonly article: string; readonly text: Text }>> = {
  'subject-unknown': {
    article: 'LGPD art. 6, I',
    text: {
      'pt-BR': 'Não conhecemos esta pessoa; sem registro não há autorização.',
      en: 'We do not know this person; without a record there is no permission.',
    },
  },
  'fact-unavailable': {
    article: 'LGPD art. 6, X',
    text: {
      'pt-BR': 'Faltou uma informação necessária para decidir.',
      en: 'A piece of information needed to decide was missing.',
    },
  },
  'clock-unreliable': {
    article: 'LGPD art. 6, VII',
    text: {
      'pt-BR': 'O relógio do servidor voltou no tempo; não é seguro decidir.',
      en: 'The server clock went back in time; deciding is not safe.',
    },
  },
};

export function builtInReason(rule: BuiltInRule, facts: Reason['facts'] = {}): Reason {
  const { article, text } = builtIn[rule];
  return { article, effect: 'deny', facts, rule, text: inOrder(text) };
}

/** The rules that fired, without those that one of them sets aside. */
export function withoutLifted(fired: readonly Fired[]): readonly Fired[] {
  if (!fired.some(({ rule }) => rule.rule.event.type === 'lift')) return fired;
  const lifted = new Set(fired.flatMap(({ rule }) => liftedBy(rule)));
  return fired.filter(({ rule }) => !lifted.has(rule.name));
}

export function outcomeOf(fired: readonly Fired[]): Outcome {
  const has = (effect: Effect): boolean =>
    fired.some(({ rule }) => rule.rule.event.type === effect);
  if (has('deny')) return 'deny';
  if (has('review')) return 'review';
  return has('defer') ? 'defer' : 'allow';
}

/** Reasons in the order in which rules were told; some belong to an allow alone. */
export function reasonsOf(
  fired: readonly Fired[],
  facts: Facts,
  outcome: Outcome,
): readonly Reason[] {
  const reasons: Reason[] = [];
  for (const { rule, named } of fired) {
    const effect = rule.rule.event.type;
    if (outcome !== 'allow' && accompaniesAllow(effect)) continue;
    const values: Partial<Record<FactName, FactValue>> = {};
    for (const name of named) values[name] = facts[name];
    reasons.push({
      article: rule.article,
      effect,
      facts: values,
      rule: rule.name,
      text: inOrder(rule.text),
    });
  }
  return reasons;
}

export function basisOf({ purpose, consent }: Situation): Basis | null {
  if (purpose === null) return null;
  return {
    article: basisArticles[purpose.basis],
    kind: purpose.basis,
    receipt: restsOnConsent(purpose.basis) ? consent.receipt : null,
  };
}

/** What an allow binds the caller to, with `unsubscribeUrl` where a rule requires it. */
export function obligationsOf(
  situation: Situation,
  fired: readonly Fired[],
  unsubscribeUrl: () => string,
): readonly Obligation[] {
  const { question, set } = situation;
  const obligations: Obligation[] = [];
  const excess = excessOf(question.data, permittedData(situation));
  const kept = question.data.filter((name) => !excess.includes(name));
  if (question.data.length > 0) obligations.push({ data: kept, kind: 'use-only-data' });
  if (excess.length > 0) obligations.push({ data: excess, kind: 'strip-data' });
  if (fired.some(({ rule }) => requires(rule, 'list-unsubscribe'))) {
    const post = 'List-Unsubscribe=One-Click';
    obligations.push({ kind: 'list-unsubscribe', post, url: unsubscribeUrl });
  }
  if (isContact(question.action)) obligations.push(...ofContacts(set.controller));
  return obligations;
}

const contactObligations = new WeakMap<Controller, readonly Obligation[]>();

/** The same objects every time, so that whoever writes them can do so once. */
function ofContacts(controller: Controller): readonly Obligation[] {
  const known = contactObligations.get(controller);
  if (known !== undefined) return known;
  const made: readonly Obligation[] = [
    { kind: 'identify-sender', name: controller.name },
    { kind: 'offer-human', url: controller.humanContact },
  ];
  contactObligations.set(controller, made);
  return made;
}

export function frequencyOf(uses: readonly CapUse[]): readonly FrequencyState[] {
  return uses.map(({ cap, used, resetsAt }) => ({
    cap: cap.name,
    max: cap.max,
    per: cap.per,
    resetsAt: toIsoOrNull(resetsAt),
    source: cap.source,
    used,
    window: cap.window,
  }));
}

/** When an unreported reservation lapses; null where it then counts as sent. */
export function lapseOf({ caps, at }: Situation): Instant | null {
  return ifUnreported(caps) === 'release' ? at + reportWithinMs : null;
}

function requires(rule: Rule, obligation: RequiredObligation): boolean {
  const { type, params } = rule.rule.event;
  return type === 'require' && params?.['obligation'] === obligation;
}

const ordered = new WeakMap<Text, Text>();

/** The same object for the same text, so that whoever writes it can do so once. */
function inOrder(text: Text): Text {
  const known = ordered.get(text);
  if (known !== undefined) return known;
  const made = { en: text.en, 'pt-BR': text['pt-BR'] };
  ordered.set(text, made);
  return made;
}
