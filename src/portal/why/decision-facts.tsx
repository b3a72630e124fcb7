/** What a decision rested on: permission, data, criteria, and what was held back. */
import type { VNode } from 'preact';
import { channelNames } from '../../domain/answer/explanation.ts';
import { signalText } from '../../domain/answer/signal.ts';
import type { Locale, Text } from '../../domain/text.ts';
import type { ToldDecision } from '../../operations/own/told-decision.ts';
import { basisText } from '../words/law-words.ts';
import { listText } from '../words/list-words.ts';
import { type WhyWords, whyWords } from '../words/why-words.ts';

interface FactsProps {
  readonly decision: ToldDecision;
  readonly locale: Locale;
}

type Row = readonly [name: string, value: string];

export function DecisionFacts({ decision, locale }: FactsProps): VNode | null {
  const say = whyWords[locale];
  const rows = factRows(decision, locale);
  const criteria = criteriaRows(decision, locale);
  return (
    <>
      {rows.length === 0 ? null : (
        <section class="card" aria-labelledby="facts">
          <h2 id="facts">{say.facts}</h2>
          <FactList rows={rows} />
        </section>
      )}
      {criteria.length === 0 ? null : (
        <section class="card" aria-labelledby="criteria">
          <h2 id="criteria">{say.criteria.title}</h2>
          <p class="why">{say.criteria.lead}</p>
          <FactList rows={criteria} />
        </section>
      )}
      {decision.others.length === 0 ? null : (
        <section class="card" aria-labelledby="others">
          <h2 id="others">{say.others}</h2>
          <ul class="points">
            {decision.others.map(({ title, channel, why, explanation }) => (
              <li>
                <strong>
                  {title[locale]}, {channelNames[channel][locale]}
                </strong>
                : {say.passedOver[why]}. {explanation[locale]}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

export function DecisionReasons({ decision, locale }: FactsProps): VNode | null {
  if (decision.reasons.length === 0) return null;
  return (
    <section class="card folded">
      <details>
        <summary>{whyWords[locale].reasons}</summary>
        <ul class="points">
          {decision.reasons.map(({ article, text }) => (
            <li>
              {text[locale]} <small>({article})</small>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

function FactList({ rows }: { readonly rows: readonly Row[] }): VNode {
  return (
    <dl class="facts">
      {rows.map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  );
}

function factRows(decision: ToldDecision, locale: Locale): readonly Row[] {
  const say = whyWords[locale];
  const { basis, outcome, recipient, used, withheld } = decision;
  const data =
    outcome === 'allow' ? [[say.used, namesText(used, locale) ?? say.noData] as const] : [];
  const held = namesText(withheld, locale);
  return [
    ...(basis === null ? [] : [[say.basis, basisText(basis, locale)] as const]),
    ...data,
    ...(held === null ? [] : [[say.withheld, held] as const]),
    ...(recipient === null ? [] : [[say.recipient, recipient] as const]),
  ];
}

function criteriaRows({ criteria, content }: ToldDecision, locale: Locale): readonly Row[] {
  const say = whyWords[locale].criteria;
  const { score, signals = [], segment, experiment } = criteria ?? {};
  const meaning = score?.meaning;
  const rows: readonly (readonly [string, string | null | undefined])[] = [
    [say.meaning, meaning === undefined ? null : (meaning[locale] ?? meaning['pt-BR'])],
    [say.signals, signalsText(signals, locale, say)],
    [say.segment, segment],
    [
      say.test,
      experiment === undefined ? null : say.experiment(experiment.name, experiment.variant),
    ],
    [say.campaign, content?.campaign],
    [say.offer, content?.offer],
  ];
  return rows.flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, value] as const],
  );
}

/** `viu um produto (2 vezes) e comprou`; null for none. */
function signalsText(
  signals: readonly string[],
  locale: Locale,
  say: WhyWords['criteria'],
): string | null {
  const counts = new Map<string, number>();
  for (const signal of signals) counts.set(signal, (counts.get(signal) ?? 0) + 1);
  const told = [...counts].map(([name, count]) => signalText(name)[locale] + say.times(count));
  return told.length === 0 ? null : listText(told, locale);
}

function namesText(names: readonly Text[], locale: Locale): string | null {
  return names.length === 0
    ? null
    : listText(
        names.map((name) => name[locale]),
        locale,
      );
}
