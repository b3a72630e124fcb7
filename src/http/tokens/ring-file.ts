/** The JWT keys file, followed while the server runs. */
import { FollowedFile } from '../followed-file.ts';
import { type KeyRing, KeyRingFault, readKeyRing } from './key-ring.ts';

/** Tokens that were remembered under a ring are checked again under the next one. */
export type RingFile = FollowedFile<KeyRing>;

/** Throws KeyRingFault. */
export function openRingFile(path: string): RingFile {
  try {
    return new FollowedFile(path, {
      name: 'token keys',
      read: readKeyRing,
      keysOf: ({ keys }) => [...keys.keys()],
      complaintsOf: (error) => faultOf(path, error).complaints,
    });
  } catch (error) {
    throw faultOf(path, error);
  }
}

function faultOf(path: string, error: unknown): KeyRingFault {
  if (error instanceof KeyRingFault) {
    return new KeyRingFault(error.complaints.map((complaint) => `${path}: ${complaint}`));
  }
  if (!(error instanceof Error && 'code' in error)) throw error;
  return new KeyRingFault([`${path} cannot be read (${String(error.code)}).`]);
}
