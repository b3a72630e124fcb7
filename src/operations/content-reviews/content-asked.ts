/** The text of a request, as it is judged. */
import {
  type Approval,
  type GivenText,
  contentFindings,
  noFindings,
} from '../../domain/content/content-finding.ts';
import type { Channel, PolicySet } from '../../domain/policy.ts';
import type { Subject } from '../../domain/subject.ts';
import type { JudgingGate } from '../gate.ts';
import type { components } from '../wire.ts';
import type { KeptFindings } from './review-file.ts';

type ContentGiven = components['schemas']['Content'];

/** Null where no text was given: there is nothing to judge then. */
export function contentAsked(
  gate: JudgingGate,
  subject: Subject,
  {
    content,
    approval,
  }: { readonly content: ContentGiven | undefined; readonly approval: Approval },
): GivenText | null {
  if (content?.text === undefined) return null;
  const { text, generatedBy } = content;
  // Compared by keyed hash, as identifiers are kept.
  const isOwnPhone = (phone: string): boolean => {
    const hash = gate.vault.hash('phone', phone);
    return subject.identifiers.some((each) => each.kind === 'phone' && each.hash === hash);
  };
  return { text, generatedBy: generatedBy ?? null, approval, isOwnPhone };
}

/** What the guardrails say of it, for those who review. */
export function findingsAsked(
  { guardrails, purposes }: PolicySet,
  content: GivenText,
  place: { readonly purpose: string; readonly channel: Channel },
): KeptFindings {
  const placed = { ...place, promotional: purposes.get(place.purpose)?.promotional ?? false };
  const found = guardrails === null ? noFindings : contentFindings(guardrails, content, placed);
  const { approval: _approval, generatedBy: _source, ...kept } = found;
  return kept;
}
