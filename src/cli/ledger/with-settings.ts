/** How commands that work on the store begin, and how they end where it cannot be used. */
import { type Config, readEnvironment } from '../../config.ts';
import { LedgerFault } from '../../operations/ledger/tree-file.ts';
import { StartRefused } from '../../start/refusal.ts';
import { StoreFailure } from '../../store/port.ts';
import { SourceFault } from './sources.ts';
import { exitUnusable } from './verify.ts';

/** Works under the settings; what cannot be used is said, and ends with 2. */
export async function withSettings(work: (config: Config) => Promise<number>): Promise<number> {
  const config = readEnvironment(process.env);
  if ('complaints' in config) return refuse(config.complaints);
  try {
    return await work(config);
  } catch (error) {
    if (error instanceof StartRefused) return refuse(error.complaints);
    const isTold =
      error instanceof StoreFailure || error instanceof SourceFault || error instanceof LedgerFault;
    if (isTold) return refuse([error.message]);
    throw error;
  }
}

function refuse(sentences: readonly string[]): number {
  for (const sentence of sentences) process.stderr.write(`${sentence}\n`);
  return exitUnusable;
}
