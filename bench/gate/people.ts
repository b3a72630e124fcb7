/** The invented people of the benchmarks, each by a number, and what is asked about them. */
import type { components } from '../../src/operations/wire.ts';

type DecisionRequest = components['schemas']['DecisionRequest'];

/**
 * `pedidos` rests on a contract, and no cap counts it. `promocoes` rests on a consent and two caps
 * count it, so that each allow takes a slot: the dearest of the usual questions.
 */
export type AskedPurpose = 'pedidos' | 'promocoes';

export function emailOf(person: number): string {
  return `pessoa-${person}@loja.example`;
}

export function phoneOf(person: number): string {
  return `+55 11 9${String(80_000_000 + person)}`;
}

/** Stands where each request puts a number of its own: the same content is not sent twice. */
export const numberMark = '00000000';

/** A body of about 300 bytes, as a system that sends messages would write it. */
export function decisionBody(person: number, purpose: AskedPurpose): string {
  const request: DecisionRequest = {
    subject: { type: 'email', value: emailOf(person) },
    action: 'send',
    purpose,
    channel: 'email',
    data: ['first_name'],
    content: {
      template: { name: `${purpose}_${numberMark}`, category: 'utility' },
      generatedBy: 'template',
    },
    criteria: {
      segment: 'compradores-do-ano',
      signals: ['purchase', 'view_item'],
      experiment: { name: 'assunto-curto', variant: 'B' },
    },
  };
  return JSON.stringify(request);
}
