/** What operations work with: ports and values that main opened and wired. */
import type { Instant } from '../domain/calendar/instant.ts';
import type { RegistryLists } from '../domain/guards/registry.ts';
import type { ErasureLog } from '../keys/erasure-log.ts';
import type { NewId } from '../keys/id-source.ts';
import type { PermitKeys } from '../keys/permit-keys.ts';
import type { Vault } from '../keys/vault.ts';
import type { Store } from '../store/port.ts';
import type { Audience } from './audience/audience.ts';
import type { LiveKeys } from './keys/live-keys.ts';
import type { PolicyBoard } from './policy-board.ts';
import type { ReadSet } from './policy-sets/set-reader.ts';
import type { ShadowDesk } from './shadows/shadow-desk.ts';
import type { SubjectCache } from './subjects/subject-cache.ts';
import type { Turns } from './subjects/turns.ts';

export interface Gate {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: () => Instant;
  readonly newId: NewId;
  readonly policies: PolicyBoard;
  /** Reads the files of a set, where that holds up no decision. */
  readonly readSet: ReadSet;
  /** The draft that runs beside the set in force, where one does. */
  readonly shadow: ShadowDesk;
  readonly cache: SubjectCache;
  readonly turns: Turns;
  /** Null where dry runs of audiences are judged in this thread. */
  readonly audience: Audience | null;
  /** As they were read at the start. */
  readonly registryLists: RegistryLists;
  /** Where people reach this server, without a slash at the end. */
  readonly publicUrl: string;
  /** Null where production names no keys of permits: then none is given. */
  readonly permits: PermitKeys | null;
  /** Reads the master keys again; what is taken is in `vault`. */
  readonly masterKeys: LiveKeys;
  /** Outside of the store, so that no backup of it is without what was erased since. */
  readonly erasureLog: ErasureLog;
}

/** What judging takes: keys and values, and nothing to read or to write. */
export type JudgingGate = Pick<Gate, 'vault' | 'registryLists' | 'publicUrl'> & {
  readonly cache: Pick<SubjectCache, 'hashOf' | 'keepHash' | 'linkOf' | 'keepLink'>;
};

/** How far clocks of several processes may stand apart before a time is called unreliable. */
export const clockSkewMs = 2000;
/** How often a lost race is run again before the caller is told to come back. */
export const attemptsMax = 40;
