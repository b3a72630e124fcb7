/** How figures are printed: tables, and each target beside what was measured. */
import { loadavg } from 'node:os';

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export interface Target {
  readonly what: string;
  readonly measured: number;
  readonly bound: 'at least' | 'at most';
  readonly target: number;
  readonly unit: string;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

export function spreadOf(values: readonly number[]): Spread {
  return { min: Math.min(...values), median: median(values), max: Math.max(...values) };
}

export function plain(value: number | null): string {
  if (value === null || Number.isNaN(value)) return 'not measured';
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(value >= 10 ? 1 : 2);
}

/** `8.1/8.9/9.4`, least, median and most of the rounds. */
export function spread(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return 'not measured';
  const { min, median: middle, max } = spreadOf(known);
  return `${plain(min)}/${plain(middle)}/${plain(max)}`;
}

export function printTitle(title: string): void {
  const load = loadavg()[0] ?? NaN;
  console.log(`\n${title}\n(load average when it began: ${load.toFixed(1)})`);
}

/** The first row is the head. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    console.log(`  ${cells.join('   ')}`);
  }
}

export function isMet({ measured, bound, target }: Target): boolean {
  return bound === 'at least' ? measured >= target : measured <= target;
}

export function printTargets(targets: readonly Target[]): void {
  for (const target of targets) {
    const verdict = isMet(target) ? 'met   ' : 'MISSED';
    const unit = target.unit === '' ? '' : ` ${target.unit}`;
    const measured = `measured ${plain(target.measured)}${unit}`;
    console.log(
      `  ${verdict} ${target.what}: ${measured}, target ${target.bound} ${target.target}${unit}`,
    );
  }
}
