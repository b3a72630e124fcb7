import { expect } from 'chai';
import { type NoticeChange, noticeChanges } from '../../../src/domain/portal/notice-change.ts';

/** `=a -b +c` of the changes. */
function written(changes: readonly NoticeChange[]): string {
  const marks = { same: '=', new: '+', gone: '-' } as const;
  return changes.map(({ kind, text }) => marks[kind] + text).join(' ');
}

function textOf(words: string): string {
  return words.split(' ').join('\n\n');
}

describe('what changed in a notice', () => {
  for (const [before, now, wanted] of [
    ['a b c', 'a b c', '=a =b =c'],
    ['a b c', 'a c', '=a -b =c'],
    ['a c', 'a b c', '=a +b =c'],
    ['a b c', 'a x c', '=a -b +x =c'],
    ['a b', 'b a', '-a =b +a'],
    ['a', 'x y', '-a +x +y'],
  ] as const) {
    it(`is ${wanted} from ${before} to ${now}`, () => {
      expect(written(noticeChanges(textOf(before), textOf(now)))).to.equal(wanted);
    });
  }

  it('is all new where there was no text, and all gone where there is none', () => {
    expect(written(noticeChanges('', textOf('a b')))).to.equal('+a +b');
    expect(written(noticeChanges(textOf('a b'), ' \n\n '))).to.equal('-a -b');
  });

  it('does not compare texts of more paragraphs than a person reads', () => {
    const long = Array.from({ length: 401 }, (_, at) => `p${at}`).join('\n\n');
    const changes = noticeChanges(long, long);
    expect(changes.filter(({ kind }) => kind === 'same')).to.have.length(0);
    expect(changes).to.have.length(802);
  });
});
