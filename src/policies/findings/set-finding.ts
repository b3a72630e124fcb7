/**
 * What a policy set gives to think about although it reads without a mistake: a rule that can
 * never fire, a cap that nobody can reach. Each names the place and what to do there. An `error`
 * says what cannot be meant, a `warning` what the law or the owner's own words speak against, a
 * `note` what is worth a look.
 */
export const severities = ['error', 'warning', 'note'] as const;
export type Severity = (typeof severities)[number];

const errors = [
  'rule-never-fires',
  'rule-always-fires',
  'rules-contradict',
  'notice-item-empty',
] as const;
const warnings = [
  'rule-overruled',
  'condition-never-holds',
  'condition-always-holds',
  'condition-unused',
  'cap-out-of-reach',
  'cap-matches-nothing',
  'contact-uncapped',
  'hours-unbound',
  'hours-never-shared',
  'attribute-unused',
  'purpose-generic',
  'purposes-alike',
  'notice-outdated',
  'language-missing',
  'text-untranslated',
] as const;
const notes = [
  'rules-equal',
  'condition-redundant',
  'rule-not-analysed',
  'text-unguarded',
  'channel-unused',
  'registry-unused',
  'recipient-unused',
  'notice-unused',
  'phrases-unused',
  'attribute-unused-elsewhere',
  'notice-not-latest',
] as const;

export type FindingCode =
  | (typeof errors)[number]
  | (typeof warnings)[number]
  | (typeof notes)[number];
const codesBySeverity: Readonly<Record<Severity, readonly FindingCode[]>> = {
  error: errors,
  warning: warnings,
  note: notes,
};
export const findingCodes: readonly FindingCode[] = Object.values(codesBySeverity).flat();

export function severityOf(code: FindingCode): Severity {
  const found = severities.find((severity) => codesBySeverity[severity].includes(code));
  return found ?? 'error';
}

export interface SetFinding {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** What to do about it. */
  readonly advice: string;
}

/** A key, a place in a list, or the item of a list that says so under a key. */
export type Step = string | number | { readonly key: string; readonly is: string };

/** Where it stands: a file, and the way to the value inside it. */
export interface FindingPlace {
  readonly file: string;
  readonly way: readonly Step[];
}

/** A finding before its place was looked up. */
export interface Found {
  readonly code: FindingCode;
  readonly at: FindingPlace;
  readonly message: string;
  readonly advice: string;
}

/** Whether a check ends as one that found something wrong: notes alone are nothing wrong. */
export function isWrong({ severity }: Pick<SetFinding, 'severity'>): boolean {
  return severity !== 'note';
}

/** The worst first, then by place. */
export function inOrder(findings: readonly SetFinding[]): readonly SetFinding[] {
  const rank = ({ severity }: SetFinding): number => severities.indexOf(severity);
  return findings.toSorted((a, b) => {
    if (rank(a) !== rank(b)) return rank(a) - rank(b);
    if (a.path !== b.path) return a.path < b.path ? -1 : 1;
    return a.line - b.line || a.column - b.column;
  });
}
