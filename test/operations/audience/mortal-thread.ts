/** Stands where the thread of an audience does: ends, fails or answers as the block says. */
import { parentPort } from 'node:worker_threads';
import type { BlockOrder } from '../../../src/operations/audience/audience.ts';
import type { BlockReply } from '../../../src/operations/audience/audience-threads.ts';

const outcomes = { allow: 0, defer: 0, review: 0, deny: 0 };
const told: BlockReply = {
  told: { parts: [], breaks: 0, counts: { lines: 0, outcomes, rules: new Map() } },
};
const failure: BlockReply = { failure: { code: 'full', message: 'no room' } };

parentPort?.on('message', ({ block }: BlockOrder) => {
  const text = new TextDecoder().decode(block);
  if (text.startsWith('die')) throw new Error('this thread ends here');
  parentPort?.postMessage(text.startsWith('fail') ? failure : told);
});
