/** What a request tells of its content and criteria, in the terms that rules know. */
import { type Content, untoldContent } from '../../domain/guards/content.ts';
import type { DecisionRequest } from './decision-record.ts';

type Told = Pick<DecisionRequest, 'content' | 'criteria'>;

export function contentTold({ content, criteria }: Told): Content {
  if (content === undefined && criteria === undefined) return untoldContent;
  const template = content?.template;
  return {
    template: template === undefined ? 'none' : (template.category ?? 'unknown'),
    byProfile: criteria !== undefined && isProfile(criteria),
  };
}

/** An experiment draws people by lot; the other criteria look at what they did. */
function isProfile({ segment, score, signals }: NonNullable<Told['criteria']>): boolean {
  return segment !== undefined || score !== undefined || (signals ?? []).length > 0;
}
