/** What a request tells of its content and criteria, in the terms that rules know. */
import { type Content, untoldContent } from '../../domain/guards/content.ts';
import { guardOf } from '../../domain/guards/duplicate.ts';
import type { PolicySet } from '../../domain/policy.ts';
import { isContact } from '../../domain/situation.ts';
import type { Gate } from '../gate.ts';
import type { DecisionRequest } from './decision-record.ts';

type Told = Pick<DecisionRequest, 'action' | 'content' | 'criteria' | 'purpose'>;

export function contentTold(gate: Gate, set: PolicySet, request: Told): Content {
  const { content, criteria } = request;
  if (content === undefined && criteria === undefined) return untoldContent;
  const template = content?.template;
  return {
    template: template === undefined ? 'none' : (template.category ?? 'unknown'),
    byProfile: criteria !== undefined && isProfile(criteria),
    digest: digestOf(gate, set, request),
  };
}

/** An experiment draws people by lot; the other criteria look at what they did. */
function isProfile({ segment, score, signals }: NonNullable<Told['criteria']>): boolean {
  return segment !== undefined || score !== undefined || (signals ?? []).length > 0;
}

/** Half of the hash: nobody is to find the text, and contents of one person are few. */
const digestLength = 32;

/** The words say what a content is; without them its campaign, offer and template do. */
function digestOf(gate: Gate, set: PolicySet, { action, content, purpose }: Told): string | null {
  if (content === undefined || !isContact(action)) return null;
  if (guardOf(set, set.purposes.get(purpose) ?? null) === null) return null;
  const { campaign, offer, template, text } = content;
  const named = [campaign, offer, template?.name];
  if (text === undefined && named.every((name) => name === undefined)) return null;
  const said = text === undefined ? JSON.stringify(named) : `text ${text}`;
  return gate.vault.hash('content', said).slice(0, digestLength);
}
