/** E-mail by SMTP. The address of the server may hold a login, so no error repeats it. */
import { createTransport } from 'nodemailer';
import { entryText } from './entry-text.ts';
import type { Send } from './send.ts';

export interface MailSettings {
  /** `smtp://` or `smtps://`, with login and port where they are needed. */
  readonly url: string;
  readonly from: string;
  /** Whether a server that offers no encryption is refused. */
  readonly requiresTls: boolean;
}

const connectMs = 10_000;
const answerMs = 20_000;

export function sendByMail({ url, from, requiresTls }: MailSettings): Send {
  const server = new URL(url);
  const isSecure = server.protocol === 'smtps:';
  const transport = createTransport({
    host: server.hostname.replace(/^\[|\]$/g, ''),
    port: server.port === '' ? (isSecure ? 465 : 587) : Number(server.port),
    secure: isSecure,
    requireTLS: requiresTls && !isSecure,
    ...(server.username === ''
      ? {}
      : {
          auth: {
            user: decodeURIComponent(server.username),
            pass: decodeURIComponent(server.password),
          },
        }),
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: answerMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return async (message) => {
    const { subject, body } = entryText(message);
    await transport.sendMail({
      from: { name: message.controller, address: from },
      to: { name: '', address: message.to },
      subject,
      text: body,
      // Nobody's holiday notice should answer a code.
      headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': message.locale },
    });
  };
}
