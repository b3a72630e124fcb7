/**
 * What the LGPD asks of a purpose beyond its shape. Each law looks at the parts that it needs and
 * is silent while one of them is unread, so that one mistake is one complaint.
 */
import { ageBandAttribute, ageEvidenceAttribute } from '../domain/guards/age.ts';
import { sharingActions } from '../domain/guards/recipient.ts';
import { restsOnConsent } from '../domain/legal-basis.ts';
import type { Action, LegalBasis } from '../domain/policy.ts';
import { suggestion } from '../rules/nearest-name.ts';
import type { Declared } from './declared.ts';
import type { PurposeRecord } from './purpose.ts';
import type { Found } from './shape.ts';

type Key = keyof PurposeRecord;
/** The key to point at, what is wrong with it, and what would be right. */
type Fault = readonly [key: Key, message: string, expected: string];
type Law = (purpose: Partial<PurposeRecord>, declared: Declared, id: string) => readonly Fault[];

/** LGPD art. 7: the other bases carry orders, duties and safety, never an offer. */
const promotionalBases: readonly LegalBasis[] = [
  'consent',
  'explicit_consent',
  'legitimate_interest',
];
/** LGPD art. 11, I and II; it knows no contract, legitimate interest or credit protection. */
const sensitiveBases: readonly LegalBasis[] = [
  'explicit_consent',
  'legal_obligation',
  'public_policy',
  'research',
  'exercise_of_rights',
  'protection_of_life',
  'health_protection',
  'fraud_prevention',
];
const profilingActions: readonly Action[] = ['profile', 'score', 'segment', 'personalise_price'];

export function checkPurpose({ value, source, complain }: Found<PurposeRecord>): void {
  const laws: readonly Law[] = [
    name,
    generic,
    consent,
    basis,
    ordered,
    notice,
    test,
    profile,
    minors,
    reach,
    references,
  ];
  for (const law of laws) {
    for (const fault of law(value, source.reading.declared, source.id)) complain(...fault);
  }
}

const name: Law = (purpose, _declared, id) =>
  purpose.id === undefined || purpose.id === id
    ? []
    : [['id', `is "${purpose.id}", but the file is called ${id}.yaml`, `"${id}"`]];

const descriptionLengthMin = 40;
/** Titles under which anything could be done. */
const emptyTitles: ReadonlySet<string> = new Set([
  'marketing',
  'geral',
  'diversos',
  'outros',
  'comunicação',
  'comunicações',
  'fins comerciais',
  'melhorar sua experiência',
  'general',
  'other',
  'miscellaneous',
  'communication',
  'communications',
]);

/** LGPD art. 8, §4: a generic authorisation is void. */
const generic: Law = ({ title, description }) => {
  const faults: Fault[] = [];
  const law = 'LGPD art. 8, §4 voids generic authorisations';
  for (const language of ['pt-BR', 'en'] as const) {
    const named = title?.[language].trim() ?? '';
    if (emptyTitles.has(named.toLowerCase())) {
      faults.push([
        'title',
        `"${named}" could mean anything; ${law}`,
        'what is done, and with what',
      ]);
    }
    const length = description?.[language].trim().length ?? descriptionLengthMin;
    if (length < descriptionLengthMin) {
      const message = `in ${language} has ${length} characters; ${law}`;
      const expected = `at least ${descriptionLengthMin}: what is done, about what, for whom`;
      faults.push(['description', message, expected]);
    }
  }
  return faults;
};

const consent: Law = (purpose) => {
  if (purpose.basis === undefined || purpose.consent === undefined) return [];
  const needed = restsOnConsent(purpose.basis);
  if (needed === (purpose.consent !== null)) return [];
  return needed
    ? [['consent', `is missing under the basis ${purpose.basis}`, '{minimumEvidence: native}']]
    : [['consent', `has no place under the basis ${purpose.basis}`, 'no consent section']];
};

const basis: Law = (purpose) => {
  if (purpose.promotional !== true || purpose.basis === undefined) return [];
  if (promotionalBases.includes(purpose.basis)) return [];
  const message = `"${purpose.basis}" cannot carry a promotional purpose (LGPD art. 7)`;
  return [['basis', message, `one of ${promotionalBases.join(', ')}`]];
};

/** What sets marketing rules aside must not be marketing under another name. */
const ordered: Law = ({ mandatoryNotice, basis: ground, promotional, profiling }) => {
  if (mandatoryNotice === undefined || mandatoryNotice === null) return [];
  const faults: Fault[] = [];
  if (ground !== undefined && ground !== 'legal_obligation') {
    const message = `is "${ground}", but what the law orders rests on that duty (LGPD art. 7, II)`;
    faults.push(['basis', message, 'legal_obligation']);
  }
  if (promotional === true) {
    faults.push(['promotional', 'is true, but no law orders a promotion', 'false']);
  }
  if (profiling === true) {
    faults.push(['profiling', 'is true, but no law orders a profile', 'false']);
  }
  return faults;
};

const notice: Law = (purpose, { notices }) => {
  const { notice: shown } = purpose;
  if (shown === null && purpose.basis !== undefined && promotionalBases.includes(purpose.basis)) {
    const message = `is missing under the basis ${purpose.basis} (LGPD arts. 9 and 10, §2)`;
    return [['notice', message, '{id: ..., version: ...} of a file in notices/']];
  }
  if (!shown || notices.get(shown.id)?.has(shown.version) === true) return [];
  const file = `notices/${shown.id}.v${shown.version}.pt-BR.md`;
  return [['notice', `is ${shown.id} version ${shown.version}, which has no file`, file]];
};

const test: Law = (purpose, { balancingTests }) => {
  const { balancingTest: named, basis: ground } = purpose;
  if (ground === undefined || named === undefined) return [];
  if (ground !== 'legitimate_interest') {
    if (named === null) return [];
    return [['balancingTest', `has no place under the basis ${ground}`, 'no balancing test']];
  }
  if (named === null) {
    const message = 'is missing: legitimate interest is weighed before it is used (LGPD art. 10)';
    return [['balancingTest', message, 'the id of a file in balancing-tests/']];
  }
  if (balancingTests.has(named)) return [];
  const expected = suggestion(named, [...balancingTests.keys(), 'a file in balancing-tests/']);
  return [['balancingTest', `names "${named}", which has no file`, expected]];
};

const profile: Law = (purpose) => {
  const profiles = purpose.actions?.find((action) => profilingActions.includes(action));
  if (profiles === undefined || purpose.profiling !== false) return [];
  return [['profiling', `is false, but the action "${profiles}" forms a profile`, 'true']];
};

const minors: Law = (purpose) => {
  const faults: Fault[] = [];
  const rule = purpose.minors;
  if (rule === 'allow' && purpose.bestInterest === null) {
    const message = 'is missing: with minors: allow, say why it serves them (LGPD art. 14)';
    faults.push(['bestInterest', message, 'the reasons, in both languages']);
  }
  const given = purpose.bestInterest !== undefined && purpose.bestInterest !== null;
  if (given && rule !== undefined && rule !== 'allow') {
    faults.push(['bestInterest', `has no place with minors: ${rule}`, 'no bestInterest']);
  }
  if (rule === 'guardian-consent' && purpose.basis && !restsOnConsent(purpose.basis)) {
    const message = `is guardian-consent under the basis ${purpose.basis}, which asks nobody`;
    faults.push(['minors', message, 'deny, or a consent as basis']);
  }
  if (rule === 'allow' && purpose.promotional === true) {
    const message = 'is allow for a promotion: with minors it needs their guardian (LGPD art. 14)';
    faults.push(['minors', message, 'deny, or guardian-consent']);
  }
  const adults = purpose.adultProof !== undefined && purpose.adultProof !== null;
  if (adults && rule !== undefined && rule !== 'deny') {
    const message = `is ${rule}, but adultProof makes the purpose one for adults`;
    faults.push(['minors', message, 'deny']);
  }
  const targeted = purpose.profiling === true && purpose.promotional === true;
  if (targeted && rule !== undefined && rule !== 'deny') {
    const law = 'ECA Digital art. 22 forbids advertising to minors by profile';
    const message = `is ${rule}, but ${law}`;
    faults.push(['minors', message, 'deny']);
  }
  return faults;
};

const reach: Law = (purpose, declared) => {
  const faults: Fault[] = [];
  const used = purpose.channels ?? [];
  const silent = used.length > 0 && used.every((channel) => channel === 'none');
  if (purpose.actions?.includes('send') === true && silent) {
    faults.push(['channels', 'reach nobody, but "send" is among the actions', 'a channel']);
  }
  const timed = declared.channels.size === 0 ? [] : used;
  for (const channel of timed) {
    if (channel === 'none' || declared.channels.has(channel)) continue;
    const message = `have "${channel}", for which channels.yaml states no hours`;
    faults.push(['channels', message, 'an entry in channels.yaml; "permitted: always" is one']);
  }
  const sharing = purpose.actions?.find((action) => sharingActions.has(action));
  if (sharing !== undefined && purpose.recipients?.length === 0) {
    const message = `is empty, but "${sharing}" shares data with somebody (LGPD art. 9, V)`;
    faults.push(['recipients', message, 'the id of a file in recipients/']);
  }
  return faults;
};

const references: Law = (purpose, declared) => {
  const faults: Fault[] = [];
  const { retention } = purpose;
  const classes = declared.retention;
  if (retention !== undefined && classes.size > 0 && !classes.has(retention)) {
    const message = `names "${retention}", which retention.yaml does not have`;
    faults.push(['retention', message, suggestion(retention, [...classes])]);
  }
  for (const named of purpose.recipients ?? []) {
    if (declared.recipients.has(named)) continue;
    const known = [...declared.recipients, 'a file in recipients/'];
    faults.push(['recipients', `names "${named}", which has no file`, suggestion(named, known)]);
  }
  if (declared.attributes.size === 0) return faults;
  for (const used of purpose.data ?? []) {
    if (used === ageBandAttribute || used === ageEvidenceAttribute) {
      const law = 'which serves to tell minors apart and for nothing else (ECA Digital art. 13)';
      faults.push(['data', `has "${used}", ${law}`, `without "${used}"`]);
    }
    const attribute = declared.attributes.get(used);
    if (attribute === undefined) {
      const expected = suggestion(used, [...declared.attributes.keys()]);
      faults.push(['data', `has "${used}", which data.yaml does not declare`, expected]);
    }
    const revealing = attribute?.sensitive === true || attribute?.mayReveal === true;
    if (revealing && purpose.basis && !sensitiveBases.includes(purpose.basis)) {
      const message = `has "${used}", sensitive under the basis ${purpose.basis} (LGPD art. 11)`;
      faults.push(['data', message, `without "${used}", or the basis explicit_consent`]);
    }
  }
  return faults;
};
