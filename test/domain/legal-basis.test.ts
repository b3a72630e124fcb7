import { expect } from 'chai';
import { basisArticles, fitsAction, restsOnConsent } from '../../src/domain/legal-basis.ts';
import { type Action, actions, type LegalBasis, legalBases } from '../../src/domain/policy.ts';
import { orders } from './cast.ts';

const marketing = ['consent', 'explicit_consent', 'legitimate_interest'] as const;
const profiling = [...marketing, 'credit_protection', 'fraud_prevention'] as const;

interface Row {
  readonly kind: string;
  readonly promotional: boolean;
  readonly profiling: boolean;
  readonly actions: readonly Action[];
  readonly fit: readonly LegalBasis[];
}
const rows: readonly Row[] = [
  { kind: 'a promotion', promotional: true, profiling: false, actions, fit: marketing },
  { kind: 'a promotion by profile', promotional: true, profiling: true, actions, fit: marketing },
  {
    kind: 'an upload or a price of one’s own',
    promotional: false,
    profiling: false,
    actions: ['sync_audience', 'personalise_price'],
    fit: marketing,
  },
  {
    kind: 'an upload from a profile',
    promotional: false,
    profiling: true,
    actions: ['sync_audience', 'personalise_price'],
    fit: marketing,
  },
  {
    kind: 'a profile',
    promotional: false,
    profiling: false,
    actions: ['profile', 'score', 'segment'],
    fit: profiling,
  },
  {
    kind: 'a message from a profile',
    promotional: false,
    profiling: true,
    actions: ['send', 'show', 'share', 'profile'],
    fit: profiling,
  },
  {
    kind: 'a message about an order',
    promotional: false,
    profiling: false,
    actions: ['send', 'show', 'share'],
    fit: legalBases,
  },
];

describe('legal basis', () => {
  for (const { kind, actions: list, fit, ...purpose } of rows) {
    for (const basis of legalBases) {
      const fits = fit.includes(basis);
      it(`${basis} ${fits ? 'carries' : 'does not carry'} ${kind}`, () => {
        for (const action of list) {
          expect(fitsAction({ ...orders, ...purpose, basis }, action), action).to.equal(fits);
        }
      });
    }
  }

  it('rests on a consent or not', () => {
    expect(legalBases.filter(restsOnConsent)).to.deep.equal(['consent', 'explicit_consent']);
  });

  it('has an article of its own', () => {
    const articles = legalBases.map((basis) => basisArticles[basis]);
    expect(new Set(articles).size).to.equal(legalBases.length);
    for (const article of articles) expect(article).to.match(/^LGPD art\. (7|11), [IVX]+/);
  });
});
