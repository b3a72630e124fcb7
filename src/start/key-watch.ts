/** What a running server does about its master keys: looks at them, and goes on with a rotation. */
import type { Log } from '../http/log.ts';
import { KeyFileError } from '../keys/key-file.ts';
import type { Gate } from '../operations/gate.ts';
import { goOnRotating } from '../operations/keys/key-rotation.ts';

const lookEveryMs = 2000;

/** Stops with what it answers; a look under way ends first. */
export function watchKeys(gate: Gate, log: Log): () => Promise<void> {
  const holder = gate.newId('prc_');
  let underWay: Promise<void> = Promise.resolve();
  let isIdle = true;
  const look = async (): Promise<void> => {
    try {
      if (await gate.masterKeys.haveChanged()) await takeKeys(gate, log);
      await goOnRotating(gate, holder);
    } catch (error) {
      log.fault(null, error);
    }
    isIdle = true;
  };
  const timer = setInterval(() => {
    if (!isIdle) return;
    isIdle = false;
    underWay = look();
  }, lookEveryMs).unref();
  return async () => {
    clearInterval(timer);
    await underWay;
  };
}

/** Keys that the store needs and this process was not told of; each minute. */
export async function takeMissingKeys(gate: Gate, log: Log): Promise<void> {
  if (await gate.masterKeys.lackOne()) await takeKeys(gate, log);
}

/** Says once what is wrong with keys that were put there; the earlier ones go on. */
async function takeKeys(gate: Gate, log: Log): Promise<void> {
  try {
    const misfit = await gate.masterKeys.take();
    const { vault } = gate;
    if (misfit === null) {
      const current = vault.currentKeyId();
      log.event('info', 'master keys taken', { current, keys: vault.masterKeyIds() });
    } else log.event('error', 'master keys not taken, the earlier ones go on', { why: misfit.en });
  } catch (error) {
    if (!(error instanceof KeyFileError)) throw error;
    log.event('error', 'master keys not taken, the earlier ones go on', { why: error.message });
  }
}
