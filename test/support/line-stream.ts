/** Sends a body to a server in a process of its own, and reads its answer line by line. */
import { expect } from 'chai';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Opened } from './kill-rounds.ts';

export async function* linesFrom(
  { server, token }: Opened,
  path: string,
  body: string,
): AsyncGenerator<JsonObject> {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-ndjson',
      'idempotency-key': 'lines',
    },
    body,
  });
  expect(response.status).to.equal(200);
  let rest = '';
  for await (const chunk of response.body ?? []) {
    const lines = (rest + Buffer.from(chunk).toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as JsonObject;
  }
}

/** The summary, which is the last line; fails where a problem stands beside it. */
export async function summaryOf(opened: Opened, path: string, body: string): Promise<JsonObject> {
  let last: JsonObject = {};
  for await (const line of linesFrom(opened, path, body)) last = line;
  expect(last).not.to.have.property('problem');
  return last['summary'] as JsonObject;
}

/** What is read until the connection breaks, as it does when the server is killed. */
export async function untilCut(
  lines: AsyncIterable<JsonObject>,
  look: (line: JsonObject) => Promise<void> | void,
): Promise<void> {
  try {
    for await (const line of lines) await look(line);
  } catch (error) {
    expect(error).to.be.instanceOf(TypeError).and.have.property('message', 'terminated');
    return;
  }
  throw new Error('the answer came to its end');
}
