/** What an unsubscribe link is about, and whether what it names is stopped already. */
import { restsOnConsent } from '../../domain/legal-basis.ts';
import { binds } from '../../domain/instruction.ts';
import { type Channel, type PolicySet, type Purpose } from '../../domain/policy.ts';
import { Problem } from '../../domain/problem.ts';
import { consentOf } from '../../domain/standing.ts';
import type { Subject } from '../../domain/subject.ts';
import { isErasure } from '../erasure/erasure-problem.ts';
import type { Gate } from '../gate.ts';
import type { SubjectFile } from '../subjects/subject-file.ts';
import { livingSubject } from '../subjects/living-subject.ts';
import { readUnsubscribeLink } from './unsubscribe-link.ts';
import type { UnsubscribeState } from '../wire.ts';

export interface Linked {
  /** Id that the link names; that of the subject itself, or of one that was merged into it. */
  readonly id: string;
  /** Null where the person was erased, and nothing is sent any more. */
  readonly subject: Subject | null;
  readonly set: PolicySet;
  readonly channel: Channel;
  readonly purposeId: string;
  /** Null where it is declared no more: nothing permits it, and the person may still say no. */
  readonly purpose: Purpose | null;
}

type ReadFile = (gate: Gate, id: string) => Promise<SubjectFile | Problem | null>;

/** Who and what a token names, or the problem to answer. */
export async function followLink(
  gate: Gate,
  token: string,
  read: ReadFile = livingSubject,
): Promise<Linked | Problem> {
  const target = readUnsubscribeLink(gate, token);
  const file = target === null ? null : await read(gate, target.subject);
  const isGone = file instanceof Problem && isErasure(file);
  if (file instanceof Problem && !isGone) return file;
  if (target === null || file === null) return linkInvalid();
  const { set } = gate.policies.active();
  return {
    id: target.subject,
    subject: file instanceof Problem ? null : file.subject,
    set,
    channel: target.channel,
    purposeId: target.purpose,
    purpose: set.purposes.get(target.purpose) ?? null,
  };
}

/** Whether the person's own no stands: a withdrawal for a consent, else an objection. */
export function isStopped(gate: Gate, linked: Linked): boolean {
  const { subject, set, channel, purpose, purposeId } = linked;
  if (subject === null) return true;
  const at = gate.clock();
  if (purpose !== null && restsOnConsent(purpose.basis)) {
    const { consent } = consentOf(subject, { purpose, channel, contact: null, at, set });
    return consent.state === 'withdrawn' || consent.state === 'refused';
  }
  const contact = { purpose: purposeId, channel };
  return subject.instructions.some((each) => each.kind === 'objection' && binds(each, contact, at));
}

export function stateOf(linked: Linked, stopped: boolean): UnsubscribeState {
  const { set, channel, purpose, purposeId } = linked;
  return {
    controller: set.controller.name,
    purpose: purposeId,
    title: purpose?.title ?? { 'pt-BR': purposeId, en: purposeId },
    channel,
    state: stopped ? 'unsubscribed' : 'subscribed',
  };
}

function linkInvalid(): Problem {
  return new Problem('link-invalid', {
    'pt-BR': 'Abra de novo o link da mensagem, sem mudá-lo.',
    en: 'Open the link of the message again, unchanged.',
  });
}
