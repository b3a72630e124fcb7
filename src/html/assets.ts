/**
 * The files that pages load: one sheet and one mark, both of the owner's look. Their names hold the
 * digest of what is in them, so that a browser keeps them and yet never shows an old one.
 */
import { hash } from 'node:crypto';
import type { Look } from '../domain/portal/look.ts';
import type { PageReply } from './page.ts';
import { sheetOf } from './sheet/sheet.ts';

const assetsPath = '/portal/assets/';

interface Asset {
  readonly path: string;
  readonly mediaType: string;
  readonly text: string;
}

export interface Assets {
  readonly sheet: Asset;
  readonly mark: Asset;
}

const known = new WeakMap<Look, Assets>();

export function assetsOf(look: Look): Assets {
  const made = known.get(look) ?? {
    sheet: asset('sheet', 'css', { mediaType: 'text/css', text: sheetOf(look) }),
    mark: asset('mark', 'svg', { mediaType: 'image/svg+xml', text: look.logo ?? markOf(look) }),
  };
  known.set(look, made);
  return made;
}

/** What lies at a path; a name of another look, or of another version, gives what there is now. */
export function assetAt(path: string, look: Look): Extract<PageReply, { kind: 'asset' }> | null {
  const { sheet, mark } = assetsOf(look);
  const name = path.startsWith(assetsPath) ? path.slice(assetsPath.length) : '';
  const found = [sheet, mark].find((each) => kindOf(each.path) === kindOf(assetsPath + name));
  if (found === undefined || !/^(?:sheet|mark)-[0-9a-f]{16}\.(?:css|svg)$/.test(name)) return null;
  const { mediaType, text } = found;
  return { kind: 'asset', mediaType, text, isLasting: found.path === path };
}

function asset(name: string, ending: string, made: Omit<Asset, 'path'>): Asset {
  const digest = hash('sha256', made.text, 'hex').slice(0, 16);
  return { ...made, path: `${assetsPath}${name}-${digest}.${ending}` };
}

function kindOf(path: string): string {
  return path.slice(assetsPath.length).replace(/-[0-9a-f]*/, '');
}

/** A doorway with its lamp, in the owner's colour. */
function markOf({ brand }: Look): string {
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">' +
    `<rect width="32" height="32" rx="8" fill="${brand}"/>` +
    '<path d="M9 25V14a7 7 0 0 1 14 0v11" fill="none" stroke="#fff" stroke-width="2.6"/>' +
    '<circle cx="16" cy="18" r="2.4" fill="#ffd54a"/></svg>'
  );
}
