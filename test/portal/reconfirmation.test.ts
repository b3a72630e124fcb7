/** A consent that a new notice put on hold: what is shown of the change, what an answer does. */
import { expect } from 'chai';
import type { JsonObject } from '../../src/domain/json.ts';
import { getConsent } from '../../src/operations/consents/get-consent.ts';
import { getSubject } from '../../src/operations/subjects/get-subject.ts';
import { bodyOf, decide, read, rulesOf } from '../operations/calls.ts';
import { noticeReferenceOf } from './notice-reference.ts';
import { Person, type Seen, titleOf } from './person.ts';
import {
  bruno,
  changeNotice,
  linkFor,
  makeBruno,
  makeClara,
  openPortal,
  type PortalWorld,
  textIn,
} from './world.ts';

const preferences = '/portal/preferences';
const place = `${preferences}/notice/promocoes`;

describe('the page on which a consent is confirmed again', () => {
  let world: PortalWorld;
  let subject: string;
  let person: Person;
  beforeEach(async () => {
    world = await openPortal();
    subject = await makeBruno(world.gate);
    await changeNotice(world);
    person = new Person(world.url);
    await person.post(await linkFor(world.gate, subject), { answer: 'me' });
  });
  afterEach(() => world.close());

  const byMail = async (): Promise<readonly string[]> => {
    world.clock.advance(1000);
    return rulesOf(await decide(world.gate, { subject: bruno }));
  };

  const mailConsent = async (): Promise<JsonObject> => {
    const shown = bodyOf(await getSubject(world.gate, read({ id: subject })));
    const consents = shown['consents'] as readonly JsonObject[];
    return consents.find(({ channel }) => channel === 'email') ?? {};
  };

  const answer = async (yes: boolean): Promise<Seen> => {
    const page = await person.get(place);
    world.clock.advance(1000);
    return person.submit(page, place, { answer: yes ? 'yes' : 'no' });
  };

  it('is led to by the choices, and marks exactly what changed', async () => {
    expect(await byMail()).to.include('consent-stale-notice');
    const choices = await person.get(preferences);
    expect(choices.html).to.include(`href="${place}"`);
    const page = await person.get(place);
    expect(titleOf(page)).to.equal('O aviso mudou. Você continua de acordo?');
    const added = [...page.html.matchAll(/<ins>(.*?)<\/ins>/gs)].map(([, text = '']) => text);
    expect(added).to.deep.equal([
      '<p>Agora olhamos também a última categoria que você viu na loja.</p>',
    ]);
    expect(page.html).not.to.include('<del>');
    expect(page.html).to.include('por WhatsApp e por e-mail').and.include('3 de novembro de 2026');
  });

  it('takes a yes with the notice of today and the frequency of before', async () => {
    const done = await answer(true);
    expect(done.path).to.equal(preferences);
    expect(done.html).to.include('Pronto, suas escolhas foram salvas.');
    expect(await byMail()).not.to.include('consent-stale-notice');
    const mail = await mailConsent();
    const { state, frequency } = mail;
    expect([state, frequency]).to.deep.equal(['granted', { max: 2, per: 'week' }]);
    const found = bodyOf(await getConsent(world.gate, read({ id: textIn(mail, 'receipt') })));
    expect(found['notice']).to.deep.equal(noticeReferenceOf(world.gate, 'promocoes', 'pt-BR'));
    expect(found['evidence']).to.deep.include({
      surface: { url: `https://porteiro.example${place}` },
      control: { kind: 'button', initialState: 'none' },
    });
    expect((await person.get(place)).path).to.equal(preferences);
  });

  it('takes a no as a withdrawal, and asks no more', async () => {
    const done = await answer(false);
    expect(done.path).to.equal(preferences);
    expect(done.html).not.to.include(`href="${place}"`).and.not.to.include('Desfazer');
    expect(await byMail()).to.include('withdrawn');
    expect((await mailConsent())['state']).to.equal('withdrawn');
  });

  it('takes no yes to other texts than it showed', async () => {
    const page = await person.get(place);
    world.clock.advance(1000);
    const late = await person.submit(page, place, { answer: 'yes', policySet: 'sha256:other' });
    expect(late.html).to.include('Os textos mudaram');
    expect(await byMail()).to.include('consent-stale-notice');
  });

  it('refuses an answer that is none, and shows nothing to whom it does not wait for', async () => {
    const page = await person.get(place);
    expect((await person.submit(page, place, { answer: 'maybe' })).status).to.equal(400);
    const clara = new Person(world.url);
    await clara.post(await linkFor(world.gate, await makeClara(world.gate)), { answer: 'me' });
    expect((await clara.get(place)).path).to.equal(preferences);
    expect((await person.get(`${preferences}/notice/nothing`)).path).to.equal(preferences);
  });
});
