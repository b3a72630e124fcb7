/** The body of an import: of any length and duration, as long as it does not stand still. */
import { expect } from 'chai';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { mock } from 'node:test';
import { ClientGone } from '../../../src/http/body.ts';
import { chunksOf, isUnhurried, SenderStill } from '../../../src/http/lines/chunks.ts';

describe('the body of an import', () => {
  let request: IncomingMessage;
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    request = new IncomingMessage(new Socket());
  });
  afterEach(() => mock.timers.reset());

  it('may take any time as long as it goes on', async () => {
    const chunks = chunksOf(request);
    for (const text of ['a', 'b', 'c']) {
      const next = chunks.next();
      mock.timers.tick(29_000);
      request.push(text);
      expect(String((await next).value)).to.equal(text);
      expect(isUnhurried(request.socket)).to.equal(true);
    }
    request.push(null);
    expect((await chunks.next()).done).to.equal(true);
    expect(isUnhurried(request.socket)).to.equal(false);
  });

  it('is given up where it stands still', async () => {
    const next = chunksOf(request)
      .next()
      .catch((error: unknown) => error);
    mock.timers.tick(30_001);
    const still = await next;
    expect(still).to.be.instanceOf(SenderStill);
    expect(still).to.have.nested.property('problem.code', 'request-timeout');
    expect(isUnhurried(request.socket)).to.equal(false);
  });

  it('is not waited for while it is not asked for', async () => {
    const chunks = chunksOf(request);
    request.push('a');
    await chunks.next();
    mock.timers.tick(60_000);
    request.push('b');
    expect(String((await chunks.next()).value)).to.equal('b');
  });

  it('is of nobody where the connection ends first', async () => {
    const chunks = chunksOf(request);
    request.push('a');
    await chunks.next();
    request.destroy();
    expect(await chunks.next().catch((error: unknown) => error)).to.be.instanceOf(ClientGone);
  });
});
