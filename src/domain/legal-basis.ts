/**
 * Legal bases (LGPD arts. 7 and 11): the article of each, and which of them can carry an action.
 * A promotion or a profile rests on a consent, or on a legitimate interest with its balancing
 * test; sensitive data rest on art. 11 alone.
 */
import type { Action, LegalBasis, Purpose } from './policy.ts';

export const basisArticles: Readonly<Record<LegalBasis, string>> = {
  consent: 'LGPD art. 7, I',
  legal_obligation: 'LGPD art. 7, II',
  public_policy: 'LGPD art. 7, III',
  research: 'LGPD art. 7, IV',
  contract: 'LGPD art. 7, V',
  exercise_of_rights: 'LGPD art. 7, VI',
  protection_of_life: 'LGPD art. 7, VII',
  health_protection: 'LGPD art. 7, VIII',
  legitimate_interest: 'LGPD art. 7, IX; art. 10',
  credit_protection: 'LGPD art. 7, X',
  explicit_consent: 'LGPD art. 11, I',
  fraud_prevention: 'LGPD art. 11, II, g',
};

const marketingBases: ReadonlySet<LegalBasis> = new Set([
  'consent',
  'explicit_consent',
  'legitimate_interest',
]);
const profilingBases: ReadonlySet<LegalBasis> = new Set([
  'consent',
  'explicit_consent',
  'legitimate_interest',
  'credit_protection',
  'fraud_prevention',
]);
const profilingActions: ReadonlySet<Action> = new Set(['profile', 'score', 'segment']);
const disclosingActions: ReadonlySet<Action> = new Set(['sync_audience', 'personalise_price']);

export function restsOnConsent(basis: LegalBasis): boolean {
  return basis === 'consent' || basis === 'explicit_consent';
}

/** Whether the purpose's basis can carry the action (LGPD arts. 7, 10, 11). */
export function fitsAction(purpose: Purpose, action: Action): boolean {
  if (purpose.promotional || disclosingActions.has(action))
    return marketingBases.has(purpose.basis);
  if (purpose.profiling || profilingActions.has(action)) return profilingBases.has(purpose.basis);
  return true;
}
