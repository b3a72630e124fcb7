/** Which way messages go: by what the settings name, and in local mode otherwise to the outbox. */
import { join } from 'node:path';
import type { Post } from '../operations/entries/entry-message.ts';
import { sendByMail } from './mail.ts';
import { keepInOutbox, type Tell } from './outbox.ts';
import { sendByPhone } from './phone-sender.ts';
import type { Send } from './send.ts';

interface Hidden {
  reveal(): string;
}

/** What the settings say of messages. */
export interface PostSettings {
  readonly mode: 'local' | 'production';
  readonly dataFolder: string;
  readonly mail: { readonly url: Hidden; readonly from: string } | null;
  readonly phoneSender: { readonly url: string; readonly secret: Hidden } | null;
}

/** In production what no setting reaches cannot be sent; local mode keeps it and tells it. */
export function makePost(settings: PostSettings, tell: Tell, now: () => number): Post {
  const { mode, dataFolder, mail, phoneSender } = settings;
  const kept = mode === 'local' ? keepInOutbox(join(dataFolder, 'outbox'), tell, now) : null;
  const requiresTls = mode === 'production';
  const ways: Readonly<Record<'email' | 'phone', Send | null>> = {
    email: mail === null ? kept : sendByMail({ ...mail, url: mail.url.reveal(), requiresTls }),
    phone:
      phoneSender === null
        ? kept
        : sendByPhone({ url: phoneSender.url, secret: phoneSender.secret.reveal() }, now),
  };
  return {
    reaches: (kind) => ways[kind] !== null,
    send: (message) =>
      ways[message.kind]?.(message) ??
      Promise.reject(new Error(`no setting says how to send to ${message.kind}`)),
  };
}
