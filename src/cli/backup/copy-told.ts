/** A copy whose progress is told on standard error. */
import { copyDatabase } from '../../store/sqlite/whole-copy.ts';
import { makeProgress } from '../progress.ts';

const megabyte = 1_000_000;

export async function copyTold(
  from: string,
  to: string,
  isGood: (draft: string) => Promise<boolean>,
): Promise<boolean> {
  const progress = makeProgress('MB');
  const tell = (bytes: number, of: number): void => {
    progress.tell(Math.round(bytes / megabyte), Math.round(of / megabyte));
  };
  return copyDatabase({
    from,
    to,
    tell,
    isGood: (draft) => {
      progress.end();
      return isGood(draft);
    },
  });
}
