/** A way to send one message; rejects where it could not be handed over. */
import type { EntryMessage } from '../operations/entries/entry-message.ts';

export type Send = (message: EntryMessage) => Promise<void>;
