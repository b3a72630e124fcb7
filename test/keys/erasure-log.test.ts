/** The log of erasures: durable lines, each once, and a line that was cut off by a crash. */
import { expect } from 'chai';
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ErasureLogError, type NotedErasure, readErasureLog } from '../../src/keys/erasure-log.ts';

function noted(id: string): NotedErasure {
  return {
    id,
    subjects: [`sub_${id}`],
    reason: 'minimise',
    actor: 'guardian',
    reference: null,
    client: 'desk',
    at: '2026-11-25T14:00:00.000Z',
  };
}

describe('the log of erasures', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-erasures-'));
    path = join(folder, 'keys', 'erasures.ndjson');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is made with the first line, for its owner alone, and read again', async () => {
    const log = readErasureLog(path);
    expect(log.noted()).to.deep.equal([]);
    await Promise.all([
      log.note(noted('ers_1')),
      log.note(noted('ers_2')),
      log.note(noted('ers_1')),
    ]);
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    expect(readFileSync(path, 'utf8').split('\n')).to.have.length(3);
    const again = readErasureLog(path);
    expect(again.noted()).to.deep.equal([noted('ers_1'), noted('ers_2')]);
    expect([again.has('ers_2'), again.has('ers_3')]).to.deep.equal([true, false]);
  });

  it('goes on after a line that a crash cut off', async () => {
    await readErasureLog(path).note(noted('ers_1'));
    appendFileSync(path, '{"actor":"subj');
    const log = readErasureLog(path);
    expect(log.noted()).to.deep.equal([noted('ers_1')]);
    await log.note(noted('ers_2'));
    await log.note(noted('ers_3'));
    expect(
      readErasureLog(path)
        .noted()
        .map(({ id }) => id),
    ).to.deep.equal(['ers_1', 'ers_2', 'ers_3']);
  });

  it('names the line that is none', () => {
    const good = noted('ers_1');
    const bad = [
      'no JSON',
      '7',
      JSON.stringify({ ...good, subjects: 'sub_1' }),
      JSON.stringify({ ...good, reason: 'because' }),
      JSON.stringify({ ...good, actor: 'nobody' }),
      JSON.stringify({ ...good, id: '' }),
    ];
    for (const line of bad) {
      const file = join(folder, 'bad.ndjson');
      writeFileSync(file, `${JSON.stringify(good)}\n${line}\n`);
      expect(() => readErasureLog(file), line).to.throw(ErasureLogError, 'bad.ndjson:2 ');
    }
  });

  it('says that it cannot be written', async () => {
    writeFileSync(join(folder, 'keys'), 'a file where the folder should be');
    const failed = await readErasureLog(path)
      .note(noted('ers_1'))
      .catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(ErasureLogError);
  });
});
