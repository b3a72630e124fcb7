/** A process of callers: each asks about one person at the same time, and insists on an answer. */
import { WitnessClient } from '../support/witness-client.ts';

export interface CallersOrder {
  readonly url: string;
  readonly token: string;
  readonly email: string;
  readonly callers: number;
  /** How often each of them asks. */
  readonly times: number;
}

/** Outcomes of all decisions by their ids. */
export type CallersAnswer = Readonly<Record<string, string>>;

const repeatsMax = 100;

interface Decided {
  readonly id: string;
  readonly outcome: string;
}

interface Question {
  readonly path: string;
  readonly body: object;
}

/** About one act, or about the same one beside another that nobody consented to. */
function questionAbout(email: string, isChoice: boolean): Question {
  const subject = { type: 'email', value: email };
  const act = { action: 'send', purpose: 'promocoes', channel: 'email' };
  if (!isChoice) return { path: '/v1/decisions', body: { subject, ...act } };
  const candidates = [{ ...act, channel: 'whatsapp', score: 1 }, act];
  return { path: '/v1/decisions/best', body: { subject, candidates } };
}

async function insist(client: WitnessClient, key: string, asked: Question): Promise<Decided> {
  for (let repeat = 0; repeat < repeatsMax; repeat += 1) {
    const reply = await client.ask({ method: 'POST', key, ...asked });
    if (reply?.status === 200 || reply?.status === 201) return JSON.parse(reply.text) as Decided;
    if (reply !== null && reply.status !== 503) throw new Error(`${reply.status} ${reply.text}`);
  }
  throw new Error('nobody ever answers');
}

async function ask(order: CallersOrder): Promise<CallersAnswer> {
  const client = new WitnessClient(order.url, order.token);
  const outcomes: Record<string, string> = {};
  const calling = Array.from({ length: order.callers }, async (_, caller) => {
    for (let time = 0; time < order.times; time += 1) {
      const key = `${process.pid}-${order.email}-${caller}-${time}`;
      const { id, outcome } = await insist(
        client,
        key,
        questionAbout(order.email, caller % 2 === 0),
      );
      outcomes[id] = outcome;
    }
  });
  await Promise.all(calling);
  return outcomes;
}

process.on('message', (order) => {
  void ask(order as CallersOrder).then((answer) => process.send?.(answer));
});
