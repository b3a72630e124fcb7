/** kill -9 of the server under load, again and again on the same data, and what a witness says. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Settings, type Started, startProcess } from '../main/server-process.ts';
import { copyCappedPolicies } from './capped-policies.ts';
import { shippedSet } from './gate.ts';
import { type Tally, Witness } from './witness.ts';
import { WitnessClient, witnessToken } from './witness-client.ts';

export interface Witnessed {
  readonly rounds: number;
  readonly violations: readonly string[];
  readonly tally: Tally;
}

export interface Opened {
  readonly server: Started;
  readonly token: string;
  readonly client: WitnessClient;
}

/** A data folder with its policies, and a server on it as often as one is wanted. */
export interface Premises {
  readonly settings: Settings;
  readonly start: () => Promise<Opened>;
  readonly clear: () => void;
}

/** With `store` the address of a MongoDB database, otherwise SQLite in the folder. */
export function makePremises(store: string | null): Premises {
  const folder = mkdtempSync(join(tmpdir(), 'porteiro-faults-'));
  const policies = join(folder, 'policies');
  copyCappedPolicies(policies);
  const settings = {
    PORTEIRO_DATA: folder,
    PORTEIRO_POLICIES: policies,
    PORTEIRO_LOG_LEVEL: 'error',
    // One address for all starts, on whatever port: answers that are repeated name it.
    PORTEIRO_PUBLIC_URL: 'http://127.0.0.1:8080',
    ...(store === null ? {} : { PORTEIRO_STORE: store }),
  };
  const servers: Started[] = [];
  const clear = (): void => {
    for (const server of servers) void server.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', clear);
  return {
    settings,
    start: async () => {
      const server = await startProcess(settings, ['--empty']);
      servers.push(server);
      const token = witnessToken(folder);
      return { server, token, client: new WitnessClient(server.url, token) };
    },
    clear: () => {
      process.off('exit', clear);
      clear();
    },
  };
}

/** The notice of promotions, as a grant names it. */
export function promotionNotice(): object {
  const notice = shippedSet().notices.get('promocoes')?.at(-1);
  const digest = notice?.texts['pt-BR']?.digest;
  if (notice === undefined || digest === undefined) throw new Error('no notice of promocoes');
  return { id: 'promocoes', version: notice.version, locale: 'pt-BR', digest };
}

const shortestMs = 150;
const spreadMs = 1200;

/** Load from the first answer of a start until the kill, whose moment differs in each round. */
export async function killRounds(store: string | null, rounds: number): Promise<Witnessed> {
  const premises = makePremises(store);
  const witness = new Witness('kill', promotionNotice());
  try {
    for (let round = 0; round < rounds; round += 1) {
      const { server, client } = await premises.start();
      await witness.check(client, 'last');
      await witness.settle(client);
      const pressure = witness.press(client);
      await delay(shortestMs + ((round * 137) % spreadMs));
      await server.stop('SIGKILL');
      await pressure.stop();
    }
    const { server, client } = await premises.start();
    await witness.settle(client);
    await witness.check(client, 'ever');
    await server.stop();
    return { rounds, violations: witness.violations, tally: witness.tally };
  } finally {
    premises.clear();
  }
}
