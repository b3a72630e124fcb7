/**
 * listSubjectTimeline: everything on record about one subject and those that were merged into it,
 * the latest first. Records of a kind have a prefix of their own, and each is read newest first; a
 * page is what is newest among them. An outcome's id is that of its decision, so it stands beside
 * the decision it belongs to.
 */
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import { readCursor, writeCursor } from '../list-cursor.ts';
import type { Answer, Call } from '../operation.ts';
import { readNewest, wholeStretch } from '../record-stretch.ts';
import { idsOf, livingSubject } from './living-subject.ts';
import { subjectUnknown } from './subject-lookup.ts';
import { timelineItem } from './timeline-summary.ts';

const limitDefault = 50;
/** Every prefix that records about a subject bear. */
const prefixes = [
  'con_',
  'crs_',
  'crv_',
  'dec_',
  'evt_',
  'hld_',
  'hle_',
  'ins_',
  'mgi_',
  'mle_',
  'mrg_',
  'mun_',
  'out_',
  'rec_',
] as const;
const prefixLength = 4;

export async function listSubjectTimeline(
  gate: Gate,
  call: Call<
    unknown,
    { readonly limit?: number; readonly cursor?: string },
    { readonly id: string }
  >,
): Promise<Answer> {
  const { id } = call.path;
  const { limit = limitDefault, cursor } = call.query;
  const list = { timelineOf: id };
  const place = readCursor(list, cursor);
  if (place instanceof Problem) return place;
  const file = await livingSubject(gate, id);
  if (file instanceof Problem) return file;
  if (file === null) return subjectUnknown();
  const ids = idsOf(file);
  const pages = await Promise.all(
    prefixes.map((prefix) => {
      const before = place === null ? null : boundAfter(place, prefix);
      return readNewest(gate, { ...wholeStretch(prefix, ids), before }, limit);
    }),
  );
  const records = pages.flatMap(({ items }) => items);
  records.sort((a, b) => (orderOf(a.id) < orderOf(b.id) ? 1 : -1));
  const shown = records.slice(0, limit);
  const last = shown.at(-1);
  const more = records.length > limit || pages.some((page) => page.more);
  const { set } = gate.policies.active();
  return {
    items: shown.map((record) => timelineItem(record, set)),
    nextCursor: more && last !== undefined ? writeCursor(list, last.id) : null,
  };
}

/** By time first, and by kind where one instant made several. */
function orderOf(id: string): string {
  return id.slice(prefixLength) + id.slice(0, prefixLength);
}

/** The id before which records of a prefix come after a place in the order above. */
function boundAfter(place: string, prefix: string): string {
  const same = prefix + place.slice(prefixLength);
  // A smaller prefix at the same instant is still to come: its id lies inside the bound.
  return prefix < place.slice(0, prefixLength) ? `${same}0` : same;
}
