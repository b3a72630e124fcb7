/**
 * An entry: a way into the portal that was opened for somebody, for some minutes and once. Whoever
 * holds its link gets in, or whoever asked for it and then types its code. The store has hashes
 * alone: reading it lets nobody in.
 */
import { type Instant, minuteMs } from '../../domain/calendar/instant.ts';
import { isSameHash, newSecret } from '../../keys/secret.ts';
import type { Gate } from '../gate.ts';
import type { Draft } from '../../store/port.ts';
import type { NamedIdentifier } from '../subjects/subject-lookup.ts';

export const entryMinutes = 15;

export interface Entry {
  /** Who it is for: a contact point that was typed, known or not, or a subject. */
  readonly contact: NamedIdentifier | null;
  readonly subject: string | null;
  readonly link: string;
  /** Of what the browser keeps that asked for the code; null where a link alone leads in. */
  readonly browser: string | null;
  readonly code: string | null;
  readonly attempts: number;
}

export interface FiledEntry extends Entry {
  readonly id: string;
  readonly revision: number;
  readonly expiresAt: Instant;
}

const entryId = /^ent_[0-9a-f-]{36}$/;
const linkVersion = 'portal-1';

/** A hash of a secret, which says nothing about it without the key. */
export function secretHash(gate: Gate, secret: string): string {
  return gate.vault.hash('portal-secret', secret);
}

/** Makes an entry durable; answers the token of its link. */
export async function openEntry(
  gate: Gate,
  entry: Omit<Entry, 'link' | 'attempts'> & { readonly id: string; readonly minutes: number },
): Promise<{ readonly token: string; readonly expiresAt: Instant }> {
  const { id, minutes, ...kept } = entry;
  const secret = newSecret();
  const expiresAt = gate.clock() + minutes * minuteMs;
  const filed: Entry = { ...kept, link: secretHash(gate, secret), attempts: 0 };
  const document = entryDraft(id, filed, expiresAt);
  await gate.store.write([{ kind: 'insert', collection: 'portalEntries', document }]);
  return { token: gate.vault.sealLink(`${linkVersion} ${id} ${secret}`), expiresAt };
}

export function entryUrl(gate: Gate, token: string): string {
  return `${gate.publicUrl}/portal/link/${token}`;
}

/** The entry that a link leads to; null where it is altered, used or over. */
export async function entryOfLink(gate: Gate, token: string): Promise<FiledEntry | null> {
  const [version, id = '', secret = ''] = gate.vault.openLink(token)?.split(' ') ?? [];
  const entry = version === linkVersion ? await readEntry(gate, id) : null;
  return entry !== null && isSameHash(entry.link, secretHash(gate, secret)) ? entry : null;
}

export async function readEntry(gate: Gate, id: string): Promise<FiledEntry | null> {
  if (!entryId.test(id)) return null;
  const stored = await gate.store.get('portalEntries', id);
  const expiresAt = Number(stored?.fields['expiresAt'] ?? 0);
  if (stored === null || expiresAt <= gate.clock()) return null;
  return { ...(JSON.parse(stored.body) as Entry), id, revision: stored.revision, expiresAt };
}

/** Counts an attempt before it is judged; null where another one was faster. */
export async function countAttempt(gate: Gate, entry: FiledEntry): Promise<FiledEntry | null> {
  const { id, revision, expiresAt, ...kept } = entry;
  const next: Entry = { ...kept, attempts: entry.attempts + 1 };
  const document = entryDraft(id, next, expiresAt);
  const { done } = await gate.store.write([
    { kind: 'replace', collection: 'portalEntries', document, expectedRevision: revision },
  ]);
  return done === 1 ? { ...entry, ...next, revision: revision + 1 } : null;
}

function entryDraft(id: string, entry: Entry, expiresAt: Instant): Draft {
  const { subject } = entry;
  return { id, fields: { expiresAt, subject }, body: JSON.stringify(entry) };
}

/** Uses an entry up; false where it was used meanwhile. */
export async function closeEntry(gate: Gate, { id, revision }: FiledEntry): Promise<boolean> {
  const { done } = await gate.store.write([
    { kind: 'delete', collection: 'portalEntries', id, expectedRevision: revision },
  ]);
  return done === 1;
}
