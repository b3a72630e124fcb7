/** A body that trickles in: told so after a while, and the connection cut a little later. */
import { expect } from 'chai';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { mock } from 'node:test';
import { Problem } from '../../src/domain/problem.ts';
import { ClientGone, readBytes } from '../../src/http/body.ts';

describe('a slow body', () => {
  let request: IncomingMessage;
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    request = new IncomingMessage(new Socket());
  });
  afterEach(() => mock.timers.reset());

  it('is waited for ten seconds, and dropped after five more', async () => {
    const reading = readBytes(request);
    request.push('{"subject":');
    mock.timers.tick(10_001);
    const refused = await reading;
    expect(refused).to.be.instanceOf(Problem).and.include({ code: 'request-timeout' });
    expect(request.socket.destroyed).to.equal(false);
    mock.timers.tick(5_001);
    expect(request.socket.destroyed).to.equal(true);
  });

  it('is read whole where it ends in time', async () => {
    const reading = readBytes(request);
    request.push('{"a":');
    mock.timers.tick(9_000);
    request.push('1}');
    request.push(null);
    expect(await reading).to.deep.equal(Buffer.from('{"a":1}'));
  });

  it('is nobody to answer where the connection ends first', async () => {
    const reading = Promise.resolve(readBytes(request)).catch((error: unknown) => error);
    request.destroy();
    expect(await reading).to.be.instanceOf(ClientGone);
  });
});
