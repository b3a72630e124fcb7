/** The ways into the portal, and out of it. */
import { expect } from 'chai';
import { hourMs, minuteMs } from '../../src/domain/calendar/instant.ts';
import { eraseSubject } from '../../src/operations/erasure/erase-subject.ts';
import { bodyOf, call, decide, makeSubject, rulesOf } from '../operations/calls.ts';
import { Person, type Seen, titleOf } from './person.ts';
import { bruno, linkFor, makeBruno, openPortal, type PortalWorld } from './world.ts';

const entries = '/portal/entries';
const code = '/portal/code';

async function ask(person: Person, contact: string): Promise<Seen> {
  return person.submit(await person.get('/portal'), entries, { contact });
}

function wrongFor(right: string): string {
  return right === '00000000' ? '00000001' : '00000000';
}

describe('a code', () => {
  let world: PortalWorld;
  let subject: string;
  beforeEach(async () => {
    world = await openPortal();
    subject = await makeBruno(world.gate);
  });
  afterEach(() => world.close());

  const codeSent = async (): Promise<string> => {
    await world.delivery.settled();
    return world.sent.at(-1)?.code ?? '';
  };

  for (const [written, to] of [
    [' Bruno@Example.com ', 'bruno@example.com'],
    ['(92) 99876-5432', '+5592998765432'],
    ['+55 92 998765432', '+5592998765432'],
  ] as const) {
    it(`is sent to ${written}, and lets in`, async () => {
      const person = new Person(world.url);
      const asked = await ask(person, written);
      expect(asked.path).to.equal(code);
      const typed = await codeSent();
      expect(world.sent).to.have.length(1);
      expect(world.sent[0]?.to).to.equal(to);
      expect(typed).to.match(/^\d{8}$/);
      const grouped = `${typed.slice(0, 4)} ${typed.slice(4)}`;
      const inside = await person.submit(asked, code, { code: grouped });
      expect(inside.path).to.equal('/portal/preferences');
      expect(titleOf(inside)).to.equal('O que você quer receber, Bruno?');
      expect(inside.html).not.to.include('99876');
    });
  }

  it('is used once, within its minutes, by the browser that asked', async () => {
    const person = new Person(world.url);
    const asked = await ask(person, bruno.value);
    const typed = await codeSent();
    const other = new Person(world.url);
    const foreign = await ask(other, 'nobody@example.com');
    expect((await other.submit(foreign, code, { code: typed })).status).to.equal(400);
    expect((await person.submit(asked, code, { code: typed })).status).to.equal(200);
    const again = await person.submit(asked, code, { code: typed });
    expect(again.html).to.include('Esse código não vale mais');
  });

  it('is over after a quarter of an hour', async () => {
    const person = new Person(world.url);
    const asked = await ask(person, bruno.value);
    const typed = await codeSent();
    world.clock.advance(15 * minuteMs);
    const late = await person.submit(asked, code, { code: typed });
    expect(late.status).to.equal(400);
    expect(late.html).to.include('Esse código não vale mais');
  });

  it('is guessed at five times, and then no more, the right one included', async () => {
    const person = new Person(world.url);
    let seen = await ask(person, bruno.value);
    const right = await codeSent();
    for (const left of [4, 3, 2, 1]) {
      seen = await person.submit(seen, code, { code: wrongFor(right) });
      expect(seen.html).to.match(left === 1 ? /mais uma vez/ : new RegExp(`mais ${left} vezes`));
    }
    seen = await person.submit(seen, code, { code: wrongFor(right) });
    expect(seen.html).to.include('não vale mais');
    seen = await person.submit(seen, code, { code: right });
    expect(seen.html).to.include('não vale mais');
  });

  it('is guessed at five times also by many at once', async () => {
    const person = new Person(world.url);
    const seen = await ask(person, bruno.value);
    const right = await codeSent();
    await Promise.all(
      Array.from({ length: 40 }, () => person.submit(seen, code, { code: wrongFor(right) })),
    );
    for (let left = 5; left > 0; left -= 1) {
      await person.submit(seen, code, { code: wrongFor(right) });
    }
    expect((await person.submit(seen, code, { code: right })).status).to.equal(400);
  });

  it('is asked for five times an hour for one contact, on any process', async () => {
    const other = await openPortal({ store: world.store, clock: world.clock, seed: 2, set: null });
    try {
      for (const { url } of [world, other, world, other, world]) {
        expect((await ask(new Person(url), bruno.value)).path).to.equal(code);
      }
      const held = await ask(new Person(other.url), bruno.value);
      expect(held.status).to.equal(429);
      expect(held.html).to.include('Espere uma hora');
      world.clock.advance(hourMs);
      expect((await ask(new Person(other.url), bruno.value)).path).to.equal(code);
    } finally {
      await other.close();
    }
  });

  for (const written of [
    '',
    'bruno',
    '12',
    'a@',
    `${'a'.repeat(400)}@example.com`,
    '<b>@x',
  ] as const) {
    it(`is not asked for by ${JSON.stringify(written.slice(0, 10))}`, async () => {
      const seen = await ask(new Person(world.url), written);
      expect(seen.status).to.equal(400);
      expect(seen.html).to.include('aria-invalid="true"').and.include('role="alert"');
      await world.delivery.settled();
      expect(world.sent).to.deep.equal([]);
    });
  }

  it('is lost with whoever sends it, which is told to nobody but the log', async () => {
    const failing = await openPortal({
      store: world.store,
      clock: world.clock,
      seed: 3,
      set: null,
      post: { reaches: () => true, send: () => Promise.reject(new Error('no server')) },
    });
    try {
      expect((await ask(new Person(failing.url), bruno.value)).path).to.equal(code);
      await failing.delivery.settled();
      expect(failing.faults).to.have.length(1);
    } finally {
      await failing.close();
    }
  });

  it('is not offered by a way that no setting names', async () => {
    const mute = await openPortal({
      store: world.store,
      clock: world.clock,
      seed: 4,
      set: null,
      post: { reaches: (kind) => kind === 'email', send: () => Promise.resolve() },
    });
    try {
      const seen = await ask(new Person(mute.url), '(92) 99876-5432');
      expect(seen.html).to.include('Tente com o outro contato');
    } finally {
      await mute.close();
    }
  });

  it('comes with a link that lets in as well, and uses up the code', async () => {
    const person = new Person(world.url);
    const asked = await ask(person, bruno.value);
    const typed = await codeSent();
    const path = new URL(world.sent[0]?.link ?? '').pathname;
    const elsewhere = new Person(world.url);
    const seen = await elsewhere.get(path);
    expect(seen.html).to.include('b***@example.com');
    const inside = await elsewhere.post(path, { answer: 'me' });
    expect(inside.path).to.equal('/portal/preferences');
    expect((await person.submit(asked, code, { code: typed })).html).to.include('não vale mais');
  });

  it('leads nowhere once the contact is no longer of that person', async () => {
    expect(subject).to.match(/^sub_/);
    const person = new Person(world.url);
    const asked = await ask(person, 'nobody@example.com');
    await world.delivery.settled();
    expect(world.sent).to.deep.equal([]);
    expect((await person.submit(asked, code, { code: '12345678' })).html).to.include(
      'mais 4 vezes',
    );
  });
});

describe('a link into the portal', () => {
  let world: PortalWorld;
  let subject: string;
  beforeEach(async () => {
    world = await openPortal();
    subject = await makeBruno(world.gate);
  });
  afterEach(() => world.close());

  it('leads nowhere once the person is erased, who is signed out everywhere', async () => {
    const inside = new Person(world.url);
    await inside.post(await linkFor(world.gate, subject), { answer: 'me' });
    expect((await inside.get('/portal/preferences')).path).to.equal('/portal/preferences');
    const left = await linkFor(world.gate, subject);
    const demand = { reason: 'erase-consented', actor: { kind: 'subject' } } as const;
    bodyOf(await eraseSubject(world.gate, call(demand, { path: { id: subject } })));
    expect((await inside.get('/portal/preferences')).path).to.equal('/portal');
    expect((await new Person(world.url).get(left)).status).to.equal(404);
  });

  it('lets in once, by its button and not by being opened', async () => {
    const path = await linkFor(world.gate, subject);
    const scanner = new Person(world.url);
    for (let times = 0; times < 3; times += 1) {
      expect(titleOf(await scanner.get(path))).to.equal('Você está quase lá');
    }
    const person = new Person(world.url);
    expect((await person.post(path, { answer: 'me' })).path).to.equal('/portal/preferences');
    const thief = new Person(world.url);
    const used = await thief.post(path, { answer: 'me' });
    expect(used.status).to.equal(404);
    expect(used.html).to.include('Ele já foi usado').and.include('name="contact"');
    expect((await thief.get(path)).status).to.equal(404);
    expect((await thief.get('/portal/preferences')).path).to.equal('/portal');
  });

  it('lets one in where many come with it at once', async () => {
    const path = await linkFor(world.gate, subject);
    const people = Array.from({ length: 20 }, () => new Person(world.url));
    const seen = await Promise.all(people.map((each) => each.post(path, { answer: 'me' })));
    expect(seen.filter(({ status }) => status === 200)).to.have.length(1);
  });

  it('is over after its minutes, and no other than the one that was made', async () => {
    const path = await linkFor(world.gate, subject);
    const token = path.split('/').at(-1) ?? '';
    const flipped = (token.startsWith('A') ? 'B' : 'A') + token.slice(1);
    const person = new Person(world.url);
    for (const wrong of ['x', flipped, token.slice(0, -3), `${token}AA`]) {
      expect((await person.get(`/portal/link/${wrong}`)).status, wrong).to.equal(404);
      expect((await person.post(`/portal/link/${wrong}`, { answer: 'me' })).status).to.equal(404);
    }
    world.clock.advance(15 * minuteMs);
    expect((await person.post(path, { answer: 'me' })).status).to.equal(404);
  });

  it('does not take the token of an unsubscribe link, nor the other way round', async () => {
    const token = (await linkFor(world.gate, subject)).split('/').at(-1) ?? '';
    const person = new Person(world.url, { accept: 'text/html' });
    expect((await person.get(`/u/${token}`)).status).to.equal(404);
    const sealed = world.gate.vault.sealLink(`1 ${subject} promocoes email`);
    expect((await person.get(`/portal/link/${sealed}`)).status).to.equal(404);
  });

  it('stops messages for who is somebody else, once that is confirmed', async () => {
    await world.delivery.settled();
    const person = new Person(world.url);
    await ask(person, bruno.value);
    await world.delivery.settled();
    const path = new URL(world.sent[0]?.link ?? '').pathname;
    const asked = await person.post(path, { answer: 'not-me' });
    expect(asked.html).to.include('b***@example.com');
    const before = await decide(world.gate, { subject: bruno, purpose: 'promocoes' });
    expect(before['outcome']).to.equal('allow');
    const done = await person.post(path, { answer: 'confirmed' });
    expect(titleOf(done)).to.equal('Obrigado por avisar');
    const after = await decide(world.gate, { subject: bruno, purpose: 'promocoes' });
    expect(rulesOf(after)).to.include('exclusion');
    const phone = { type: 'whatsapp', value: '+55 92 99876-5432' } as const;
    const elsewhere = await decide(world.gate, {
      subject: phone,
      purpose: 'pedidos',
      channel: 'sms',
    });
    expect(rulesOf(elsewhere)).not.to.include('exclusion');
    expect((await person.post(path, { answer: 'me' })).status).to.equal(404);
  });
});

describe('a session of the portal', () => {
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

  it('is kept in a cookie that no script and no other site gets at', async () => {
    const response = await fetch(`${world.url}${await linkFor(world.gate, subject)}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ answer: 'me' }),
    });
    const [cookie = ''] = response.headers.getSetCookie();
    expect(cookie).to.match(
      /^porteiro-session=[\w-]{43}; Path=\/; Max-Age=86400; HttpOnly; SameSite=Lax$/,
    );
    expect(response.headers.get('cache-control')).to.equal('no-store');
  });

  it('is in the store as a hash alone', async () => {
    const secret = person.cookie('porteiro-session') ?? '';
    expect(secret).to.have.length(43);
    expect(await world.store.get('portalSessions', secret)).to.equal(null);
    const seen = await world.store.find('portalSessions', {
      index: 'expiresAt',
      where: {},
      order: 'ascending',
      limit: 10,
    });
    expect(JSON.stringify(seen)).not.to.include(secret).and.not.to.include('bruno@');
  });

  it('ends with its button, on every process', async () => {
    const other = await openPortal({ store: world.store, clock: world.clock, seed: 2, set: null });
    try {
      const secret = person.cookie('porteiro-session') ?? '';
      const inside = await person.get('/portal');
      expect(inside.path).to.equal('/portal/preferences');
      const out = await person.submit(inside, '/portal/sign-out');
      expect(titleOf(out)).to.equal('Você saiu');
      const thief = new Person(other.url);
      thief.keep('porteiro-session', secret);
      expect((await thief.get('/portal/preferences')).path).to.equal('/portal');
    } finally {
      await other.close();
    }
  });

  it('ends after two hours without a page, and a day after it began', async () => {
    for (let hours = 0; hours < 23; hours += 1) {
      world.clock.advance(hourMs);
      expect((await person.get('/portal/preferences')).path).to.equal('/portal/preferences');
    }
    world.clock.advance(hourMs);
    expect((await person.get('/portal/preferences')).path).to.equal('/portal');
    await person.post(await linkFor(world.gate, subject), { answer: 'me' });
    const seen = await person.get('/portal/preferences');
    world.clock.advance(2 * hourMs);
    const late = await person.submit(seen, '/portal/preferences/stop');
    expect(late.status).to.equal(403);
    expect(titleOf(late)).to.equal('Sua visita terminou');
  });

  it('obeys no form of another site, and none without its token', async () => {
    const seen = await person.get('/portal/preferences');
    const before = await decide(world.gate, { subject: bruno });
    expect(before['outcome']).to.equal('allow');
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
    ]) {
      const fields = { token: /name="token" value="([^"]+)"/.exec(seen.html)?.[1] ?? '' };
      const refused = await person.post('/portal/preferences/stop', fields, headers);
      expect(refused.status).to.equal(403);
      expect(titleOf(refused)).to.equal('Nada mudou');
    }
    for (const token of ['', 'x', 'a'.repeat(64)]) {
      const refused = await person.submit(seen, '/portal/preferences/stop', { token });
      expect(refused.status).to.equal(403);
    }
    expect((await decide(world.gate, { subject: bruno }))['outcome']).not.to.equal('deny');
  });

  it('takes the origin of a form from browsers that say no more', async () => {
    const post = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${world.url}/portal/language`, {
        method: 'POST',
        redirect: 'manual',
        headers,
        body: new URLSearchParams({ language: 'en', back: '/portal' }),
      });
    expect((await post({ origin: world.url })).status).to.equal(303);
    for (const origin of ['https://evil.example', 'null']) {
      expect((await post({ origin })).status).to.equal(403);
    }
  });

  it('ends on all browsers where somebody says that it is not them', async () => {
    const asked = new Person(world.url);
    await ask(asked, bruno.value);
    await world.delivery.settled();
    const path = new URL(world.sent[0]?.link ?? '').pathname;
    await asked.post(path, { answer: 'me' });
    const page = await asked.get('/portal/not-me');
    const done = await asked.submit(page, '/portal/not-me', { answer: 'confirmed' });
    expect(titleOf(done)).to.equal('Obrigado por avisar');
    expect((await asked.get('/portal/preferences')).path).to.equal('/portal');
    expect((await person.get('/portal/preferences')).path).to.equal('/portal');
  });

  it('speaks the language that was chosen, and leads back to our own pages alone', async () => {
    const english = await person.post('/portal/language', {
      language: 'en',
      back: '/portal/preferences',
    });
    expect(english.html).to.include('<html lang="en">');
    expect(titleOf(english)).to.equal('What would you like to receive, Bruno?');
    for (const back of ['https://evil.example', '//evil.example', '/docs', '/portal/../docs']) {
      const seen = await person.post('/portal/language', { language: 'pt-BR', back });
      expect(seen.path).to.equal('/portal/preferences');
    }
    const german = await person.post('/portal/language', { language: 'de', back: '/portal' });
    expect(german.status).to.equal(400);
  });
});

describe('other addresses of the portal', () => {
  let world: PortalWorld;
  before(async () => {
    world = await openPortal();
    await makeSubject(world.gate, [bruno]);
  });
  after(() => world.close());

  it('are told in a page', async () => {
    const person = new Person(world.url);
    for (const path of ['/portal/nothing', '/portal/', '/portal/link/', '/portal/assets/x.css']) {
      const seen = await person.get(path);
      expect(seen.status, path).to.equal(404);
      expect(titleOf(seen)).to.equal('Esta página não existe');
    }
    const deleted = await fetch(`${world.url}/portal`, { method: 'DELETE' });
    expect(deleted.status).to.equal(405);
    const json = await fetch(`${world.url}/portal/entries`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    });
    expect(json.status).to.equal(415);
    expect(await json.text()).to.include('<h1>');
  });

  it('give the sheet and the mark, kept for good under their own names', async () => {
    const page = await new Person(world.url).get('/portal');
    const loaded = [...page.html.matchAll(/(?:src|href)="(\/portal\/assets\/[^"]+)"/g)];
    expect(new Set(loaded.map(([, path]) => path)).size).to.equal(2);
    for (const [, path = ''] of loaded) {
      const asset = await fetch(`${world.url}${path}`);
      expect(asset.status).to.equal(200);
      expect(asset.headers.get('cache-control')).to.equal('public, max-age=31536000, immutable');
      expect(asset.headers.get('content-encoding')).to.equal('gzip');
    }
    const old = await fetch(`${world.url}/portal/assets/sheet-0123456789abcdef.css`);
    expect(old.status).to.equal(200);
    expect(old.headers.get('cache-control')).to.equal('no-store');
  });
});
