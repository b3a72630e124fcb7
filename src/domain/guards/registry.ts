/**
 * Do-not-contact registries of the states: numbers on them get no offers by phone or message, from
 * some day after their enrolment on. A list that is too old, or a number that is not known, cannot
 * be checked, and then nothing is sent to people of those states.
 */
import { civilDate } from '../calendar/instant.ts';
import type { State } from '../calendar/state.ts';
import { localTime } from '../calendar/zone.ts';
import type { Channel } from '../policy.ts';
import { isContact, type Situation } from '../situation.ts';
import type { Text } from '../text.ts';
import type { RegistryList } from './registry-list.ts';

export interface Registry {
  readonly id: string;
  readonly title: Text;
  readonly law: string;
  readonly states: readonly State[];
  readonly channels: readonly Channel[];
  readonly appliesTo: 'promotional' | 'all';
  /** A number is blocked from so many days after its enrolment on. */
  readonly effectiveAfterDays: number;
  readonly obtainedOn: string;
  /** How old the list may be. */
  readonly maximumAgeDays: number;
}

/** By the id of their registry. */
export type RegistryLists = ReadonlyMap<string, RegistryList>;

export const registryStatuses = ['not_needed', 'clear', 'unknown', 'outdated', 'listed'] as const;
export type RegistryStatus = (typeof registryStatuses)[number];

export interface RegistryFinding {
  readonly status: RegistryStatus;
  /** Registries that stand against the contact. */
  readonly names: readonly string[];
}

const notNeeded: RegistryFinding = { status: 'not_needed', names: [] };
const clear: RegistryFinding = { status: 'clear', names: [] };

/** The worst that any registry says, and those that say it. */
export function registryFinding(situation: Situation): RegistryFinding {
  const { registries } = situation.set;
  if (registries.length === 0 || !isContact(situation.question.action)) return notNeeded;
  let worst: RegistryFinding = notNeeded;
  for (const registry of registries) {
    if (!concerns(registry, situation)) continue;
    const status = statusOf(registry, situation);
    const difference = registryStatuses.indexOf(status) - registryStatuses.indexOf(worst.status);
    if (status === 'clear') worst = difference > 0 ? clear : worst;
    else if (difference > 0) worst = { status, names: [registry.id] };
    else if (difference === 0) worst = { status, names: [...worst.names, registry.id] };
  }
  return worst;
}

function concerns({ channels, appliesTo }: Registry, { question, purpose }: Situation): boolean {
  if (purpose === null || !channels.includes(question.channel)) return false;
  return appliesTo === 'all' || purpose.promotional;
}

function statusOf(registry: Registry, situation: Situation): RegistryStatus {
  const { set, at, registryLists, phones, contact } = situation;
  const list = registryLists.get(registry.id);
  const local = localTime(set.controller.timeZone, at);
  const inReach = situation.state === null || registry.states.includes(situation.state);
  if (list === undefined || local === null) return inReach ? 'outdated' : 'clear';
  const asked = contact?.kind === 'phone' ? contact.hash : null;
  let numbers = 0;
  for (const { hash, state } of phones) {
    if (asked !== null && hash !== asked) continue;
    numbers += 1;
    if (list.isListed(hash, local.day, registry.effectiveAfterDays)) return 'listed';
    if (isOutdated(registry, local.day) && state !== null && registry.states.includes(state)) {
      return 'outdated';
    }
  }
  if (!inReach) return 'clear';
  if (isOutdated(registry, local.day)) return 'outdated';
  return numbers === 0 ? 'unknown' : 'clear';
}

/** The last day on which the list may still be used is the one that is as old as it may be. */
function isOutdated({ obtainedOn, maximumAgeDays }: Registry, today: number): boolean {
  const oldest = civilDate(today - maximumAgeDays);
  return obtainedOn < oldest;
}
