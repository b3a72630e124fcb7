/**
 * `npm run samples`: every page of the portal in every state, as pictures in reports/samples, for
 * people to look at. They are made anew each time and kept out of the repository.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { makeBruno, openPortal } from '../portal/world.ts';
import { openBrowser, visit, type VisitorOptions } from './browser.ts';
import { tour } from './portal-tour.ts';

const folder = fileURLToPath(new URL('../../reports/samples/', import.meta.url));
const triesMax = 6;
const betweenMs = 500;

interface Size {
  readonly width: number;
  readonly height: number;
}

const looks: readonly (VisitorOptions & Size & { readonly name: string })[] = [
  { name: 'celular', width: 360, height: 740 },
  { name: 'celular-escuro', width: 360, height: 740, colorScheme: 'dark' },
  { name: 'mesa', width: 1280, height: 900 },
  { name: 'desk-dark-en', width: 1280, height: 900, colorScheme: 'dark', locale: 'en-GB' },
];

/** A busy machine sometimes has no picture to give; it does a moment later. */
async function keepPicture(page: Page, path: string, left = triesMax): Promise<void> {
  try {
    await page.screenshot({ path });
  } catch (error) {
    if (left === 0) throw error;
    await delay(betweenMs);
    await keepPicture(page, path, left - 1);
  }
}

/** A window as high as the page: the bar that sticks to its bottom is then where it belongs. */
async function showAll(page: Page, { width, height }: Size): Promise<void> {
  const box = await page.locator('html').boundingBox();
  await page.setViewportSize({ width, height: Math.max(height, Math.ceil(box?.height ?? 0)) });
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const browser = await openBrowser();
for (const { name, ...options } of looks) {
  const world = await openPortal();
  const subject = await makeBruno(world.gate);
  const visitor = await visit(browser, world.url, { ...options, javaScriptEnabled: false });
  let count = 0;
  await tour(world, subject, visitor, async (where) => {
    count += 1;
    const place = where.replaceAll(/[^a-z]+/g, '-');
    const number = String(count).padStart(2, '0');
    await showAll(visitor.page, options);
    await keepPicture(visitor.page, `${folder}${name}-${number}-${place}.png`);
    await visitor.page.setViewportSize(options);
  });
  process.stdout.write(`${name}: ${count} pages in reports/samples\n`);
  await visitor.context.close();
  await world.close();
}
await browser.close();
