/** Writes an answer of many lines as they come, no faster than they are read. */
import type { ServerResponse } from 'node:http';
import {
  type AnswerLine,
  Rendered,
  RenderedLines,
  type Streamed,
} from '../../operations/operation.ts';
import { headerList, noStore } from '../answer.ts';
import { ClientGone, dropRest } from '../body.ts';
import type { Exchange, ExchangeContext } from '../exchange.ts';
import { problemBody } from '../problems.ts';
import { stillMillisecondsMax } from './chunks.ts';

export const linesMediaType = 'application/x-ndjson';

/** Rejects with ClientGone where nobody reads any more; `hold` may throw at lines. */
export async function writeLines(
  ctx: Pick<ExchangeContext, 'req' | 'res' | 'state'>,
  { lines }: Streamed,
  hold: (lines: string | Uint8Array) => void,
): Promise<void> {
  const { res, req } = ctx;
  const { exchange } = ctx.state;
  const headers = { ...noStore, 'Content-Language': exchange.locale, Vary: 'Accept-Language' };
  res.writeHead(200, [...headerList(exchange, headers), 'Content-Type', linesMediaType]);
  // Whoever waits for the headers before sending more has them.
  res.flushHeaders();
  for await (const line of lines) {
    const text = line instanceof RenderedLines ? line.bytes : `${textOf(line, exchange)}\n`;
    hold(text);
    if (res.destroyed) throw new ClientGone();
    if (!res.write(text)) await drained(res);
  }
  res.end();
  if (!req.complete) dropRest(req);
}

function textOf(line: Exclude<AnswerLine, RenderedLines>, exchange: Exchange): string {
  if (line instanceof Rendered) return line.json;
  const { content, problem } = line;
  if (problem === null) return JSON.stringify(content);
  const told = problemBody(problem, exchange.locale, exchange.requestId);
  return JSON.stringify({ ...content, problem: told });
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer);
      response.off('drain', drain).off('close', lose);
    };
    const drain = (): void => {
      settle();
      resolve();
    };
    const lose = (): void => {
      settle();
      reject(new ClientGone());
    };
    const timer = setTimeout(lose, stillMillisecondsMax);
    response.once('drain', drain).once('close', lose);
  });
}
