/** The way through every page and state of the portal: tests look at each, and so do samples. */
import { minuteMs } from '../../src/domain/calendar/instant.ts';
import { unsubscribeUrl } from '../../src/operations/unsubscribe/unsubscribe-link.ts';
import {
  bruno,
  changeNotice,
  linkFor,
  makeDecisions,
  makePurchase,
  type PortalWorld,
} from '../portal/world.ts';
import type { Visitor } from './browser.ts';

/** Goes through every page and state that the portal has; `see` looks at each. */
export async function tour(
  world: PortalWorld,
  subject: string,
  { page }: Visitor,
  see: (where: string) => Promise<void>,
): Promise<void> {
  const press = async (selector: string): Promise<void> => {
    const loaded = page.waitForEvent('domcontentloaded');
    await page.locator(selector).first().click();
    await loaded;
  };
  const submit = (): Promise<void> => press('main form button[type=submit]');
  await page.goto('/portal');
  await see('entry');
  await page.fill('#contact', 'bruno');
  await submit();
  await see('entry, contact unreadable');
  await page.fill('#contact', bruno.value);
  await submit();
  await see('code');
  await page.fill('#code', '1');
  await submit();
  await see('code, wrong');
  await page.goto('/portal/link/over');
  await see('link, over');
  const unsubscribe = new URL(
    unsubscribeUrl(world.gate, { subject, purpose: 'pedidos', channel: 'push' }),
  ).pathname;
  await page.goto(unsubscribe);
  await see('unsubscribe');
  await submit();
  await see('unsubscribed');
  await page.goto('/u/nothing');
  await see('unsubscribe, link unknown');
  await page.goto('/portal/nothing');
  await see('no such page');
  await world.delivery.settled();
  await page.goto(new URL(world.sent.at(-1)?.link ?? '').pathname);
  await see('link');
  await press('button[value=not-me]');
  await see('not me');
  await page.goBack();
  await press('button[value=me]');
  await see('preferences');
  for (const summary of await page.locator('.card > details > summary').all())
    await summary.click();
  for (const summary of await page.locator('details details > summary').all())
    await summary.click();
  await see('preferences, unfolded');
  await page.goto('/portal/why');
  await see('why, nothing yet');
  const { sent, refused, best } = await makeDecisions(world.gate);
  await page.goto('/portal/why');
  await see('why');
  await page.goto(`/portal/why/${sent}`);
  await page.locator('.folded summary').click();
  await see('why, a message that was sent');
  world.clock.advance(1000);
  await press('form[action*="/not-interested/"] button');
  await see('why, not interested');
  world.clock.advance(1000);
  await press('form[action*="/interested/"] button');
  await page.goto(`/portal/why/${refused}`);
  await see('why, a message that was refused');
  await page.goto(`/portal/why/${best}`);
  await see('why, the best of several');
  await page.goto('/portal/why/dec_nobodys');
  await see('why, not theirs');
  await makePurchase(world.gate);
  await page.goto('/portal/data');
  await see('data');
  await page.goto('/portal/data/consents');
  await see('data, consents');
  await page.goto('/portal/data/erasure');
  await see('data, erasure asked');
  await page.goto('/portal/preferences');
  world.clock.advance(minuteMs);
  await press('form[action$="/less"] button');
  await see('preferences, lessened');
  world.clock.advance(minuteMs);
  await page.fill('input[name=until]', '2030-01-01');
  await press('form[action$="/pauses"] button');
  await page.waitForSelector('#until-fault');
  await see('preferences, no such day');
  await page.selectOption('select[name=days]', '90');
  await press('form[action$="/pauses"] button');
  await page.waitForSelector('.done');
  await see('preferences, paused');
  world.clock.advance(1000);
  await press('form[action$="/stop"] button');
  await see('preferences, stopped');
  world.clock.advance(1000);
  await press('form[action$="/undo"] button');
  await see('preferences, undone');
  await page.goto('/portal/not-me');
  await see('not me, signed in');
  await page.goto('/portal/preferences');
  await press('form[action$="/sign-out"] button');
  await see('signed out');
  await page.goto(await linkFor(world.gate, subject));
  await changeNotice(world);
  await press('button[value=me]');
  await see('preferences, a notice has changed');
  await page.goto('/portal/preferences/notice/promocoes');
  await see('preferences, what changed in the notice');
  await page.goto('/portal/data/erasure');
  await press('form[action$="/erasure"] button');
  await see('data, erased');
}
