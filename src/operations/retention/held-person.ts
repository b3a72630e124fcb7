/** Whether all that is recorded of a person is kept: by a legal hold, or by proceedings. */
import type { Instant } from '../../domain/calendar/instant.ts';
import { litigationOf } from '../../domain/erasure/erasure.ts';
import type { Stored } from '../../store/port.ts';
import type { Gate } from '../gate.ts';
import { holdOnPerson } from '../legal-holds/legal-hold-file.ts';
import { idsOf } from '../subjects/living-subject.ts';
import { openSubject, type SubjectFile } from '../subjects/subject-file.ts';

/** Until when, null in it where nobody said; null where nothing keeps it. */
export async function heldPerson(
  gate: Gate,
  read: Stored | SubjectFile,
): Promise<{ readonly until: Instant | null } | null> {
  const file = 'subject' in read ? read : openSubject(read, gate.vault);
  const at = gate.clock();
  const hold = await holdOnPerson(gate, idsOf(file), at);
  return hold ?? litigationOf(file.subject, at);
}
