/**
 * The portal in a real browser: every page in every state, both languages, light and dark, on a
 * phone and on a desk, without scripts and without anything that a policy refuses.
 */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { minuteMs } from '../../src/domain/calendar/instant.ts';
import { decide, rulesOf } from '../operations/calls.ts';
import {
  bruno,
  linkFor,
  makeBruno,
  makeClara,
  makeDecisions,
  openPortal,
  type PortalWorld,
} from '../portal/world.ts';
import { shippedSet } from '../support/gate.ts';
import { tour } from './portal-tour.ts';
import { openBrowser, visit, type Visitor, type VisitorOptions } from './browser.ts';

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);
const weightMax = 60 * 1024;

interface Finding {
  readonly id: string;
  readonly nodes: readonly {
    readonly target: readonly string[];
    readonly failureSummary?: string;
  }[];
}

/** WCAG 2.2 A and AA, and what axe holds to be good practice. */
async function axeFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = await page.evaluate<{ readonly violations: readonly Finding[] }>(
    `axe.run(document, { runOnly: ${JSON.stringify(tags)} })`,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) => `${id} ${target.join(' ')}: ${failureSummary}`),
  );
}

async function expectSound(visitor: Visitor, where: string): Promise<void> {
  const { page } = visitor;
  expect(await axeFaults(page), where).to.deep.equal([]);
  expect(await page.locator('h1').count(), `${where}: h1`).to.equal(1);
  const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
  expect(wide, `${where} scrolls sideways`).to.equal(false);
  expect(await page.locator('[style], script, [onclick]').count(), where).to.equal(0);
  expect(await visitor.faults(), where).to.deep.equal([]);
}

describe('the portal in a browser', function () {
  this.timeout(120_000);
  let browser: Browser;
  let world: PortalWorld;
  let subject: string;
  let visitor: Visitor;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser.close());
  beforeEach(async () => {
    world = await openPortal();
    subject = await makeBruno(world.gate);
  });
  afterEach(async () => {
    await visitor.context.close();
    await world.close();
  });

  const enter = async (options: VisitorOptions): Promise<Page> => {
    visitor = await visit(browser, world.url, options);
    await visitor.page.goto(await linkFor(world.gate, subject));
    await visitor.page.click('button[value=me]');
    await visitor.page.waitForURL('**/portal/preferences');
    return visitor.page;
  };

  for (const width of [360, 1280]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const locale of ['pt-BR', 'en-GB'] as const) {
        it(`has no fault on any page at ${width} px, ${colorScheme}, in ${locale}`, async () => {
          // Axe is a script of the test's own, so that here scripts are not off.
          visitor = await visit(browser, world.url, { width, colorScheme, locale });
          const seen: string[] = [];
          await tour(world, subject, visitor, async (where) => {
            seen.push(where);
            await expectSound(visitor, where);
            const language = await visitor.page.getAttribute('html', 'lang');
            expect(language).to.equal(locale === 'en-GB' ? 'en' : 'pt-BR');
          });
          expect(seen).to.have.length(33);
        });
      }
    }
  }

  it('works with scripts off, and reflows at 320 px', async () => {
    visitor = await visit(browser, world.url, { width: 320, javaScriptEnabled: false });
    await tour(world, subject, visitor, async (where) => {
      const { page } = visitor;
      const { width = 0 } = (await page.locator('body').boundingBox()) ?? {};
      expect(width, where).to.be.at.most(320);
      for (const box of await page.locator('.card, .button, .foot p').all()) {
        const { x = 0, width: wide = 0 } = (await box.boundingBox()) ?? {};
        expect(x + wide, where).to.be.at.most(320);
      }
      expect(await visitor.faults(), where).to.deep.equal([]);
    });
  });

  it('reflows at 200 %, which is half a desk', async () => {
    visitor = await visit(browser, world.url, { width: 640, height: 450 });
    await tour(world, subject, visitor, async (where) => {
      const wide = await visitor.page.evaluate('document.documentElement.scrollWidth > innerWidth');
      expect(wide, where).to.equal(false);
    });
  });

  it('weighs less than 60 KB a page all in, and asks once beyond the document', async () => {
    visitor = await visit(browser, world.url, { width: 360 });
    const { page } = visitor;
    let bytes = 0;
    const asked: string[] = [];
    page.on('response', (response) => {
      asked.push(response.url());
      bytes += Number(response.headers()['content-length'] ?? 0);
    });
    await page.goto(await linkFor(world.gate, subject));
    await page.click('button[value=me]');
    await page.waitForURL('**/portal/preferences');
    // Everything of both pages together.
    expect(bytes).to.be.lessThan(weightMax).and.greaterThan(10_000);
    const assets = asked.filter((url) => url.includes('/assets/'));
    expect(new Set(assets).size).to.equal(2);
  });

  it('is used by keyboard alone, with the focus in sight all the way', async () => {
    visitor = await visit(browser, world.url, { width: 360 });
    const { page } = visitor;
    await page.goto('/portal');
    await page.keyboard.press('Tab');
    expect(await focused(page)).to.equal('Pular para o conteúdo');
    await page.keyboard.press('Enter');
    await tabTo(page, 'contact');
    await page.keyboard.type(bruno.value);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/portal/code');
    await world.delivery.settled();
    await tabTo(page, 'code');
    await page.keyboard.type(world.sent.at(-1)?.code ?? '');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/portal/preferences');
    await tabTo(page, 'on.promocoes.email');
    await page.keyboard.press('Space');
    await tabTo(page, 'Salvar escolhas');
    world.clock.advance(1000);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.done');
    expect(rulesOf(await decide(world.gate, { subject: bruno }))).to.include('withdrawn');
    await tabTo(page, 'Desfazer');
    world.clock.advance(1000);
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=Pronto, voltou a ser como era.');
    expect((await decide(world.gate, { subject: bruno }))['outcome']).to.equal('allow');
    await tabTo(page, 'Parar tudo');
    world.clock.advance(1000);
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=Pronto, paramos tudo.');
    await tabTo(page, 'Sair');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/portal/signed-out');
    expect(await visitor.faults()).to.deep.equal([]);
  });

  it('leads from the link of a message to its reasons, and says no, by keyboard', async () => {
    const { sent } = await makeDecisions(world.gate);
    visitor = await visit(browser, world.url, { width: 360 });
    const { page } = visitor;
    await page.goto(`/portal/why/${sent}`);
    await page.waitForURL('**/portal');
    await tabTo(page, 'contact');
    await page.keyboard.type(bruno.value);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/portal/code');
    await world.delivery.settled();
    await tabTo(page, 'code');
    await page.keyboard.type(world.sent.at(-1)?.code ?? '');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/portal/why/${sent}`);
    await tabTo(page, 'Não tenho interesse');
    world.clock.advance(1000);
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=Mudei de ideia');
    const after = await decide(world.gate, { subject: bruno });
    expect(rulesOf(after)).to.include('exclusion-uninterested');
    await tabTo(page, 'Meus dados');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/portal/data');
    await tabTo(page, 'Ver o histórico');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/portal/data/consents');
    expect(await visitor.faults()).to.deep.equal([]);
  });

  it('shows every stop of the keyboard outlined, and covers none', async () => {
    const page = await enter({ width: 360 });
    const seen = new Set<string>();
    for (let stop = 0; stop < 200; stop += 1) {
      await page.keyboard.press('Tab');
      const state = await page.evaluate<FocusState>(focusState);
      if (state.key === 'BODY' || seen.has(state.key)) break;
      seen.add(state.key);
      expect(state.outlined, state.key).to.equal(true);
      expect(state.covered, state.key).to.equal(false);
    }
    expect(seen.size).to.be.at.least(30);
  });

  it('gives yes and no the same weight, and turns nothing on by itself', async () => {
    const id = await makeClara(world.gate);
    visitor = await visit(browser, world.url, { width: 360 });
    const { page } = visitor;
    await page.goto(await linkFor(world.gate, id));
    const [me, notMe] = await Promise.all(
      ['me', 'not-me'].map((value) => page.locator(`button[value=${value}]`).boundingBox()),
    );
    expect([me?.width, me?.height]).to.deep.equal([notMe?.width, notMe?.height]);
    await page.click('button[value=me]');
    // What Clara never agreed to, or withdrew, is off.
    expect(await page.locator('[name^="on.promocoes"]:checked').count()).to.equal(0);
    expect(await page.locator('[name^="on.perfil"]:checked').count()).to.equal(0);
    // One switch and one button in either direction.
    const form = page.locator('form.cards');
    await form.locator('[name="on.promocoes.email"]').check();
    await form.locator('button[type=submit]').click();
    await page.waitForSelector('.done');
    expect(await form.locator('[name="on.promocoes.email"]').isChecked()).to.equal(true);
    world.clock.advance(1000);
    await form.locator('[name="on.promocoes.email"]').uncheck();
    await form.locator('button[type=submit]').click();
    await page.waitForSelector('.done');
    const beside = await page.locator('.aside .button').all();
    const looks = await Promise.all(beside.map((button) => button.getAttribute('class')));
    expect(new Set(looks).size).to.equal(1);
  });

  it('does not ask again for what was refused', async () => {
    const page = await enter({ width: 360 });
    world.clock.advance(1000);
    await page.click('form[action$="/stop"] button');
    await page.waitForSelector('.done');
    world.clock.advance(minuteMs);
    for (let visits = 0; visits < 3; visits += 1) {
      await page.goto('/portal/preferences');
      expect(await page.locator('dialog, [role=dialog], [role=alert], .done').count()).to.equal(0);
    }
  });

  it('prints what it says, without what only a screen needs', async () => {
    const page = await enter({ width: 1280 });
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.tools').isVisible()).to.equal(false);
    expect(await page.locator('.save').isVisible()).to.equal(false);
    expect(await page.locator('h1').isVisible()).to.equal(true);
    expect(await page.locator('.foot').isVisible()).to.equal(true);
  });

  it('wears the colours, the logo and the words of its owner', async () => {
    const look = {
      brand: '#7a1f5c',
      brandDark: '#f09ad0',
      logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" style="fill:#7a1f5c"/><script>document.title = "x"</script></svg>',
      tagline: { 'pt-BR': 'Do nosso jeito', en: 'Our way' },
    };
    await world.activate(
      shippedSet((parts) => ({
        ...parts,
        controller: { ...parts.controller, name: 'Armazém <Boa & Vista>', look },
      })),
    );
    world.clock.advance(minuteMs);
    visitor = await visit(browser, world.url, { width: 360 });
    const { page } = visitor;
    await page.goto('/portal');
    expect(await page.textContent('.mark')).to.include('Armazém <Boa & Vista>');
    const colour = await page
      .locator('.button')
      .first()
      .evaluate((button) => getComputedStyle(button).backgroundColor);
    expect(colour).to.equal('rgb(122, 31, 92)');
    await expectSound(visitor, 'an own look');
    const mark = await page.getAttribute('.mark img', 'src');
    await page.goto(mark ?? '');
    expect(await page.title()).not.to.equal('x');
  });
});

interface FocusState {
  readonly key: string;
  readonly outlined: boolean;
  readonly covered: boolean;
}

const focusState = `(() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  const [x, y] = [box.x + box.width / 2, box.y + Math.min(box.height / 2, 20)];
  const over = document.elementFromPoint(x, y);
  const key = at === document.body ? 'BODY' : [at.tagName, at.name, at.value, at.textContent, box.x,
    box.y + scrollY].join('|');
  const label = at.closest('label');
  const mine = at.contains(over) || (label !== null && label.contains(over));
  return { key, outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    covered: !mine };
})()`;

/** What the focused element is called. */
async function focused(page: Page): Promise<string> {
  const name = await page.evaluate(
    `(document.activeElement.name || document.activeElement.textContent || '').trim()`,
  );
  return typeof name === 'string' ? name : '';
}

const stopsMax = 120;

async function tabTo(page: Page, name: string): Promise<void> {
  for (let stop = 0; stop < stopsMax; stop += 1) {
    await page.keyboard.press('Tab');
    if ((await focused(page)) === name) return;
  }
  throw new Error(`the keyboard does not get to ${name}`);
}
