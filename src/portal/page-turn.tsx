/** The way to older and to the newest of a list. */
import type { VNode } from 'preact';
import { href } from '../html/href.ts';

interface PageTurnProps {
  readonly say: { readonly newest: string; readonly older: string };
  /** Null where these are the newest. */
  readonly newest: string | null;
  /** Null where there are none. */
  readonly older: string | null;
}

export function PageTurn({ say, newest, older }: PageTurnProps): VNode {
  return (
    <p class="turn">
      {newest === null ? null : (
        <a class="button quiet" href={href(newest)}>
          {say.newest}
        </a>
      )}
      {older === null ? null : (
        <a class="button quiet" href={href(older)}>
          {say.older}
        </a>
      )}
    </p>
  );
}
