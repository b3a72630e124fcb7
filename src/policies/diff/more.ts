/** What is said of a thing that comes or goes, beside its name: enough to know what it does. */
import type { Json } from '../../domain/json.ts';
import { channelNames } from '../../domain/answer/explanation.ts';
import type { Channel, PolicySet } from '../../domain/policy.ts';
import type { Locale, Text } from '../../domain/text.ts';
import { capName, type Named } from './names.ts';
import { rate, said, saidMinutes } from './said.ts';

type Words = (locale: Locale) => string;

/** Null where the name says it all. */
export function moreOf({ area, id }: Named, set: PolicySet): Words | null {
  switch (area) {
    case 'cap':
      return moreOfCap(id, set);
    case 'rule':
      return moreOfRule(id, set);
    case 'exclusion':
      return moreOfExclusion(id, set);
    case 'experiment':
      return moreOfExperiment(id, set);
    case 'duplicates':
      return moreOfDuplicates(set);
    case 'purpose':
      return listed(set.purposes.get(id), ({ basis, channels }) => [basis, ...channels]);
    case 'channel':
      return listed(
        [...set.channels.values()].find(({ channel }) => channel === id),
        ({ permitted, holidays, quietAction }) => [{ permitted, holidays }, quietAction],
      );
    case 'retention':
      return listed(set.retention.get(id), ({ duration, action }) => [duration, action]);
    case 'recipient':
      return listed(set.recipients.get(id), ({ country, role, data }) => [country, role, ...data]);
    case 'registry':
      return listed(
        set.registries.find((each) => each.id === id),
        ({ states, channels }) => [...states, ...channels],
      );
    case 'calendar':
      return listed(
        set.calendars.find((each) => each.id === id),
        ({ states, cities }) => [...states, ...cities],
      );
    default:
      return null;
  }
}

function moreOfCap(id: string, set: PolicySet): Words | null {
  const cap = set.caps.find(({ name }) => name === id);
  if (cap === undefined) return null;
  const { max, per } = cap;
  return (locale) => `${capName(cap, set)[locale]}, ${rate({ max, per }, locale)}`;
}

function moreOfRule(id: string, { rules }: PolicySet): Words | null {
  const rule = rules.find(({ name }) => name === id);
  return rule === undefined ? null : (locale) => rule.text[locale].replace(/\.$/, '');
}

function moreOfDuplicates({ duplicates }: PolicySet): Words | null {
  return duplicates === null ? null : (locale) => saidMinutes(duplicates.withinMinutes, locale);
}

function listed<Thing>(
  thing: Thing | undefined,
  partsOf: (thing: Thing) => readonly unknown[],
): Words | null {
  if (thing === undefined) return null;
  const parts = JSON.parse(JSON.stringify(partsOf(thing))) as readonly Json[];
  if (parts.length === 0) return null;
  return (locale) => parts.map((part) => said(part, locale)).join(', ');
}

/** "10% ficam sem Promoções e ofertas por WhatsApp, de 2026-10-01 a 2026-10-31". */
function moreOfExperiment(id: string, set: PolicySet): Words | null {
  const experiment = set.experiments.find((each) => each.id === id);
  if (experiment === undefined) return null;
  const { from, to, holdoutPercent } = experiment;
  return (locale) => {
    const reach = reachWords(experiment, set, locale);
    return locale === 'en'
      ? `${holdoutPercent}% go without ${reach}, from ${from} to ${to}`
      : `${holdoutPercent}% ficam sem ${reach}, de ${from} a ${to}`;
  };
}

/** Titles, then ways: "Promoções e ofertas por WhatsApp, por e-mail". */
function reachWords(
  reach: { readonly purposes: readonly string[]; readonly channels: readonly (Channel | '*')[] },
  set: PolicySet,
  locale: Locale,
): string {
  const titles = reach.purposes.map(
    (id) => set.purposes.get(id)?.title[locale] ?? everything[locale],
  );
  const ways = reach.channels.flatMap((channel) =>
    channel === '*' ? [] : channelNames[channel][locale],
  );
  return [titles.join(', '), ways.join(', ')].filter((each) => each !== '').join(' ');
}

const everything: Text = { 'pt-BR': 'todo contato', en: 'all contacts' };

/** "quem comprou fica fora de Promoções e ofertas por WhatsApp, até 7 dias depois". */
function moreOfExclusion(name: string, set: PolicySet): Words | null {
  const exclusion = set.exclusions.find((each) => each.name === name);
  if (exclusion === undefined) return null;
  const { consent, event, for: term } = exclusion;
  return (locale) => {
    const whom = whomWords[event === null ? 'refusal' : 'event'][locale];
    const cause = said(event ?? consent, locale);
    return whom(cause, reachWords(exclusion, set, locale)) + termMore(term, locale);
  };
}

type Written = (cause: string, reach: string) => string;

const whomWords: Readonly<Record<'event' | 'refusal', Record<Locale, Written>>> = {
  event: {
    'pt-BR': (cause, reach) => `quem ${cause} fica fora de ${reach}`,
    en: (cause, reach) => `who ${cause} is kept out of ${reach}`,
  },
  refusal: {
    'pt-BR': (cause) => `depois de uma ${cause}, a finalidade fica de lado`,
    en: (cause) => `after a ${cause}, the purpose is left alone`,
  },
};

function termMore(term: string | null, locale: Locale): string {
  if (term === null) return '';
  const duration = said(term, locale);
  return locale === 'en' ? `, up to ${duration} later` : `, até ${duration} depois`;
}
