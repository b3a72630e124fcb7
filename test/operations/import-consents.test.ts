/** importConsents: rows recorded as recordConsent records them, once, whatever stops the import. */
import { expect } from 'chai';
import { dayMs, hourMs, toIso } from '../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { Problem } from '../../src/domain/problem.ts';
import type { ConsentRequest } from '../../src/operations/consents/consent-record.ts';
import {
  importConsents,
  type ImportRow,
  progressRows,
} from '../../src/operations/consents/import-consents.ts';
import { listSubjectConsents } from '../../src/operations/consents/list-subject-consents.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { FailingStore } from '../faults/failing-store.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { makeTestGate, start } from '../support/gate.ts';
import {
  ana,
  anaPhone,
  bodyOf,
  bruno,
  call,
  decide,
  grant,
  itemsOf,
  linesTold,
  makeSubject,
  read,
  recordsIn,
  rulesOf,
  withdraw,
} from './calls.ts';

const imported: ConsentRequest = {
  subject: ana,
  event: 'granted',
  purpose: 'promocoes',
  channels: ['email'],
  evidence: { class: 'imported_flag', actor: { kind: 'system' } },
  occurredAt: '2021-03-01T12:00:00.000Z',
};
const withdrawn: ConsentRequest = {
  subject: ana,
  event: 'withdrawn',
  purpose: 'promocoes',
  channels: ['email'],
  occurredAt: '2021-03-02T12:00:00.000Z',
};

function personOf(index: number): ConsentRequest['subject'] {
  return { type: 'external', value: `cliente-${index}` };
}

async function* rowsOf(requests: Iterable<ConsentRequest>): AsyncGenerator<ImportRow> {
  let line = 0;
  for (const request of requests) {
    line += 1;
    yield { line, request };
  }
}

interface Told {
  /** The line and the code of each rejected row. */
  readonly rejected: readonly string[];
  readonly progress: readonly JsonObject[];
  readonly summary: JsonObject;
  readonly stop: string | null;
}

async function tell(gate: Gate, rows: AsyncIterable<ImportRow>): Promise<Told> {
  const rejected: string[] = [];
  const progress: JsonObject[] = [];
  for await (const { content, problem } of linesTold(importConsents(gate, call(rows)))) {
    const { line, progress: step, summary } = content;
    if (typeof line === 'number') rejected.push(`${line} ${problem ?? ''}`);
    if (step !== undefined) progress.push(step as JsonObject);
    if (summary !== undefined) {
      return { rejected, progress, summary: summary as JsonObject, stop: problem };
    }
  }
  throw new Error('the import told no summary');
}

function importAll(gate: Gate, ...requests: readonly ConsentRequest[]): Promise<Told> {
  return tell(gate, rowsOf(requests));
}

async function consentsIn(gate: Gate): Promise<number> {
  return (await recordsIn(gate)).filter(({ kind }) => kind === 'consent').length;
}

describe('an import', () => {
  it('of nothing is done at once', async () => {
    const { gate } = await makeTestGate();
    expect(await importAll(gate)).to.deep.equal({
      rejected: [],
      progress: [],
      summary: { rows: 0, recorded: 0, repeated: 0, rejected: 0 },
      stop: null,
    });
  });

  it('rejects what recordConsent refuses, and goes on', async () => {
    const { gate } = await makeTestGate();
    const told = await importAll(
      gate,
      { ...imported, purpose: 'nenhuma' },
      { ...imported, subject: { type: 'phone', value: '(31) 8765-4321' } },
      { ...imported, evidence: { class: 'native' } },
      { ...imported, occurredAt: toIso(start + dayMs) },
      { ...imported, event: 'renewed' },
      { ...imported, subject: { type: 'id', value: 'sub_0192f0c4-3333-7aaa-8bbb-0123456789ab' } },
      imported,
    );
    expect(told.rejected).to.deep.equal([
      '1 purpose-unknown',
      '2 identifier-invalid',
      '3 evidence-incomplete',
      '4 instant-out-of-range',
      '5 consent-not-renewable',
      '6 subject-unknown',
    ]);
    expect(told.summary).to.deep.equal({ rows: 7, recorded: 1, repeated: 0, rejected: 6 });
  });

  it('records what recordConsent records', async () => {
    const [first, second] = [await makeTestGate(), await makeTestGate()];
    await importAll(first.gate, imported);
    bodyOf(await grant(second.gate, { notice: null, ...imported }));
    const shapes = async (gate: Gate): Promise<readonly JsonObject[]> =>
      (await recordsIn(gate)).map(({ body }) => ({ ...body, id: '', subject: '', private: '' }));
    const recorded = await shapes(first.gate);
    expect(recorded).to.deep.equal(await shapes(second.gate));
    expect(recorded.map(({ kind }) => kind)).to.include.members(['subject', 'consent']);
    const subject = await makeSubject(first.gate, [ana]);
    const [receipt] = itemsOf(bodyOf(await listSubjectConsents(first.gate, read({ id: subject }))));
    expect(receipt).to.deep.include({
      evidence: { class: 'imported_flag', actor: { kind: 'system' } },
      occurredAt: '2021-03-01T12:00:00.000Z',
      receivedAt: toIso(start),
    });
  });

  it('never revives what was withdrawn later', async () => {
    const { gate } = await makeTestGate();
    bodyOf(await withdraw(gate, { occurredAt: '2022-01-01T00:00:00Z' }));
    expect((await importAll(gate, imported)).summary).to.include({ recorded: 1 });
    expect(rulesOf(await decide(gate))).to.include('withdrawn');
  });

  it('binds a withdrawal that it tells of, also before its end', async () => {
    const { gate } = await makeTestGate();
    bodyOf(await grant(gate, { occurredAt: '2021-01-01T00:00:00Z' }));
    expect((await decide(gate))['outcome']).to.equal('allow');
    async function* slowly(): AsyncGenerator<ImportRow> {
      yield { line: 1, request: withdrawn };
      for (let person = 0; person < progressRows; person += 1) {
        const subject = personOf(person);
        yield { line: person + 2, problem: new Problem('malformed-json', textOf(subject.value)) };
      }
    }
    for await (const { content } of linesTold(importConsents(gate, call(slowly())))) {
      if (content['progress'] === undefined) continue;
      expect(content['progress']).to.include({ recorded: 1 });
      expect(rulesOf(await decide(gate))).to.include('withdrawn');
      return;
    }
    expect.fail('the import told no progress');
  });

  it('keeps the order of rows about one person, by whichever identifier', async () => {
    const { gate } = await makeTestGate();
    const subject = await makeSubject(gate, [ana, anaPhone]);
    const channels = ['whatsapp'] as const;
    const at = (hours: number): string => toIso(start - 100 * hourMs + hours * hourMs);
    const told = await importAll(
      gate,
      { ...imported, subject: anaPhone, channels, occurredAt: at(1) },
      { ...imported, subject: anaPhone, channels, event: 'renewed', occurredAt: at(2) },
      { ...withdrawn, channels, occurredAt: at(3) },
      { ...imported, subject: anaPhone, channels, event: 'renewed', occurredAt: at(4) },
      { ...imported, subject: bruno, occurredAt: at(5) },
      { ...imported, subject: { type: 'id', value: subject }, channels, occurredAt: at(6) },
    );
    expect(told.rejected).to.deep.equal(['4 consent-not-renewable']);
    const receipts = itemsOf(bodyOf(await listSubjectConsents(gate, read({ id: subject }))));
    const times = receipts.map(({ occurredAt }) => occurredAt);
    expect(times).to.deep.equal([at(6), at(3), at(2), at(1)]);
  });

  it('tells how far it is after each thousand rows', async () => {
    const { gate } = await makeTestGate();
    const rows = Array.from({ length: 2 * progressRows + 1 }, () => imported);
    const told = await importAll(gate, ...rows);
    expect(told.progress.map(({ rows: done }) => done)).to.deep.equal([1000, 2000]);
    expect(told.summary).to.deep.equal({ rows: 2001, recorded: 1, repeated: 2000, rejected: 0 });
  });

  it('reads no more than it can have under way', async () => {
    const { gate } = await makeTestGate();
    let given = 0;
    async function* counted(): AsyncGenerator<ImportRow> {
      for await (const row of rowsOf(Array.from({ length: 500 }, () => withdrawn))) {
        given += 1;
        yield 'line' in row
          ? { line: row.line, problem: new Problem('malformed-json', textOf('')) }
          : row;
      }
    }
    const lines = importConsents(gate, call(counted())).lines[Symbol.asyncIterator]();
    await lines.next();
    expect(given).to.be.at.most(32);
    await lines.next();
    expect(given).to.be.at.most(33);
    await lines.return?.();
  });
});

function textOf(text: string): { readonly 'pt-BR': string; readonly en: string } {
  return { 'pt-BR': text, en: text };
}

describe('an import that is sent again', () => {
  const rows = [imported, withdrawn, { ...imported, subject: bruno }];

  it('records nothing twice', async () => {
    const { gate } = await makeTestGate();
    expect((await importAll(gate, ...rows)).summary).to.include({ recorded: 3, repeated: 0 });
    expect((await importAll(gate, ...rows)).summary).to.include({ recorded: 0, repeated: 3 });
    expect(await consentsIn(gate)).to.equal(3);
  });

  it('records nothing twice where a file has a row twice, or two imports run at once', async () => {
    const { gate } = await makeTestGate();
    const other = { ...gate };
    const both = await Promise.all([
      importAll(gate, imported, imported, ...rows),
      importAll(other, ...rows),
    ]);
    for (const { rejected, stop } of both)
      expect({ rejected, stop }).to.deep.equal({ rejected: [], stop: null });
    expect(await consentsIn(gate)).to.equal(3);
  });

  it('goes on where it was left', async () => {
    const { gate } = await makeTestGate();
    async function* broken(): AsyncGenerator<ImportRow> {
      yield { line: 1, request: imported };
      throw new Error('the connection broke');
    }
    const failed = await tell(gate, broken()).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(Error).and.have.property('message', 'the connection broke');
    expect(await consentsIn(gate)).to.equal(1);
    expect((await importAll(gate, ...rows)).summary).to.include({ recorded: 2, repeated: 1 });
  });

  it('is another one for another client', async () => {
    const { gate } = await makeTestGate();
    await importAll(gate, imported);
    const actor = { ...call(null).actor, id: 'outro' };
    const told = importConsents(gate, { ...call(rowsOf([imported])), actor });
    for await (const { content } of linesTold(told)) {
      expect(content['summary']).to.include({ recorded: 1 });
    }
  });
});

describe('an import whose rows cannot be read any further', () => {
  it('ends with the reason, and what came before it on record', async () => {
    const { gate } = await makeTestGate();
    async function* stopped(): AsyncGenerator<ImportRow> {
      yield { line: 1, request: imported };
      yield { stop: new Problem('malformed-csv', textOf('')) };
      throw new Error('nobody asks for more');
    }
    const told = await tell(gate, stopped());
    expect(told.stop).to.equal('malformed-csv');
    expect(told.summary).to.include({ rows: 1, recorded: 1 });
  });

  it('waits for those that came before it, also where they wait for one another', async () => {
    const { gate } = await makeTestGate();
    async function* stopped(): AsyncGenerator<ImportRow> {
      yield* rowsOf([imported, withdrawn, { ...imported, occurredAt: '2021-03-03T12:00:00Z' }]);
      yield { stop: new Problem('malformed-csv', textOf('')) };
    }
    expect((await tell(gate, stopped())).summary).to.include({ rows: 3, recorded: 3 });
  });
});

describe('an import over a store that fails', () => {
  const people = Array.from({ length: 100 }, (_, index) => ({
    ...imported,
    subject: personOf(index),
  }));

  it('tells the row, begins no other, and is healed by sending it again', async () => {
    const store = new FailingStore(new MemoryStore());
    const { gate } = await makeTestGate({ store });
    store.arm(200, 'crash');
    const told = await importAll(gate, ...people);
    expect(told.stop).to.equal('store-unavailable');
    expect(told.rejected.length).to.be.within(1, 32);
    for (const line of told.rejected) expect(line).to.match(/ store-unavailable$/);
    expect(told.summary['rows']).to.be.lessThan(people.length);
    store.restart();
    const again = await importAll(gate, ...people);
    expect(again).to.deep.include({ rejected: [], stop: null });
    expect(again.summary).to.include({ rows: people.length, rejected: 0 });
    expect(await consentsIn(gate)).to.equal(people.length);
  });

  it('records nothing of a person after a row of theirs that failed', async () => {
    const store = new FailingStore(new MemoryStore());
    const { gate } = await makeTestGate({ store });
    await makeSubject(gate, [ana]);
    store.arm(1, 'before');
    const told = await importAll(gate, imported, withdrawn);
    expect(told.rejected).to.deep.equal(['1 store-unavailable']);
    expect(told.summary).to.deep.equal({ rows: 1, recorded: 0, repeated: 0, rejected: 1 });
    expect(await consentsIn(gate)).to.equal(0);
  });

  it('lets a fault of the program through', async () => {
    const { gate } = await makeTestGate();
    const broken: Gate = {
      ...gate,
      newId: () => {
        throw new TypeError('a fault of the program');
      },
    };
    const failed = await importAll(broken, imported, imported).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(TypeError);
  });
});
