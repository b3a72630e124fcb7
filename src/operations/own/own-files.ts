/** What whoever is signed in takes along: receipts of consents, and proofs of records. */
import type { JsonObject } from '../../domain/json.ts';
import type { Problem } from '../../domain/problem.ts';
import type { Locale } from '../../domain/text.ts';
import { getConsent } from '../consents/get-consent.ts';
import { portalActor } from '../entries/portal-actor.ts';
import type { Session } from '../entries/session.ts';
import type { Gate } from '../gate.ts';
import { getConsentEvidence } from '../ledger/get-consent-evidence.ts';
import { getDecisionEvidence } from '../ledger/get-decision-evidence.ts';
import { type Answer, type Call, Rendered } from '../operation.ts';
import { ownRecord } from './own-record.ts';

interface Asked {
  readonly id: string;
  readonly locale: Locale;
}

/** Null where the record is not theirs; a problem also in the seconds before it has its proof. */
export async function readOwnEvidence(
  gate: Gate,
  session: Session,
  asked: Asked,
): Promise<JsonObject | Problem | null> {
  const own = await ownRecord(gate, session, asked.id);
  if (own === null) return null;
  const read = own.record.kind === 'consent' ? getConsentEvidence : getDecisionEvidence;
  return plain(await read(gate, callOf(asked)));
}

/** Null where it is no consent of theirs. */
export async function readOwnReceipt(
  gate: Gate,
  session: Session,
  asked: Asked,
): Promise<JsonObject | Problem | null> {
  const own = await ownRecord(gate, session, asked.id);
  return own?.record.kind === 'consent' ? plain(await getConsent(gate, callOf(asked))) : null;
}

function callOf({ id, locale }: Asked): Call<null, Record<string, never>, { readonly id: string }> {
  return { actor: portalActor, body: null, query: {}, path: { id }, idempotencyKey: null, locale };
}

function plain(answer: Answer): JsonObject | Problem {
  return answer instanceof Rendered ? (JSON.parse(answer.json) as JsonObject) : answer;
}
