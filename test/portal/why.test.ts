/** The pages on decisions: what they tell, to whom, and what their forms do. */
import { expect } from 'chai';
import { dayMs, minuteMs } from '../../src/domain/calendar/instant.ts';
import { createBestDecision } from '../../src/operations/decisions/create-best-decision.ts';
import { dryRunDecision } from '../../src/operations/decisions/dry-run-decision.ts';
import { getDecision } from '../../src/operations/decisions/get-decision.ts';
import { eraseSubject } from '../../src/operations/erasure/erase-subject.ts';
import { bodyOf, call, decide, read, rulesOf } from '../operations/calls.ts';
import { shippedSet } from '../support/gate.ts';
import { Person, type Seen, titleOf } from './person.ts';
import {
  bruno,
  type BrunosDecisions,
  linkFor,
  makeBruno,
  makeClara,
  makeDecisions,
  openPortal,
  type PortalWorld,
  sequenceAll,
  textIn,
} from './world.ts';

const why = '/portal/why';

describe('the pages on decisions', () => {
  let world: PortalWorld;
  let subject: string;
  let person: Person;
  let made: BrunosDecisions;
  beforeEach(async () => {
    world = await openPortal();
    subject = await makeBruno(world.gate);
    made = await makeDecisions(world.gate);
    person = new Person(world.url);
    await person.post(await linkFor(world.gate, subject), { answer: 'me' });
  });
  afterEach(() => world.close());

  const byMail = async (): Promise<readonly string[]> => {
    world.clock.advance(dayMs * 8);
    return rulesOf(await decide(world.gate, { subject: bruno }));
  };

  const signOut = async (): Promise<Seen> =>
    person.submit(await person.get('/portal/preferences'), '/portal/sign-out');

  it('lists them, the newest first, in plain words', async () => {
    const page = await person.get(why);
    expect(titleOf(page)).to.equal('Por que falamos, ou não, com você');
    const order = [made.best, made.refused, made.sent].map((id) => page.html.indexOf(id));
    expect(order).to.deep.equal(order.toSorted((a, b) => a - b));
    expect(order[0]).to.be.greaterThan(0);
    expect(page.html).to.include('Você autorizou em 15/11/2026, por e-mail');
    expect(page.html).to.include('Adiado').and.include('Permitido');
  });

  it('says where there is nothing yet', async () => {
    const clara = new Person(world.url);
    await clara.post(await linkFor(world.gate, await makeClara(world.gate)), { answer: 'me' });
    expect((await clara.get(why)).html).to.include('Ainda não há nada aqui');
  });

  it('turns the pages of a long list, and leads back', async () => {
    for (let times = 0; times < 9; times += 1) await decide(world.gate, { subject: bruno });
    const first = await person.get(why);
    const older = /href="(\/portal\/why\/before\/[\w-]+)"/.exec(first.html)?.[1] ?? '';
    const second = await person.get(older);
    expect(second.status).to.equal(200);
    expect(second.html).to.include(made.sent).and.include(`href="${why}"`);
    expect(second.html).not.to.include('href="/portal/why/before/');
    expect(first.html).not.to.include(made.sent);
    expect((await person.get(`${why}/before/nonsense`)).status).to.equal(404);
  });

  it('tells of one by permission, data, criteria and what was held back', async () => {
    const page = await person.get(`${why}/${made.sent}`);
    expect(titleOf(page)).to.equal('Por que falamos com você');
    for (const text of [
      'A sua autorização (LGPD art. 7º, I)',
      'Primeiro nome',
      'Dados que barramos',
      'chance alta de interesse em tênis',
      'viu um produto (2 vezes) e pôs no carrinho',
      'frete-gratis',
      'A mensagem foi enviada.',
    ]) {
      expect(page.html).to.include(text);
    }
    const english = await person.post('/portal/language', {
      language: 'en',
      back: `${why}/${made.sent}`,
    });
    expect(titleOf(english)).to.equal('Why we contacted you');
    expect(english.html).to.include('likely to want trainers');
  });

  it('tells when and why the person was not contacted, and what else was weighed up', async () => {
    const refused = await person.get(`${why}/${made.refused}`);
    expect(titleOf(refused)).to.equal('Por que não falamos com você');
    expect(refused.html).to.include('Você pediu uma pausa');
    const best = await person.get(`${why}/${made.best}`);
    expect(best.html).to.include('O que mais foi considerado');
  });

  it('shows the decision of another person as one that never was', async () => {
    const clara = new Person(world.url);
    await clara.post(await linkFor(world.gate, await makeClara(world.gate)), { answer: 'me' });
    const unknown = made.sent.replace(/.{12}$/, '000000000000');
    const [theirs, nobodys, nonsense] = await Promise.all(
      [made.sent, unknown, 'dec_nothing'].map((id) => clara.get(`${why}/${id}`)),
    );
    expect(theirs?.status).to.equal(404);
    const shown = (seen: Seen | undefined, id: string): string =>
      (seen?.html ?? '').replaceAll(id, 'ID').replaceAll(/"token" value="[^"]*"/g, '');
    expect(shown(theirs, made.sent)).to.equal(shown(nobodys, unknown));
    expect(shown(theirs, made.sent)).to.equal(shown(nonsense, 'dec_nothing'));
    for (const place of ['evidence', 'receipts']) {
      expect((await clara.get(`/portal/${place}/${made.sent}`)).status).to.equal(404);
    }
  });

  it('asks whoever follows the link of a message to get in, and leads them back', async () => {
    await signOut();
    const asked = await person.get(`${why}/${made.sent}`);
    expect(asked.path).to.equal('/portal');
    const typed = await person.submit(asked, '/portal/entries', { contact: bruno.value });
    await world.delivery.settled();
    const inside = await person.submit(typed, '/portal/code', {
      code: world.sent.at(-1)?.code ?? '',
    });
    expect(inside.path).to.equal(`${why}/${made.sent}`);
    expect(person.cookie('porteiro-place')).to.equal(undefined);
    await signOut();
    const again = await person.post(await linkFor(world.gate, subject), { answer: 'me' });
    expect(again.path).to.equal('/portal/preferences');
  });

  it('answers who is not signed in alike, whether there is such a decision or not', async () => {
    const stranger = new Person(world.url);
    for (const id of [made.sent, 'dec_nothing']) {
      const seen = await stranger.get(`${why}/${id}`);
      expect([seen.status, seen.path]).to.deep.equal([200, '/portal']);
    }
    expect((await stranger.get(why)).path).to.equal('/portal');
    expect((await stranger.get(`/portal/evidence/${made.sent}`)).path).to.equal('/portal');
  });

  it('takes "not interested", which binds the next decision, and takes it back', async () => {
    const page = await person.get(`${why}/${made.sent}`);
    expect(page.html).to.match(/Paramos de falar de [^<]+ por 90 dias\./);
    world.clock.advance(minuteMs);
    const done = await person.submit(page, `/portal/not-interested/${made.sent}`);
    expect(done.path).to.equal(`${why}/${made.sent}`);
    expect(done.html).to.match(/Você disse que não tem interesse.*até 22 de fevereiro de 2027/s);
    expect(await byMail()).to.include('exclusion-uninterested');
    await person.post(await linkFor(world.gate, subject), { answer: 'me' });
    const back = await person.get(`${why}/${made.sent}`);
    await person.submit(back, `/portal/interested/${made.sent}`);
    expect(await byMail()).not.to.include('exclusion-uninterested');
  });

  it('offers it nowhere where the policies make nothing of it', async () => {
    await world.activate(shippedSet((parts) => ({ ...parts, exclusions: [] })));
    world.clock.advance(minuteMs);
    const page = await person.get(`${why}/${made.sent}`);
    expect(page.html).not.to.include('/portal/not-interested/');
    const token = /name="token" value="([^"]*)"/.exec(page.html)?.[1] ?? '';
    const posted = await person.post(`/portal/not-interested/${made.sent}`, { token });
    expect(posted.status).to.equal(404);
  });

  it('does nothing for a form of another session, or of nobody signed in', async () => {
    const other = new Person(world.url);
    const path = `/portal/not-interested/${made.sent}`;
    expect((await other.post(path, { token: 'x' })).status).to.equal(403);
    expect((await person.post(path, { token: 'x' })).status).to.equal(403);
    expect(await byMail()).not.to.include('exclusion-uninterested');
  });

  it('gives the proof as a file, once the ledger has it', async () => {
    const early = await person.get(`/portal/evidence/${made.sent}`);
    expect(early.status).to.equal(503);
    expect(titleOf(early)).to.equal('Falta um instante');
    await sequenceAll(world.gate);
    const proof = await person.get(`/portal/evidence/${made.sent}`);
    expect(proof.headers.get('content-type')).to.include('application/json');
    expect(proof.headers.get('content-disposition')).to.equal(
      `attachment; filename="prova-${made.sent}.json"`,
    );
    const { record } = JSON.parse(proof.html) as { readonly record: string };
    expect(record).to.include(made.sent);
  });

  it('shows nothing to whoever was erased meanwhile', async () => {
    const demand = { reason: 'erase-consented', actor: { kind: 'subject' } } as const;
    bodyOf(await eraseSubject(world.gate, call(demand, { path: { id: subject } })));
    expect((await person.get(`${why}/${made.sent}`)).path).to.equal('/portal');
  });
});

describe('whyUrl', () => {
  let world: PortalWorld;
  beforeEach(async () => {
    world = await openPortal();
    await makeBruno(world.gate);
  });
  afterEach(() => world.close());

  const urlOf = (id: string): string => `https://porteiro.example/portal/why/${id}`;

  it('is in every answer, the same when it is asked again, and in no record', async () => {
    const first = await decide(world.gate, { subject: bruno }, 'once');
    expect(first['whyUrl']).to.equal(urlOf(textIn(first, 'id')));
    expect(await decide(world.gate, { subject: bruno }, 'once')).to.deep.equal(first);
    const id = textIn(first, 'id');
    expect((await world.store.get('records', id))?.body).not.to.include('whyUrl');
    expect(bodyOf(await getDecision(world.gate, read({ id })))['whyUrl']).to.equal(urlOf(id));
    const candidates = [{ action: 'send', purpose: 'promocoes', channel: 'email' }] as const;
    const best = bodyOf(await createBestDecision(world.gate, call({ subject: bruno, candidates })));
    expect(best['whyUrl']).to.equal(urlOf(textIn(best, 'id')));
  });

  it('is null where nobody was found, and for a dry run', async () => {
    const nobody = await decide(world.gate, { subject: { type: 'email', value: 'x@example.com' } });
    expect(nobody['whyUrl']).to.equal(null);
    const act = { subject: bruno, action: 'send', purpose: 'promocoes', channel: 'email' } as const;
    expect(bodyOf(await dryRunDecision(world.gate, call(act)))['whyUrl']).to.equal(null);
  });
});
