/** A real server that takes calls of webhooks and keeps what they said. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Taken {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface WebhookTaker {
  readonly url: string;
  readonly taken: Taken[];
  /** What it answers from now on. */
  status: number;
  close(): void;
}

export async function startWebhookTaker(): Promise<WebhookTaker> {
  const taken: Taken[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      taken.push({ headers: request.headers, body });
      const { status } = taker;
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const taker: WebhookTaker = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/calls`,
    taken,
    status: 204,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return taker;
}

/** What the signature has to be, by Standard Webhooks. */
export function signatureOf({ headers, body }: Taken, key: Buffer): string {
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}
