/** createPortalLink. */
import { expect } from 'chai';
import { minuteMs } from '../../src/domain/calendar/instant.ts';
import { lookAtLink } from '../../src/operations/entries/entrance.ts';
import { createPortalLink } from '../../src/operations/entries/create-portal-link.ts';
import { mergeSubjects } from '../../src/operations/merging/merge-subjects.ts';
import { answered } from '../support/contract.ts';
import { makeTestGate } from '../support/gate.ts';
import { ana, bodyOf, bruno, call, codeOf, makeSubject } from './calls.ts';

describe('a portal link', () => {
  it('is made for nobody who is not on file', async () => {
    const { gate } = await makeTestGate();
    const path = { id: 'sub_0192f0c4-3333-7aaa-8bbb-0123456789ab' };
    expect(codeOf(await createPortalLink(gate, call({}, { path })))).to.equal('subject-unknown');
  });

  it('is another one each time, good for as long as was asked', async () => {
    const { gate, clock } = await makeTestGate();
    const path = { id: await makeSubject(gate) };
    const links: string[] = [];
    for (const minutes of [undefined, 1, 60]) {
      const body = minutes === undefined ? {} : { minutes };
      const made = answered('createPortalLink', await createPortalLink(gate, call(body, { path })));
      const expected = clock.read() + (minutes ?? 15) * minuteMs;
      expect(made['expiresAt']).to.equal(new Date(expected).toISOString());
      links.push(
        String(typeof made['url'] === 'string' ? made['url'] : '').split('/link/')[1] ?? '',
      );
    }
    expect(new Set(links).size).to.equal(3);
    clock.advance(20 * minuteMs);
    const good = await Promise.all(links.map((token) => lookAtLink(gate, token)));
    expect(good.map((seen) => seen !== null)).to.deep.equal([false, false, true]);
  });

  it('leads to the survivor where its subject was merged', async () => {
    const { gate } = await makeTestGate();
    const other = await makeSubject(gate, [bruno]);
    const path = { id: other };
    const made = bodyOf(await createPortalLink(gate, call({}, { path })));
    const survivor = await makeSubject(gate, [ana]);
    bodyOf(await mergeSubjects(gate, call({ other }, { path: { id: survivor } })));
    const token = (typeof made['url'] === 'string' ? made['url'] : '').split('/link/')[1] ?? '';
    expect(await lookAtLink(gate, token)).to.deep.equal({ masked: null });
  });
});
