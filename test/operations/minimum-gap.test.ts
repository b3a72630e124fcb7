/** What is told where a contact is too soon, and where the limit of the period is reached. */
import { expect } from 'chai';
import { hourMs } from '../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { makeTestGate } from '../support/gate.ts';
import { ana, decide, grant, makeSubject } from './calls.ts';

interface Told {
  readonly outcome: string;
  readonly retryAt: string | null;
  readonly reasons: readonly { readonly rule: string }[];
  readonly explanation: { readonly 'pt-BR': string; readonly en: string };
}

function told(answer: JsonObject): Told {
  return answer as JsonObject & Told;
}

describe('caps of the shop: two promotions a week, four hours apart', () => {
  it('tell a contact that is too soon from one that is too much', async () => {
    const { gate, clock } = await makeTestGate();
    await makeSubject(gate, [ana]);
    await grant(gate, { channels: ['email'] });
    expect((await decide(gate))['outcome']).to.equal('allow');

    clock.advance(hourMs);
    const soon = told(await decide(gate));
    expect(soon.outcome).to.equal('defer');
    expect(soon.reasons.map(({ rule }) => rule)).to.deep.equal(['minimum-gap']);
    expect(soon.explanation.en).to.match(
      /^The last contact was too short a time ago;.* 24\/11\/20/,
    );
    expect(soon.explanation['pt-BR']).to.match(/^O último contato foi há pouco tempo;.* às 15:00/);

    clock.advance(3 * hourMs);
    expect((await decide(gate))['outcome']).to.equal('allow');
    // Both the number and the gap forbid it now: the number holds longer, and is what is told.
    clock.advance(hourMs);
    const much = told(await decide(gate));
    expect(much.reasons.map(({ rule }) => rule)).to.deep.equal(['frequency-cap']);
    expect(much.explanation.en).to.include('as many messages as this period allows');
    expect(much.retryAt).to.equal('2026-12-01T14:00:00.000Z');
  });
});
