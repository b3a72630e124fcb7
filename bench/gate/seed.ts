/**
 * Fills a store before the server opens it, in a process of its own: each person comes in by the
 * operations that a client calls, with two identifiers, three attributes and one consent.
 */
import { type Config, readEnvironment } from '../../src/config.ts';
import { Problem } from '../../src/domain/problem.ts';
import { openGate } from '../../src/main.ts';
import { recordConsent } from '../../src/operations/consents/record-consent.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { type Answer, type Call, scopes } from '../../src/operations/operation.ts';
import { putSubject } from '../../src/operations/subjects/put-subject.ts';
import { emailOf, phoneOf } from './people.ts';

export interface SeedOrder {
  readonly environment: Readonly<Record<string, string>>;
  readonly people: number;
}

export interface Seeded {
  readonly seconds: number;
}

const callers = 200;
type Nothing = Readonly<Record<string, never>>;

function call<Body>(key: string | null, body: Body): Call<Body, Nothing, Nothing> {
  const actor = { kind: 'client', id: 'bench', scopes: new Set(scopes) } as const;
  return { actor, body, query: {}, path: {}, idempotencyKey: key, locale: 'en' };
}

function expectDone(answer: Answer): void {
  if (answer instanceof Problem) throw new Error(`${answer.code}: ${answer.detail.en}`);
}

async function seedPerson(gate: Gate, person: number): Promise<void> {
  const email = { type: 'email', value: emailOf(person) } as const;
  const identifiers = [email, { type: 'whatsapp', value: phoneOf(person) } as const];
  const attributes = { first_name: 'Ana', age_band: 'adult', time_zone: 'America/Sao_Paulo' };
  expectDone(await putSubject(gate, call(null, { identifiers, attributes })));
  const notice = gate.policies.active().set.notices.get('promocoes')?.at(-1);
  const digest = notice?.texts['pt-BR']?.digest ?? '';
  const given = {
    subject: email,
    event: 'granted',
    purpose: 'promocoes',
    channels: ['email', 'whatsapp'],
    occurredAt: new Date(gate.clock() - 3_600_000).toISOString(),
    notice: { id: 'promocoes', version: notice?.version ?? 1, locale: 'pt-BR', digest },
    evidence: {
      class: 'native',
      actor: { kind: 'subject' },
      surface: { url: 'https://loja.example/cadastro', campaign: null },
      control: { kind: 'checkbox', initialState: 'off', bundledWith: [] },
      identifierProof: 'session',
    },
  } as const;
  expectDone(await recordConsent(gate, call(`seed-${person}`, given)));
}

function configOf(environment: Readonly<Record<string, string>>): Config {
  const config = readEnvironment(environment);
  if ('complaints' in config) throw new Error(config.complaints.join('\n'));
  return config;
}

async function seed({ environment, people }: SeedOrder): Promise<Seeded> {
  const { gate } = await openGate(configOf(environment), 'http://127.0.0.1');
  const startedAt = performance.now();
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < people) {
      const person = next;
      next += 1;
      await seedPerson(gate, person);
    }
  };
  await Promise.all(Array.from({ length: callers }, work));
  await gate.store.close();
  return { seconds: (performance.now() - startedAt) / 1000 };
}

process.once('message', (order) => {
  void seed(order as SeedOrder).then((seeded) => {
    process.send?.(seeded);
    process.disconnect();
  });
});
