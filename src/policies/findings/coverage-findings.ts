/**
 * What no purpose and channel covers, and what covers no purpose and channel: contacts without any
 * limit or hours, texts that no guardrail looks at, and declarations that nothing refers to.
 */
import { ageBandAttribute, ageEvidenceAttribute } from '../../domain/guards/age.ts';
import { cityAttribute, stateAttribute } from '../../domain/calendar/state.ts';
import { zoneAttribute } from '../../domain/calendar/zone.ts';
import { hoursIn } from '../../domain/calendar/quiet-hours.ts';
import type { ChannelPolicy, Hours, PolicySet } from '../../domain/policy.ts';
import {
  activePurposes,
  type Contact,
  contactName,
  contactsOf,
  disturbing,
  isBound,
  isCovered,
  listed,
} from './contact.ts';
import type { Found } from './set-finding.ts';

export function coverageFindings(set: PolicySet): readonly Found[] {
  return [
    ...uncapped(set),
    ...unboundHours(set),
    ...unsharedHours(set),
    ...unguarded(set),
    ...unusedChannels(set),
    ...unusedRegistries(set),
    ...unusedRecipients(set),
    ...unusedPhrases(set),
    ...unusedAttributes(set),
  ];
}

/** By the purpose, so that one finding tells all its channels. */
function byPurpose(contacts: readonly Contact[]): readonly (readonly Contact[])[] {
  const groups = new Map<string, Contact[]>();
  for (const contact of contacts) {
    const { id } = contact.purpose;
    groups.set(id, [...(groups.get(id) ?? []), contact]);
  }
  return [...groups.values()];
}

function channelsOf(contacts: readonly Contact[]): string {
  return contacts.map(({ channel }) => channel).join(', ');
}

function purposeFile({ purpose }: Contact): string {
  return `purposes/${purpose.id}.yaml`;
}

function isPromotion({ purpose }: Contact): boolean {
  return purpose.promotional && purpose.actions.includes('send');
}

function uncapped(set: PolicySet): readonly Found[] {
  const free = contactsOf(set).filter((contact) => {
    const isCapped = set.caps.some(({ match }) => isCovered(match, contact));
    return isPromotion(contact) && contact.purpose.frequency === null && !isCapped;
  });
  return byPurpose(free).flatMap((contacts): Found[] => {
    const [first] = contacts;
    if (first === undefined) return [];
    const at = { file: purposeFile(first), way: ['channels'] };
    const message = `promotions by ${channelsOf(contacts)} have no limit at all`;
    const advice = 'a cap in caps.yaml, or a frequency of the purpose';
    return [{ code: 'contact-uncapped', at, message, advice }];
  });
}

const minutesOfDay = 24 * 60;

function isRoundTheClock({ permitted, holidays }: ChannelPolicy): boolean {
  const always = (hours: Hours | null): boolean =>
    hours !== null && hours.from === 0 && hours.to === minutesOfDay;
  return holidays === 'open' && permitted.every(always);
}

function unboundHours(set: PolicySet): readonly Found[] {
  return [...set.channels.values()].flatMap((policy): Found[] => {
    const contacts = contactsOf(set).filter(
      (contact) => contact.channel === policy.channel && isPromotion(contact),
    );
    if (!disturbing.has(policy.channel) || contacts.length === 0) return [];
    if (!isRoundTheClock(policy)) return [];
    const at = { file: 'channels.yaml', way: ['channels', policy.channel] };
    const reached = listed(contacts.map(contactName));
    const message = `promotions reach people at night and on holidays: ${reached}`;
    return [{ code: 'hours-unbound', at, message, advice: 'hours, and holidays: closed' }];
  });
}

/** Of a person whose state nobody knows, only hours that all states share are permitted. */
function unsharedHours(set: PolicySet): readonly Found[] {
  return [...set.channels.values()].flatMap((policy): Found[] => {
    const bound = contactsOf(set).filter(
      (contact) => contact.channel === policy.channel && isBound(policy, contact),
    );
    const shared = hoursIn(policy, null).permitted.some((hours) => hours !== null);
    if (bound.length === 0 || shared) return [];
    const at = { file: 'channels.yaml', way: ['channels', policy.channel, 'byState'] };
    const message = 'the hours of the states have none in common: unknown states never get any';
    return [{ code: 'hours-never-shared', at, message, advice: 'an hour that all of them have' }];
  });
}

function unguarded(set: PolicySet): readonly Found[] {
  const { guardrails } = set;
  const free = contactsOf(set).filter(
    (contact) =>
      isPromotion(contact) &&
      guardrails?.guardrails.some(({ match }) => isCovered(match, contact)) !== true,
  );
  return byPurpose(free).flatMap((contacts): Found[] => {
    const [first] = contacts;
    if (first === undefined) return [];
    const at = { file: purposeFile(first), way: ['channels'] };
    const message = `no guardrail looks at promotional texts by ${channelsOf(contacts)}`;
    return [{ code: 'text-unguarded', at, message, advice: 'a guardrail in guardrails.yaml' }];
  });
}

function unusedChannels(set: PolicySet): readonly Found[] {
  const used = new Set(activePurposes(set).flatMap(({ channels }) => channels));
  return [...set.channels.keys()].flatMap((channel): Found[] => {
    if (used.has(channel)) return [];
    const at = { file: 'channels.yaml', way: ['channels', channel] };
    const message = `no active purpose uses the channel "${channel}"`;
    const advice = 'the channel of a purpose, or no entry';
    return [{ code: 'channel-unused', at, message, advice }];
  });
}

function unusedRegistries(set: PolicySet): readonly Found[] {
  const contacts = contactsOf(set);
  return set.registries.flatMap(({ id, channels, appliesTo }): Found[] => {
    const met = contacts.some(
      ({ purpose, channel }) =>
        channels.some((each) => each === channel) && (appliesTo === 'all' || purpose.promotional),
    );
    if (met) return [];
    const at = { file: 'registries.yaml', way: ['registries', { key: 'id', is: id }] };
    const message = `the registry "${id}" stands against no contact of any purpose`;
    const advice = 'check its channels and whom it binds';
    return [{ code: 'registry-unused', at, message, advice }];
  });
}

function unusedRecipients(set: PolicySet): readonly Found[] {
  const used = new Set([...set.purposes.values()].flatMap(({ recipients }) => recipients));
  return [...set.recipients.keys()].flatMap((id): Found[] => {
    if (used.has(id)) return [];
    const at = { file: `recipients/${id}.yaml`, way: ['id'] };
    const message = `no purpose shares data with "${id}"`;
    const advice = 'list it in a purpose, or remove the file';
    return [{ code: 'recipient-unused', at, message, advice }];
  });
}

/** What the gate itself asks for, of people and not for a purpose. */
const gateAttributes: ReadonlySet<string> = new Set([
  ageBandAttribute,
  ageEvidenceAttribute,
  stateAttribute,
  cityAttribute,
  zoneAttribute,
]);

/** LGPD art. 6, I and III: what serves no purpose is not held. */
function unusedAttributes(set: PolicySet): readonly Found[] {
  const used = new Set([...set.purposes.values()].flatMap(({ data }) => data));
  return [...set.attributes.values()].flatMap(({ name, storedBy }): Found[] => {
    if (used.has(name) || gateAttributes.has(name)) return [];
    const at = { file: 'data.yaml', way: ['attributes', { key: 'name', is: name }] };
    const held = storedBy === 'porteiro';
    const message = held
      ? `"${name}" is kept here and no purpose uses it (LGPD art. 6, III)`
      : `no purpose uses "${name}": whoever asks for it does not get it`;
    const code = held ? 'attribute-unused' : 'attribute-unused-elsewhere';
    return [{ code, at, message, advice: 'list it in a purpose, or remove it' }];
  });
}

function unusedPhrases({ guardrails }: PolicySet): readonly Found[] {
  if (guardrails === null) return [];
  const used = new Set(
    guardrails.guardrails.flatMap(({ forbidden, required, sensitiveThemes, tone }) => [
      ...forbidden,
      ...required,
      ...sensitiveThemes,
      ...(tone?.urgency ? [tone.urgency.phrases] : []),
    ]),
  );
  return guardrails.phraseLists.flatMap(({ name }): Found[] => {
    if (used.has(name)) return [];
    const at = { file: 'guardrails.yaml', way: ['phraseLists', { key: 'name', is: name }] };
    const message = `no guardrail looks for the phrases of "${name}"`;
    return [{ code: 'phrases-unused', at, message, advice: 'name it in a guardrail' }];
  });
}
