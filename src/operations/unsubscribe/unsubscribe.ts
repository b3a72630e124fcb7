/**
 * unsubscribe: the one click of RFC 8058, in force when it is answered (LGPD art. 8, §5; art. 18,
 * §2). For a purpose that rests on consent it is a withdrawal, for any other an objection, each for
 * the link's purpose and channel alone. A second click finds it done, and records nothing.
 */
import { toIso } from '../../domain/calendar/instant.ts';
import { restsOnConsent } from '../../domain/legal-basis.ts';
import { Problem } from '../../domain/problem.ts';
import { recordConsent } from '../consents/record-consent.ts';
import { clockSkewMs, type Gate } from '../gate.ts';
import { recordInstruction } from '../instructions/instruction-change.ts';
import type { Actor, Answer, Call } from '../operation.ts';
import { settledSubject } from '../subjects/living-subject.ts';
import { followLink, isStopped, type Linked, stateOf } from './unsubscribe-state.ts';

type ClickCall = Call<unknown, unknown, { readonly token: string }>;

/** Whoever holds the link: mail providers click for the person. */
const holder: Actor = { kind: 'client', id: 'unsubscribe-link', scopes: new Set() };

export async function unsubscribe(gate: Gate, call: ClickCall): Promise<Answer> {
  // A click that was cut off may have stopped it without binding every process yet.
  const linked = await followLink(gate, call.path.token, settledSubject);
  if (linked instanceof Problem) return linked;
  if (!isStopped(gate, linked)) {
    const stop =
      linked.purpose !== null && restsOnConsent(linked.purpose.basis) ? withdraw : object;
    const recorded = await stop(gate, linked, call);
    if (recorded instanceof Problem) return recorded;
  }
  return stateOf(linked, true);
}

function withdraw(gate: Gate, linked: Linked, call: ClickCall): Promise<Answer> {
  return recordConsent(gate, {
    ...call,
    actor: holder,
    body: {
      subject: { type: 'id', value: linked.id },
      event: 'withdrawn',
      purpose: linked.purposeId,
      channels: [linked.channel],
      evidence: {
        class: 'native',
        actor: { kind: 'subject' },
        // Without its token, which would let whoever reads the evidence click again.
        surface: { url: `${gate.publicUrl}/u/` },
        control: { kind: 'link', initialState: 'none' },
        identifierProof: 'link',
      },
      // As late as is admitted, and cut to the instant of the record: a grant that another process
      // put down by a clock a little ahead must not come out as the newer act.
      occurredAt: toIso(gate.clock() + clockSkewMs),
    },
  });
}

function object(gate: Gate, linked: Linked, call: ClickCall): Promise<Answer> {
  return recordInstruction(gate, 'objection', {
    ...call,
    actor: holder,
    path: { id: linked.id },
    body: { purposes: [linked.purposeId], channels: [linked.channel] },
  });
}
