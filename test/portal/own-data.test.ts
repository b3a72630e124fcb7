/** The pages on one's own data: what is held, receipts and proofs, and erasure. */
import { expect } from 'chai';
import { getErasure } from '../../src/operations/erasure/get-erasure.ts';
import { createExclusion } from '../../src/operations/instructions/create-exclusion.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { checkEvidence, readEvidence } from '../../src/ledger/evidence.ts';
import { isFailure } from '../../src/ledger/verification.ts';
import { bodyOf, call, decide, read, withdraw } from '../operations/calls.ts';
import { createLegalHold } from '../../src/operations/legal-holds/create-legal-hold.ts';
import { dayMs, toIso } from '../../src/domain/calendar/instant.ts';
import { Person, titleOf } from './person.ts';
import {
  bruno,
  linkFor,
  makeBruno,
  makeClara,
  makeDecisions,
  makePurchase,
  openPortal,
  type PortalWorld,
  sequenceAll,
} from './world.ts';

const data = '/portal/data';
const erasure = `${data}/erasure`;

describe('the pages on own data', () => {
  let world: PortalWorld;
  let subject: string;
  let person: Person;
  beforeEach(async () => {
    world = await openPortal();
    subject = await makeBruno(world.gate);
    person = new Person(world.url);
    await person.post(await linkFor(world.gate, subject), { answer: 'me' });
  });
  afterEach(() => world.close());

  it('shows at once what is held, with where it comes from', async () => {
    await makePurchase(world.gate);
    const page = await person.get(data);
    expect(titleOf(page)).to.equal('O que temos sobre você');
    for (const text of [
      'b***@example.com',
      '+55 92 9****-5432',
      'Primeiro nome',
      'Bruno',
      'pessoa adulta',
      'Você informou no cadastro.',
      'comprou',
      'WhatsApp LLC (Meta)',
      'segue as nossas instruções',
    ]) {
      expect(page.html).to.include(text);
    }
    expect(page.html).to.include('Reclamar à ANPD').and.include('Helena Prado');
    expect(page.html).not.to.include(bruno.value);
  });

  it('lists every consent with a receipt and a proof to download', async () => {
    world.clock.advance(1000);
    bodyOf(await withdraw(world.gate, { subject: bruno, occurredAt: toIso(world.clock.read()) }));
    const page = await person.get(`${data}/consents`);
    expect(page.html).to.include('Você cancelou: ').and.include('Você autorizou: ');
    const ids = [...page.html.matchAll(/receipts\/(con_[\w-]+)"/g)].map(([, id = '']) => id);
    expect(ids).to.have.length(3);
    const [newest = ''] = ids;
    const receipt = await person.get(`/portal/receipts/${newest}`);
    expect(receipt.headers.get('content-disposition')).to.include(`recibo-${newest}.json`);
    expect(JSON.parse(receipt.html)).to.deep.include({ id: newest, event: 'withdrawn' });
    await sequenceAll(world.gate);
    const proof = await person.get(`/portal/evidence/${newest}`);
    const evidence = readEvidence(JSON.parse(proof.html) as JsonObject);
    if (isFailure(evidence)) throw new Error(evidence.detail);
    const proven = checkEvidence(evidence, null);
    expect(isFailure(proven)).to.equal(false);
    expect(evidence.record).to.include(newest);
    const clara = new Person(world.url);
    await clara.post(await linkFor(world.gate, await makeClara(world.gate)), { answer: 'me' });
    for (const place of ['receipts', 'evidence']) {
      expect((await clara.get(`/portal/${place}/${newest}`)).status).to.equal(404);
    }
  });

  it('turns the pages of the consents, and refuses the cursor of another list', async () => {
    for (let times = 0; times < 9; times += 1) {
      world.clock.advance(1000);
      bodyOf(await withdraw(world.gate, { subject: bruno, occurredAt: toIso(world.clock.read()) }));
    }
    const first = await person.get(`${data}/consents`);
    const older = /href="(\/portal\/data\/consents\/before\/[\w-]+)"/.exec(first.html)?.[1] ?? '';
    const second = await person.get(older);
    expect(second.html).to.include(`href="${data}/consents"`).and.include('Você autorizou');
    const elsewhere = older.replace('data/consents', 'why');
    expect((await person.get(elsewhere)).status).to.equal(404);
  });

  it('says before an erasure what goes and what the law holds until when', async () => {
    await makeDecisions(world.gate);
    await makePurchase(world.gate);
    await decide(world.gate, { subject: bruno, purpose: 'pedidos', channel: 'email' });
    const page = await person.get(erasure);
    expect(titleOf(page)).to.equal('Apagar os seus dados?');
    expect(page.html)
      .to.match(/\d+ registros sobre você/)
      .and.include('2 contatos');
    expect(page.html)
      .to.match(/até \d+ de \w+ de 20\d\d/)
      .and.include('LGPD art. 16, I');
    // Nothing went by looking at it.
    expect((await person.get(data)).html).to.include('Bruno');
  });

  it('erases on the second step, and whoever was signed in is signed out', async () => {
    const elsewhere = new Person(world.url);
    await elsewhere.post(await linkFor(world.gate, subject), { answer: 'me' });
    const done = await person.submit(await person.get(erasure), erasure);
    expect(titleOf(done)).to.equal('Seus dados foram apagados');
    expect(person.cookie('porteiro-session')).to.equal(undefined);
    for (const each of [person, elsewhere]) {
      expect((await each.get(data)).path).to.equal('/portal');
    }
    const filed = bodyOf(await getErasure(world.gate, read({ id: subject })));
    expect(filed).to.deep.include({ state: 'erased', reason: 'erase-consented', client: 'portal' });
    expect(filed['actor']).to.deep.equal({ kind: 'subject' });
  });

  it('erases nothing while proceedings are under way, and says so', async () => {
    const page = await person.get(erasure);
    const kept = { kind: 'litigation', purposes: ['*'], channels: ['*'] } as const;
    bodyOf(await createExclusion(world.gate, call(kept, { path: { id: subject } })));
    const refused = await person.submit(page, erasure);
    expect([refused.status, titleOf(refused)]).to.deep.equal([409, 'Ainda não podemos apagar']);
    expect((await person.get(erasure)).status).to.equal(409);
    expect((await person.get(data)).html).to.include('Bruno');
  });

  it('erases nothing under a legal hold, before the form was shown or after', async () => {
    const page = await person.get(erasure);
    const until = toIso(world.clock.read() + dayMs);
    const hold = { subject, reason: 'Ofício 12/2026', author: 'Jurídico', until };
    bodyOf(await createLegalHold(world.gate, call(hold)));
    expect((await person.submit(page, erasure)).status).to.equal(409);
    const shown = await person.get(erasure);
    expect([shown.status, titleOf(shown)]).to.deep.equal([409, 'Ainda não podemos apagar']);
    expect((await person.get(data)).html).to.include('Bruno');
  });

  it('does nothing for a form of another session', async () => {
    expect((await person.post(erasure, { token: 'x' })).status).to.equal(403);
    expect((await person.get(data)).status).to.equal(200);
  });
});
