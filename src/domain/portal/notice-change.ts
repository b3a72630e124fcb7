/**
 * What changed in a notice since a consent was given (LGPD art. 8, §6), paragraph by paragraph: as
 * many as can be are the same, and what is left is new, or gone.
 */
export interface NoticeChange {
  readonly text: string;
  readonly kind: 'same' | 'new' | 'gone';
}

/** Of either text; where one has more, the old is gone as a whole and all of the new is new. */
const paragraphsMax = 400;

export function noticeChanges(before: string, now: string): readonly NoticeChange[] {
  const [old, fresh] = [paragraphsOf(before), paragraphsOf(now)];
  if (old.length > paragraphsMax || fresh.length > paragraphsMax) {
    return [...old.map(gone), ...fresh.map(added)];
  }
  const shared = sharedLengths(old, fresh);
  const changes: NoticeChange[] = [];
  let [at, on] = [0, 0];
  while (at < old.length || on < fresh.length) {
    const [left, right] = [old[at], fresh[on]];
    if (left !== undefined && left === right) {
      changes.push({ text: left, kind: 'same' });
      at += 1;
      on += 1;
    } else if (left !== undefined && lengthAt(shared, at + 1, on) >= lengthAt(shared, at, on + 1)) {
      changes.push(gone(left));
      at += 1;
    } else {
      changes.push(added(right ?? ''));
      on += 1;
    }
  }
  return changes;
}

function paragraphsOf(text: string): readonly string[] {
  const blocks = text.split(/\n\s*\n/).map((block) => block.trim());
  return blocks.filter((block) => block !== '');
}

/** By place in either: how many paragraphs, in order, both have from there on. */
function sharedLengths(
  old: readonly string[],
  fresh: readonly string[],
): readonly (readonly number[])[] {
  const lengths = old.map(() => fresh.map(() => 0));
  for (let at = old.length - 1; at >= 0; at -= 1) {
    const row = lengths[at] ?? [];
    for (let on = fresh.length - 1; on >= 0; on -= 1) {
      row[on] =
        old[at] === fresh[on]
          ? lengthAt(lengths, at + 1, on + 1) + 1
          : Math.max(lengthAt(lengths, at + 1, on), lengthAt(lengths, at, on + 1));
    }
  }
  return lengths;
}

/** At the end of the new text nothing is shared any more, and what is left of the old is gone. */
function lengthAt(lengths: readonly (readonly number[])[], at: number, on: number): number {
  return lengths[at]?.[on] ?? 0;
}

function gone(text: string): NoticeChange {
  return { text, kind: 'gone' };
}

function added(text: string): NoticeChange {
  return { text, kind: 'new' };
}
