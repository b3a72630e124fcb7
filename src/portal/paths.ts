/** Where the pages of the portal stand. */
export const paths = {
  code: '/portal/code',
  entries: '/portal/entries',
  link: '/portal/link/',
  signedOut: '/portal/signed-out',
  notMe: '/portal/not-me',
  preferences: '/portal/preferences',
  less: '/portal/preferences/less',
  stop: '/portal/preferences/stop',
  undo: '/portal/preferences/undo',
  pauses: '/portal/pauses',
  holds: '/portal/holds/',
} as const;
