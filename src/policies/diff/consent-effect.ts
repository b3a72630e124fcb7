/**
 * What a change of a purpose does to consents that stand (LGPD arts. 8, §6, and 9, §2). Art. 8, §6
 * names the items of art. 9, I, II, III and V: the purpose, form and duration, the controller, the
 * sharing. The notice is how a set says what follows: a later version that is `material` makes
 * earlier consents wait to be confirmed (domain/standing.ts), one that is not is to be shown with
 * its changes highlighted. A change that no later version tells of is undeclared.
 */
import { restsOnConsent } from '../../domain/legal-basis.ts';
import type { Controller, PolicySet, Purpose } from '../../domain/policy.ts';
import type { Text } from '../../domain/text.ts';
import { type NoticeHead, noticeHead } from '../notice.ts';
import { effectText } from './sentence.ts';

export interface ConsentEffect {
  readonly purpose: string;
  /** Material fields of the purpose, and `controller`; empty where only the notice changed. */
  readonly fields: readonly string[];
  readonly effect: 'reconfirm' | 'highlight' | 'undeclared';
  /** The version that people see from then on; null where the purpose has none. */
  readonly notice: { readonly id: string; readonly version: number } | null;
  /** What the notice highlights, by language; null where it has no later version. */
  readonly highlight: { readonly 'pt-BR': string | null; readonly en: string | null } | null;
  readonly text: Text;
}

type Materials = Readonly<Record<string, (purpose: Purpose, controller: Controller) => unknown>>;

/** Fields by the item of art. 9 that they belong to. */
const materialFields: Materials = {
  // I: the specific purpose.
  title: ({ title }) => title,
  description: ({ description }) => description,
  basis: ({ basis }) => basis,
  // II: form and duration.
  actions: ({ actions }) => actions.toSorted(),
  data: ({ data }) => data.toSorted(),
  profiling: ({ profiling }) => profiling,
  promotional: ({ promotional }) => promotional,
  automatedEffect: ({ automatedEffect }) => automatedEffect,
  endsOn: ({ endsOn }) => endsOn,
  retention: ({ retention }) => retention,
  // V: shared use.
  recipients: ({ recipients }) => recipients.toSorted(),
  // III: who the controller is.
  controller: (_purpose, { name, cnpj }) => [name, cnpj],
};

export function consentEffects(from: PolicySet, to: PolicySet): readonly ConsentEffect[] {
  return [...to.purposes.values()].flatMap((purpose) => {
    const before = from.purposes.get(purpose.id);
    if (before === undefined) return [];
    if (!restsOnConsent(before.basis) || !restsOnConsent(purpose.basis)) return [];
    const fields = changedFields(before, purpose, { from, to });
    const told = laterNotices(before, purpose, to);
    if (fields.length === 0 && told.length === 0) return [];
    const effect = effectOf(told);
    const made = { purpose: purpose.id, fields, effect, notice: purpose.notice };
    const highlight = told.length === 0 ? null : highlightOf(told);
    return [{ ...made, highlight, text: effectText(made, purpose) }];
  });
}

function changedFields(
  before: Purpose,
  after: Purpose,
  { from, to }: { readonly from: PolicySet; readonly to: PolicySet },
): readonly string[] {
  const changed = Object.entries(materialFields).filter(([, read]) => {
    const [was, is] = [read(before, from.controller), read(after, to.controller)];
    return differs(was, is);
  });
  const names = new Set(changed.map(([name]) => name));
  // What the names stand for may change as well.
  if (differs(keptFor(before, from), keptFor(after, to))) names.add('retention');
  if (differs(sharedWith(before, from), sharedWith(after, to))) names.add('recipients');
  return [...names];
}

function differs(was: unknown, is: unknown): boolean {
  return JSON.stringify(was) !== JSON.stringify(is);
}

function keptFor({ retention }: Purpose, set: PolicySet): string | undefined {
  return set.retention.get(retention)?.duration;
}

/** Who the recipients are, where, and what they get. */
function sharedWith({ recipients }: Purpose, set: PolicySet): unknown {
  return recipients.toSorted().map((id) => {
    const { name, country, role, data } = set.recipients.get(id) ?? {};
    return [name, country, role, data?.toSorted()];
  });
}

type NoticeVersion = NonNullable<ReturnType<PolicySet['notices']['get']>>[number];

/** Versions that come to people with the later set: after the earlier one, up to the later. */
function laterNotices(
  before: Purpose,
  { notice }: Purpose,
  to: PolicySet,
): readonly NoticeVersion[] {
  if (notice === null) return [];
  const shown = before.notice?.id === notice.id ? before.notice.version : 0;
  const versions = to.notices.get(notice.id) ?? [];
  return versions.filter(({ version }) => version > shown && version <= notice.version);
}

function effectOf(told: readonly NoticeVersion[]): ConsentEffect['effect'] {
  if (told.length === 0) return 'undeclared';
  return told.some(({ material }) => material) ? 'reconfirm' : 'highlight';
}

function highlightOf(told: readonly NoticeVersion[]): NonNullable<ConsentEffect['highlight']> {
  const changesIn = (locale: 'pt-BR' | 'en'): string | null => {
    const heads = told.flatMap(({ texts }): NoticeHead[] => {
      const text = texts[locale]?.text;
      return text === undefined ? [] : [noticeHead(text)];
    });
    const changes = heads.flatMap(({ changes: each }) => (each ? [each] : []));
    return changes.length === 0 ? null : changes.join(' ');
  };
  return { 'pt-BR': changesIn('pt-BR'), en: changesIn('en') };
}
