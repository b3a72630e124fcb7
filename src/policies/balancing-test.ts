/**
 * policies/balancing-tests/ID.yaml: why the controller's interest may stand beside the rights of
 * the person (LGPD arts. 10 and 37). In the three steps of ANPD's guide of February 2024: purpose,
 * necessity, balance with safeguards. The gate reads outcome, dates and prior relation; the rest
 * is what the DPO hands over when asked.
 */
import type { BalancingTest, NoticeReference } from '../domain/policy.ts';
import type { Text } from '../domain/text.ts';
import { attributeName, bilingual, civilDate, id, line } from './format.ts';
import { noticeReference } from './purpose.ts';
import { type Found, flag, integer, list, oneOf, record, type Shape } from './shape.ts';

/** Signals of a person that policies may rest on. */
export const signalTypes = [
  'view_item',
  'view_item_list',
  'search',
  'add_to_cart',
  'remove_from_cart',
  'start_checkout',
  'purchase',
  'refund',
  'reply_whatsapp',
  'message_opened',
  'message_clicked',
  'asked_for_human',
  'custom',
] as const;

export interface BalancingRecord extends BalancingTest {
  /** The concrete situation that art. 10 asks for. */
  readonly situation: Text;
  readonly holder: 'controller' | 'third-party' | 'subject';
  readonly data: {
    readonly attributes: readonly string[];
    readonly source: Text;
  };
  readonly minors: boolean;
  readonly necessity: Text;
  /** Less intrusive ways that were considered. */
  readonly alternatives: Text;
  readonly expectation: Text;
  readonly notice: NoticeReference;
  readonly impacts: Text;
  readonly safeguards: readonly Text[];
  readonly author: string;
  readonly dpoOpinion: Text;
}

export const balancingTestShape: Shape<BalancingRecord> = record<BalancingRecord>(
  {
    id,
    purpose: id,
    purposeVersion: integer(1, 9999),
    interest: bilingual,
    situation: bilingual,
    holder: oneOf(['controller', 'third-party', 'subject']),
    data: record<BalancingRecord['data']>({
      attributes: list(attributeName, { min: 0, max: 100 }),
      source: bilingual,
    }),
    minors: flag,
    necessity: bilingual,
    alternatives: bilingual,
    priorRelation: record<BalancingTest['priorRelation']>({
      events: list(oneOf(signalTypes), { min: 1, max: signalTypes.length }),
      maxAgeDays: integer(1, 730),
    }),
    expectation: bilingual,
    notice: noticeReference,
    impacts: bilingual,
    safeguards: list(bilingual, { min: 1, max: 20 }),
    outcome: oneOf(['approved', 'rejected', 'draft']),
    author: line,
    dpoOpinion: bilingual,
    approvedOn: civilDate,
    reviewBy: civilDate,
  },
  { declare, check },
);

function declare({ value, source }: Found<BalancingRecord>): void {
  source.reading.declared.balancingTests.set(source.id, value);
}

function check({ value, source, complain }: Found<BalancingRecord>): void {
  if (value.id !== undefined && value.id !== source.id) {
    complain('id', `is "${value.id}", but the file is called ${source.id}.yaml`, `"${source.id}"`);
  }
  const { approvedOn, reviewBy } = value;
  if (approvedOn !== undefined && reviewBy !== undefined && reviewBy <= approvedOn) {
    complain('reviewBy', 'is not after approvedOn', `a date after ${approvedOn}`);
  }
  if (value.minors === true) {
    const message =
      'is true: the basis does not reach children and adolescents here (LGPD art. 14)';
    complain('minors', message, 'false, or consent as the basis of the purpose');
  }
  checkReferences({ value, source, complain });
}

function checkReferences({ value, source, complain }: Found<BalancingRecord>): void {
  const { purposes, notices } = source.reading.declared;
  const { notice, purpose: named, purposeVersion: weighed } = value;
  if (notice !== undefined && notices.get(notice.id)?.has(notice.version) !== true) {
    const file = `notices/${notice.id}.v${notice.version}.pt-BR.md`;
    complain('notice', `is ${notice.id} version ${notice.version}, which has no file`, file);
  }
  const purpose = named === undefined ? undefined : purposes.get(named);
  if (named !== undefined && purpose === undefined) {
    const known = `one of ${[...purposes.keys()].sort().join(', ')}`;
    complain('purpose', `names "${named}", which no file declares`, known);
  }
  const version = purpose?.version;
  if (version !== undefined && weighed !== undefined && version !== weighed) {
    const message = `is ${weighed}, but ${named} stands at version ${version}`;
    complain('purposeVersion', message, `weigh the purpose anew, then write ${version}`);
  }
  const attributes = value.data?.attributes ?? [];
  for (const used of purpose?.data ?? []) {
    if (value.data === undefined || attributes.includes(used)) continue;
    complain('data', `leaves out "${used}", which ${named} uses`, `"${used}" among attributes`);
  }
}
