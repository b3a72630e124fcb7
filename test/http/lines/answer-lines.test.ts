/** A reader that takes nothing more: waited for, for a while. */
import { expect } from 'chai';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { mock } from 'node:test';
import { ClientGone } from '../../../src/http/body.ts';
import type { Exchange } from '../../../src/http/exchange.ts';
import { writeLines } from '../../../src/http/lines/answer-lines.ts';
import { policySet } from '../../domain/cast.ts';
import { type AnswerLine, Streamed } from '../../../src/operations/operation.ts';

const exchange: Exchange = {
  requestId: 'r-1',
  startedAt: 0,
  locale: 'en',
  controller: () => policySet.controller,
  operation: 'importConsents',
  actor: null,
  body: null,
  query: {},
  path: {},
  idempotencyKey: null,
  answer: null,
  headers: {},
  securityHeaders: [],
  outcome: null,
  problem: null,
};

describe('a reader of many lines', () => {
  let response: ServerResponse;
  let made: number;
  let isLeft: boolean;
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    // Nobody takes its bytes: it stands for a connection whose buffers are full.
    response = new ServerResponse(new IncomingMessage(new Socket()));
    made = 0;
    isLeft = false;
  });
  afterEach(() => mock.timers.reset());

  async function* lines(): AsyncGenerator<AnswerLine> {
    try {
      for (; made < 2; made += 1) {
        yield { content: { line: 1, text: 'x'.repeat(100_000) }, problem: null };
      }
    } finally {
      isLeft = true;
    }
  }

  async function writing(): Promise<unknown> {
    const ctx = { req: response.req, res: response, state: { exchange } };
    return writeLines(ctx, new Streamed(lines()), () => {}).catch((error: unknown) => error);
  }

  /** Until the writer waits. */
  const settled = (): Promise<void> =>
    new Promise((resolve) => {
      setImmediate(resolve);
    });

  it('is made no line that it does not take, and given up after half a minute', async () => {
    const written = writing();
    await settled();
    mock.timers.tick(29_000);
    await settled();
    expect({ made, isLeft }).to.deep.equal({ made: 0, isLeft: false });
    mock.timers.tick(1_001);
    expect(await written).to.be.instanceOf(ClientGone);
    expect({ made, isLeft }).to.deep.equal({ made: 0, isLeft: true });
  });

  it('is given the next line as soon as there is room', async () => {
    const written = writing();
    await settled();
    response.emit('drain');
    await settled();
    expect(made).to.equal(1);
    response.emit('close');
    expect(await written).to.be.instanceOf(ClientGone);
    expect(isLeft).to.equal(true);
  });
});
