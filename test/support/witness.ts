/**
 * A witness puts load on a server and remembers what was acknowledged, so that it can say after a
 * crash what was lost, changed or allowed that must not be. People give a consent, are asked about
 * far more often at once than their cap permits, and half of them then withdraw in the midst of it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { capMax } from './capped-policies.ts';
import type { Reply, Wanted, WitnessClient } from './witness-client.ts';

interface Person {
  readonly email: string;
  subject: string | null;
  /** Decisions that were acknowledged as allowed. */
  readonly allows: Set<string>;
  /** When it was acknowledged that promotions stop; null before. */
  stoppedAt: string | null;
}

type Kind = 'decision' | 'grant' | 'stop' | 'outcome';

interface Request extends Wanted {
  readonly kind: Kind;
  readonly person: Person;
  /** Whether it was first sent when the stop was acknowledged already. */
  readonly afterStop: boolean;
}

/** Something that was acknowledged. */
interface Deed {
  readonly request: Request;
  readonly reply: Reply;
  readonly id: string;
}

export interface Tally {
  readonly people: number;
  readonly decisions: number;
  readonly allows: number;
  readonly consents: number;
  readonly stops: number;
  readonly outcomes: number;
  /** Requests whose outcome nobody knew, and that were sent again. */
  readonly repeated: number;
  /** Acknowledged things that were read again. */
  readonly reread: number;
}

export interface Pressure {
  /** Ends with everything on its way answered or lost. */
  readonly stop: () => Promise<void>;
}

const workers = 12;
const askedAtOnce = 8;
const repeatsMax = 200;
const repeatedPart = 7;
const retryEveryMs = 20;
const createdStatuses = [200, 201];
/** What tells a caller to come again; everything else was an answer, or a bug. */
const againStatus = 503;

export class Witness {
  readonly violations: string[] = [];
  /** When a decision was acknowledged last, and when that one had been sent. */
  lastAck: { sentAt: number; at: number } = { sentAt: 0, at: 0 };
  readonly #name: string;
  readonly #notice: object;
  readonly #people: Person[] = [];
  readonly #deeds: Deed[] = [];
  #unknown: Request[] = [];
  #keys = 0;
  #repeated = 0;
  #reread = 0;
  #checked = 0;

  /** `notice` is the one that a grant names. */
  constructor(name: string, notice: object) {
    this.#name = name;
    this.#notice = notice;
  }

  get tally(): Tally {
    const of = (kind: Kind): number =>
      this.#deeds.filter(({ request }) => request.kind === kind).length;
    return {
      people: this.#people.length,
      decisions: of('decision'),
      allows: this.#people.reduce((sum, { allows }) => sum + allows.size, 0),
      consents: of('grant'),
      stops: of('stop'),
      outcomes: of('outcome'),
      repeated: this.#repeated,
      reread: this.#reread,
    };
  }

  press(client: WitnessClient): Pressure {
    const state = { isOver: false };
    const working = Array.from({ length: workers }, async () => {
      while (!state.isOver) {
        await this.#live(client);
        await this.#revisit(client);
      }
    });
    return {
      stop: async () => {
        state.isOver = true;
        await Promise.all(working);
      },
    };
  }

  /** Sends again, under the same keys, what nobody knows the outcome of, until it is known. */
  async settle(client: WitnessClient): Promise<void> {
    for (let turn = 0; this.#unknown.length > 0; turn += 1) {
      if (turn === repeatsMax) {
        this.violations.push(`${this.#unknown.length} requests are never answered`);
        return;
      }
      if (turn > 0) await delay(retryEveryMs);
      const again = this.#unknown;
      this.#unknown = [];
      this.#repeated += again.length;
      await inTurns(again, (request) => this.#send(client, request));
    }
  }

  /** Reads back everything that was acknowledged since the last time, or ever. */
  async check(client: WitnessClient, since: 'last' | 'ever'): Promise<void> {
    const deeds = this.#deeds.slice(since === 'last' ? this.#checked : 0);
    this.#checked = this.#deeds.length;
    await inTurns(deeds, (deed) => this.#readBack(client, deed));
    const sample = deeds.filter((_deed, index) => index % repeatedPart === 0);
    await inTurns(sample, async ({ request, reply }) => {
      const again = await client.ask(request);
      if (again === null || again.status === againStatus) return;
      if (again.text !== reply.text) {
        this.violations.push(`${request.kind} repeated: ${again.text} after ${reply.text}`);
      }
    });
  }

  /**
   * A consent, then questions all at once; or a few with a stop among them and some after it, which
   * the cap would still permit.
   */
  async #live(client: WitnessClient): Promise<void> {
    const person = this.#meet();
    const stops = this.#people.length % 2 === 0;
    const given = await this.#send(client, this.#consent(person, 'granted'));
    if (!given) {
      await delay(retryEveryMs);
      return;
    }
    await this.#askTimes(client, person, 1);
    if (!stops) return this.#askTimes(client, person, askedAtOnce);
    const asking = this.#askTimes(client, person, 2);
    const isStopped = await this.#send(client, this.#stop(person));
    if (isStopped) await this.#askTimes(client, person, 2);
    await asking;
  }

  /** Somebody of the past: the cap and the stop hold through every crash. */
  async #revisit(client: WitnessClient): Promise<void> {
    const index = (this.#keys * 7919) % this.#people.length;
    const person = this.#people[index];
    if (person?.subject !== undefined && person.subject !== null) {
      await this.#askTimes(client, person, 2);
    }
  }

  async #askTimes(client: WitnessClient, person: Person, times: number): Promise<void> {
    const asked = Array.from({ length: times }, () => this.#send(client, this.#question(person)));
    await Promise.all(asked);
    const [first] = person.allows;
    if (first !== undefined && this.#keys % 5 === 0) {
      await this.#send(client, this.#outcome(person, first));
    }
  }

  /** True when it was acknowledged. */
  async #send(client: WitnessClient, request: Request): Promise<boolean> {
    const sentAt = performance.now();
    const reply = await client.ask(request);
    if (reply === null || reply.status === againStatus) {
      this.#unknown.push(request);
      return false;
    }
    if (!createdStatuses.includes(reply.status)) {
      this.violations.push(`${request.kind}: ${reply.status} ${reply.text}`);
      return false;
    }
    this.#remember(request, reply);
    if (request.kind === 'decision') this.lastAck = { sentAt, at: performance.now() };
    return true;
  }

  #remember(request: Request, reply: Reply): void {
    const answer = JSON.parse(reply.text) as Readonly<Record<string, unknown>>;
    const { person, kind } = request;
    this.#deeds.push({ request, reply, id: String(answer['id'] ?? answer['decision']) });
    if (kind === 'grant') person.subject = String(answer['subject']);
    if (kind === 'stop') person.stoppedAt = new Date().toISOString();
    if (kind === 'decision') this.#judge(request, answer);
  }

  #judge({ person, afterStop }: Request, answer: Readonly<Record<string, unknown>>): void {
    if (answer['outcome'] !== 'allow') return;
    const decidedAt = String(answer['decidedAt']);
    const { stoppedAt, email } = person;
    if (afterStop || (stoppedAt !== null && decidedAt > stoppedAt)) {
      this.violations.push(`${email} stopped at ${stoppedAt} and was allowed at ${decidedAt}`);
    }
    person.allows.add(String(answer['id']));
    if (person.allows.size > capMax) {
      this.violations.push(`${email}: ${person.allows.size} allows under a cap of ${capMax}`);
    }
  }

  async #readBack(client: WitnessClient, deed: Deed): Promise<void> {
    const found = await client.ask({ method: 'GET', path: pathOf(deed), key: null, body: null });
    this.#reread += 1;
    const { kind } = deed.request;
    if (found?.status !== 200) {
      this.violations.push(`${kind} ${deed.id} is lost: ${found?.status} ${found?.text}`);
    } else if (factOf(deed, found.text) !== factOf(deed, deed.reply.text)) {
      this.violations.push(`${kind} ${deed.id} changed: ${found.text}`);
    }
  }

  #meet(): Person {
    const email = `${this.#name}-${this.#people.length}@loja.example`;
    const person: Person = { email, subject: null, allows: new Set(), stoppedAt: null };
    this.#people.push(person);
    return person;
  }

  #request(kind: Kind, person: Person, path: string, body: object): Request {
    this.#keys += 1;
    const key = `${this.#name}-${this.#keys}`;
    const afterStop = person.stoppedAt !== null;
    return { kind, person, method: 'POST', path, key, body, afterStop };
  }

  #question(person: Person): Request {
    const subject = { type: 'email', value: person.email };
    const asked = { subject, action: 'send', purpose: 'promocoes', channel: 'email' };
    return this.#request('decision', person, '/v1/decisions', asked);
  }

  #consent(person: Person, event: 'granted' | 'withdrawn'): Request {
    const said = {
      subject: { type: 'email', value: person.email },
      event,
      purpose: 'promocoes',
      channels: ['email'],
      occurredAt: new Date(Date.now() - (event === 'granted' ? 60_000 : 0)).toISOString(),
    };
    const proof = {
      notice: this.#notice,
      evidence: {
        class: 'native',
        actor: { kind: 'subject' },
        control: { kind: 'checkbox', initialState: 'off' },
      },
    };
    const body = event === 'granted' ? { ...said, ...proof } : said;
    return this.#request(event === 'granted' ? 'grant' : 'stop', person, '/v1/consents', body);
  }

  /** A withdrawal, a block or an exclusion. */
  #stop(person: Person): Request {
    const kinds = ['withdrawal', 'blocks', 'exclusions'] as const;
    const kind = kinds[this.#keys % kinds.length] ?? 'withdrawal';
    if (kind === 'withdrawal') return this.#consent(person, 'withdrawn');
    const body = { reason: 'asked', ...(kind === 'exclusions' ? { kind: 'custom' } : {}) };
    return this.#request('stop', person, `/v1/subjects/${person.subject}/${kind}`, body);
  }

  #outcome(person: Person, decision: string): Request {
    const path = `/v1/decisions/${decision}/outcome`;
    return this.#request('outcome', person, path, { result: 'sent' });
  }
}

/** Where a deed is read back. */
function pathOf({ request, id }: Deed): string {
  if (request.kind === 'decision' || request.kind === 'outcome') return `/v1/decisions/${id}`;
  return request.path === '/v1/consents'
    ? `/v1/consents/${id}`
    : `/v1/subjects/${request.person.subject}`;
}

/** What must be the same whenever it is read. */
function factOf({ request, id }: Deed, text: string): string {
  const read = JSON.parse(text) as Readonly<Record<string, unknown>>;
  if (request.kind === 'decision') return String(read['outcome']);
  if (request.kind === 'outcome') return String(text.includes('"result":"sent"'));
  if (request.path === '/v1/consents') return JSON.stringify([read['event'], read['receivedAt']]);
  return String(text.includes(id));
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next]; item !== undefined; item = items[next]) {
      next += 1;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
}
