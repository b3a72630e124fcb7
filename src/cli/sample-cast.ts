/**
 * The sample cast: three invented people with what they did and said, for trying the gate out. They
 * come in by the same operations that a client calls, so that their records are like any other.
 *
 *   Ana    São Paulo; bought twice; was never asked about promotions.
 *   Bruno  Manaus; takes promotions by WhatsApp once a week; has paused them.
 *   Clara  Rio Branco; took promotions by e-mail, then withdrew.
 */
import { dayMs, toIso } from '../domain/calendar/instant.ts';
import { Problem } from '../domain/problem.ts';
import type { JsonObject } from '../domain/json.ts';
import { StartRefused } from '../start/refusal.ts';
import type { ConsentRequest } from '../operations/consents/consent-record.ts';
import { recordConsent } from '../operations/consents/record-consent.ts';
import { recordEvents } from '../operations/events/record-events.ts';
import type { Gate } from '../operations/gate.ts';
import { createPause } from '../operations/instructions/create-pause.ts';
import { type Answer, type Call, Rendered, scopes } from '../operations/operation.ts';
import { putSubject } from '../operations/subjects/put-subject.ts';
import type { Store } from '../store/port.ts';

const castId = 'sample-cast';

/** Whether nobody was ever put in this store, or the seeding of the cast was interrupted. */
export async function isFreshStore(store: Store): Promise<boolean> {
  const begun = await store.get('settings', castId);
  if (begun !== null) return begun.body === begunText;
  const anybody = await store.find('subjects', {
    index: 'pendingRecord',
    where: { pendingRecord: null },
    order: 'ascending',
    limit: 1,
  });
  return anybody.items.length === 0;
}

const begunText = '{"state":"begun"}';
const doneText = '{"state":"done"}';

/** Seeds the cast; interrupted, it goes on at the next start, since every step is idempotent. */
export async function seedCast(gate: Gate): Promise<void> {
  const { store } = gate;
  const begun = { id: castId, fields: {}, body: begunText };
  await store.write([{ kind: 'insert', collection: 'settings', document: begun }]);
  for (const person of cast) await seed(gate, person);
  const stored = await store.get('settings', castId);
  if (stored === null) return;
  await store.write([
    {
      kind: 'replace',
      collection: 'settings',
      document: { ...begun, body: doneText },
      expectedRevision: stored.revision,
    },
  ]);
}

interface Person {
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly timeZone: string;
  readonly purchases: readonly number[];
  readonly consents: readonly {
    readonly event: 'granted' | 'withdrawn';
    readonly channels: readonly ('whatsapp' | 'email')[];
    readonly daysAgo: number;
  }[];
  readonly pausedDays: number | null;
}

const cast: readonly Person[] = [
  {
    name: 'Ana',
    email: 'ana@example.com',
    phone: '+55 11 98765-4321',
    timeZone: 'America/Sao_Paulo',
    purchases: [40, 12],
    consents: [],
    pausedDays: null,
  },
  {
    name: 'Bruno',
    email: 'bruno@example.com',
    phone: '+55 92 99876-5432',
    timeZone: 'America/Manaus',
    purchases: [200],
    consents: [{ event: 'granted', channels: ['whatsapp'], daysAgo: 21 }],
    pausedDays: 30,
  },
  {
    name: 'Clara',
    email: 'clara@example.com',
    phone: '+55 68 99765-4321',
    timeZone: 'America/Rio_Branco',
    purchases: [],
    consents: [
      { event: 'granted', channels: ['email'], daysAgo: 60 },
      { event: 'withdrawn', channels: ['email'], daysAgo: 5 },
    ],
    pausedDays: null,
  },
];

/** Whose portal a start in local mode shows: somebody with choices to look at. */
export const samplePerson = {
  name: 'Bruno',
  reference: { type: 'email', value: 'bruno@example.com' },
} as const;

async function seed(gate: Gate, person: Person): Promise<void> {
  const subject = { type: 'email', value: person.email } as const;
  const identifiers = [subject, { type: 'whatsapp', value: person.phone } as const];
  const attributes = {
    first_name: person.name,
    time_zone: person.timeZone,
    age_band: 'adult',
    age_evidence: 'declared',
  };
  const made = expectDone(await putSubject(gate, castCall(null, { identifiers, attributes })));
  const now = gate.clock();
  const ago = (days: number): string => toIso(now - days * dayMs);
  for (const days of person.purchases) {
    const id = `cast-${person.name}-${days}`;
    const event = { id, type: 'purchase', subject, occurredAt: ago(days) } as const;
    expectDone(await recordEvents(gate, castCall(id, event)));
  }
  for (const { event, channels, daysAgo } of person.consents) {
    const given: ConsentRequest = {
      subject,
      event,
      purpose: 'promocoes',
      channels,
      occurredAt: ago(daysAgo),
      ...(event === 'granted' ? shown(gate) : {}),
    };
    expectDone(await recordConsent(gate, castCall(`cast-${person.name}-${event}`, given)));
  }
  if (person.pausedDays === null) return;
  const pause = { purposes: ['promocoes'], until: ago(-person.pausedDays), reason: 'férias' };
  const path = { id: typeof made['id'] === 'string' ? made['id'] : '' };
  expectDone(await createPause(gate, { ...castCall(`cast-${person.name}-pause`, pause), path }));
}

/** What a form on the shop's page leaves as evidence of a consent. */
function shown({ policies }: Gate): Pick<ConsentRequest, 'notice' | 'evidence' | 'frequency'> {
  const version = policies.active().set.notices.get('promocoes')?.at(-1);
  const digest = version?.texts['pt-BR']?.digest ?? '';
  return {
    frequency: { max: 1, per: 'week' },
    notice: { id: 'promocoes', version: version?.version ?? 1, locale: 'pt-BR', digest },
    evidence: {
      class: 'native',
      actor: { kind: 'subject' },
      surface: { url: 'https://loja.example/cadastro', campaign: null },
      control: { kind: 'checkbox', initialState: 'off', bundledWith: [] },
      identifierProof: 'session',
    },
  };
}

export function castCall<Body>(key: string | null, body: Body): Call<Body, Nothing, Nothing> {
  return {
    actor: { kind: 'client', id: castId, scopes: new Set(scopes) },
    body,
    query: {},
    path: {},
    idempotencyKey: key,
    locale: 'pt-BR',
  };
}

type Nothing = Readonly<Record<string, never>>;

/** The shipped policies take the cast; an owner's own may not, and then the start says so. */
function expectDone(answer: Answer): JsonObject {
  if (answer instanceof Problem) {
    const faults = answer.errors.map(({ pointer, message }) => `${pointer}: ${message}`);
    throw new StartRefused([
      `The sample cast does not fit these policies (${[answer.code, ...faults].join('; ')}). ` +
        'Start with --empty.',
    ]);
  }
  return answer instanceof Rendered ? (JSON.parse(answer.json) as JsonObject) : answer;
}
