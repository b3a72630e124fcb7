/**
 * The client, in a process of its own: keep-alive connections on raw sockets, each asking again as
 * soon as it is answered. Requests are written beforehand and answers hardly parsed, because the
 * client shares the processors with the server that it measures.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type AskedPurpose, decisionBody, numberMark } from '../gate/people.ts';

export interface AskingOrder {
  readonly port: number;
  readonly token: string;
  readonly purpose: AskedPurpose;
  /** Asked about, at random, are this many persons from number 0 on. */
  readonly people: number;
  readonly connections: number;
  readonly warmMs: number;
  readonly measureMs: number;
}

export interface AskingResult {
  readonly answered: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
  /** Processor time of this client, for one request. */
  readonly clientMicros: number;
  /** Requests since the order came, warm-up included. */
  readonly asked: number;
  /** The first answer that was not a 200 with an allow. */
  readonly fault: string | null;
}

const headEnd = Buffer.from('\r\n\r\n');
const wanted = Buffer.from('"outcome":"allow"');

interface Request {
  readonly bytes: Buffer;
  /** Where the number of the content stands. */
  readonly numberAt: number;
  /** How often this person was asked about: a campaign is the same for all, and new each time. */
  times: number;
}

function requestOf(person: number, { token, purpose }: AskingOrder): Request {
  const body = decisionBody(person, purpose);
  const head = [
    'POST /v1/decisions HTTP/1.1',
    'Host: 127.0.0.1',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  const bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
  return { bytes, numberAt: bytes.lastIndexOf(numberMark), times: 0 };
}

/** What all connections of one order share. */
class Round {
  readonly order: AskingOrder;
  readonly times: number[] = [];
  readonly #requests: readonly Request[];
  /** From elsewhere in each round, since contents of the last ones are remembered. */
  readonly #first = Math.floor(Math.random() * 10 ** numberMark.length);
  asked = 0;
  measuring = false;
  over = false;
  fault: string | null = null;

  constructor(order: AskingOrder) {
    this.order = order;
    this.#requests = Array.from({ length: order.people }, (_, person) => requestOf(person, order));
  }

  next(): Buffer | undefined {
    this.asked += 1;
    const request = this.#requests[Math.floor(Math.random() * this.#requests.length)];
    if (request === undefined) return undefined;
    request.times += 1;
    const number = (this.#first + request.times) % 10 ** numberMark.length;
    const digits = String(number).padStart(numberMark.length, '0');
    // Small requests are on their way when write returns, so that the next may use the same bytes.
    request.bytes.write(digits, request.numberAt, 'latin1');
    return request.bytes;
  }

  fail(fault: string): void {
    this.fault ??= fault;
    this.over = true;
  }
}

class Connection {
  readonly #round: Round;
  readonly #socket: Socket;
  #askedAt = 0;
  #received: Buffer | null = null;

  constructor(round: Round) {
    this.#round = round;
    this.#socket = connect({ port: round.order.port, host: '127.0.0.1', noDelay: true });
    this.#socket.once('connect', () => this.#ask());
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', (error) => round.fail(error.message));
    this.#socket.once('close', () => {
      if (!round.over) round.fail('the server closed a connection');
    });
  }

  #ask(): void {
    const request = this.#round.over ? undefined : this.#round.next();
    if (request === undefined) {
      this.#round.over = true;
      this.#socket.destroy();
      return;
    }
    this.#askedAt = performance.now();
    this.#socket.write(request);
  }

  #take(chunk: Buffer): void {
    const received = this.#received === null ? chunk : Buffer.concat([this.#received, chunk]);
    const headLength = received.indexOf(headEnd);
    const head = headLength < 0 ? '' : received.toString('latin1', 0, headLength);
    const length = /content-length: (\d+)/i.exec(head)?.[1];
    if (length === undefined || received.length < headLength + headEnd.length + Number(length)) {
      this.#received = received;
      return;
    }
    this.#received = null;
    if (this.#round.measuring) this.#round.times.push(performance.now() - this.#askedAt);
    if (!head.startsWith('HTTP/1.1 200') || received.indexOf(wanted, headLength) < 0) {
      this.#round.fail(received.toString());
    }
    this.#ask();
  }
}

async function ask(order: AskingOrder): Promise<AskingResult> {
  const round = new Round(order);
  for (let count = 0; count < order.connections; count += 1) new Connection(round);
  await delay(order.warmMs);
  process.send?.('warm');
  const processor = process.cpuUsage();
  const startedAt = performance.now();
  round.measuring = true;
  while (!round.over && performance.now() - startedAt < order.measureMs) await delay(10);
  round.measuring = false;
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(processor);
  round.over = true;
  const { times, asked, fault } = round;
  const answered = times.length;
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(answered * share)] ?? NaN;
  return {
    answered,
    seconds,
    p50: at(0.5),
    p99: at(0.99),
    worst: times.at(-1) ?? NaN,
    clientMicros: (user + system) / answered,
    asked,
    fault: answered === 0 ? (fault ?? 'nothing was answered') : fault,
  };
}

process.on('message', (order) => {
  void ask(order as AskingOrder).then((result) => process.send?.(result));
});
process.once('disconnect', () => process.exit());
