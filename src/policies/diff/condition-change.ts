/** Whether changed conditions of a rule hold in more cases, in fewer or in others, as proven. */
import type { Json } from '../../domain/json.ts';
import type { PlainTree } from '../../domain/rule.ts';
import type { Text } from '../../domain/text.ts';
import { follows } from '../../rules/analysis/proof.ts';

const unknown: Text = { 'pt-BR': '', en: '' };
const same: Text = {
  'pt-BR': ', mas vale nos mesmos casos',
  en: ', but holds in the same cases',
};
const wider: Text = { 'pt-BR': ': vale em mais casos', en: ': it holds in more cases' };
const narrower: Text = { 'pt-BR': ': vale em menos casos', en: ': it holds in fewer cases' };
const other: Text = { 'pt-BR': ': vale em outros casos', en: ': it holds in other cases' };

/** Both as the JSON text of conditions without names. */
export function casesMoved(from: Json, to: Json): Text {
  if (typeof from !== 'string' || typeof to !== 'string') return unknown;
  const [was, is] = [JSON.parse(from) as PlainTree, JSON.parse(to) as PlainTree];
  const [shrinks, grows] = [follows(is, was), follows(was, is)];
  if (shrinks === null || grows === null) return unknown;
  if (shrinks && grows) return same;
  if (grows) return wider;
  return shrinks ? narrower : other;
}
