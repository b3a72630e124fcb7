/**
 * Guardrails: what a controller wants of the texts that it sends or shows, most of all of those
 * that a machine wrote (LGPD arts. 6 and 11; CDC arts. 36 and 37). They are data: phrases, numbers
 * and hosts, and never patterns, so that no text can make judging it slow.
 */
import type { Channel } from '../policy.ts';
import type { Text } from '../text.ts';

/** Who wrote a text. */
export const textSources = ['person', 'template', 'llm'] as const;
export type TextSource = (typeof textSources)[number];

export const personalDataKinds = ['cpf', 'card', 'email', 'phone'] as const;
export type PersonalDataKind = (typeof personalDataKinds)[number];

/** Phrases that say one thing in many ways: a claim, a theme, a sign-off. */
export interface PhraseList {
  readonly name: string;
  readonly title: Text;
  /** As they are written; one that ends in `*` also stands for what goes on from there. */
  readonly phrases: readonly string[];
}

/** Null sets no limit. */
export interface ToneLimits {
  readonly lengthMax: number | null;
  /** Share of capitals among the letters. */
  readonly capitalsPercentMax: number | null;
  readonly exclamationMarksMax: number | null;
  readonly emojiMax: number | null;
  /** How often phrases of the list may occur. */
  readonly urgency: { readonly phrases: string; readonly max: number } | null;
}

/** It binds where everything in `match` agrees; a text of unknown source agrees with any. */
export interface Guardrail {
  readonly name: string;
  readonly match: {
    readonly purpose: string | null;
    readonly channel: Channel | null;
    readonly promotional: boolean | null;
    readonly generatedBy: TextSource | null;
  };
  /** Names of phrase lists, here and below. */
  readonly forbidden: readonly string[];
  /** Of each of these lists one phrase must occur. */
  readonly required: readonly string[];
  readonly sensitiveThemes: readonly string[];
  readonly tone: ToneLimits | null;
  readonly personalData: readonly PersonalDataKind[];
  /** The only hosts that links may lead to; null for any, an empty list for no link at all. */
  readonly linkHosts: readonly string[] | null;
}

/** A text that a person approved beforehand. */
export interface ApprovedExample {
  readonly name: string;
  readonly purpose: string;
  readonly channel: Channel;
  readonly text: string;
}

export interface Guardrails {
  /** How long the human queue keeps a text, as an ISO 8601 duration. */
  readonly reviews: { readonly keepFor: string };
  readonly phraseLists: readonly PhraseList[];
  readonly guardrails: readonly Guardrail[];
  /** E-mail addresses and phones of the controller, which are nobody's personal data. */
  readonly ownContacts: readonly string[];
  readonly examples: readonly ApprovedExample[];
}
