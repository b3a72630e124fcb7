/** A text by real requests, from the decision that asks to the one that is allowed. */
import { expect } from 'chai';
import { hourMs } from '../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { bindOperations } from '../../src/http/bound-operations.ts';
import { grant, idOf, makeSubject, reviewOf } from '../operations/calls.ts';
import { makeTestGate, type TestGate } from '../support/gate.ts';
import { type Gate, openGate, problemOf, token } from './gate.ts';

describe('a text over HTTP', () => {
  let http: Gate;
  let inner: TestGate;
  before(async () => {
    inner = await makeTestGate();
    await makeSubject(inner.gate);
    await grant(inner.gate);
    http = await openGate(bindOperations(inner.gate));
  });
  after(() => http.close());

  const sent = (scope: string, path: string, body?: object): Promise<Response> =>
    http.request(path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${token(scope)}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const told = async (response: Response, status: number): Promise<JsonObject> => {
    const text = await response.text();
    expect(response.status, text).to.equal(status);
    return JSON.parse(text) as JsonObject;
  };
  const text = 'Última chance na Loja Exemplo';
  const decide = async (): Promise<JsonObject> =>
    told(
      await sent('decisions:write', '/v1/decisions', {
        subject: { type: 'email', value: 'ana@example.com' },
        action: 'send',
        purpose: 'promocoes',
        channel: 'email',
        content: { text, generatedBy: 'llm', campaign: 'volta-as-aulas' },
      }),
      200,
    );

  it('goes to people, is settled, and passes', async () => {
    const asked = await decide();
    const review = `/v1/content-reviews/${reviewOf(asked)}`;
    const list = await told(await sent('audit:read', '/v1/content-reviews?state=pending'), 200);
    expect(list['items']).to.have.length(1);
    const shown = await told(await sent('audit:read', review), 200);
    expect(shown).to.deep.include({ text, campaign: 'volta-as-aulas', state: 'pending' });
    const verdict = { verdict: 'approve_example' };
    const refused = await sent('decisions:write', `${review}/settlements`, verdict);
    expect((await problemOf(refused)).code).to.equal('scope-missing');
    await told(await sent('policies:write', `${review}/settlements`, verdict), 201);
    const allowed = await decide();
    expect(allowed['outcome']).to.equal('allow');
    const why = await sent('audit:read', `/v1/decisions/${idOf(allowed)}`);
    expect((await told(why, 200))['contentReview']).to.equal(asked['contentReview']);
    const subject = (await told(await sent('audit:read', review), 200))['subject'] as string;
    const timeline = await told(await sent('audit:read', `/v1/subjects/${subject}/timeline`), 200);
    expect(JSON.stringify(timeline)).to.include('"content-review-settled"');
  });

  it('goes to people as the best of several, and one that is passed over does not', async () => {
    const act = { action: 'send', purpose: 'promocoes', channel: 'email' };
    const candidate = (written: string, score: number): object => ({
      ...act,
      score,
      content: { text: written, generatedBy: 'llm' },
    });
    const doubtful = candidate('Loja Exemplo: só hoje', 1);
    const best = async (...candidates: readonly object[]): Promise<JsonObject> => {
      const subject = { type: 'email', value: 'ana@example.com' };
      const body = { subject, candidates };
      return told(await sent('decisions:write', '/v1/decisions/best', body), 200);
    };
    inner.clock.advance(5 * hourMs);
    const chosen = await best(doubtful, candidate('Loja Exemplo: tênis', 0));
    expect([chosen['outcome'], chosen['contentReview']]).to.deep.equal(['allow', undefined]);
    const asked = await best(doubtful);
    expect(asked['outcome']).to.equal('review');
    const path = `/v1/content-reviews/${reviewOf(asked)}`;
    const review = await told(await sent('audit:read', path), 200);
    expect(review).to.deep.include({ text: 'Loja Exemplo: só hoje', decision: asked['id'] });
  });

  it('is submitted, and is refused a second time with its review named', async () => {
    const body = { purpose: 'promocoes', channel: 'push', text, generatedBy: 'template' };
    const made = await told(await sent('decisions:write', '/v1/content-reviews', body), 201);
    const again = await sent('decisions:write', '/v1/content-reviews', body);
    expect(again.status).to.equal(409);
    const problem = await problemOf(again);
    expect(problem.code).to.equal('content-review-conflict');
    expect(JSON.stringify(problem)).to.include(made['id']);
    const unknown = await sent('audit:read', `/v1/content-reviews/${inner.gate.newId('crv_')}`);
    expect([unknown.status, (await problemOf(unknown)).code]).to.deep.equal([
      404,
      'content-review-unknown',
    ]);
  });
});
