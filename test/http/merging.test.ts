/** Merging over HTTP, with real operations: statuses, problems in both languages, answers. */
import { expect } from 'chai';
import { bindOperations } from '../../src/http/bound-operations.ts';
import { ana, bruno, makeSubject } from '../operations/calls.ts';
import { makeTestGate } from '../support/gate.ts';
import { type Gate, openGate, problemOf, token } from './gate.ts';

describe('merging over HTTP', () => {
  let http: Gate;
  let id: string;
  let other: string;
  before(async () => {
    const { gate } = await makeTestGate();
    http = await openGate(bindOperations(gate));
    [id, other] = [await makeSubject(gate, [ana]), await makeSubject(gate, [bruno])];
  });
  after(() => http.close());

  const post = (path: string, body: object | null, headers: object = {}): Promise<Response> =>
    http.request(path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token('subjects:write')}`,
        ...(body === null ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
  const merge = (body: object, headers: object = {}): Promise<Response> =>
    post(`/v1/subjects/${id}/merge`, body, headers);

  it('refuses by 422, 404 and 409, in the language of the caller', async () => {
    const itself = await merge({ other: id });
    expect(itself.status).to.equal(422);
    expect((await problemOf(itself)).title).to.equal('Um titular não se junta a si mesmo.');
    const unknown = await merge({ other: 'sub_0192f0c4-3333-7aaa-8bbb-0123456789ab' });
    expect(unknown.status).to.equal(404);
    expect((await merge({ other: 'ana' })).status).to.equal(400);
    expect((await merge({ other, force: true })).status).to.equal(400);
    const nothing = await post(`/v1/subjects/${id}/merge/${mergeNowhere}/undo`, null);
    expect(nothing.status).to.equal(404);
    expect((await problemOf(nothing)).code).to.equal('merge-unknown');
  });

  it('shows, merges and undoes, the same again under one key', async () => {
    const tried = await merge({ other, dryRun: true });
    expect(tried.status).to.equal(200);
    expect(await tried.json()).to.deep.include({ id: null, survivor: id, other });
    const key = { 'idempotency-key': 'merge-1' };
    const made = await merge({ other }, key);
    const answer = (await made.json()) as { readonly id: string };
    expect(await (await merge({ other }, key)).json()).to.deep.equal(answer);
    const again = await merge({ other }, { 'accept-language': 'en' });
    expect(again.status).to.equal(409);
    const problem = await problemOf(again);
    expect(problem.code).to.equal('subject-merged');
    expect(problem.detail).to.include(`was merged into ${id}`);
    const undo = `/v1/subjects/${id}/merge/${answer.id}/undo`;
    const undone = await post(undo, null, { 'idempotency-key': 'undo-1' });
    expect(undone.status).to.equal(200);
    expect(await undone.json()).to.deep.include({ merge: answer.id, survivor: id, other });
    const twice = await post(undo, null);
    expect(twice.status).to.equal(409);
    expect((await problemOf(twice)).code).to.equal('merge-undone');
  });
});

const mergeNowhere = 'mrg_0192f0c4-6666-7aaa-8bbb-0123456789ab';
