/** What a request tells of its content, in the terms that rules know. */
import { type Content, untoldContent } from '../../domain/guards/content.ts';
import type { DecisionRequest } from './decision-record.ts';

export function contentTold({ content }: Pick<DecisionRequest, 'content'>): Content {
  if (content === undefined) return untoldContent;
  const { template } = content;
  return { template: template === undefined ? 'none' : (template.category ?? 'unknown') };
}
