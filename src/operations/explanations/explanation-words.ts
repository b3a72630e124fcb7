/** An explained decision as lines for a person who reads rules: an encarregado, an auditor. */
import type { Effect } from '../../domain/rule.ts';
import type { Locale, Text } from '../../domain/text.ts';
import { traceInWords } from './condition-words.ts';
import type { DecisionExplanation, ExplainedRule, RuleStanding } from './decision-explanation.ts';

function words(pt: string, en: string): Text {
  return { 'pt-BR': pt, en };
}

const outcomeWords: Readonly<Record<string, Text>> = {
  allow: words('permitida', 'allowed'),
  deny: words('negada', 'denied'),
  defer: words('adiada', 'deferred'),
  review: words('enviada para revisão', 'sent to a person for review'),
  outranked: words('permitida, mas outra foi melhor', 'permitted, but another was better'),
};
const effectWords: Readonly<Record<Effect, Text>> = {
  deny: words('nega', 'denies'),
  review: words('pede revisão', 'asks for review'),
  defer: words('adia', 'defers'),
  strip: words('retira dados', 'strips data'),
  require: words('exige', 'requires'),
  lift: words('afasta outras regras', 'sets other rules aside'),
};
const standingWords: Readonly<Record<RuleStanding, Text>> = {
  told: words('disparou', 'fired'),
  'set-aside': words('disparou e foi afastada por', 'fired, and was set aside by'),
  'of-an-allow': words('disparou; só conta numa permissão', 'fired; counts for an allow alone'),
  quiet: words('não disparou', 'did not fire'),
  'not-judged': words('não foi avaliada; falta', 'was not judged; there is no'),
};
const decision = words('decisão', 'decision');
const candidateOf = (place: number, last: number): Text =>
  words(`candidata ${place} de 0 a ${last}`, `candidate ${place} of 0 to ${last}`);
const under = words('finalidade', 'purpose');
const channel = words('canal', 'channel');
const set = words('conjunto de políticas', 'policy set');
const byGate = words('da própria porta, sem regra', 'by the gate itself, without a rule');
const noFacts = words(
  'O registro não tem fatos: nada se perguntou sobre a pessoa.',
  'The record has no facts: nothing was asked about the person.',
);
const noRule = words('Nenhuma regra disparou.', 'No rule fired.');
const differs = words(
  'O registro dá outras razões do que estas regras dão agora: confira os arquivos.',
  'The record gives other reasons than these rules give now: check the files.',
);

export interface WordChoice {
  readonly locale: Locale;
  /** Also the rules that did not fire. */
  readonly all: boolean;
}

export function explanationLines(
  explained: DecisionExplanation,
  { locale, all }: WordChoice,
): readonly string[] {
  const shown = explained.rules.filter(({ fired, standing }) => all || fired || isOpen(standing));
  const rules = shown.flatMap((rule) => ['', ...ruleLines(rule, locale)]);
  const own = explained.ownReasons.flatMap(({ rule, article, text }) => [
    '',
    `${rule} (${effectWords.deny[locale]}, ${article}): ${byGate[locale]}`,
    `  ${text[locale]}`,
  ]);
  const silent = shown.length + own.length === 0 ? ['', noRule[locale]] : [];
  if (!explained.hasFacts) silent.push('', noFacts[locale]);
  const doubt = explained.agrees ? [] : ['', differs[locale]];
  return [...headLines(explained, locale), ...own, ...rules, ...silent, ...doubt];
}

/** What kept a decision from being judged belongs to why. */
function isOpen(standing: RuleStanding): boolean {
  return standing === 'not-judged';
}

function headLines(explained: DecisionExplanation, locale: Locale): readonly string[] {
  const { id, outcome, decidedAt, action, purpose, policySet, candidate: place } = explained;
  const outcomeTold = outcomeWords[outcome]?.[locale] ?? outcome;
  const which = place === null ? [] : [candidateOf(place.place, place.of - 1)[locale]];
  const asked = `${under[locale]} ${purpose}, ${channel[locale]} ${explained.channel}`;
  return [
    `${decision[locale]} ${id}: ${outcomeTold}, ${decidedAt}`,
    [action, asked, ...which].join(', '),
    `${set[locale]} ${policySet}`,
  ];
}

function ruleLines(rule: ExplainedRule, locale: Locale): readonly string[] {
  const { article, conditions, effect, missing, setAsideBy, standing, text } = rule;
  const more = standing === 'set-aside' ? setAsideBy : standing === 'not-judged' ? missing : [];
  const stands = [standingWords[standing][locale], more.join(', ')].join(' ').trim();
  return [
    `${rule.rule} (${effectWords[effect][locale]}, ${article}): ${stands}`,
    `  ${text[locale]}`,
    ...(conditions === null ? [] : traceInWords(conditions, locale, 1)),
  ];
}
