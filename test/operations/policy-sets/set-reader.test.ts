/** Sets are read off the thread that decides, one at a time, and not for ever. */
import { expect } from 'chai';
import { Problem } from '../../../src/domain/problem.ts';
import { readSet } from '../../../src/operations/policy-sets/set-files.ts';
import { makeSetReader } from '../../../src/operations/policy-sets/set-reader.ts';
import { edited, promotionsOff } from './files.ts';

describe('a reader of sets', function () {
  this.timeout(30_000);

  it('reads in a thread what a start would read', async () => {
    const reader = makeSetReader();
    const broken = edited({ 'caps.yaml': (text) => text.replace('caps:', 'cap:') });
    for (const request of [promotionsOff, broken]) {
      expect(await reader(request)).to.deep.equal(await readSet(request));
    }
  });

  it('refuses those behind too many others, and gives up on one that takes too long', async () => {
    const reader = makeSetReader({ waitingMax: 2, readMsMax: 1 });
    const answers = await Promise.all([promotionsOff, promotionsOff, promotionsOff].map(reader));
    const codes = answers.map((answer) => (answer instanceof Problem ? answer.code : ''));
    expect(codes).to.deep.equal(['policy-files-invalid', 'policy-files-invalid', 'overloaded']);
    expect(await reader(promotionsOff)).to.be.instanceOf(Problem);
  });
});
