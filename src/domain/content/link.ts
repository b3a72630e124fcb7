/**
 * Links of a text and the hosts that they lead to, as mail and chat programs make them clickable:
 * with a scheme, with `www.`, or as a bare name under a usual ending.
 */

/** Of a bare name; "tudo.bem" is a slip of the keyboard and leads nowhere. */
const endings: ReadonlySet<string> = new Set(
  (
    'com br net org info biz io co me ly gl to app dev ai tv cc xyz top club site online store ' +
    'shop link click page blog live vip win bid loan pt us uk eu ru cn example'
  ).split(' '),
);
const hostLengthMax = 253;

/** A stretch without spaces, brackets and quotes; a placeholder such as {{host}} is part of it. */
const stretch = /[^\s<>"'()[\]|^`]+/gu;

const mayLink = /[\p{L}\p{N}]\.[\p{L}\p{N}]|[\\/]{2}/u;
const none: readonly string[] = [];

/** Hosts in lower case, once each. `text` is plain text, as plainText makes it. */
export function linkHostsIn(text: string): readonly string[] {
  const hosts = new Set<string>();
  if (!mayLink.test(text)) return none;
  for (const [found] of text.matchAll(stretch)) {
    if (!mayLink.test(found)) continue;
    // Commas and semicolons part two links that were written without a space.
    for (const part of found.split(/[,;]/)) {
      for (const host of hostsOf(part.toLowerCase())) hosts.add(host);
    }
  }
  return [...hosts];
}

function hostsOf(part: string): readonly string[] {
  const schemes = part.split(/[\\/]{2,}/);
  if (schemes.length > 1) return schemes.slice(1).flatMap((rest) => authorityHost(rest) ?? []);
  // After a sign such as a colon another name may begin: "acesse:loja.example"
  return part.split(/[:=*_~!?]/).flatMap((word) => {
    const host = word.includes('@') ? null : hostIn(word.split(/[\\/#]/)[0] ?? '');
    if (host === null) return [];
    const ending = host.slice(host.lastIndexOf('.') + 1);
    return host.startsWith('www.') || endings.has(ending) ? [host] : [];
  });
}

/** Of `user@host:port/path`; the part before the @ is a usual way to feign another host. */
function authorityHost(rest: string): string | null {
  const authority = rest.split(/[\\/?#]/)[0] ?? '';
  const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '');
  return host === '' ? null : (hostIn(host) ?? host.slice(0, hostLengthMax));
}

/** Null for what is none. Its length is looked at first: what follows goes over it repeatedly. */
function hostIn(written: string): string | null {
  if (written.length > hostLengthMax || !written.includes('.')) return null;
  const host = written.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
  return host.includes('.') ? host : null;
}
