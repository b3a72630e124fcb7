/**
 * The shipped policies with one cap on promotions, five a week without a gap between two: callers
 * that ask at once reach it within milliseconds, and nothing else holds them back.
 */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const capMax = 5;

const caps = `caps:
  - name: promotional-total
    match: {promotional: true}
    max: ${capMax}
    per: week
    window: rolling
    unreported: presume-sent
`;

export function copyCappedPolicies(to: string): void {
  cpSync('policies', to, { recursive: true });
  writeFileSync(join(to, 'caps.yaml'), caps);
  const path = join(to, 'purposes', 'promocoes.yaml');
  const text = readFileSync(path, 'utf8');
  const edited = text.replace(/^frequency:\n(?: .*\n)+/m, 'frequency: null\n');
  if (edited === text) throw new Error('policies/purposes/promocoes.yaml changed: mend the edit');
  writeFileSync(path, edited);
}
