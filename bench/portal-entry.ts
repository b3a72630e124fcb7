/**
 * Whether the time of an answer tells a customer from a stranger: a thousand tries at the way into
 * the portal over HTTP, known and unknown contacts by turns, and Welch's t of the two. Beyond 4.5
 * timing attacks are held to work; delivery runs on beside it, as it does in a real process.
 */
import { openPortal } from '../test/portal/world.ts';
import { makeSubject } from '../test/operations/calls.ts';
import { median, plain, printTable, printTargets, printTitle, type Target } from './report.ts';

const tries = 1000;
const warmUps = 200;
/** Tries of one network; more are held off. */
const perNetwork = 100;
const telling = 4.5;

export async function benchPortalEntry(): Promise<readonly Target[]> {
  printTitle('The way into the portal, for known and unknown contacts');
  const world = await openPortal({ proxies: 1 });
  const times: Readonly<Record<'known' | 'unknown', number[]>> = { known: [], unknown: [] };
  try {
    for (let person = 0; person < tries + warmUps; person += 1) {
      await makeSubject(world.gate, [{ type: 'email', value: `p${person}@example.com` }]);
    }
    for (let each = 0; each < tries + warmUps; each += 1) {
      const isKnown = each % 2 === 0;
      const contact = `p${each}@example.${isKnown ? 'com' : 'net'}`;
      const took = await timeOf(world.url, contact, Math.floor(each / perNetwork));
      if (each >= warmUps) times[isKnown ? 'known' : 'unknown'].push(took);
    }
  } finally {
    await world.close();
  }
  printTable([
    ['', 'tries', 'median ms', 'mean ms'],
    ...Object.entries(times).map(([name, taken]) => [
      name,
      String(taken.length),
      plain(median(taken)),
      plain(mean(taken)),
    ]),
  ]);
  const t = Math.abs(welch(times.known, times.unknown));
  const what = "Welch's t of known against unknown";
  const target: Target = { what, measured: t, bound: 'at most', target: telling, unit: '' };
  printTargets([target]);
  return [target];
}

async function timeOf(url: string, contact: string, network: number): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(`${url}/portal/entries`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'sec-fetch-site': 'same-origin', 'x-forwarded-for': `203.0.113.${network}` },
    body: new URLSearchParams({ contact }),
  });
  await response.arrayBuffer();
  const took = performance.now() - startedAt;
  if (response.status !== 303) throw new Error(`a try was answered ${response.status}`);
  return took;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function welch(one: readonly number[], other: readonly number[]): number {
  const error = Math.sqrt(variance(one) / one.length + variance(other) / other.length);
  return (mean(one) - mean(other)) / error;
}

function variance(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}
