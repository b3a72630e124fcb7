/** How commands reach the server that runs under the same settings. */
import { request } from 'node:http';
import { type Config, readEnvironment } from '../config.ts';
import type { Scope } from '../operations/operation.ts';
import type { components } from '../operations/wire.ts';
import { issueToken } from './token.ts';

export type ProblemTold = components['schemas']['Problem'];

export interface ServerAccess {
  readonly server: Pick<Config, 'host' | 'port'>;
  readonly token: string;
}

type Method = 'GET' | 'POST' | 'PUT';

interface Answered {
  readonly status: number;
  readonly body: unknown;
}

const tokenSeconds = 3600;

/** Null after what is in the way was complained of. */
export function accessFor(client: string, scope: readonly Scope[]): ServerAccess | null {
  const config = readEnvironment(process.env);
  const token = issueToken({ client, scope, expires: tokenSeconds }, process.env);
  if (!('complaints' in config) && typeof token === 'string') return { server: config, token };
  const complaints = 'complaints' in config ? config.complaints : token;
  for (const complaint of typeof complaints === 'string' ? [] : complaints) remark(complaint);
  return null;
}

/** Asks for JSON and reads the whole answer; rejects where nobody answers. */
export function callServer(
  { server, token }: ServerAccess,
  method: Method,
  path: string,
  body?: object,
): Promise<Answered> {
  const { host, port } = server;
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, path, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as unknown });
      });
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** What the server answered, or null after it was said why that is nothing. */
export async function askServer<Body>(
  access: ServerAccess,
  method: Method,
  path: string,
  body?: object,
): Promise<Body | null> {
  try {
    const answer = await callServer(access, method, path, body);
    if (answer.status < 300) return answer.body as Body;
    remark(sentenceOf(answer.body as ProblemTold));
  } catch (error) {
    const sentence = unansweredSentence(access.server, error);
    if (sentence === null) throw error;
    remark(sentence);
  }
  return null;
}

/** To whoever watches; what a program reads goes to the standard output. */
export function remark(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

export function sentenceOf({ code, detail, errors = [] }: ProblemTold): string {
  const places = errors.map(({ pointer, message, expected }) =>
    `${pointer} ${message} (${expected})`.trim(),
  );
  return [`${code}: ${detail}`, ...places].join(' ');
}

/** Why nobody answered, or null for a fault of the program. */
export function unansweredSentence(
  { host, port }: ServerAccess['server'],
  error: unknown,
): string | null {
  if (!(error instanceof Error && 'code' in error)) return null;
  return `${host}:${port}: ${error.message || String(error.code)}.`;
}
