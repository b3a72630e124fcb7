/**
 * The shipped policies with caps that a benchmark does not reach. Under the shipped ones a person
 * gets a promotion every four hours at most, so that nearly every decision would be a deferral.
 * All caps stay and are counted; each person ends with about as many contacts on file as a month
 * of the shipped caps leaves.
 */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const edits: readonly Edit[] = [
  {
    file: 'caps.yaml',
    from: 'max: 3\n    per: week\n    window: rolling\n    minGap: PT4H\n',
    to: 'max: 200\n    per: week\n    window: rolling\n',
  },
  {
    file: 'purposes/promocoes.yaml',
    from: 'default: {max: 2, per: week}\n  choices: [',
    to: 'default: {max: 50, per: week}\n  choices: [{max: 50, per: week}, ',
  },
];

export function copyRoomyPolicies(to: string): void {
  cpSync('policies', to, { recursive: true });
  for (const edit of edits) {
    const path = join(to, edit.file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(edit.from)) throw new Error(`policies/${edit.file} changed: mend the edit`);
    writeFileSync(path, text.replace(edit.from, edit.to));
  }
}
