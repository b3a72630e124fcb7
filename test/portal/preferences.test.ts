/** The page of preferences: what its forms change, and that a change binds the next decision. */
import { expect } from 'chai';
import { dayMs, hourMs, minuteMs } from '../../src/domain/calendar/instant.ts';
import type { Json, JsonObject } from '../../src/domain/json.ts';
import { noticeReferenceOf } from './notice-reference.ts';
import { createObjection } from '../../src/operations/instructions/create-objection.ts';
import { createBlock } from '../../src/operations/instructions/create-block.ts';
import { getConsent } from '../../src/operations/consents/get-consent.ts';
import { getSubject } from '../../src/operations/subjects/get-subject.ts';
import { bodyOf, call, decide, grant, read, rulesOf, withdraw } from '../operations/calls.ts';
import { shippedSet } from '../support/gate.ts';
import { Person, type Seen, titleOf } from './person.ts';
import {
  bruno,
  brunoPhone,
  linkFor,
  makeBruno,
  makeClara,
  openPortal,
  type PortalWorld,
} from './world.ts';

const preferences = '/portal/preferences';
const stop = `${preferences}/stop`;
const less = `${preferences}/less`;
const undo = `${preferences}/undo`;
const pauses = '/portal/pauses';

/** A text in an answer; empty where there is none. */
function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

describe('the page of preferences', () => {
  let world: PortalWorld;
  /** Another process over the same store. */
  let other: PortalWorld;
  let subject: string;
  let person: Person;
  let page: Seen;
  beforeEach(async () => {
    world = await openPortal();
    subject = await makeBruno(world.gate);
    other = await openPortal({ store: world.store, clock: world.clock, seed: 2, set: null });
    person = new Person(world.url, { 'user-agent': 'Telefone/1.0' });
    page = await person.post(await linkFor(world.gate, subject), { answer: 'me' });
  });
  afterEach(async () => {
    await other.close();
    await world.close();
  });

  /** What the other process decides now about promotions by e-mail. */
  const byMail = (changes: object = {}): Promise<JsonObject> => {
    world.clock.advance(1000);
    return decide(other.gate, { subject: bruno, ...changes });
  };

  const consentsOf = async (): Promise<readonly JsonObject[]> => {
    const shown = bodyOf(await getSubject(world.gate, read({ id: subject })));
    return shown['consents'] as readonly JsonObject[];
  };

  it('shows every purpose with the items of art. 9, and each channel as it stands', () => {
    for (const { title, description, refusalConsequence } of world.gate.policies
      .active()
      .set.purposes.values()) {
      expect(page.html).to.include(title['pt-BR']).and.include(description['pt-BR']);
      expect(page.html).to.include(refusalConsequence['pt-BR']);
    }
    expect(page.html).to.include('A sua autorização (LGPD art. 7º, I)');
    expect(page.html).to.include('WhatsApp LLC (Meta) (Estados Unidos)');
    expect(page.html).to.include('Até 30 dias depois que você cancelar');
    expect(page.html).to.include('Quer saber das nossas promoções?');
    expect(page.html).to.include('+55 92 9****-5432 · Autorizado em 3 de novembro de 2026');
    expect(page.html).not.to.match(/name="on\.avisos/);
  });

  it('changes nothing where nothing was touched', async () => {
    const before = await consentsOf();
    const saved = await person.submit(page, preferences);
    expect(saved.html).to.include('Nada mudou');
    expect(await consentsOf()).to.deep.equal(before);
  });

  it('withdraws by one switch, which binds the next decision of another process', async () => {
    expect((await byMail())['outcome']).to.equal('allow');
    const saved = await person.submit(page, preferences, { 'on.promocoes.email': null });
    expect(saved.html).to.include('Pronto, suas escolhas foram salvas.');
    expect(rulesOf(await byMail())).to.include('withdrawn');
    expect(saved.html).to.include('<title>Pronto, suas escolhas foram salvas');
  });

  it('takes a yes with its notice, its control and where it was given', async () => {
    const fields = { 'on.promocoes.site': 'on', 'often.promocoes.site': '1-week' };
    world.clock.advance(1000);
    await person.submit(page, preferences, fields);
    const site = (await consentsOf()).find(({ channel }) => channel === 'site');
    expect(site).to.deep.include({ state: 'granted', frequency: { max: 1, per: 'week' } });
    const receipt = bodyOf(await getConsent(world.gate, read({ id: textOf(site?.['receipt']) })));
    expect(receipt['notice']).to.deep.equal(noticeReferenceOf(world.gate, 'promocoes', 'pt-BR'));
    expect(receipt['evidence']).to.deep.include({
      class: 'native',
      actor: { kind: 'subject' },
      surface: { url: 'https://porteiro.example/portal/preferences' },
      control: { kind: 'toggle', initialState: 'off' },
      ip: '127.0.0.1',
      userAgent: 'Telefone/1.0',
      identifierProof: 'session',
    });
    expect(await byMail({ channel: 'site', action: 'show' })).to.include({ outcome: 'allow' });
  });

  it('names the notice in the language that was read', async () => {
    const english = await person.post('/portal/language', { language: 'en', back: preferences });
    world.clock.advance(1000);
    await person.submit(english, preferences, { 'on.promocoes.site': 'on' });
    const site = (await consentsOf()).find(({ channel }) => channel === 'site');
    const id = textOf(site?.['receipt']);
    const receipt = bodyOf(await getConsent(world.gate, read({ id })));
    expect(receipt['notice']).to.deep.equal(noticeReferenceOf(world.gate, 'promocoes', 'en'));
  });

  it('counts a contact that brought the person here as proved', async () => {
    await person.submit(page, '/portal/sign-out');
    const asked = await person.submit(await person.get('/portal'), '/portal/entries', {
      contact: bruno.value,
    });
    await world.delivery.settled();
    const inside = await person.submit(asked, '/portal/code', {
      code: world.sent.at(-1)?.code ?? '',
    });
    world.clock.advance(1000);
    await person.submit(inside, preferences, { 'often.promocoes.email': '1-month' });
    const mail = (await consentsOf()).find(({ channel }) => channel === 'email');
    const id = textOf(mail?.['receipt']);
    const receipt = bodyOf(await getConsent(world.gate, read({ id })));
    expect(receipt['frequency']).to.deep.equal({ max: 1, per: 'month' });
    expect(receipt['evidence']).to.deep.include({
      class: 'double_opt_in',
      identifierProof: 'code',
      control: { kind: 'toggle', initialState: 'none' },
    });
  });

  it('never gives again what was withdrawn elsewhere while the page was open', async () => {
    world.clock.advance(1000);
    bodyOf(await withdraw(other.gate, { subject: bruno }));
    world.clock.advance(1000);
    await person.submit(page, preferences, { 'on.promocoes.site': 'on' });
    expect(rulesOf(await byMail())).to.include('withdrawn');
  });

  it('never takes away what was given elsewhere while the page was open', async () => {
    world.clock.advance(1000);
    bodyOf(await grant(other.gate, { subject: bruno, channels: ['site'] }));
    world.clock.advance(1000);
    await person.submit(page, preferences, { 'on.promocoes.email': null });
    expect((await byMail({ channel: 'site', action: 'show' }))['outcome']).to.equal('allow');
  });

  it('holds a yes back where the texts changed meanwhile, and takes the noes', async () => {
    await world.activate(
      shippedSet((parts) => ({
        ...parts,
        controller: { ...parts.controller, address: 'Rua Nova, 1' },
      })),
    );
    world.clock.advance(minuteMs);
    const saved = await person.submit(page, preferences, {
      'on.promocoes.site': 'on',
      'on.promocoes.email': null,
    });
    expect(saved.html).to.include('Os textos mudaram');
    expect((await consentsOf()).map(({ channel, state }) => [channel, state])).to.deep.equal([
      ['whatsapp', 'granted'],
      ['email', 'withdrawn'],
    ]);
    const again = await person.submit(saved, preferences, { 'on.promocoes.site': 'on' });
    expect(again.html).not.to.include('Os textos mudaram');
    expect((await consentsOf()).map(({ channel }) => channel)).to.include('site');
  });

  it('does nothing by fields that no purpose has, nor by what is not offered', async () => {
    const before = await consentsOf();
    world.clock.advance(1000);
    await person.submit(page, preferences, {
      'on.avisos.email': 'on',
      'on.promocoes.sms': 'on',
      'on.nenhuma.email': 'on',
      'often.promocoes.email': '50-day',
    });
    expect(await consentsOf()).to.deep.equal(before);
  });

  it('objects to what rests on another basis, for one channel, and takes it back', async () => {
    const orders = (channel: 'sms' | 'email'): Promise<JsonObject> =>
      byMail({ subject: brunoPhone, purpose: 'pedidos', channel });
    expect((await orders('sms'))['outcome']).to.equal('allow');
    const saved = await person.submit(page, preferences, {
      'on.pedidos.sms': null,
      'on.pedidos.whatsapp': null,
    });
    expect(rulesOf(await orders('sms'))).to.include('objection');
    expect(rulesOf(await orders('email'))).not.to.include('objection');
    await person.submit(saved, preferences, { 'on.pedidos.sms': 'on' });
    expect((await orders('sms'))['outcome']).to.equal('allow');
    const whatsapp = await byMail({ subject: brunoPhone, purpose: 'pedidos', channel: 'whatsapp' });
    expect(rulesOf(whatsapp)).to.include('objection');
  });

  it('takes back one channel of an objection that covered several', async () => {
    const whole = { purposes: ['pedidos'], channels: ['*'] } as const;
    bodyOf(await createObjection(world.gate, call(whole, { path: { id: subject } })));
    const seen = await person.get(preferences);
    await person.submit(seen, preferences, { 'on.pedidos.email': 'on' });
    const orders = (channel: 'sms' | 'email'): Promise<JsonObject> =>
      byMail({ purpose: 'pedidos', channel });
    expect((await orders('email'))['outcome']).to.equal('allow');
    expect(rulesOf(await orders('sms'))).to.include('objection');
  });

  it('stops everything in one step, but orders and what the law orders', async () => {
    world.clock.advance(1000);
    const stopped = await person.submit(page, stop);
    expect(stopped.html).to.include('Pronto, paramos tudo.');
    expect(rulesOf(await byMail())).to.include('withdrawn');
    expect(rulesOf(await byMail({ purpose: 'novidades' }))).to.include('objection');
    expect((await byMail({ purpose: 'pedidos' }))['outcome']).to.equal('allow');
    expect((await consentsOf()).map(({ state }) => state)).to.deep.equal([
      'withdrawn',
      'withdrawn',
    ]);
  });

  it('undoes it for a minute, and not after', async () => {
    world.clock.advance(1000);
    const before = (await consentsOf()).map(({ channel, state, frequency }) => ({
      channel,
      state,
      frequency,
    }));
    let seen = await person.submit(page, stop);
    world.clock.advance(59_000);
    seen = await person.submit(seen, undo);
    expect(seen.html).to.include('Pronto, voltou a ser como era.');
    const after = (await consentsOf()).map(({ channel, state, frequency }) => ({
      channel,
      state,
      frequency,
    }));
    expect(after).to.deep.equal(before);
    expect((await byMail())['outcome']).to.equal('allow');
    seen = await person.submit(await person.get(preferences), stop);
    world.clock.advance(minuteMs);
    const late = await person.submit(seen, undo);
    expect(late.status).to.equal(409);
    expect(titleOf(late)).to.equal('O minuto para desfazer passou');
    expect(rulesOf(await byMail())).to.include('withdrawn');
  });

  it('undoes a change once', async () => {
    world.clock.advance(1000);
    const stopped = await person.submit(page, stop);
    world.clock.advance(1000);
    await person.submit(stopped, undo);
    expect((await person.submit(stopped, undo)).status).to.equal(409);
  });

  it('takes everything to its least by one button, and says when that is so', async () => {
    world.clock.advance(1000);
    const seen = await person.submit(page, less);
    expect(seen.html).to.include('Pronto, você vai receber menos.');
    expect((await consentsOf()).map(({ frequency }) => frequency)).to.deep.equal([
      { max: 1, per: 'month' },
      { max: 1, per: 'month' },
    ]);
    expect(seen.html).to.include('já está no menor ritmo');
    await byMail();
    expect(rulesOf(await byMail())).to.include('frequency-cap');
  });

  it('pauses for so many days, and ends the pause before its time', async () => {
    const paused = await person.submit(page, pauses, { days: '30' });
    expect(paused.html).to.include('Em pausa até 24 de dezembro de 2026: todos os assuntos');
    expect((await byMail())['outcome']).to.equal('defer');
    expect((await byMail({ purpose: 'pedidos' }))['outcome']).to.equal('allow');
    const [, hold = ''] =
      /action="(\/portal\/holds\/ins_[^"]+)"[^]*?todos os assuntos/.exec(paused.html) ?? [];
    const forms = [...paused.html.matchAll(/action="(\/portal\/holds\/[^"]+)"/g)];
    expect(forms).to.have.length(2);
    expect(hold).not.to.equal('');
    for (const [, action = ''] of forms) await person.submit(paused, action);
    expect((await byMail())['outcome']).to.equal('allow');
    // Ended already: it is as good.
    const again = await person.submit(paused, forms[1]?.[1] ?? '');
    expect(again.status).to.equal(200);
  });

  it('pauses until a day of the person own, on one channel', async () => {
    const paused = await person.submit(page, pauses, { until: '2026-12-10', channel: 'email' });
    expect(paused.html).to.include('Em pausa até 10 de dezembro de 2026');
    const deferred = await byMail();
    // Midnight in Manaus.
    expect(deferred).to.deep.include({ outcome: 'defer', retryAt: '2026-12-10T04:00:00.000Z' });
    world.clock.set(Date.parse('2026-12-10T04:00:00.000Z'));
    expect((await byMail())['outcome']).to.equal('allow');
  });

  for (const until of ['2026-11-24', '2026-11-01', '2028-01-01', '2026-02-30', 'amanhã']) {
    it(`does not pause until ${until}`, async () => {
      const seen = await person.submit(page, pauses, { until });
      expect(seen.status).to.equal(400);
      expect(seen.html).to.include('Escolha um dia depois de hoje');
      expect((await byMail())['outcome']).to.equal('allow');
    });
  }

  it('shows a block, and ends none', async () => {
    const block = bodyOf(await createBlock(world.gate, call({}, { path: { id: subject } })));
    const seen = await person.get(preferences);
    expect(seen.html).to.include('Dados bloqueados a seu pedido');
    expect(seen.html).not.to.include(`/portal/holds/${textOf(block['id'])}`);
    const token = /name="token" value="([^"]+)"/.exec(seen.html)?.[1] ?? '';
    await person.post(`/portal/holds/${textOf(block['id'])}`, { token });
    expect(rulesOf(await byMail())).to.include('blocked');
  });

  it('shows what stands, and not what it was made of', async () => {
    const id = await makeClara(world.gate);
    const clara = new Person(world.url);
    const seen = await clara.post(await linkFor(world.gate, id), { answer: 'me' });
    expect(seen.html).to.include('c***@example.com · Cancelado em 19 de novembro de 2026');
    expect(seen.html).to.include('sem contato no cadastro');
    expect(seen.html).not.to.include(id).and.not.to.include('clara@');
  });

  it('asks for a new visit where the person is gone', async () => {
    world.clock.advance(dayMs - hourMs);
    const seen = await person.get(preferences);
    expect(seen.path).to.equal('/portal');
  });
});
