/**
 * Reads sets that are put, off the thread that decides: the largest take seconds, and nobody's
 * decision is to wait for that. One at a time, each in a thread that ends with it.
 */
import { Problem } from '../../domain/problem.ts';
import { startThread } from '../thread.ts';
import type { SetFiles, SetReading } from './set-files.ts';

export type ReadSet = (files: SetFiles) => Promise<SetReading | Problem>;

export interface ReaderLimits {
  readonly waitingMax: number;
  readonly readMsMax: number;
}

const limitsDefault: ReaderLimits = { waitingMax: 4, readMsMax: 30_000 };
/** A set has two MiB of text; what is made of it stays far below this. */
const heapMegabytesMax = 512;

export function makeSetReader(limits: ReaderLimits = limitsDefault): ReadSet {
  const { waitingMax, readMsMax } = limits;
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  return async (files) => {
    if (waiting >= waitingMax) return busy();
    waiting += 1;
    const reading = last.then(() => readInThread(files, readMsMax));
    last = reading.catch(() => undefined);
    try {
      return (await reading) ?? tooSlow(readMsMax);
    } finally {
      waiting -= 1;
    }
  };
}

/** Null where it takes too long. */
async function readInThread(files: SetFiles, msMax: number): Promise<SetReading | null> {
  const thread = startThread(new URL('./reading-worker', import.meta.url), {
    workerData: files,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<SetReading | null>((resolve, reject) => {
      timer = setTimeout(() => resolve(null), msMax);
      thread.once('message', resolve);
      thread.once('error', reject);
      thread.once('exit', () => reject(new Error('the thread that reads a set ended early')));
    });
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}

function busy(): Problem {
  return new Problem(
    'overloaded',
    {
      'pt-BR': 'Outros conjuntos estão sendo lidos. Tente de novo em instantes.',
      en: 'Other sets are being read. Try again shortly.',
    },
    { retryAfterSeconds: 5 },
  );
}

function tooSlow(msMax: number): Problem {
  const seconds = msMax / 1000;
  return new Problem('policy-files-invalid', {
    'pt-BR': `Ler os arquivos e rodar os casos leva mais de ${seconds} segundos.`,
    en: `Reading the files and running the cases takes more than ${seconds} seconds.`,
  });
}
