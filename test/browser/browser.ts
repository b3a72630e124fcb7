/** A real browser for tests of pages: it counts what its policies refuse, and asks nobody else. */
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContext, chromium as driver, type Page } from 'playwright-core';

export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong so far: scripts, policies, requests to elsewhere. */
  faults(): Promise<readonly string[]>;
}

export interface VisitorOptions {
  readonly width: number;
  readonly height?: number;
  readonly locale?: 'pt-BR' | 'en-GB';
  readonly colorScheme?: 'light' | 'dark';
  readonly javaScriptEnabled?: boolean;
}

/** The arguments that the package proposes switch web security off, which is tested here. */
export async function openBrowser(): Promise<Browser> {
  return driver.launch({ executablePath: await chromium.executablePath() });
}

const waitMs = 15_000;

export async function visit(
  browser: Browser,
  url: string,
  { width, height = 740, locale = 'pt-BR', ...more }: VisitorOptions,
): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: { width, height },
    locale,
    baseURL: url,
    ...more,
  });
  context.setDefaultTimeout(waitMs);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) faults.push(`asked ${request.url()}`);
  });
  page.on('requestfailed', (request) => faults.push(`failed ${request.url()}`));
  page.on('pageerror', (error) => faults.push(error.message));
  // With scripts off a policy that refuses something is told here all the same.
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) faults.push(message.text());
  });
  return { page, context, faults: async () => faults };
}
