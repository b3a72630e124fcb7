/**
 * Anchors: checkpoints of which somebody else keeps a copy, one a line with the instant at which it
 * was handed over. None is ever changed or left out, so that a history which was rewritten differs
 * from the lines before it, also where those after it were made anew.
 *
 *     {"at":"2026-11-25T14:00:00.000Z","checkpoint":"loja.example/porteiro\n20852163\nCsUY…"}
 */
import { canonicalJson } from './canonical.ts';

export interface Anchor {
  /** ISO 8601. */
  readonly at: string;
  readonly checkpoint: string;
}

export function anchorLine({ at, checkpoint }: Anchor): string {
  return `${canonicalJson({ at, checkpoint })}\n`;
}

/** Null for what is no such line. */
export function readAnchorLine(line: string): Anchor | null {
  try {
    const value = JSON.parse(line) as Partial<Record<keyof Anchor, unknown>> | null;
    const { at, checkpoint } = value ?? {};
    return typeof at === 'string' && typeof checkpoint === 'string' ? { at, checkpoint } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
