import { expect } from 'chai';
import {
  approvalOf,
  isOver,
  type ReviewCourse,
  reviewState,
  reviewStates,
  type ReviewState,
  type ReviewVerdict,
  reviewVerdicts,
  stateAfter,
} from '../../../src/domain/content/content-review.ts';
import type { Approval } from '../../../src/domain/content/content-finding.ts';

const plain: ReviewCourse = {
  askedAt: 10,
  decision: 'dec_asked',
  textUntil: 100,
  settlements: [],
  used: null,
};

function settled(verdict: ReviewVerdict, at = 20): ReviewCourse {
  return { ...plain, settlements: [{ verdict, at }] };
}

const used = { ...settled('approve_once'), used: { decision: 'dec_used', at: 30 } };
const takenBack: ReviewCourse = {
  ...plain,
  settlements: [
    { verdict: 'approve_example', at: 20 },
    { verdict: 'reject', at: 30 },
  ],
};

describe('a content review', () => {
  const cases: readonly (readonly [
    what: string,
    course: ReviewCourse,
    at: number,
    state: ReviewState,
    approval: Approval,
  ])[] = [
    ['nobody has settled', plain, 50, 'pending', 'pending'],
    ['nobody settled in time', plain, 100, 'expired', 'none'],
    ['was approved once', settled('approve_once'), 20, 'approved_once', 'once'],
    ['will be approved', settled('approve_once'), 19, 'pending', 'pending'],
    ['was approved once, too long ago', settled('approve_once'), 100, 'expired', 'none'],
    ['was approved as an example', settled('approve_example'), 500, 'approved_example', 'example'],
    ['was rejected', settled('reject'), 500, 'rejected', 'rejected'],
    ['is used up', used, 30, 'used', 'none'],
    ['is not used up yet', used, 29, 'approved_once', 'once'],
    ['was an example', takenBack, 30, 'rejected', 'rejected'],
    ['is still an example', takenBack, 29, 'approved_example', 'example'],
  ];
  for (const [what, course, at, state, approval] of cases) {
    it(`that ${what} is ${state}`, () => {
      expect(reviewState(course, at)).to.equal(state);
      expect(approvalOf(course, at, 'dec_other')).to.equal(approval);
    });
  }

  it('says nothing before it was asked for', () => {
    expect(approvalOf(settled('reject', 5), 9, 'dec_other')).to.equal('none');
  });

  it('is told the decision that asked, or used it up, as it was told before', () => {
    expect(approvalOf(plain, 50, 'dec_asked')).to.equal('none');
    expect(approvalOf(used, 50, 'dec_used')).to.equal('once');
  });

  it('takes these verdicts and no other', () => {
    const taken = reviewStates.flatMap((state) =>
      reviewVerdicts.flatMap((verdict) => {
        const next = stateAfter(state, verdict);
        return next === null ? [] : [`${state} ${verdict} ${next}`];
      }),
    );
    expect(taken).to.deep.equal([
      'pending approve_once approved_once',
      'pending approve_example approved_example',
      'pending reject rejected',
      'approved_once reject rejected',
      'approved_example reject rejected',
    ]);
    expect(reviewStates.filter(isOver)).to.deep.equal(['used', 'rejected', 'expired']);
  });
});
