/**
 * How often something may be tried: counted in the store, so that all processes count together.
 * Whoever is refused is told nothing else than that.
 */
import type { Instant } from '../../domain/calendar/instant.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import { putWrite } from '../put-write.ts';

export interface Quota {
  /** What is counted, such as `contact`. */
  readonly kind: string;
  /** Whose attempts; only a keyed hash of it is kept. */
  readonly of: string;
  readonly max: number;
  readonly windowMs: number;
}

/** Takes one attempt; false where none is left in the window that the first of them opened. */
export async function takeAttempt(gate: Gate, quota: Quota): Promise<boolean> {
  const id = gate.vault.hash('portal-quota', `${quota.kind}\0${quota.of}`);
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const stored = await gate.store.get('portalQuotas', id);
    const now = gate.clock();
    const opened = Number(stored?.fields['expiresAt'] ?? 0);
    const isOpen = stored !== null && opened > now;
    const used = isOpen ? usedIn(stored.body) : 0;
    if (used >= quota.max) return false;
    const expiresAt: Instant = isOpen ? opened : now + quota.windowMs;
    const document = { id, fields: { expiresAt }, body: JSON.stringify({ used: used + 1 }) };
    const write = putWrite('portalQuotas', document, stored?.revision ?? null);
    const { done } = await gate.store.write([write]);
    if (done === 1) return true;
  }
  return false;
}

function usedIn(body: string): number {
  return (JSON.parse(body) as { readonly used: number }).used;
}
