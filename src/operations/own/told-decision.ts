/**
 * A decision as the person it is about is told it (LGPD arts. 9, 19 and 20, §1): from its record
 * and the policies of then, so that it reads the same in five years.
 */
import { fromIso, type Instant } from '../../domain/calendar/instant.ts';
import type { PassedOverFor } from '../../domain/answer/choice.ts';
import type { Outcome } from '../../domain/decision.ts';
import type { Action, Channel, LegalBasis, PolicySet } from '../../domain/policy.ts';
import type { Text } from '../../domain/text.ts';
import type { components } from '../wire.ts';

type Criteria = components['schemas']['Criteria'];
type Content = components['schemas']['ContentSeen'];
type DecisionRecord = components['schemas']['DecisionRecord'];

/** Its line in the list. */
export interface DecisionLine {
  readonly id: string;
  readonly at: Instant;
  readonly outcome: Outcome;
  readonly action: Action;
  readonly channel: Channel;
  readonly purpose: string;
  /** What the purpose is called. */
  readonly title: Text;
  readonly explanation: Text;
}

export interface ToldReason {
  readonly article: string;
  readonly text: Text;
}

/** An act that was weighed up as well, and not chosen. */
export interface ToldCandidate {
  readonly title: Text;
  readonly channel: Channel;
  readonly why: PassedOverFor;
  readonly explanation: Text;
}

export interface ToldDecision extends DecisionLine {
  readonly basis: LegalBasis | null;
  /** Titles of the data that could be used, and of those that were asked for and held back. */
  readonly used: readonly Text[];
  readonly withheld: readonly Text[];
  readonly recipient: string | null;
  readonly reasons: readonly ToldReason[];
  readonly criteria: Criteria | null;
  readonly content: Content | null;
  readonly others: readonly ToldCandidate[];
  /** What was reported of the act; null where nothing was yet. */
  readonly result: 'sent' | 'failed' | 'cancelled' | null;
}

interface Line extends Omit<DecisionLine, 'at' | 'title'> {
  readonly decidedAt: string;
}

export function lineOf(line: Line, set: PolicySet): DecisionLine {
  const { id, outcome, action, channel, purpose, explanation } = line;
  const at = fromIso(line.decidedAt) ?? 0;
  const title = titleOf(purpose, set);
  return { id, at, outcome, action, channel, purpose, title, explanation };
}

export function toldDecision(record: DecisionRecord, set: PolicySet): ToldDecision {
  const { basis, explanation, obligations, outcome, request } = record;
  const isAllowed = outcome === 'allow';
  const titles = (names: readonly string[]): readonly Text[] =>
    names.map((name) => set.attributes.get(name)?.title ?? plain(name));
  const { recipient = null } = request;
  return {
    ...lineOf({ ...request, ...record, explanation }, set),
    basis: isAllowed ? (basis?.kind ?? null) : null,
    used: titles(dataOf(obligations, 'use-only-data')),
    withheld: titles(isAllowed ? dataOf(obligations, 'strip-data') : request.data),
    recipient: recipient === null ? null : (set.recipients.get(recipient)?.name ?? recipient),
    reasons: record.reasons.map(({ article, text }) => ({ article, text })),
    criteria: request.criteria,
    content: request.content,
    others: othersIn(record, set),
    result: record.outcomes[0]?.result ?? null,
  };
}

function dataOf(
  obligations: DecisionRecord['obligations'],
  kind: 'use-only-data' | 'strip-data',
): readonly string[] {
  return obligations.flatMap((each) => (each.kind === kind && 'data' in each ? each.data : []));
}

function othersIn(record: DecisionRecord, set: PolicySet): readonly ToldCandidate[] {
  const { candidates = [], passedOver = [] } = record;
  return passedOver.flatMap(({ candidate, why, explanation }) => {
    const seen = candidates.find((each) => each.candidate === candidate);
    if (seen === undefined) return [];
    return [{ title: titleOf(seen.purpose, set), channel: seen.channel, why, explanation }];
  });
}

function titleOf(purpose: string, set: PolicySet): Text {
  return set.purposes.get(purpose)?.title ?? plain(purpose);
}

/** What no policy gives a title stands by its name. */
function plain(name: string): Text {
  return { 'pt-BR': name, en: name };
}
