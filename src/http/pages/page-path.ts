/** Which paths are for people with a browser: the portal, and links that unsubscribe. */
const portalPath = '/portal';
const unsubscribePath = '/u/';

export function isPagePath(path: string): boolean {
  return path.startsWith(unsubscribePath) || isPortalPath(path);
}

export function isPortalPath(path: string): boolean {
  return path === portalPath || path.startsWith(`${portalPath}/`);
}
