/** The file of permit keys, followed while the server runs. */
import { FollowedFile } from '../http/followed-file.ts';
import { permitFault, permitKeysIn, type PermitKeys } from '../keys/permit-keys.ts';

export type PermitFile = FollowedFile<PermitKeys>;

/** Throws KeyFileError. */
export function openPermitFile(path: string): PermitFile {
  try {
    return new FollowedFile(path, {
      name: 'permit keys',
      read: (text) => permitKeysIn(text, path),
      keysOf: ({ verifying }) => [...verifying.keys()],
      complaintsOf: (error) => [permitFault(path, error).message],
    });
  } catch (error) {
    throw permitFault(path, error);
  }
}
