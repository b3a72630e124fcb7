/** A traced condition in words: what was asked of which fact, and what the fact was. */
import { factCatalogue } from '../../domain/fact-catalogue.ts';
import type { Json } from '../../domain/json.ts';
import type { Locale, Text } from '../../domain/text.ts';
import { isFactName } from '../../rules/named-facts.ts';
import { isList } from '../../rules/operator.ts';
import type { ConditionTrace, TraceTree } from '../../rules/trace.ts';

function words(pt: string, en: string): Text {
  return { 'pt-BR': pt, en };
}

const operatorWords: Readonly<Record<string, Text>> = {
  equal: words('é', 'is'),
  notEqual: words('não é', 'is not'),
  in: words('é um de', 'is one of'),
  notIn: words('não é nenhum de', 'is none of'),
  contains: words('tem', 'has'),
  doesNotContain: words('não tem', 'does not have'),
  lessThan: words('é menor que', 'is below'),
  lessThanInclusive: words('é no máximo', 'is at most'),
  greaterThan: words('é maior que', 'is above'),
  greaterThanInclusive: words('é no mínimo', 'is at least'),
};
/** Of instants. */
const orderWords: Readonly<Record<string, Text>> = {
  lessThan: words('é antes de', 'is before'),
  lessThanInclusive: words('é até', 'is until'),
  greaterThan: words('é depois de', 'is after'),
  greaterThanInclusive: words('é a partir de', 'is from'),
};
const decoratorWords: Readonly<Record<string, Text>> = {
  not: words('não se aplica que', 'it is not so that it'),
  someFact: words('algum item', 'one of its items'),
  everyFact: words('cada item', 'each of its items'),
  someValue: words('para algum dos valores', 'for one of the values it'),
  everyValue: words('para cada um dos valores', 'for each of the values it'),
};
const groupWords = {
  all: words('todas:', 'all of:'),
  any: words('alguma:', 'any of:'),
  not: words('não:', 'not:'),
} as const;
const holds = words('vale', 'holds');
const fails = words('não vale', 'does not hold');
const was = words('era', 'was');
const asked = words('pergunta-se se', 'asked whether it');
const yes = words('sim', 'yes');
const no = words('não', 'no');
const none = words('nenhum', 'none');
const nothing = words('nada', 'nothing');

function operatorInWords({ fact, operator }: ConditionTrace, locale: Locale): string {
  const parts = operator.split(':');
  const isInstant = isFactName(fact) && factCatalogue[fact].type === 'instant';
  const last = parts.pop() ?? '';
  const known = (isInstant ? orderWords[last] : undefined) ?? operatorWords[last];
  const decorated = parts.map((part) => decoratorWords[part]?.[locale] ?? part);
  return [...decorated, known?.[locale] ?? last].join(' ');
}

function valueInWords(value: Json, locale: Locale): string {
  if (value === null) return none[locale];
  if (typeof value === 'boolean') return (value ? yes : no)[locale];
  if (isList(value)) {
    if (value.length === 0) return nothing[locale];
    return value.map((item) => valueInWords(item, locale)).join(', ');
  }
  return JSON.stringify(value);
}

function conditionInWords(condition: ConditionTrace, locale: Locale): string {
  const { fact, path, wanted, actual, result } = condition;
  const meaning = isFactName(fact) ? factCatalogue[fact].meaning[locale].replace(/\.$/, '') : fact;
  const name = path === undefined ? fact : `${fact}, ${path}`;
  const judged = (result ? holds : fails)[locale];
  const value = valueInWords(actual, locale);
  const question = `${asked[locale]} ${operatorInWords(condition, locale)}`;
  const told = `${meaning} (${name}) ${was[locale]} ${value}`;
  return `${judged}: ${told}; ${question} ${valueInWords(wanted, locale)}`;
}

/** A line a condition, indented by its depth. */
export function traceInWords(tree: TraceTree, locale: Locale, depth = 0): readonly string[] {
  const indent = '  '.repeat(depth);
  const group = (key: keyof typeof groupWords, branches: readonly TraceTree[]): string[] => [
    `${indent}${groupWords[key][locale]}`,
    ...branches.flatMap((branch) => traceInWords(branch, locale, depth + 1)),
  ];
  if ('all' in tree) return group('all', tree.all);
  if ('any' in tree) return group('any', tree.any);
  if ('not' in tree) return group('not', [tree.not]);
  return [`${indent}${conditionInWords(tree, locale)}`];
}
