/** Security headers on every answer; a page may load what it needs, anything else nothing. */
import helmet from 'koa-helmet';
import { docsPath } from './pages/docs-page.ts';
import type { Step } from './exchange.ts';
import { pageStyleSource, unsubscribePath } from './pages/unsubscribe-page.ts';

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
const page: Directives = { ...nothing, 'style-src': [pageStyleSource], 'form-action': ["'self'"] };

function headers(directives: Directives, https: boolean): Step {
  const set: Step = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: Object.fromEntries(
        Object.entries(directives).map(([name, sources]) => [name, [...sources]]),
      ),
    },
    strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
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
  return set;
}

export function secureHeaders(https: boolean): Step {
  const forDocs = headers(docs, https);
  const forPages = headers(page, https);
  const forOthers = headers(nothing, https);
  return async function secure(ctx, next) {
    const page = ctx.path.startsWith(unsubscribePath) ? forPages : forOthers;
    const headersOf = ctx.path.startsWith(docsPath) ? forDocs : page;
    await headersOf(ctx, next);
  };
}
