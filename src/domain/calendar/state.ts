/**
 * States of Brazil (UF), whose laws bind contacts by phone and whose zones and holidays differ. A
 * person's state is the one of the declared address, else that of the area code (DDD), which is
 * imprecise since numbers move with people.
 */
import { defaultZone } from './zone.ts';

export const states = [
  'AC',
  'AL',
  'AM',
  'AP',
  'BA',
  'CE',
  'DF',
  'ES',
  'GO',
  'MA',
  'MG',
  'MS',
  'MT',
  'PA',
  'PB',
  'PE',
  'PI',
  'PR',
  'RJ',
  'RN',
  'RO',
  'RR',
  'RS',
  'SC',
  'SE',
  'SP',
  'TO',
] as const;
export type State = (typeof states)[number];

/** The attribute of a subject that holds the state of the declared address. */
export const stateAttribute = 'state';
/** The one that holds its city. */
export const cityAttribute = 'city';

const areaCodes: Readonly<Record<State, string>> = {
  AC: '68',
  AL: '82',
  AM: '92 97',
  AP: '96',
  BA: '71 73 74 75 77',
  CE: '85 88',
  DF: '61',
  ES: '27 28',
  GO: '62 64',
  MA: '98 99',
  MG: '31 32 33 34 35 37 38',
  MS: '67',
  MT: '65 66',
  PA: '91 93 94',
  PB: '83',
  PE: '81 87',
  PI: '86 89',
  PR: '41 42 43 44 45 46',
  RJ: '21 22 24',
  RN: '84',
  RO: '69',
  RR: '95',
  RS: '51 53 54 55',
  SC: '47 48 49',
  SE: '79',
  SP: '11 12 13 14 15 16 17 18 19',
  TO: '63',
};
const byAreaCode: ReadonlyMap<string, State> = new Map(
  states.flatMap((state) => areaCodes[state].split(' ').map((code) => [code, state] as const)),
);

/** Where most of a state lives; the west of Amazonas and Fernando de Noronha have other clocks. */
const zones: Readonly<Partial<Record<State, string>>> = {
  AC: 'America/Rio_Branco',
  AL: 'America/Maceio',
  AM: 'America/Manaus',
  AP: 'America/Belem',
  BA: 'America/Bahia',
  CE: 'America/Fortaleza',
  MA: 'America/Fortaleza',
  MS: 'America/Campo_Grande',
  MT: 'America/Cuiaba',
  PA: 'America/Belem',
  PB: 'America/Fortaleza',
  PE: 'America/Recife',
  PI: 'America/Fortaleza',
  RN: 'America/Fortaleza',
  RO: 'America/Porto_Velho',
  RR: 'America/Boa_Vista',
  SE: 'America/Maceio',
  TO: 'America/Araguaina',
};

/** The IANA zone of a state. */
export function zoneOfState(state: State): string {
  return zones[state] ?? defaultZone;
}

export function isState(value: unknown): value is State {
  return states.some((state) => state === value);
}

/** The state of a number in E.164; null for numbers of other countries. */
export function stateOfNumber(number: string): State | null {
  return number.startsWith('+55') ? (byAreaCode.get(number.slice(3, 5)) ?? null) : null;
}
