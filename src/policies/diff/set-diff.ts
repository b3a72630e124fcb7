/**
 * What differs between two policy sets, thing by thing and field by field, each with a sentence
 * for people, and what it does to consents that stand.
 */
import type { Experiment } from '../../domain/experiments/experiment.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { ChannelPolicy, Notice, PolicySet } from '../../domain/policy.ts';
import type { Rule } from '../../domain/rule.ts';
import type { Text } from '../../domain/text.ts';
import { conditionsOf } from '../../rules/named-condition.ts';
import { type ConsentEffect, consentEffects } from './consent-effect.ts';
import type { Area } from './names.ts';
import { sentenceOf, sentenceOfField } from './sentence.ts';

export interface FieldChange {
  /** `frequency.default`, for example. */
  readonly field: string;
  readonly from: Json;
  readonly to: Json;
  readonly text: Text;
}

export interface ThingChange {
  readonly area: Area;
  readonly id: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Empty where the thing as a whole came or went. */
  readonly fields: readonly FieldChange[];
  /** Of the thing as a whole; null where its fields changed, which have texts of their own. */
  readonly text: Text | null;
}

export interface SetDiff {
  readonly from: string;
  readonly to: string;
  readonly changes: readonly ThingChange[];
  readonly consents: readonly ConsentEffect[];
}

export function diffSets(from: PolicySet, to: PolicySet): SetDiff {
  const [before, after] = [thingsOf(from), thingsOf(to)];
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  const changes = keys.flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    return changeOf(was, is, { from, to });
  });
  return { from: from.digest, to: to.digest, changes, consents: consentEffects(from, to) };
}

interface Thing {
  readonly area: Area;
  readonly id: string;
  readonly fields: JsonObject;
}

interface Sets {
  readonly from: PolicySet;
  readonly to: PolicySet;
}

function changeOf(was: Thing | undefined, is: Thing | undefined, sets: Sets): ThingChange[] {
  const thing = is ?? was;
  if (thing === undefined) return [];
  const { area, id } = thing;
  if (was === undefined || is === undefined) {
    const change = was === undefined ? 'added' : 'removed';
    const set = was === undefined ? sets.to : sets.from;
    return [{ area, id, change, fields: [], text: sentenceOf({ area, id, change }, set) }];
  }
  const fields = fieldChanges(was.fields, is.fields).map((change) => {
    return { ...change, text: sentenceOfField({ area, id }, change, sets.to) };
  });
  return fields.length === 0 ? [] : [{ area, id, change: 'changed', fields, text: null }];
}

/** Every thing of a set under a key of its own, in the order in which people read them. */
function thingsOf(set: PolicySet): ReadonlyMap<string, Thing> {
  const things: Thing[] = [
    thing('controller', 'controller', set.controller),
    ...[...set.purposes.values()].map((purpose) => thing('purpose', purpose.id, purpose)),
    ...[...set.notices.values()].flat().map(noticeThing),
    ...set.caps.map(({ name, max, per, ...cap }) =>
      thing('cap', name, { ...cap, limit: { max, per } }),
    ),
    ...[...set.channels.values()].map(({ permitted, ...policy }) =>
      thing('channel', policy.channel, { ...policy, permitted: byWeekday(permitted) }),
    ),
    ...[...set.attributes.values()].map((attribute) =>
      thing('attribute', attribute.name, attribute),
    ),
    ...[...set.balancingTests.values()].map((test) => thing('balancing-test', test.id, test)),
    ...[...set.retention.values()].map((entry) => thing('retention', entry.name, entry)),
    ...[...set.recipients.values()].map((recipient) => thing('recipient', recipient.id, recipient)),
    ...set.registries.map((registry) => thing('registry', registry.id, registry)),
    ...set.calendars.map((calendar) => thing('calendar', calendar.id, calendar)),
    ...set.exclusions.map(({ consent: refusal, for: term, ...exclusion }) =>
      thing('exclusion', exclusion.name, { ...exclusion, refusal, term }),
    ),
    ...set.experiments.map(experimentThing),
    ...(set.duplicates === null ? [] : [thing('duplicates', 'duplicates', set.duplicates)]),
    ...guardrailThings(set),
    ...set.rules.map(ruleThing),
  ];
  return new Map(things.map((each) => [`${each.area} ${each.id}`, each]));
}

/** Fields that are the id of a thing. */
const idFields: Readonly<Partial<Record<Area, string>>> = {
  channel: 'channel',
  attribute: 'name',
  retention: 'name',
  exclusion: 'name',
  'phrase-list': 'name',
  guardrail: 'name',
  example: 'name',
};

/** By way of its text, so that what is compared is what the digest was taken of. */
function thing(area: Area, id: string, value: object): Thing {
  const plain = JSON.parse(JSON.stringify(value)) as JsonObject;
  const named = idFields[area] ?? 'id';
  const fields = Object.entries(plain).filter(([key]) => key !== named);
  return { area, id, fields: Object.fromEntries(fields) };
}

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

function byWeekday(permitted: ChannelPolicy['permitted']): object {
  return Object.fromEntries(weekdays.map((day, index) => [day, permitted[index] ?? null]));
}

/** Texts by their digests: whoever wants to read them has the files. */
function noticeThing({ id, version, material, texts }: Notice): Thing {
  const portuguese = texts['pt-BR']?.digest ?? null;
  const english = texts.en?.digest ?? null;
  return thing('notice', `${id}.v${version}`, { material, portuguese, english });
}

/** Its variants as people read them: `A (1)`, with the weight. */
function experimentThing({ variants, ...experiment }: Experiment): Thing {
  const written = variants.map(({ name, weight }) => `${name} (${weight})`);
  return thing('experiment', experiment.id, { ...experiment, variants: written });
}

function guardrailThings({ guardrails }: PolicySet): readonly Thing[] {
  if (guardrails === null) return [];
  const { examples, guardrails: each, ownContacts, phraseLists, reviews } = guardrails;
  return [
    thing('guardrails', 'guardrails', { ownContacts, reviews }),
    ...phraseLists.map((list) => thing('phrase-list', list.name, list)),
    ...each.map((guardrail) => thing('guardrail', guardrail.name, guardrail)),
    ...examples.map((example) => thing('example', example.name, example)),
  ];
}

function ruleThing({ name, rule, named, ...header }: Rule): Thing {
  const { event, priority = 1 } = rule;
  const { type: effect, params = {} } = event;
  // Conditions are compared as a whole: half of a condition says nothing.
  const whole = JSON.stringify(conditionsOf({ rule, ...(named === undefined ? {} : { named }) }));
  const required = JSON.stringify(params);
  return thing('rule', name, { ...header, effect, params: required, priority, conditions: whole });
}

type Difference = Omit<FieldChange, 'text'>;

function fieldChanges(from: JsonObject, to: JsonObject, way = ''): readonly Difference[] {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return names.flatMap((name) => {
    const [was = null, is = null] = [from[name], to[name]];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    const field = way === '' ? name : `${way}.${name}`;
    // A part that comes or goes is told by what is in it.
    if (isBranch(was) && (is === null || isBranch(is))) return fieldChanges(was, is ?? {}, field);
    if (was === null && isBranch(is)) return fieldChanges({}, is, field);
    return [{ field, from: was, to: is }];
  });
}

/** Values that people read as one: a limit, hours, a text in both languages. */
const wholes = ['en,pt-BR', 'max,per', 'from,to', 'id,version'];

function isBranch(value: Json): value is JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !wholes.includes(Object.keys(value).toSorted().join());
}
