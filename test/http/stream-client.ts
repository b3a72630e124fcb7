/** A client that sends a body, and reads an answer, as slowly as a test wants. */
import { expect } from 'chai';
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { JsonObject } from '../../src/domain/json.ts';

export function beginStream(url: string, headers: Record<string, string>): ClientRequest {
  return request(url, { method: 'POST', headers });
}

export async function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response.setEncoding('utf8');
}

export async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}

export function linesIn(text: string): readonly JsonObject[] {
  const lines = text.split('\n');
  expect(lines.pop(), 'after the last line').to.equal('');
  return lines.map((line) => JSON.parse(line) as JsonObject);
}

/** Writes until the other side takes no more; answers how much that was. */
export async function fill(sent: ClientRequest, text: string): Promise<number> {
  let bytes = 0;
  for (;;) {
    const free = sent.write(text);
    bytes += text.length;
    if (free) continue;
    const taken = once(sent, 'drain').then(() => true);
    const still = new Promise<boolean>((resolve) => {
      setTimeout(() => resolve(false), 300);
    });
    if (!(await Promise.race([taken, still]))) return bytes;
  }
}
