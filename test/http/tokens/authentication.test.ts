/** Verified tokens are remembered, but never longer than they hold. */
import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { Problem } from '../../../src/domain/problem.ts';
import {
  type Authentication,
  makeAuthentication,
} from '../../../src/http/tokens/authentication.ts';
import { type KeyRing, readKeyRing } from '../../../src/http/tokens/key-ring.ts';
import { issuer, ring, token } from '../gate.ts';

function codeOf(authentication: Authentication, sent: string): string {
  const identified = authentication.identify(`Bearer ${sent}`);
  return identified instanceof Problem ? identified.code : identified.id;
}

describe('authentication', () => {
  let now = 0;
  let keys: KeyRing = ring;
  let authentication: Authentication;
  beforeEach(() => {
    now = Date.now();
    keys = ring;
    authentication = makeAuthentication({ ring: () => keys, now: () => now, cacheEntriesMax: 2 });
  });

  it('remembers a token until it expires', () => {
    const sent = token('audit:read', { expiresIn: '5m' });
    expect(codeOf(authentication, sent)).to.equal('crm');
    now += 299_000;
    expect(codeOf(authentication, sent)).to.equal('crm');
    now += 10_000;
    expect(codeOf(authentication, sent)).to.equal('token-expired');
  });

  it('forgets tokens when the keys change', () => {
    const sent = token('audit:read');
    expect(codeOf(authentication, sent)).to.equal('crm');
    const secret = randomBytes(32).toString('base64url');
    keys = readKeyRing(JSON.stringify({ issuer, keys: [{ kid: 'hs', alg: 'HS256', secret }] }));
    expect(codeOf(authentication, sent)).to.equal('token-invalid');
  });

  it('remembers so many and no more, and checks the others again', () => {
    const sent = [1, 2, 3, 4].map((n) => token('audit:read', { subject: `client-${n}` }));
    for (const one of [...sent, ...sent]) expect(codeOf(authentication, one)).to.match(/^client-/);
  });

  it('keeps the scopes it knows, and no other', () => {
    const actor = authentication.identify(`Bearer ${token('audit:read admin root:all')}`);
    expect(actor).to.have.deep.property('scopes', new Set(['audit:read', 'admin']));
  });

  for (const header of [
    undefined,
    '',
    'Basic abc',
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'bearer\ta',
  ]) {
    it(`takes ${JSON.stringify(header)} for no token`, () => {
      expect(authentication.identify(header)).to.include({ code: 'token-missing' });
    });
  }

  for (const [name, claims] of [
    ['a sub with a line break', { options: { subject: 'a\nb' }, more: {} }],
    ['a sub of 200 characters', { options: { subject: 'a'.repeat(200) }, more: {} }],
    ['a scope that is a list', { options: {}, more: { scope: ['audit:read'] } }],
    ['no scope', { options: {}, more: { scope: undefined } }],
  ] as const) {
    it(`refuses ${name}`, () => {
      const sent = token('audit:read', claims.options, claims.more);
      expect(codeOf(authentication, sent)).to.equal('token-invalid');
    });
  }
});
