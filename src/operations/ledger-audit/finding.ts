/** What an audit finds: what became of which thing, as far as what is left can tell. */
export type FindingKind = 'changed' | 'missing' | 'added' | 'moved' | 'rewritten';
export type FindingWhat = 'record' | 'entry' | 'entries' | 'tile' | 'head' | 'checkpoint' | 'tree';

export interface Finding {
  readonly kind: FindingKind;
  readonly what: FindingWhat;
  /** Which one: the id of a record, the index of an entry, or the key of a document. */
  readonly id: string;
  readonly detail: string;
}

const keptMax = 1000;

/** The first thousand, and how many there are. */
export class Findings {
  readonly kept: Finding[] = [];
  count = 0;

  add(kind: FindingKind, what: FindingWhat, id: string, detail: string): void {
    this.count += 1;
    if (this.kept.length < keptMax) this.kept.push({ kind, what, id, detail });
  }
}
