/** Pages that the gate serves by itself: the contract, its page, and unsubscription. */
import { expect } from 'chai';
import { gunzipSync } from 'node:zlib';
import { Problem } from '../../src/domain/problem.ts';
import { contract, type Gate, openGate, problemOf } from './gate.ts';

const state = {
  controller: 'Loja <Exemplo> & Cia',
  purpose: 'promocoes',
  title: { 'pt-BR': 'Promoções "boas"', en: 'Promotions' },
  channel: 'email',
  state: 'subscribed',
};

describe('the pages of the contract', () => {
  let gate: Gate;
  before(async () => {
    gate = await openGate();
  });
  after(() => gate.close());

  it('give openapi.yaml byte for byte', async () => {
    const response = await gate.request('/openapi.yaml');
    expect(response.headers.get('content-type')).to.equal('application/yaml');
    expect(await response.text()).to.equal(contract.document.text);
  });

  it('load nothing from elsewhere', async () => {
    const response = await gate.request('/docs');
    const html = await response.text();
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(loaded.length).to.be.greaterThan(4);
    for (const address of loaded) {
      expect(address).to.match(/^\/(docs\/|openapi\.yaml)/);
      expect((await gate.request(address)).status, address).to.equal(200);
    }
    expect(html).not.to.match(/https?:|style=|onload|<script>/);
    const policy = response.headers.get('content-security-policy');
    expect(policy).to.include("script-src 'self';");
    expect(policy).not.to.match(/unsafe|https?:|\*/);
  });

  it('send scripts packed where the browser takes that, and plain where not', async () => {
    const plain = await gate.request('/docs/swagger-ui.css', {
      headers: { 'accept-encoding': 'identity' },
    });
    expect(plain.headers.get('content-encoding')).to.equal(null);
    expect(plain.headers.get('content-type')).to.equal('text/css; charset=utf-8');
    const text = await plain.text();
    const packed = await gate.request('/docs/swagger-ui.css', {
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(packed.headers.get('content-encoding')).to.equal('gzip');
    expect(packed.headers.get('vary')).to.include('Accept-Encoding');
    // fetch unpacks it.
    expect(await packed.text()).to.equal(text);
    expect(() => gunzipSync(Buffer.from(text))).to.throw();
  });

  for (const name of ['index.html', '..%2Fpackage.json', 'swagger-ui-bundle.js.map']) {
    it(`do not hold ${name}`, async () => {
      const response = await gate.request(`/docs/${name}`);
      expect(response.status).to.equal(400);
      expect((await problemOf(response)).errors?.[0]?.pointer).to.equal('/path/asset');
    });
  }
});

describe('the unsubscribe page', () => {
  const calls: unknown[] = [];
  let refusal: Problem | null = null;
  let gate: Gate;
  before(async () => {
    gate = await openGate({
      showUnsubscribe: ({ path }) => {
        calls.push(['show', path]);
        return refusal ?? state;
      },
      unsubscribe: ({ path, body, actor }) => {
        calls.push(['unsubscribe', path, body, actor]);
        return refusal ?? { ...state, state: 'unsubscribed' };
      },
    });
  });
  after(() => gate.close());
  beforeEach(() => calls.splice(0));

  it('has one button, no script, and changes nothing by being read', async () => {
    const response = await gate.request('/u/abc.DEF_~-1?utm_source=mail', {
      headers: { accept: 'text/html' },
    });
    expect(response.status).to.equal(200);
    expect(response.headers.get('content-type')).to.equal('text/html; charset=utf-8');
    expect(response.headers.get('content-language')).to.equal('pt-BR');
    const html = await response.text();
    expect(html).to.match(/<form class="[^"]*" method="post"><button[^>]*List-Unsubscribe/);
    expect(html).to.include('name="List-Unsubscribe" value="One-Click"');
    expect(html).to.include('Promoções &quot;boas&quot; por e-mail');
    expect(html).to.include('Loja &lt;Exemplo> &amp; Cia');
    expect(html).not.to.match(
      /<script|style=|(?:src|rel="stylesheet" href)="(?!\/portal\/assets\/)/,
    );
    expect(response.headers.get('content-security-policy')).to.include("style-src 'self'");
    expect(calls).to.deep.equal([['show', { token: 'abc.DEF_~-1' }]]);
  });

  it('speaks English to who prefers it, and JSON to programs', async () => {
    const english = await gate.request('/u/abc', {
      headers: { 'accept-language': 'en', accept: '*/*' },
    });
    expect(await english.text()).to.include('<h1>Stop receiving this?</h1>');
    const json = await gate.request('/u/abc', { headers: { accept: 'application/json' } });
    expect(await json.json()).to.deep.equal(state);
  });

  const boundary = 'x-1';
  const forms: readonly (readonly [string, Record<string, string>, string])[] = [
    [
      'a form',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'List-Unsubscribe=One-Click',
    ],
    [
      'multipart/form-data',
      { 'content-type': `multipart/form-data; boundary=${boundary}` },
      `--${boundary}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--${boundary}--\r\n`,
    ],
  ];
  for (const [name, headers, body] of forms) {
    it(`unsubscribes by ${name}, without login`, async () => {
      const response = await gate.request('/u/abc', { method: 'POST', headers, body });
      expect(response.status).to.equal(200);
      expect(await response.text()).to.include('Pronto. Você não receberá mais.');
      const actor = { kind: 'client', id: 'public', scopes: new Set() };
      expect(calls).to.deep.equal([
        ['unsubscribe', { token: 'abc' }, { 'List-Unsubscribe': 'One-Click' }, actor],
      ]);
    });
  }

  const refused: readonly (readonly [string, Record<string, string>, string, number])[] = [
    [
      'another value',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'List-Unsubscribe=Yes',
      400,
    ],
    ['nothing', { 'content-type': 'application/x-www-form-urlencoded' }, '', 400],
    [
      'more fields',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'List-Unsubscribe=One-Click&a=1',
      400,
    ],
    ['parts without a boundary', { 'content-type': 'multipart/form-data' }, 'x', 400],
    [
      'parts without an end',
      { 'content-type': 'multipart/form-data; boundary=b' },
      '--b\r\n\r\nx',
      400,
    ],
    ['JSON', { 'content-type': 'application/json' }, '{"List-Unsubscribe":"One-Click"}', 415],
  ];
  for (const [name, headers, body, status] of refused) {
    it(`refuses ${name}`, async () => {
      const response = await gate.request('/u/abc', { method: 'POST', headers, body });
      expect(response.status).to.equal(status);
      expect(calls).to.deep.equal([]);
    });
  }

  it('tells a person about a bad link in a page, and a program in a problem', async () => {
    refusal = new Problem('link-invalid', { 'pt-BR': 'x', en: 'x' });
    const page = await gate.request('/u/abc', { headers: { accept: 'text/html' } });
    expect(page.status).to.equal(404);
    expect(await page.text()).to.include('<h1>Este link não é válido.</h1>');
    const response = await gate.request('/u/abc', { headers: { accept: 'application/json' } });
    expect((await problemOf(response)).code).to.equal('link-invalid');
    refusal = null;
  });
});
