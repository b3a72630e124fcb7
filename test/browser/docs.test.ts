/** /docs in a browser: it renders, from this server alone, under its policy. */
import chromium from '@sparticuz/chromium';
import { expect } from 'chai';
import { type Browser, chromium as driver } from 'playwright-core';
import { type Gate, ids, openGate } from '../http/gate.ts';

describe('/docs in a browser', function () {
  this.timeout(60_000);
  let gate: Gate;
  let browser: Browser;
  before(async () => {
    gate = await openGate();
    // The arguments that the package proposes switch web security off, which is tested here.
    browser = await driver.launch({ executablePath: await chromium.executablePath() });
  });
  after(async () => {
    await browser.close();
    await gate.close();
  });

  it('lists every operation, and asks nobody else for anything', async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    await page.addInitScript(`
      window.violations = [];
      addEventListener('securitypolicyviolation', (event) => {
        window.violations.push(event.violatedDirective + ' ' + event.blockedURI);
      });
    `);
    await page.goto(`${gate.url}/docs`);
    await page.waitForSelector('.opblock-summary-operation-id');
    const names = await page.locator('.opblock-summary-operation-id').allTextContents();
    expect(names.map((name) => name.replaceAll('\u200b', '')).sort()).to.deep.equal(
      [...ids].sort(),
    );
    const block = page.locator('#operations-Decisions-createDecision');
    await block.locator('.opblock-summary-control').click();
    await block.locator('.opblock-description').waitFor();
    expect(await page.evaluate('window.violations')).to.deep.equal([]);
    expect(complaints).to.deep.equal([]);
    const elsewhere = asked.filter((url) => !url.startsWith(gate.url) && !url.startsWith('data:'));
    expect(elsewhere).to.deep.equal([]);
    expect(await page.title()).to.equal('Porteiro API');
  });
});
