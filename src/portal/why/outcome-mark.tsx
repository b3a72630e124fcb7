/** The outcome in a word; a frame sets it apart, and no colour says what the word does not. */
import type { VNode } from 'preact';
import type { Outcome } from '../../domain/decision.ts';
import type { Locale } from '../../domain/text.ts';
import { whyWords } from '../words/why-words.ts';

interface OutcomeMarkProps {
  readonly outcome: Outcome;
  readonly locale: Locale;
}

export function OutcomeMark({ outcome, locale }: OutcomeMarkProps): VNode {
  return (
    <strong class={outcome === 'allow' ? 'badge yes' : 'badge'}>
      {whyWords[locale].outcomes[outcome]}
    </strong>
  );
}
