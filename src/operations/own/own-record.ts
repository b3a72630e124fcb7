/**
 * Records about whoever is signed in, and nobody else's: one of another person, or of somebody
 * erased, is as unknown as one that was never made.
 */
import type { Stored } from '../../store/port.ts';
import type { Session } from '../entries/session.ts';
import type { Gate } from '../gate.ts';
import { type ReadRecord, readRecord } from '../record.ts';
import { idsOf, livingFile } from '../subjects/living-subject.ts';
import type { FiledSubject } from '../subjects/subject-file.ts';

export interface OwnRecord {
  readonly file: FiledSubject;
  readonly record: ReadRecord;
  readonly stored: Stored;
}

const recordId = /^(?:dec|con)_[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** A decision or a consent; null where it is not theirs. */
export async function ownRecord(
  gate: Gate,
  { subject }: Pick<Session, 'subject'>,
  id: string,
): Promise<OwnRecord | null> {
  if (!recordId.test(id)) return null;
  const [file, stored] = await Promise.all([
    livingFile(gate, subject),
    gate.store.get('records', id),
  ]);
  if (file === null || stored === null) return null;
  const record = readRecord(stored);
  const isTheirs = record.subject !== null && idsOf(file).includes(record.subject);
  return isTheirs && record.erasure === null ? { file, record, stored } : null;
}
