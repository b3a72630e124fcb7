/** How a start is refused: in sentences for the person who starts it, all of them at once. */
import { KeyRingFault } from '../http/tokens/key-ring.ts';
import { ErasureLogError } from '../keys/erasure-log.ts';
import { KeyFileError } from '../keys/key-file.ts';

/** Why there is no server: sentences for the person who starts it. */
export class StartRefused extends Error {
  readonly complaints: readonly string[];
  constructor(complaints: readonly string[]) {
    super(complaints.join('\n'));
    this.name = 'StartRefused';
    this.complaints = complaints;
  }
}

/** Null, and complaints, where reading fails in a way that a person can mend. */
export function orComplain<T>(complaints: string[], read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof KeyRingFault) complaints.push(...error.complaints);
    else if (error instanceof KeyFileError) complaints.push(error.message);
    else if (error instanceof ErasureLogError) complaints.push(error.message);
    else if (error instanceof Error && 'code' in error) complaints.push(error.message);
    else throw error;
    return null;
  }
}

/** What was made, or the refusal of the start. */
export function made<T>(make: () => T): T {
  const complaints: string[] = [];
  const value = orComplain(complaints, make);
  if (value === null) throw new StartRefused(complaints);
  return value;
}
