/**
 * The portal as it is served: the real app on a real port over a test gate, with messages that are
 * caught instead of sent, and the people whom the tests speak of.
 */
import { hash } from 'node:crypto';
import { dayMs, minuteMs, toIso } from '../../src/domain/calendar/instant.ts';
import { makeApp } from '../../src/http/app.ts';
import { bindOperations } from '../../src/http/bound-operations.ts';
import { takePort } from '../../src/http/server.ts';
import { makeAuthentication } from '../../src/http/tokens/authentication.ts';
import { makeLog } from '../../src/http/log.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Notice } from '../../src/domain/policy.ts';
import type { Locale } from '../../src/domain/text.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { createPause } from '../../src/operations/instructions/create-pause.ts';
import { type Delivery, makeDelivery } from '../../src/operations/entries/delivery.ts';
import type { EntryMessage, Post } from '../../src/operations/entries/entry-message.ts';
import { createBestDecision } from '../../src/operations/decisions/create-best-decision.ts';
import { recordEvents } from '../../src/operations/events/record-events.ts';
import { reportOutcome } from '../../src/operations/decisions/report-outcome.ts';
import { Sequencer } from '../../src/operations/ledger/sequencer.ts';
import { noteLedgerKeys } from '../../src/operations/ledger/store-ledger.ts';
import { createPortalLink } from '../../src/operations/entries/create-portal-link.ts';
import { makePortal } from '../../src/portal/portal.ts';
import { Writable } from 'node:stream';
import { contract, ring } from '../http/gate.ts';
import {
  bodyOf,
  call,
  decide,
  grant,
  makeSubject,
  templated,
  withdraw,
} from '../operations/calls.ts';
import { makeLedgerKeys } from '../operations/ledger/records.ts';
import { makeTestGate, shippedSet, type TestGate, type TestGateOptions } from '../support/gate.ts';

export interface PortalWorld extends TestGate {
  readonly url: string;
  readonly delivery: Delivery;
  /** Messages that left, the oldest first. */
  readonly sent: EntryMessage[];
  readonly faults: unknown[];
  /** The same store behind another gate and another port: a second process. */
  close(): Promise<void>;
}

export interface PortalOptions extends TestGateOptions {
  readonly post?: Post;
  readonly proxies?: number;
}

export const bruno = { type: 'email', value: 'bruno@example.com' } as const;
export const brunoPhone = { type: 'whatsapp', value: '+55 92 99876-5432' } as const;
const ledgerKeys = makeLedgerKeys();
const clara = { type: 'email', value: 'clara@example.com' } as const;

export async function openPortal(options: PortalOptions = {}): Promise<PortalWorld> {
  const made = await makeTestGate(options);
  return { ...made, ...(await servePortal(made.gate, options)) };
}

type Served = Pick<PortalWorld, 'url' | 'delivery' | 'sent' | 'faults' | 'close'>;

async function servePortal(gate: Gate, { post, proxies = 0 }: PortalOptions = {}): Promise<Served> {
  const sent: EntryMessage[] = [];
  const faults: unknown[] = [];
  const caught: Post = {
    reaches: () => true,
    send: async (message) => {
      sent.push(message);
    },
  };
  const delivery = makeDelivery(gate, post ?? caught, (fault) => faults.push(fault));
  const stream = new Writable({ write: (_chunk, _encoding, done) => done() });
  const log = makeLog({ level: 'error', stream, now: Date.now });
  const app = makeApp({
    operations: bindOperations(gate),
    contract,
    authentication: makeAuthentication({ ring: () => ring, now: Date.now }),
    readiness: async () => ({ status: 'ready' }),
    log,
    limits: { client: 0, address: 0, proxies },
    https: false,
    controller: () => gate.policies.latest().controller,
    portal: makePortal({ gate, delivery }),
    checkAnswers: true,
  });
  const port = await takePort({ host: '127.0.0.1', port: 0, graceMilliseconds: 500 });
  port.serve(app.callback());
  return {
    url: port.url,
    delivery,
    sent,
    faults,
    close: async () => {
      await delivery.settled();
      await port.close();
    },
  };
}

/** Bruno takes promotions by WhatsApp and e-mail, and has paused WhatsApp. */
export async function makeBruno(gate: Gate): Promise<string> {
  const name = { first_name: 'Bruno', time_zone: 'America/Manaus', age_band: 'adult' };
  const id = await makeSubject(gate, [bruno, brunoPhone], name);
  const ago = (days: number): string => toIso(gate.clock() - days * dayMs);
  const weekly = { frequency: { max: 1, per: 'week' } } as const;
  const often = { frequency: { max: 2, per: 'week' } } as const;
  await done(
    grant(gate, { subject: brunoPhone, channels: ['whatsapp'], ...weekly, occurredAt: ago(21) }),
  );
  await done(grant(gate, { subject: bruno, channels: ['email'], ...often, occurredAt: ago(9) }));
  const pause = { purposes: ['promocoes'], channels: ['whatsapp'], until: ago(-30) } as const;
  bodyOf(await createPause(gate, call(pause, { path: { id } })));
  return id;
}

/** Clara took promotions by e-mail, then withdrew; she has no phone on file. */
export async function makeClara(gate: Gate): Promise<string> {
  const id = await makeSubject(gate, [clara], { first_name: 'Clara' });
  const at = (days: number): string => toIso(gate.clock() - days * dayMs);
  await done(grant(gate, { subject: clara, occurredAt: at(60) }));
  await done(withdraw(gate, { subject: clara, occurredAt: at(5) }));
  return id;
}

export interface BrunosDecisions {
  /** Sent by e-mail, with reasons of every kind. */
  readonly sent: string;
  /** Refused by WhatsApp. */
  readonly refused: string;
  /** The best of several. */
  readonly best: string;
}

/** What was decided about Bruno: told by e-mail, not by WhatsApp, and chosen among several. */
export async function makeDecisions(gate: Gate): Promise<BrunosDecisions> {
  const told = await decide(gate, {
    subject: bruno,
    data: ['first_name', 'last_category_viewed'],
    content: { campaign: 'volta-as-aulas', offer: 'frete-gratis' },
    criteria: {
      segment: 'viu-tenis-duas-vezes',
      signals: ['view_item', 'view_item', 'add_to_cart'],
      score: {
        name: 'propensao',
        value: 0.81,
        meaning: { 'pt-BR': 'chance alta de interesse em tênis', en: 'likely to want trainers' },
      },
    },
  });
  const sent = textIn(told, 'id');
  bodyOf(await reportOutcome(gate, call({ result: 'sent' as const }, { path: { id: sent } })));
  const refused = await decide(gate, { subject: bruno, channel: 'whatsapp' });
  const act = { action: 'send', purpose: 'promocoes' } as const;
  const candidates = [
    { ...act, channel: 'whatsapp', content: templated() },
    { action: 'show', purpose: 'promocoes', channel: 'site' },
  ] as const;
  const best = bodyOf(await createBestDecision(gate, call({ subject: bruno, candidates })));
  return { sent, refused: textIn(refused, 'id'), best: textIn(best, 'id') };
}

/** The notice of promotions changes in what those who agreed have to know: they are asked again. */
export async function changeNotice(world: PortalWorld): Promise<void> {
  await world.activate(
    shippedSet((parts) => ({
      ...parts,
      notices: [...parts.notices, ...parts.notices.filter(isLatestNotice).map(materialNotice)],
      purposes: parts.purposes.map((purpose) =>
        purpose.id === 'promocoes'
          ? { ...purpose, notice: { id: 'promocoes', version: 4 } }
          : purpose,
      ),
    })),
  );
  world.clock.advance(minuteMs);
}

function isLatestNotice({ id, version }: Notice): boolean {
  return id === 'promocoes' && version === 3;
}

const paragraphs: Readonly<Record<Locale, string>> = {
  'pt-BR': 'Agora olhamos também a última categoria que você viu na loja.',
  en: 'Now we look at the last category that you viewed in the shop, too.',
};

function materialNotice(notice: Notice): Notice {
  const changed = (locale: Locale): Notice['texts'][Locale] => {
    const text = notice.texts[locale]?.text;
    if (text === undefined) return null;
    const paragraph = paragraphs[locale];
    const told = text
      .replace(/version: 3/, 'version: 4')
      .replace(/^changes: >-\n(?: {2}.*\n)+/m, `changes: ${JSON.stringify(paragraph)}\n`)
      .replace(/\n\n(?=[^\n]*\n?[^\n]*WhatsApp[^\n]*\n)/, `\n\n${paragraph}\n\n`);
    return { digest: `sha256:${hash('sha256', told, 'hex')}`, text: told };
  };
  const texts = { 'pt-BR': changed('pt-BR'), en: changed('en') };
  return { ...notice, version: 4, material: true, texts };
}

/** Bruno bought: what the law holds of a purchase, an erasure leaves. */
export async function makePurchase(gate: Gate): Promise<void> {
  const purchase = { id: 'pedido-1', type: 'purchase', properties: {} } as const;
  const occurredAt = toIso(gate.clock());
  bodyOf(await recordEvents(gate, call({ ...purchase, subject: bruno, occurredAt })));
}

/** Everything on record gets its place in the ledger. */
export async function sequenceAll({ store }: Pick<Gate, 'store'>): Promise<void> {
  await noteLedgerKeys(store, ledgerKeys);
  const sequencer = new Sequencer(store, ledgerKeys);
  while ((await sequencer.step()) > 0);
}

export function textIn(body: JsonObject, name: string): string {
  const value = body[name];
  return typeof value === 'string' ? value : '';
}

async function done(answer: ReturnType<typeof grant>): Promise<void> {
  bodyOf(await answer);
}

/** The path of a link that lets a person in. */
export async function linkFor(gate: Gate, id: string): Promise<string> {
  const made = bodyOf(await createPortalLink(gate, call({}, { path: { id } })));
  return typeof made['url'] === 'string' ? new URL(made['url']).pathname : '';
}
