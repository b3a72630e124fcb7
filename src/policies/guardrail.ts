/**
 * policies/guardrails.yaml: what texts must say, may not say and may not give away. The file may be
 * left out; no text is judged then. Phrases are words and never patterns: what an owner writes
 * cannot make a decision slow.
 */
import type {
  ApprovedExample,
  Guardrail,
  Guardrails,
  PhraseList,
  ToneLimits,
} from '../domain/content/guardrail.ts';
import { personalDataKinds, textSources } from '../domain/content/guardrail.ts';
import { plainText } from '../domain/content/folded-text.ts';
import { phoneIn } from '../domain/content/personal-data.ts';
import {
  isOpenEnded,
  phraseLetters,
  phraseLengthMax,
  phraseLettersMin,
} from '../domain/content/phrase.ts';
import { channels } from '../domain/policy.ts';
import { suggestion } from '../rules/nearest-name.ts';
import { bilingual, duration, id } from './format.ts';
import {
  type Found,
  flag,
  integer,
  list,
  nullable,
  oneOf,
  optional,
  record,
  type Shape,
  text,
} from './shape.ts';

/** The contract's longest text. */
const textLengthMax = 20_000;
const listsMax = 200;
const phrasesMax = 500;
const guardrailsMax = 100;
const examplesMax = 500;

const phrase: Shape<string> = text(
  `a phrase of up to ${phraseLengthMax} characters, ${phraseLettersMin} of them letters or digits`,
  (value) => {
    const letters = phraseLetters(value).length;
    return value.length <= phraseLengthMax && letters >= phraseLettersMin;
  },
);

const host: Shape<string> = text(
  'a host in lower case without scheme, port and path, such as www.loja.example',
  (value) =>
    /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*$/.test(value),
);

const ownContact: Shape<string> = text(
  'an e-mail address, or a phone with area code such as +55 11 3000-0000',
  (value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) || phoneIn(plainText(value)) !== null,
);

const exampleText: Shape<string> = text(
  `a text of up to ${textLengthMax} characters`,
  (value) => value.trim() !== '' && value.length <= textLengthMax,
);

const phraseList: Shape<PhraseList> = record<PhraseList>(
  { name: id, title: bilingual, phrases: list(phrase, { min: 1, max: phrasesMax }) },
  { declare: declareList },
);

const unlimited = <T>(shape: Shape<T>): Shape<T | null> => optional(nullable(shape), null);

const tone: Shape<ToneLimits> = record<ToneLimits>({
  lengthMax: unlimited(integer(1, textLengthMax)),
  capitalsPercentMax: unlimited(integer(0, 100)),
  exclamationMarksMax: unlimited(integer(0, 100)),
  emojiMax: unlimited(integer(0, 100)),
  urgency: unlimited(
    record<NonNullable<ToneLimits['urgency']>>(
      { phrases: id, max: integer(0, 100) },
      { check: checkUrgency },
    ),
  ),
});

const names = optional<readonly string[]>(list(id, { min: 0, max: listsMax }), []);

const match: Shape<Guardrail['match']> = record<Guardrail['match']>(
  {
    purpose: unlimited(id),
    channel: unlimited(oneOf(channels)),
    promotional: unlimited(flag),
    generatedBy: unlimited(oneOf(textSources)),
  },
  { check: (found) => checkPurpose(found, 'purpose') },
);

const guardrail: Shape<Guardrail> = record<Guardrail>(
  {
    name: id,
    match,
    forbidden: names,
    required: names,
    sensitiveThemes: names,
    tone: unlimited(tone),
    personalData: optional(list(oneOf(personalDataKinds), { min: 0, max: 4 }), []),
    linkHosts: unlimited(list(host, { min: 0, max: 200 })),
  },
  { declare: declareGuardrail, check: checkGuardrail },
);

const example: Shape<ApprovedExample> = record<ApprovedExample>(
  { name: id, purpose: id, channel: oneOf(channels), text: exampleText },
  { check: (found) => checkPurpose(found, 'purpose') },
);

export const guardrailsShape: Shape<Guardrails> = record<Guardrails>({
  reviews: record<Guardrails['reviews']>({ keepFor: duration }),
  phraseLists: list(phraseList, { min: 0, max: listsMax }),
  guardrails: list(guardrail, { min: 1, max: guardrailsMax }),
  ownContacts: optional<readonly string[]>(list(ownContact, { min: 0, max: 100 }), []),
  examples: optional<readonly ApprovedExample[]>(list(example, { min: 0, max: examplesMax }), []),
});

function declareList({ value, source, complain }: Found<PhraseList>): void {
  if (value.name !== undefined) {
    const { phraseLists } = source.reading.declared;
    if (phraseLists.has(value.name)) {
      complain('name', `"${value.name}" stands twice`, 'each name once');
    }
    phraseLists.add(value.name);
  }
  const seen = new Map<string, string>();
  for (const each of value.phrases ?? []) {
    const form = `${phraseLetters(each).join(' ')}${isOpenEnded(each) ? '*' : ''}`;
    const first = seen.get(form);
    if (first !== undefined) {
      const message = `has "${first}" and "${each}", which are one and the same`;
      complain('phrases', message, 'each phrase once: case, accents and spaces do not count');
    }
    seen.set(form, each);
  }
}

function declareGuardrail({ value, source, complain }: Found<Guardrail>): void {
  if (value.name === undefined) return;
  const { guardrails } = source.reading.declared;
  if (guardrails.has(value.name)) {
    complain('name', `"${value.name}" stands twice`, 'each name once');
  }
  guardrails.add(value.name);
}

/** One that asks for nothing would look like protection and give none. */
function checkGuardrail({ value, source, complain }: Found<Guardrail>): void {
  const { phraseLists } = source.reading.declared;
  for (const key of ['forbidden', 'required', 'sensitiveThemes'] as const) {
    for (const name of value[key] ?? []) {
      if (phraseLists.has(name)) continue;
      complain(key, `names "${name}", which is no phrase list`, suggestion(name, [...phraseLists]));
    }
  }
  const both = value.required?.find((name) => value.forbidden?.includes(name));
  if (both !== undefined) {
    complain('required', `asks for "${both}", which is forbidden as well`, 'one of the two');
  }
  const lists = [value.forbidden, value.required, value.sensitiveThemes, value.personalData];
  const asks =
    lists.some((each) => each === undefined || each.length > 0) ||
    value.linkHosts !== null ||
    (value.tone !== null && Object.values(value.tone ?? {}).some((limit) => limit !== null));
  if (!asks && value.tone !== undefined) {
    const expected = 'forbidden, required, sensitiveThemes, tone, personalData or linkHosts';
    complain('name', 'is that of a guardrail that asks for nothing', expected);
  }
}

function checkUrgency({
  value,
  source,
  complain,
}: Found<NonNullable<ToneLimits['urgency']>>): void {
  const { phraseLists } = source.reading.declared;
  if (value.phrases === undefined || phraseLists.has(value.phrases)) return;
  const expected = suggestion(value.phrases, [...phraseLists]);
  complain('phrases', `names "${value.phrases}", which is no phrase list`, expected);
}

interface Placed {
  readonly purpose: string | null;
  readonly channel: string | null;
  readonly promotional?: boolean | null;
}

function checkPurpose<T extends Placed>(
  { value, source, complain }: Found<T>,
  key: 'purpose',
): void {
  const { purposes } = source.reading.declared;
  if (typeof value.purpose !== 'string') return;
  const purpose = purposes.get(value.purpose);
  if (purpose === undefined) {
    const known = `one of ${[...purposes.keys()].sort().join(', ')}`;
    complain(key, `names "${value.purpose}", which no file declares`, known);
    return;
  }
  const { channel, promotional } = value;
  if (typeof channel === 'string' && !(purpose.channels ?? [channel]).some((c) => c === channel)) {
    const expected = `one of ${(purpose.channels ?? []).join(', ')}`;
    complain('channel', `is "${channel}", which ${value.purpose} does not use`, expected);
  }
  if (typeof promotional === 'boolean' && purpose.promotional === !promotional) {
    const message = `is ${promotional}, but ${value.purpose} says promotional: ${!promotional}`;
    complain('promotional', message, `${!promotional}, or leave the key out`);
  }
}
