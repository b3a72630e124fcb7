/**
 * What a decision costs as the store grows: the same load over all of 10^3, 10^4 and 10^5 people,
 * more than the gate keeps in memory at the end. Rounds of the three alternate in one run.
 */
import { makeHome, seedHome, serveGate } from './gate/served-gate.ts';
import { LoadClient, type Measured } from './load/load-client.ts';
import { median, plain, printTable, printTitle, spread, type Target } from './report.ts';

const sizes = [1_000, 10_000, 100_000] as const;
const rounds = 3;
const warmMs = 1000;
const measureMs = 3000;
const load = { purpose: 'pedidos', connections: 50, warmMs, measureMs } as const;

export async function benchScale(): Promise<readonly Target[]> {
  printTitle('POST /v1/decisions on SQLite, asked about anybody in the store');
  const stores = [];
  for (const people of sizes) {
    const home = makeHome();
    const { seconds } = await seedHome(home, people);
    console.log(
      `  ${people.toLocaleString('en')} people put in by operations in ${plain(seconds)} s`,
    );
    stores.push({ people, gate: await serveGate(home), measured: [] as Measured[] });
  }
  const client = new LoadClient();
  for (let round = -1; round < rounds; round += 1) {
    for (const { people, gate, measured } of stores) {
      const { port, token, pid } = gate;
      const one = await client.measure(pid, { ...load, people, port, token });
      if (round >= 0) measured.push(one);
    }
  }
  const spent = (measured: readonly Measured[]): number =>
    median(measured.map(({ serverMicros }) => serverMicros ?? Number.NaN));
  const base = spent(stores[0]?.measured ?? []);
  printTable([
    ['people', 'req/s', 'CPU µs', 'CPU ratio', 'p99 ms'],
    ...stores.map(({ people, measured }) => [
      people.toLocaleString('en'),
      spread(measured.map(({ perSecond }) => perSecond)),
      spread(measured.map(({ serverMicros }) => serverMicros)),
      plain(spent(measured) / base),
      spread(measured.map(({ p99 }) => p99)),
    ]),
  ]);
  await Promise.all([client.stop(), ...stores.map(({ gate }) => gate.stop())]);
  return [];
}
