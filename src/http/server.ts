/** The HTTP server around the app: its limits, and how it stops without losing an answer. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIPv6, type Socket } from 'node:net';
import { bodyBytesMax } from './body.ts';
import { isUnhurried } from './lines/chunks.ts';
import { problemMediaType } from './problems.ts';

type RequestListener = (request: IncomingMessage, response: ServerResponse) => unknown;

export interface Listening {
  readonly port: number;
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  /** Takes no new connection, lets answers under way finish for a while, then cuts the rest. */
  close(): Promise<void>;
}

/** A port that nobody else can take any more; requests on it wait until they are served. */
export interface TakenPort extends Listening {
  serve(listener: RequestListener): void;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly graceMilliseconds?: number;
}

const limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  // Longer than the 60 s after which common load balancers let go of an idle connection.
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
};
const headersMax = 60;
const connectionsMax = 10_000;
const graceMillisecondsDefault = 10_000;
const idleSweepMilliseconds = 50;

const requestTimeout = 'ERR_HTTP_REQUEST_TIMEOUT';

interface ParserFault {
  readonly status: string;
  readonly code: string;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function parserFault(error: unknown): ParserFault {
  const code = codeOf(error);
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { status: '431 Request Header Fields Too Large', code: 'invalid-request' };
  }
  if (code === requestTimeout) {
    return { status: '408 Request Timeout', code: 'request-timeout' };
  }
  return { status: '400 Bad Request', code: 'invalid-request' };
}

/** What is not HTTP never reaches the app; it gets a problem without a request id, and no more. */
function answerParserFault(error: unknown, socket: Socket): void {
  if (!socket.writable) return;
  // Node tells it once a request, and leaves the connection to us.
  if (codeOf(error) === requestTimeout && isUnhurried(socket)) return;
  const { status, code } = parserFault(error);
  const body = JSON.stringify({ type: `urn:porteiro:problem:${code}`, code, title: status });
  const head = [
    `HTTP/1.1 ${status}`,
    `Content-Type: ${problemMediaType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** A body that would be refused for its size is not asked for. */
function answerExpectation(listener: RequestListener): RequestListener {
  return (request, response) => {
    if (Number(request.headers['content-length'] ?? 0) <= bodyBytesMax) response.writeContinue();
    return listener(request, response);
  };
}

function close(server: Server, graceMilliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), idleSweepMilliseconds);
    const cut = setTimeout(() => server.closeAllConnections(), graceMilliseconds);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(cut);
      resolve();
    });
  });
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address;
}

/** Requests that came before there was anything to answer them with, and what answers now. */
class Turnstile {
  readonly #waiting: Parameters<RequestListener>[] = [];
  #listener: RequestListener | null = null;

  get isOpen(): boolean {
    return this.#listener !== null;
  }

  readonly pass: RequestListener = (request, response) => {
    // Koa's own listener never rejects: what a step throws has become an answer by then.
    if (this.#listener === null) this.#waiting.push([request, response]);
    else void this.#listener(request, response);
  };

  open(listener: RequestListener): void {
    this.#listener = listener;
    for (const [request, response] of this.#waiting.splice(0)) void listener(request, response);
  }
}

/**
 * Takes the port before anything else is made: a start that finds it taken leaves nothing behind,
 * and links can name a port that the system chose. Rejects where it is taken or not permitted.
 */
export function takePort(options: ListenOptions): Promise<TakenPort> {
  const turnstile = new Turnstile();
  const server = createServer(limits, turnstile.pass);
  server.maxHeadersCount = headersMax;
  server.maxConnections = connectionsMax;
  server.on('checkContinue', answerExpectation(turnstile.pass));
  server.on('clientError', answerParserFault);
  const grace = options.graceMilliseconds ?? graceMillisecondsDefault;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      const { port } = addressOf(server);
      const host = isIPv6(options.host) ? `[${options.host}]` : options.host;
      resolve({
        port,
        url: `http://${host}:${port}`,
        serve: (listener) => turnstile.open(listener),
        // What waits for an app that never came waits for nothing.
        close: () => close(server, turnstile.isOpen ? grace : 0),
      });
    });
  });
}
