/** The least that a server in Node can do: parse the same body, answer the same bytes. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PeerOrder } from './peer.ts';

process.once('message', (order) => {
  const { headers, body } = order as PeerOrder;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
    });
    request.on('end', () => {
      JSON.parse(Buffer.concat(chunks).toString());
      response.writeHead(200, headers);
      response.end(body);
    });
  });
  server.listen(0, '127.0.0.1', () => {
    process.send?.((server.address() as AddressInfo).port);
  });
});
process.once('disconnect', () => process.exit());
