/** What a change of a subject does: decided from the subject as it stands, written elsewhere. */
import type { Instant } from '../../domain/calendar/instant.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Problem } from '../../domain/problem.ts';
import type { Subject, SubjectEvent } from '../../domain/subject.ts';
import type { PrivatePart, SubjectFile } from './subject-file.ts';

/** What a change does, decided from the subject as it stands. */
export interface Change {
  readonly event: SubjectEvent;
  /** The sealed part after the change; left out where it stays as it is. */
  readonly private?: (next: Subject) => PrivatePart;
  /** Members of the record besides its head, given the subject after the change. */
  readonly content: (next: Subject) => Readonly<Record<string, Json>>;
  /** What the record holds of a person; sealed under the subject's key. */
  readonly sealed?: JsonObject;
  /** Whether it carries out the merge that the subject is taken for. */
  readonly unlocks?: boolean;
  /** The erasure that it closes the subject for. */
  readonly closesFor?: string;
}

/** Something under the feet of the change moved: read again and start over. */
export const startOver: unique symbol = Symbol('start over');

/** Called more than once maybe, always with the newest subject. */
export type Plan = (file: SubjectFile, at: Instant) => Change | Problem | typeof startOver;
