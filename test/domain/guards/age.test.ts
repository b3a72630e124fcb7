import { expect } from 'chai';
import {
  ageBandOf,
  ageEvidenceOf,
  ageEvidences,
  isAdultProved,
  isProfiled,
} from '../../../src/domain/guards/age.ts';
import { actions } from '../../../src/domain/policy.ts';
import type { Subject } from '../../../src/domain/subject.ts';
import { ana, orders, promotions, setWith, situation } from '../cast.ts';

function aged(band: string | null, evidence: string | null): Subject {
  const attributes = {
    ...(band === null ? {} : { age_band: band }),
    ...(evidence === null ? {} : { age_evidence: evidence }),
  };
  return { ...ana, attributes };
}

describe('the age of a subject', () => {
  it('is unknown, by no evidence, where nobody gave it', () => {
    expect(ageBandOf(aged(null, null))).to.equal('unknown');
    expect(ageEvidenceOf(aged(null, null))).to.equal('none');
    expect(ageEvidenceOf(aged('adult', 'document'))).to.equal('document');
  });

  const rows: readonly (readonly [string, string | null, string | null, boolean])[] = [
    ['adult', 'declared', null, true],
    ['adult', null, null, true],
    ['unknown', 'document', null, false],
    ['child', 'document', null, false],
    ['adolescent', 'document', 'declared', false],
    ['adult', null, 'declared', false],
    ['adult', 'declared', 'declared', true],
    ['adult', 'declared', 'age_signal', false],
    ['adult', 'age_signal', 'age_signal', true],
    ['adult', 'guardian', 'age_signal', true],
    ['adult', 'guardian', 'document', false],
    ['adult', 'document', 'document', true],
    ['adult', 'hearsay', 'declared', false],
  ];
  for (const [band, evidence, wanted, proved] of rows) {
    it(`${proved ? 'shows' : 'does not show'} an adult: ${band} by ${evidence}, ${wanted}`, () => {
      const adultProof = ageEvidences.find((each) => each === wanted) ?? null;
      expect(isAdultProved(aged(band, evidence), { ...promotions, adultProof })).to.equal(proved);
    });
  }

  it('is shown without a purpose that asks', () => {
    expect(isAdultProved(aged('adult', null), null)).to.equal(true);
  });
});

describe('a profile', () => {
  it('is formed or used by actions of that kind', () => {
    const profiling = actions.filter((action) => isProfiled(situation({ question: { action } })));
    const wanted = ['profile', 'score', 'segment', 'sync_audience', 'personalise_price'];
    expect(profiling).to.deep.equal(wanted);
  });

  it('is used by a purpose that says so, and by criteria that looked at the person', () => {
    expect(isProfiled(situation())).to.equal(false);
    expect(isProfiled(situation({ set: setWith({ purpose: { profiling: true } }) }))).to.equal(
      true,
    );
    const content = { template: 'none', byProfile: true, digest: null } as const;
    expect(isProfiled(situation({ content, question: { purpose: orders.id } }))).to.equal(true);
  });
});
