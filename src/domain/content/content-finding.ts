/**
 * GivenText findings: what the guardrails that bind a text say of it. They name lists and kinds of
 * the policy and hold no word of the text, so that a record may keep them.
 */
import type { Channel } from '../policy.ts';
import { foldText, plainText, sameText } from './folded-text.ts';
import {
  type Guardrail,
  type Guardrails,
  type PersonalDataKind,
  personalDataKinds,
  type TextSource,
} from './guardrail.ts';
import { linkHostsIn } from './link.ts';
import { isSamePhone, personalDataIn, phoneIn } from './personal-data.ts';
import { countPhrases, type PhraseTree, phraseTree } from './phrase.ts';
import { excessesOf, type Tone, type ToneExcess, toneOf } from './tone.ts';

/** What a person said of a text: `once` for one act, `example` for all. */
export const approvals = ['none', 'pending', 'once', 'example', 'rejected'] as const;
export type Approval = (typeof approvals)[number];

export interface ContentFindings {
  readonly generatedBy: TextSource | 'none';
  readonly approval: Approval;
  readonly forbidden: readonly string[];
  /** Required lists of which no phrase occurs. */
  readonly missing: readonly string[];
  readonly tone: readonly ToneExcess[];
  readonly personalData: readonly PersonalDataKind[];
  readonly sensitiveThemes: readonly string[];
  readonly unlistedLinksCount: number;
}

/** A text to be judged, and for whom and what it is. */
export interface GivenText {
  readonly text: string;
  /** Null where it is not stated: the text is then held to the guardrails of every source. */
  readonly generatedBy: TextSource | null;
  readonly approval: Approval;
  /** Whether a phone, in E.164, is that of the person addressed. */
  readonly isOwnPhone: (phone: string) => boolean;
}

export interface ContentPlace {
  readonly purpose: string;
  readonly channel: Channel;
  readonly promotional: boolean;
}

const nothing: readonly never[] = [];

export const noFindings: ContentFindings = {
  generatedBy: 'none',
  approval: 'none',
  forbidden: nothing,
  missing: nothing,
  tone: nothing,
  personalData: nothing,
  sensitiveThemes: nothing,
  unlistedLinksCount: 0,
};

export function contentFindings(
  guardrails: Guardrails,
  content: GivenText,
  place: ContentPlace,
): ContentFindings {
  const prepared = prepare(guardrails);
  const { generatedBy } = content;
  const asksExamples = prepared.examples.size > 0 && content.approval === 'none';
  const isExample = asksExamples && prepared.examples.has(exampleKey(place, content.text));
  const approval = isExample ? 'example' : content.approval;
  const told = { ...noFindings, generatedBy: generatedBy ?? 'none', approval } as const;
  const binding = guardrails.guardrails.filter((each) => binds(each, place, generatedBy));
  if (binding.length === 0) return told;
  const seen = look(prepared, content);
  return {
    ...told,
    forbidden: unique(binding.flatMap(({ forbidden }) => forbidden.filter(seen.has))),
    missing: unique(binding.flatMap(({ required }) => required.filter((name) => !seen.has(name)))),
    tone: unique(binding.flatMap(({ tone }) => (tone === null ? [] : seen.excesses(tone)))),
    personalData: personalDataKinds.filter(
      (kind) => binding.some(({ personalData }) => personalData.includes(kind)) && seen.gives(kind),
    ),
    sensitiveThemes: unique(
      binding.flatMap(({ sensitiveThemes }) => sensitiveThemes.filter(seen.has)),
    ),
    unlistedLinksCount: seen.linksOutside(binding),
  };
}

function binds({ match }: Guardrail, place: ContentPlace, generatedBy: TextSource | null): boolean {
  const agrees = <T>(wanted: T | null, given: T): boolean => wanted === null || wanted === given;
  return (
    agrees(match.purpose, place.purpose) &&
    agrees(match.channel, place.channel) &&
    agrees(match.promotional, place.promotional) &&
    (generatedBy === null || agrees(match.generatedBy, generatedBy))
  );
}

interface Prepared {
  readonly tree: PhraseTree;
  readonly examples: ReadonlySet<string>;
  readonly ownPhones: readonly string[];
  readonly ownEmails: ReadonlySet<string>;
}

const preparedOnce = new WeakMap<Guardrails, Prepared>();

function prepare(guardrails: Guardrails): Prepared {
  const known = preparedOnce.get(guardrails);
  if (known !== undefined) return known;
  const { ownContacts, examples, phraseLists } = guardrails;
  const made: Prepared = {
    tree: phraseTree(phraseLists),
    examples: new Set(examples.map((example) => exampleKey(example, example.text))),
    ownPhones: ownContacts.flatMap((contact) => phoneIn(contact) ?? []),
    ownEmails: new Set(ownContacts.map((contact) => contact.toLowerCase())),
  };
  preparedOnce.set(guardrails, made);
  return made;
}

function exampleKey(place: Pick<ContentPlace, 'purpose' | 'channel'>, text: string): string {
  return `${place.purpose} ${place.channel} ${sameText(text)}`;
}

interface Seen {
  /** Whether a phrase of the list occurs. */
  readonly has: (list: string) => boolean;
  readonly gives: (kind: PersonalDataKind) => boolean;
  readonly excesses: (limits: NonNullable<Guardrail['tone']>) => readonly ToneExcess[];
  readonly linksOutside: (binding: readonly Guardrail[]) => number;
}

/** Looks at a text once, whatever the number of guardrails; and only for what they ask. */
function look(prepared: Prepared, { text, isOwnPhone }: GivenText): Seen {
  const plain = plainText(text);
  const counts = countPhrases(prepared.tree, foldText(text));
  const isOwn = (kind: PersonalDataKind, value: string): boolean =>
    kind === 'phone'
      ? prepared.ownPhones.some((own) => isSamePhone(value, own)) || isOwnPhone(value)
      : kind === 'email' && prepared.ownEmails.has(value);
  let given: ReadonlySet<PersonalDataKind> | null = null;
  let tone: Tone | null = null;
  let hosts: readonly string[] | null = null;
  return {
    has: (list) => counts.has(list),
    gives: (kind) => {
      given ??= new Set(
        personalDataIn(plain).flatMap((datum) =>
          isOwn(datum.kind, datum.value) ? [] : [datum.kind],
        ),
      );
      return given.has(kind);
    },
    excesses: (limits) => {
      tone ??= toneOf(text);
      return excessesOf(tone, limits, (list) => counts.get(list) ?? 0);
    },
    linksOutside: (binding) => {
      const limits = binding.flatMap(({ linkHosts }) => (linkHosts === null ? [] : [linkHosts]));
      if (limits.length === 0) return 0;
      hosts ??= linkHostsIn(plain);
      return hosts.filter((host) => limits.some((listed) => !listed.includes(host))).length;
    },
  };
}

function unique<T extends string>(names: readonly T[]): readonly T[] {
  return names.length === 0 ? nothing : [...new Set(names)].sort();
}
