/** Permits: for an allow alone, over what was asked, and once the decision is durable. */
import { expect } from 'chai';
import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { minuteMs } from '../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type { DecisionRequest } from '../../src/operations/decisions/decision-record.ts';
import { dryRunDecision } from '../../src/operations/decisions/dry-run-decision.ts';
import { getDecision } from '../../src/operations/decisions/get-decision.ts';
import { decideWithPermit } from '../../src/operations/decisions/permit.ts';
import { readPermitKeys as readKeys } from '../../src/operations/decisions/read-permit-keys.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { StoreFailure } from '../../src/store/port.ts';
import { FailingStore } from '../faults/failing-store.ts';
import { makeTestGate, type TestGate } from '../support/gate.ts';
import { hashKey, permitKeysOf } from '../support/permit-keys.ts';
import { ana, anaPhone, bodyOf, call, codeOf, grant, idOf, makeSubject, read } from './calls.ts';

const act: DecisionRequest = {
  subject: ana,
  action: 'send',
  purpose: 'promocoes',
  channel: 'email',
  permit: true,
};

/** What a sending channel does: it knows the published keys, the hash key and the address. */
function checked(gate: Gate, permit: unknown): jwt.Jwt {
  const { keys } = bodyOf(readKeys(gate)) as JsonObject & { keys: readonly JsonWebKey[] };
  const header = jwt.decode(String(permit), { complete: true })?.header;
  const found = keys.find(({ kid }) => kid === header?.kid) ?? {};
  const key = createPublicKey({ key: found, format: 'jwk' });
  const clockTimestamp = Math.floor(gate.clock() / 1000);
  return jwt.verify(String(permit), key, {
    algorithms: ['ES256'],
    issuer: gate.publicUrl,
    clockTimestamp,
    complete: true,
  });
}

function hashOf(identifier: string): string {
  return createHmac('sha256', hashKey).update(identifier).digest('base64url');
}

describe('a permit', () => {
  let made: TestGate;
  let gate: Gate;
  let subject: string;
  const decide = async (request: DecisionRequest, key?: string): Promise<JsonObject> =>
    bodyOf(await decideWithPermit(gate, call(request, key === undefined ? {} : { key })));

  beforeEach(async () => {
    made = await makeTestGate();
    gate = { ...made.gate, permits: permitKeysOf('permit-1') };
    subject = await makeSubject(gate, [ana, anaPhone]);
    await grant(gate, { channels: ['email', 'whatsapp'] });
  });

  it('tells a channel what was allowed, to which address and until when', async () => {
    const allowed = await decide(act);
    const { header, payload } = checked(gate, allowed['permit']);
    expect(header).to.deep.equal({ alg: 'ES256', typ: 'porteiro-permit+jwt', kid: 'permit-1' });
    const seconds = Math.floor(gate.clock() / 1000);
    expect(payload).to.deep.equal({
      iss: 'https://porteiro.example',
      jti: allowed['id'],
      iat: seconds,
      exp: seconds + 900,
      action: 'send',
      purpose: 'promocoes',
      channel: 'email',
      identifier: hashOf('email:ana@example.com'),
    });
    made.clock.advance(15 * minuteMs);
    expect(() => checked(gate, allowed['permit'])).to.throw(jwt.TokenExpiredError);
  });

  it('names the address in its one canonical form', async () => {
    const phone = { type: 'phone', value: '(11) 98765-4321' } as const;
    const content = { template: { name: 'oferta', category: 'marketing' } } as const;
    const { permit } = await decide({ ...act, subject: phone, channel: 'whatsapp', content });
    expect(checked(gate, permit).payload).to.include({
      identifier: hashOf('phone:+5511987654321'),
    });
  });

  it('names the subject where no address was given', async () => {
    const { permit } = await decide({ ...act, subject: { type: 'id', value: subject } });
    expect(checked(gate, permit).payload).to.include({ identifier: hashOf(`id:${subject}`) });
  });

  it('comes with an allow that asked for it, and with nothing else', async () => {
    const denied = await decide({ ...act, purpose: 'perfil', action: 'profile', channel: 'site' });
    expect(denied).to.include({ outcome: 'deny', permit: null });
    const { permit: _, ...plain } = act;
    expect(await decide(plain)).to.include({ outcome: 'allow', permit: null });
    expect(await decide(act)).to.include({ outcome: 'defer', permit: null });
    const tried = bodyOf(await dryRunDecision(gate, call(act)));
    expect(tried).to.include({ permit: null });
  });

  it('is signed anew for the same key, over the same claims', async () => {
    const first = await decide(act, 'k1');
    const said = checked(gate, first['permit']).payload;
    made.clock.advance(5 * minuteMs);
    gate = { ...gate, permits: permitKeysOf('permit-2') };
    const again = await decide(act, 'k1');
    const { permit: one, ...rest } = first;
    const { permit: other, ...restAgain } = again;
    expect(restAgain).to.deep.equal(rest);
    expect(one).not.to.equal(other);
    expect(checked(gate, other).payload).to.deep.equal(said);
  });

  it('is shown to its caller alone, and kept nowhere', async () => {
    const allowed = await decide(act);
    expect(allowed['permit']).to.be.a('string');
    const shown = bodyOf(await getDecision(gate, read({ id: idOf(allowed) })));
    expect(shown).to.include({ id: allowed['id'], permit: null });
    const stored = await gate.store.get('records', idOf(allowed));
    expect(stored?.body).to.include('"permit":null');
  });

  it('is not signed where the decision is not durable', async () => {
    const failing = new FailingStore(gate.store);
    gate = { ...gate, store: failing };
    // The claim and the slots are written first, the record is the third.
    failing.arm(3, 'before');
    const answer = await decide(act, 'k1').catch((error: unknown) => error);
    expect(answer).to.be.instanceOf(StoreFailure);
    expect((await decide(act, 'k1'))['permit']).to.be.a('string');
  });

  it('is refused before anything is decided where there are no keys', async () => {
    gate = { ...gate, permits: null };
    const answer = await decideWithPermit(gate, call(act));
    expect(codeOf(answer)).to.equal('permit-unavailable');
    expect(bodyOf(readKeys(gate))).to.deep.equal({ keys: [] });
    // No contact was counted: another one still fits.
    const { permit: _, ...plain } = act;
    expect(await decide(plain)).to.include({ outcome: 'allow' });
  });
});
