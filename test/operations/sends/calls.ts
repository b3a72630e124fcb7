/** How tests reconcile: rows in, what was told of each and the summary out. */
import type { Instant } from '../../../src/domain/calendar/instant.ts';
import { toIso } from '../../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import type { Problem } from '../../../src/domain/problem.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import { createReconciliation } from '../../../src/operations/sends/create-reconciliation.ts';
import type { SentRow } from '../../../src/operations/sends/judge-send.ts';
import type { Row } from '../../../src/operations/rows/row.ts';
import { call, type LineTold, linesTold } from '../calls.ts';

export interface Reconciled {
  readonly lines: readonly LineTold[];
  readonly summary: JsonObject;
  readonly problem: string | null;
}

export interface Asked {
  readonly report?: 'findings' | 'all';
  readonly key?: string;
}

export type SentAt = Omit<SentRow, 'at'> & { readonly at: Instant };

async function* rowsOf(rows: readonly (SentAt | Problem)[]): AsyncGenerator<Row<SentRow>> {
  for (const [index, row] of rows.entries()) {
    const line = index + 1;
    yield 'code' in row ? { line, problem: row } : { line, request: { ...row, at: toIso(row.at) } };
  }
}

export async function reconcile(
  gate: Gate,
  rows: readonly (SentAt | Problem)[],
  { report = 'all', key }: Asked = {},
): Promise<Reconciled> {
  const more = { query: { report }, ...(key === undefined ? {} : { key }) };
  return toldOf(await createReconciliation(gate, call(rowsOf(rows), more)));
}

export async function toldOf(answer: Parameters<typeof linesTold>[0]): Promise<Reconciled> {
  const lines: LineTold[] = [];
  for await (const line of linesTold(answer)) lines.push(line);
  const last = lines.pop();
  const summary = last?.content['summary'] as JsonObject | undefined;
  if (last === undefined || summary === undefined) throw new Error('no summary');
  return { lines, summary, problem: last.problem };
}

/** Kinds of the findings of each row. */
export function kindsIn({ lines }: Reconciled): readonly string[] {
  return lines.map((line) => {
    const findings = (line.content['findings'] ?? []) as readonly { readonly kind: string }[];
    return line.problem ?? findings.map(({ kind }) => kind).join(' ');
  });
}

/** The only finding of the only row. */
export function findingIn(reconciled: Reconciled): JsonObject {
  const [line, ...others] = reconciled.lines;
  const [finding, ...more] = (line?.content['findings'] ?? []) as readonly JsonObject[];
  if (finding === undefined || others.length + more.length > 0) {
    throw new Error(`not one finding: ${JSON.stringify(reconciled)}`);
  }
  return finding;
}
