/** A server killed in the middle of a batch: the same batch again, and all is decided once. */
import { expect } from 'chai';
import { toIso } from '../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { capMax } from '../support/capped-policies.ts';
import { makePremises, type Opened, promotionNotice } from '../support/kill-rounds.ts';
import { linesFrom, summaryOf, untilCut } from '../support/line-stream.ts';
import { describeWithMongod, newDatabase, sharedReplicaSet } from '../support/mongod.ts';

const people = 400;
/** After so many answers the server is killed. */
const readMax = 150;
const path = '/v1/decisions/batch?mode=decide';

function subjectOf(person: number): JsonObject {
  return { type: 'email', value: `pessoa-${person}@loja.example` };
}

function linesOf(line: (person: number) => object): string {
  return Array.from({ length: people }, (_, person) => JSON.stringify(line(person))).join('\n');
}

/** A consent of each, so that each has contacts that a cap counts. */
function consents(): string {
  const evidence = {
    class: 'native',
    actor: { kind: 'subject' },
    control: { kind: 'checkbox', initialState: 'off' },
  };
  const granted = { event: 'granted', purpose: 'promocoes', channels: ['email'], evidence };
  const occurredAt = toIso(Date.now() - 60_000);
  return linesOf((person) => ({
    subject: subjectOf(person),
    ...granted,
    notice: promotionNotice(),
    occurredAt,
  }));
}

function audience(): string {
  const act = { action: 'send', purpose: 'promocoes', channel: 'email' };
  return linesOf((person) => ({ ref: `r${person}`, subject: subjectOf(person), ...act }));
}

async function ask({ client }: Opened, route: string, body: JsonObject): Promise<JsonObject> {
  const reply = await client.ask({ method: 'POST', path: route, key: null, body });
  return JSON.parse(reply?.text ?? '{}') as JsonObject;
}

/** How often the cap lets the person be asked again, which says how many contacts count. */
async function contactsLeft(opened: Opened, person: number): Promise<number> {
  const act = { action: 'send', purpose: 'promocoes', channel: 'email' };
  const answer = await ask(opened, '/v1/decisions/dry-run', { subject: subjectOf(person), ...act });
  const [use] = answer['frequency'] as readonly JsonObject[];
  return capMax - Number(use?.['used']) + 1;
}

async function decisionsAbout(opened: Opened, person: number): Promise<readonly JsonObject[]> {
  const page = await ask(opened, '/v1/decisions/search', { subject: subjectOf(person) });
  return page['items'] as readonly JsonObject[];
}

async function expectHealed(store: string | null): Promise<void> {
  const premises = makePremises(store);
  try {
    const first = await premises.start();
    const { recorded } = await summaryOf(first, '/v1/consents/import', consents());
    expect(recorded).to.equal(people);
    const read: JsonObject[] = [];
    await untilCut(linesFrom(first, path, audience()), async (line) => {
      read.push(line);
      if (read.length === readMax) await first.server.stop('SIGKILL');
    });
    const opened = await premises.start();
    const again: JsonObject[] = [];
    for await (const line of linesFrom(opened, path, audience())) again.push(line);
    expect(again.slice(0, read.length), 'what was answered before').to.deep.equal(read);
    const { summary } = again.at(-1) ?? {};
    expect(summary).to.include({ lines: people, allow: people, rejected: 0 });
    expect(summary).to.have.property('repeated').that.is.at.least(read.length);
    for (let person = 0; person < people; person += 3) {
      const decided = await decisionsAbout(opened, person);
      expect(decided.length, `decisions about ${person}`).to.equal(1);
      expect(await contactsLeft(opened, person), `contacts left of ${person}`).to.equal(capMax - 1);
    }
    await opened.server.stop();
  } finally {
    premises.clear();
  }
}

describe('a batch whose server is killed', function () {
  this.timeout(60_000);

  it('is healed by sending it again, on SQLite', () => expectHealed(null));
});

describeWithMongod('a batch whose server is killed, on MongoDB', 'set', function () {
  this.timeout(90_000);

  it('is healed by sending it again', async () => {
    const set = await sharedReplicaSet();
    await expectHealed(set.url(newDatabase()));
  });
});
