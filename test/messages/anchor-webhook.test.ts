/** Checkpoints handed over by a webhook: a real server that checks the signature. */
import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { anchorByWebhook } from '../../src/messages/anchor-webhook.ts';
import type { AnchorPlace } from '../../src/operations/ledger/anchoring.ts';
import { signatureOf, startWebhookTaker, type WebhookTaker } from './webhook-taker.ts';

const key = randomBytes(24);
const now = Date.UTC(2026, 10, 25, 14);
const anchor = { at: '2026-11-25T14:00:00.000Z', checkpoint: 'loja.example/porteiro\n3\nx\n' };

describe('the webhook of whoever keeps checkpoints', () => {
  let taker: WebhookTaker;
  let place: AnchorPlace;
  before(async () => {
    taker = await startWebhookTaker();
    const secret = `whsec_${key.toString('base64')}`;
    place = anchorByWebhook({ url: taker.url, secret }, () => now);
  });
  after(() => taker.close());
  beforeEach(() => {
    taker.taken.length = 0;
    taker.status = 204;
  });

  it('gets the checkpoint, signed as Standard Webhooks says', async () => {
    await place.keep(anchor);
    const [call = { headers: {}, body: '' }] = taker.taken;
    expect(JSON.parse(call.body)).to.deep.equal({
      type: 'ledger.checkpoint',
      timestamp: '2026-11-25T14:00:00.000Z',
      data: anchor,
    });
    expect(call.headers['webhook-signature']).to.equal(signatureOf(call, key));
  });

  it('can tell by the id that two processes hand over the same one', async () => {
    await place.keep(anchor);
    await place.keep({ ...anchor, at: '2026-11-25T14:00:01.000Z' });
    await place.keep({ ...anchor, checkpoint: 'another' });
    const [one, two, three] = taker.taken.map(({ headers }) => headers['webhook-id']);
    expect(one)
      .to.match(/^ckp_[0-9a-f]{32}$/)
      .and.equal(two);
    expect(three).not.to.equal(one);
  });

  for (const refused of [302, 401, 500]) {
    it(`has not taken it where it answers ${refused}`, async () => {
      taker.status = refused;
      const error: unknown = await place.keep(anchor).catch((cause: unknown) => cause);
      expect(error).to.be.instanceOf(Error);
    });
  }
});
