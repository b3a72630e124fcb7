/**
 * The log: one JSON line a request, written off the path of the request. Lines wait in a bounded
 * ring and a timer drains it; what does not fit is counted and said, never waited for.
 *
 * A line holds no token, no identifier of a person, nothing of a body or a query, and of a path
 * only ids.
 */
import winston from 'winston';
import { toIso } from '../domain/calendar/instant.ts';

export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface RequestLine {
  readonly requestId: string;
  /** The operationId, or null where no operation matched. */
  readonly operation: string | null;
  readonly method: string;
  /** Ids of Porteiro's own in the path, such as `dec_...`. */
  readonly ids: readonly string[];
  readonly status: number;
  /** Code of the problem that was answered. */
  readonly problem: string | null;
  /** Outcome of a decision. */
  readonly outcome: string | null;
  readonly client: string | null;
  readonly milliseconds: number;
}

export type Detail = string | number | boolean | null | readonly string[];

export interface Log {
  request(line: RequestLine): void;
  /** A fault of the program or of what it stands on, with its stack. */
  fault(requestId: string | null, error: unknown): void;
  event(level: LogLevel, message: string, details?: Readonly<Record<string, Detail>>): void;
  /** Writes what still waits. */
  close(): Promise<void>;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly stream: NodeJS.WritableStream;
  readonly now: () => number;
  readonly linesMax?: number;
}

interface EventLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly at: number;
  readonly details: object;
}

interface AnsweredLine {
  readonly level: LogLevel;
  readonly at: number;
  readonly request: RequestLine;
}

type Line = EventLine | AnsweredLine;

const linesMaxDefault = 10_000;
const drainMilliseconds = 50;
/** Lines of one drain, so that a drain never holds up requests for long. */
const drainLinesMax = 1000;

function levelOf({ status }: RequestLine): LogLevel {
  if (status >= 500) return 'error';
  return status >= 400 ? 'warn' : 'info';
}

/** Nulls and empty lists say nothing. */
function telling(details: object): object {
  const pairs: readonly [string, unknown][] = Object.entries(details);
  return Object.fromEntries(
    pairs.filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0)),
  );
}

class Ring {
  readonly #lines: Line[] = [];
  readonly #linesMax: number;
  readonly #write: (lines: readonly Line[]) => void;
  readonly #now: () => number;
  #dropped = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(linesMax: number, now: () => number, write: (lines: readonly Line[]) => void) {
    this.#linesMax = linesMax;
    this.#now = now;
    this.#write = write;
  }

  push(line: Line): void {
    if (this.#lines.length >= this.#linesMax) this.#dropped += 1;
    else this.#lines.push(line);
    this.#timer ??= setTimeout(() => this.#tick(), drainMilliseconds).unref();
  }

  drain(count: number): void {
    const lines = this.#lines.splice(0, count);
    if (this.#dropped > 0) {
      const details = { lines: this.#dropped };
      this.#dropped = 0;
      lines.push({ level: 'warn', message: 'log lines dropped', at: this.#now(), details });
    }
    if (lines.length > 0) this.#write(lines);
  }

  empty(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.drain(this.#lines.length);
  }

  #tick(): void {
    this.#timer = null;
    this.drain(drainLinesMax);
    if (this.#lines.length > 0) {
      this.#timer = setTimeout(() => this.#tick(), drainMilliseconds).unref();
    }
  }
}

function stackOf(error: unknown): object {
  if (!(error instanceof Error)) return { error: typeof error };
  const cause = error.cause instanceof Error ? { cause: error.cause.stack } : {};
  return { error: error.name, stack: error.stack, ...cause };
}

function written(line: Line): string {
  if ('request' in line) return writtenRequest(line);
  const { level, message, at, details } = line;
  return JSON.stringify({ level, message, time: toIso(at), ...telling(details) });
}

/** By hand, since there is one of them for every decision; nulls and empty lists say nothing. */
function writtenRequest({ level, at, request }: AnsweredLine): string {
  const { requestId, operation, method, ids, status, problem, outcome, client } = request;
  return (
    `{"level":"${level}","message":"request","time":"${toIso(at)}","requestId":"${requestId}"` +
    (operation === null ? '' : `,"operation":"${operation}"`) +
    `,"method":${JSON.stringify(method)}` +
    (ids.length === 0 ? '' : `,"ids":${JSON.stringify(ids)}`) +
    `,"status":${status}` +
    (problem === null ? '' : `,"problem":"${problem}"`) +
    (outcome === null ? '' : `,"outcome":"${outcome}"`) +
    (client === null ? '' : `,"client":${JSON.stringify(client)}`) +
    `,"milliseconds":${request.milliseconds}}`
  );
}

export function makeLog({ level, stream, now, linesMax }: LogOptions): Log {
  const logger = winston.createLogger({
    // The lines of a drain go through winston as one: each alone would cost more than its request.
    format: winston.format.printf(({ message }) => String(message)),
    transports: [new winston.transports.Stream({ stream })],
  });
  const rank = logLevels.indexOf(level);
  const silent = (one: LogLevel): boolean => logLevels.indexOf(one) > rank;
  const ring = new Ring(linesMax ?? linesMaxDefault, now, (lines) => {
    logger.info(lines.map(written).join('\n'));
  });

  return {
    request(line) {
      const lineLevel = levelOf(line);
      if (silent(lineLevel)) return;
      ring.push({ level: lineLevel, at: now(), request: line });
    },
    fault(requestId, error) {
      const named = requestId === null ? {} : { requestId };
      ring.push({
        level: 'error',
        message: 'fault',
        at: now(),
        details: { ...named, ...stackOf(error) },
      });
    },
    event(eventLevel, message, details = {}) {
      if (!silent(eventLevel)) ring.push({ level: eventLevel, message, at: now(), details });
    },
    close() {
      ring.empty();
      return new Promise((resolve) => {
        logger.once('finish', resolve);
        logger.end();
      });
    },
  };
}
