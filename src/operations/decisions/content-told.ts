/** What a request tells of its content and criteria, in the terms that rules know. */
import { type Content, untoldContent } from '../../domain/guards/content.ts';
import { guardOf } from '../../domain/guards/duplicate.ts';
import type { PolicySet } from '../../domain/policy.ts';
import { isContact } from '../../domain/situation.ts';
import type { Vault } from '../../keys/vault.ts';
import type { JudgingGate } from '../gate.ts';
import type { DecisionRequest } from './decision-record.ts';

type Told = Pick<DecisionRequest, 'action' | 'content' | 'criteria' | 'purpose'>;

export function contentTold(gate: JudgingGate, set: PolicySet, request: Told): Content {
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
function digestOf(
  gate: JudgingGate,
  set: PolicySet,
  { action, content, purpose }: Told,
): string | null {
  if (content === undefined || !isContact(action)) return null;
  if (guardOf(set, set.purposes.get(purpose) ?? null) === null) return null;
  const { campaign, offer, template, text } = content;
  const named = [campaign, offer, template?.name];
  if (text === undefined && named.every((name) => name === undefined)) return null;
  return hashOf(gate.vault, text === undefined ? JSON.stringify(named) : `text ${text}`);
}

const rememberedMax = 1000;
const saidLengthMax = 1000;
/** A campaign says the same to everybody. */
const remembered = new WeakMap<Vault, Map<string, string>>();

function hashOf(vault: Vault, said: string): string {
  const hashes = remembered.get(vault) ?? new Map<string, string>();
  const known = hashes.get(said);
  if (known !== undefined) return known;
  const hash = vault.hash('content', said).slice(0, digestLength);
  if (said.length > saidLengthMax) return hash;
  if (hashes.size >= rememberedMax) hashes.clear();
  remembered.set(vault, hashes.set(said, hash));
  return hash;
}
