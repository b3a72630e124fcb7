/** The text of a request, as it is judged. */
import type { Approval, GivenText } from '../../domain/content/content-finding.ts';
import type { Subject } from '../../domain/subject.ts';
import type { Gate } from '../gate.ts';
import type { components } from '../wire.ts';

type ContentGiven = components['schemas']['Content'];

/** Null where no text was given: there is nothing to judge then. */
export function contentAsked(
  gate: Gate,
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
