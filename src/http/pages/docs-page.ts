/** openapi.yaml as a page: Swagger UI, every part of it from here and nothing from elsewhere. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Page } from '../exchange.ts';
import { packed } from './packed.ts';

export const docsPath: string = '/docs';

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Porteiro API</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/porteiro.css">
</head>
<body>
<noscript><p>The contract itself: <a href="/openapi.yaml">openapi.yaml</a>.</p></noscript>
<main id="docs"></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

// Without a validator of its own, Swagger UI would send the address of the document to a service.
const start = `SwaggerUIBundle({
  url: '/openapi.yaml',
  dom_id: '#docs',
  deepLinking: true,
  displayOperationId: true,
  validatorUrl: null,
  persistAuthorization: false,
});
`;

const sheet = `body { margin: 0; background: #fff; }
.swagger-ui .wrapper { max-width: 72rem; }
`;

const parts: Readonly<Record<string, { readonly mediaType: string; readonly own: string | null }>> =
  {
    'swagger-ui.css': { mediaType: 'text/css', own: null },
    'swagger-ui-bundle.js': { mediaType: 'text/javascript', own: null },
    'favicon-32x32.png': { mediaType: 'image/png', own: null },
    'porteiro.css': { mediaType: 'text/css', own: sheet },
    'start.js': { mediaType: 'text/javascript', own: start },
  };

function libraryFile(name: string): Promise<Buffer> {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  return readFile(join(folder, name));
}

export function docsPage(): Page {
  return new Page('text/html', html);
}

/** `name` is one that openapi.yaml lists. */
export async function docsAsset(name: string, takesGzip: boolean): Promise<Page | null> {
  const part = parts[name];
  if (part === undefined) return null;
  const content = part.own ?? (await libraryFile(name));
  const headers = { 'Cache-Control': 'public, max-age=3600', Vary: 'Accept-Encoding' };
  if (!takesGzip || part.mediaType === 'image/png') {
    return new Page(part.mediaType, content, headers);
  }
  // The script has 1.7 MB, and 0.5 MB when packed.
  const body = await packed(name, content);
  return new Page(part.mediaType, body, { ...headers, 'Content-Encoding': 'gzip' });
}
