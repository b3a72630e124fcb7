/** Security headers on every answer; a page may load what it needs, anything else nothing. */
import helmet from 'koa-helmet';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { docsPath } from './pages/docs-page.ts';
import type { ExchangeContext, HeaderList, Step } from './exchange.ts';
import { isPagePath } from './pages/page-path.ts';

type Directives = Readonly<Record<string, readonly string[]>>;

const nothing: Directives = {
  'default-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};
const docs: Directives = {
  ...nothing,
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  // The sheet of Swagger UI draws its icons from data: URLs.
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
};
/** Pages for people load a sheet and an image, and run nothing. */
const page: Directives = {
  ...nothing,
  'style-src': ["'self'"],
  'img-src': ["'self'"],
  'form-action': ["'self'"],
};

type Referrer = 'no-referrer' | 'same-origin';

/** What helmet sets, learned once at the start: it would set the same for every request. */
function learn(directives: Directives, https: boolean, referrer: Referrer): HeaderList {
  const set: Step = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: Object.fromEntries(
        Object.entries(directives).map(([name, sources]) => [name, [...sources]]),
      ),
    },
    strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: referrer },
    xFrameOptions: { action: 'deny' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    // What follows speaks to browsers that no longer exist, or is switched off by the policy above.
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
  const req = new IncomingMessage(new Socket());
  const res = new ServerResponse(req);
  void set({ req, res } as ExchangeContext, () => Promise.resolve());
  const list = Object.entries(res.getHeaders()).flatMap(([name, value]) => [name, String(value)]);
  if (list.length === 0) throw new Error('helmet set no header by the time it returned');
  return list;
}

export function secureHeaders(https: boolean): Step {
  const forDocs = learn(docs, https, 'no-referrer');
  // With `no-referrer` a browser calls the origin of every form `null`, our own forms included.
  const forPages = learn(page, https, 'same-origin');
  const forOthers = learn(nothing, https, 'no-referrer');
  return function secure(ctx, next) {
    const { path } = ctx;
    const headers = isPagePath(path) ? forPages : forOthers;
    ctx.state.exchange.securityHeaders = path.startsWith(docsPath) ? forDocs : headers;
    return next();
  };
}
