/**
 * Nobody learns from the portal who is a customer: a thousand tries with known and unknown contacts
 * read and write the same, and are answered the same. What takes the same steps takes the same
 * time; `npm run bench -- portal-entry` measures that.
 */
import { expect } from 'chai';
import { hourMs } from '../../src/domain/calendar/instant.ts';
import type { Store } from '../../src/store/port.ts';
import { makeSubject } from '../operations/calls.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { openPortal } from './world.ts';

const tries = 1000;

interface Told {
  readonly status: number;
  readonly headers: readonly string[];
  readonly location: string | null;
  readonly cookie: string;
  readonly body: string;
  /** What the store was asked before the answer, and in which order. */
  readonly steps: readonly string[];
}

/** Notes what is asked of a store until it is told to stop. */
function noting(inner: Store, steps: string[]): Store {
  return {
    get: (collection, id) => {
      steps.push(`get ${collection}`);
      return inner.get(collection, id);
    },
    getConfirmed: (collection, id) => inner.getConfirmed(collection, id),
    find: (collection, query) => inner.find(collection, query),
    readLog: (collection, after, limit) => inner.readLog(collection, after, limit),
    logPlace: (...place) => inner.logPlace(...place),
    ping: () => inner.ping(),
    write: (writes) => {
      // The first try of a network makes its counter, the others replace it.
      const told = writes.map(({ kind, collection }) =>
        collection === 'portalQuotas' ? `count ${collection}` : `${kind} ${collection}`,
      );
      steps.push(`write ${told.join(', ')}`);
      return inner.write(writes);
    },
    purge: () => inner.purge(),
    close: () => inner.close(),
  };
}

const shapeless = (text: string): string => text.replaceAll(/[\w-]{30,}/g, '#');

describe('a thousand tries at the way in', function () {
  this.timeout(60_000);

  it('are told the same of known and unknown contacts', async () => {
    const steps: string[] = [];
    const world = await openPortal({ store: noting(new MemoryStore(), steps), proxies: 1 });
    const told: Record<'known' | 'unknown', Set<string>> = { known: new Set(), unknown: new Set() };
    try {
      for (let person = 0; person < tries / 2; person += 1) {
        await makeSubject(world.gate, [{ type: 'email', value: `p${person}@example.com` }]);
      }
      await world.delivery.settled();
      for (let each = 0; each < tries; each += 1) {
        const isKnown = each % 2 === 0;
        const person = isKnown ? each / 2 : each;
        const contact = `p${person}@${isKnown ? 'example.com' : 'example.net'}`;
        steps.length = 0;
        const answer = await ask(world.url, contact, each);
        const seen: Told = { ...answer, steps: stepsOfEntry(steps) };
        told[isKnown ? 'known' : 'unknown'].add(JSON.stringify(seen));
      }
      await world.delivery.settled();
      expect(world.sent).to.have.length(tries / 2);
    } finally {
      await world.close();
    }
    expect([...told.known]).to.have.length(1);
    expect([...told.unknown]).to.deep.equal([...told.known]);
    expect([...told.known][0])
      .to.include('insert portalEntries')
      .and.not.include('identifiers');
  });

  it('are told the same of a code, whoever it was asked for', async () => {
    const world = await openPortal({ proxies: 1 });
    try {
      await makeSubject(world.gate, [{ type: 'email', value: 'p@example.com' }]);
      const bodies = new Set<string>();
      for (const contact of ['p@example.com', 'p@example.net']) {
        const asked = await post(world.url, '/portal/entries', { contact }, { address: 1 });
        const cookie = asked.headers.getSetCookie()[0]?.split(';')[0] ?? '';
        for (let attempt = 0; attempt < 6; attempt += 1) {
          const code = { code: 'not the code' };
          const answer = await post(world.url, '/portal/code', code, { address: 1, cookie });
          bodies.add(`${attempt} ${answer.status} ${shapeless(await answer.text())}`);
        }
      }
      expect(bodies.size).to.equal(6);
    } finally {
      await world.close();
    }
  });

  it('are held off after so many of one network, known or not', async () => {
    const world = await openPortal({ proxies: 1 });
    try {
      const statuses: number[] = [];
      for (let each = 0; each < 130; each += 1) {
        const contact = { contact: `p${each}@example.com` };
        statuses.push((await post(world.url, '/portal/entries', contact, { address: 7 })).status);
      }
      expect(statuses.filter((status) => status === 303)).to.have.length(120);
      expect(statuses.slice(120)).to.deep.equal(Array(10).fill(429));
      const other = { contact: 'p@example.com' };
      expect((await post(world.url, '/portal/entries', other, { address: 8 })).status).to.equal(
        303,
      );
      world.clock.advance(hourMs);
      const again = { contact: 'p@example.org' };
      expect((await post(world.url, '/portal/entries', again, { address: 7 })).status).to.equal(
        303,
      );
    } finally {
      await world.close();
    }
  });
});

/** A message that is on its way asks the store as well; those steps are another task's. */
function stepsOfEntry(steps: readonly string[]): readonly string[] {
  const last = steps.findIndex((step) => step.includes('insert portalEntries'));
  return steps.slice(0, last + 1).filter((step) => step.includes('portal'));
}

async function ask(url: string, contact: string, each: number): Promise<Omit<Told, 'steps'>> {
  // A hundred tries of each network, since more are held off.
  const answer = await post(
    url,
    '/portal/entries',
    { contact },
    { address: Math.floor(each / 100) },
  );
  return {
    status: answer.status,
    headers: [...answer.headers.keys()].sort(),
    location: answer.headers.get('location'),
    cookie: shapeless(answer.headers.getSetCookie().join()),
    body: shapeless(await answer.text()),
  };
}

function post(
  url: string,
  path: string,
  fields: Readonly<Record<string, string>>,
  from: { readonly address: number; readonly cookie?: string },
): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'sec-fetch-site': 'same-origin',
      'x-forwarded-for': `203.0.113.${from.address}`,
      ...(from.cookie === undefined ? {} : { cookie: from.cookie }),
    },
    body: new URLSearchParams(fields),
  });
}
