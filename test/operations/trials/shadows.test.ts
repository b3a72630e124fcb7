/** A draft in shadow: what it would decide otherwise is counted, and nothing else changes. */
import { expect } from 'chai';
import type { JsonObject } from '../../../src/domain/json.ts';
import { createBestDecision } from '../../../src/operations/decisions/create-best-decision.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import type { Answer } from '../../../src/operations/operation.ts';
import { endShadow } from '../../../src/operations/shadows/end-shadow.ts';
import { getShadow } from '../../../src/operations/shadows/get-shadow.ts';
import { type AnsweredDecision, waitingMax } from '../../../src/operations/shadows/shadow-desk.ts';
import { startShadow } from '../../../src/operations/shadows/start-shadow.ts';
import type { components } from '../../../src/operations/wire.ts';
import { answered } from '../../support/contract.ts';
import { makeTestGate, type TestGate } from '../../support/gate.ts';
import {
  ana,
  bodyOf,
  bruno,
  call,
  codeOf,
  decide,
  grant,
  makeSubject,
  read,
  recordsIn,
} from '../calls.ts';
import { digestPut, edited } from '../policy-sets/files.ts';
import { noEmail, roomy, roomySet } from './drafts.ts';
import { onBothEngines } from './engines.ts';

type Shadow = components['schemas']['Shadow'];
const { digest } = noEmail;

function started(gate: Gate, of = digest, share?: number, key?: string): Promise<Answer> {
  const body = share === undefined ? {} : { share };
  return startShadow(gate, call(body, { path: { digest: of }, ...(key ? { key } : {}) }));
}

async function shadowOf(gate: Gate, of = digest): Promise<Shadow> {
  return told(answered('getShadow', await getShadow(gate, read({ digest: of }))));
}

async function ended(gate: Gate): Promise<Shadow> {
  return told(answered('endShadow', await endShadow(gate, call(null, { path: { digest } }))));
}

function told(body: JsonObject): Shadow {
  return body as unknown as Shadow;
}

async function makeShadowed(options: Parameters<typeof makeTestGate>[0] = {}): Promise<TestGate> {
  const made = await makeTestGate({ set: roomy, ...options });
  await makeSubject(made.gate, [ana]);
  bodyOf(await grant(made.gate, { channels: ['email', 'site'] }));
  await made.file(noEmail);
  return made;
}

onBothEngines('a shadow', (withStore) => {
  it('counts what it would have answered otherwise, and touches nothing', async () => {
    await withStore(async (store) => {
      const { gate } = await makeShadowed({ store });
      const begun = told(answered('startShadow', await started(gate)));
      expect(begun).to.include({ policySet: digest, state: 'running', share: 1 });
      const first = await decide(gate);
      expect(first).to.include({ outcome: 'allow', policySet: roomy.digest });
      await decide(gate, { channel: 'site' });
      await decide(gate, { subject: bruno });
      const shadow = await shadowOf(gate);
      expect(shadow).to.include({ id: begun.id, dropped: 0, errors: 0 });
      expect(shadow.comparison).to.deep.equal({
        compared: 3,
        unchanged: 2,
        changed: 1,
        people: { count: 1, exact: true },
        outcomes: [{ from: 'allow', to: 'deny', decisions: 1 }],
        rules: [{ rule: 'no-email', began: 1, ceased: 0 }],
        purposes: [{ purpose: 'promocoes', decisions: 1 }],
        examples: [
          {
            decision: first['id'],
            from: 'allow',
            to: 'deny',
            purpose: 'promocoes',
            began: ['no-email'],
            ceased: [],
          },
        ],
      });
      const kinds = (await recordsIn(gate)).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'decision')).to.have.length(3);
    });
  });

  it('runs on every process, and over a restart', async () => {
    await withStore(async (store) => {
      const { gate, clock } = await makeShadowed({ store });
      const other = (await makeTestGate({ store, clock, seed: 2, set: null })).gate;
      bodyOf(await started(gate));
      await other.shadow.refresh();
      await decide(gate);
      await decide(other);
      await other.shadow.keep();
      expect((await shadowOf(gate)).comparison).to.include({ compared: 2, changed: 2 });
      // Its counts are kept by now, and a process that starts goes on with its own.
      const next = (await makeTestGate({ store, clock, seed: 3, set: null })).gate;
      await next.shadow.refresh();
      await decide(next);
      const shadow = await shadowOf(next);
      expect(shadow.comparison).to.include({ compared: 3, changed: 3 });
      expect(shadow.comparison.people).to.deep.equal({ count: 1, exact: true });
    });
  });

  it('ends, and what it counted stays', async () => {
    await withStore(async (store) => {
      const { gate, clock } = await makeShadowed({ store });
      const other = (await makeTestGate({ store, clock, seed: 2, set: null })).gate;
      bodyOf(await started(gate));
      await other.shadow.refresh();
      await decide(gate);
      await decide(other);
      expect(await ended(gate)).to.include({ state: 'ended', endedBy: 'crm' });
      await other.shadow.refresh();
      await decide(gate);
      await decide(other);
      const shadow = await ended(gate);
      expect(shadow.comparison.compared).to.equal(2);
      const kinds = (await recordsIn(gate)).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind.startsWith('policy-shadow'))).to.deep.equal([
        'policy-shadow',
        'policy-shadow-ended',
      ]);
      bodyOf(await started(gate));
      expect((await shadowOf(gate)).comparison.compared).to.equal(0);
    });
  });
});

describe('a shadow', () => {
  it('is one at a time, of a set that is tested and not in force', async () => {
    const made = await makeShadowed();
    const { gate } = made;
    expect(codeOf(await getShadow(gate, read({ digest })))).to.equal('shadow-unknown');
    expect(codeOf(await endShadow(gate, read({ digest })))).to.equal('shadow-unknown');
    expect(codeOf(await started(gate, roomy.digest))).to.equal('policy-set-active');
    const unknown = `sha256:${'0'.repeat(64)}`;
    expect(codeOf(await started(gate, unknown))).to.equal('policy-set-absent');
    const red = edited({
      'pause.cases.yaml': (text) => text.replace(/fires: true/, 'fires: false'),
      'caps.yaml': (text) => text.replace('max: 2', 'max: 1'),
    });
    const untested = await digestPut(gate, red);
    expect(codeOf(await started(gate, untested))).to.equal('policy-set-untested');
    const other = roomySet((parts) => ({ ...parts, guardrails: null }));
    await made.file(other);
    bodyOf(await started(gate));
    expect(codeOf(await started(gate))).to.equal('shadow-under-way');
    expect(codeOf(await started(gate, other.digest))).to.equal('shadow-under-way');
    await ended(gate);
    bodyOf(await started(gate, other.digest));
  });

  it('is one for one key', async () => {
    const { gate } = await makeShadowed();
    const first = bodyOf(await started(gate, digest, 0.5, 'once'));
    expect(bodyOf(await started(gate, digest, 0.5, 'once'))).to.deep.equal(first);
    expect(codeOf(await started(gate, digest, 1, 'once'))).to.equal('idempotency-key-reused');
  });

  it('looks at a share of the decisions', async () => {
    const { gate } = await makeShadowed();
    bodyOf(await started(gate, digest, 0.25));
    for (let each = 0; each < 400; each += 1) await decide(gate);
    const { compared, changed } = (await shadowOf(gate)).comparison;
    expect(compared).to.be.within(60, 140);
    expect(changed).to.equal(compared);
  });

  it('judges a choice by all of its candidates', async () => {
    const { gate } = await makeShadowed();
    bodyOf(await started(gate));
    const candidates = (['email', 'site'] as const).map((channel) => ({
      action: 'send' as const,
      purpose: 'promocoes',
      channel,
    }));
    const body = bodyOf(await createBestDecision(gate, call({ subject: ana, candidates })));
    expect(body['chosen']).to.equal(0);
    expect((await shadowOf(gate)).comparison.outcomes).to.deep.equal([
      { from: 'allow', to: 'allow', decisions: 1 },
    ]);
  });

  it('counts what fails and what finds no room, and disturbs nobody', async () => {
    const { gate } = await makeShadowed();
    bodyOf(await started(gate));
    const seen: AnsweredDecision = {
      id: 'dec_0192f0c4-5b1e-7c3a-9d2e-6a1f0b7c8d9e',
      purpose: 'promocoes',
      subject: null,
      policySet: roomy.digest,
      verdict: {
        outcome: 'allow',
        facts: null,
        reasons: [],
        basis: null,
        obligations: [],
        frequency: [],
        retryAt: null,
        explanation: { 'pt-BR': '', en: '' },
        lot: null,
        exposures: [],
        reserved: null,
      },
      judge: () => {
        throw new Error('the draft failed');
      },
    };
    for (let each = 0; each < waitingMax + 7; each += 1) gate.shadow.see(seen);
    expect((await decide(gate))['outcome']).to.equal('allow');
    expect(await shadowOf(gate)).to.include({ errors: waitingMax, dropped: 8 });
  });

  it('is not asked where its own set decides by now', async () => {
    const made = await makeShadowed();
    const { gate } = made;
    bodyOf(await started(gate));
    await made.activate(noEmail);
    expect((await decide(gate))['outcome']).to.equal('deny');
    expect((await shadowOf(gate)).comparison.compared).to.equal(0);
  });

  it('gives every answer and every record that there would be without it', async () => {
    const without = await makeShadowed();
    const beside = await makeShadowed();
    bodyOf(await started(beside.gate));
    const asked = async ({ gate, clock }: TestGate): Promise<readonly string[]> => {
      const answers: string[] = [];
      for (let each = 0; each < 20; each += 1) {
        clock.advance(1000);
        const channel = each % 2 === 0 ? 'email' : 'site';
        const { id: _id, policySet: _set, ...answer } = await decide(gate, { channel });
        answers.push(JSON.stringify(answer).replaceAll(/[a-z]{3}_[0-9a-f-]{36}|\/u\/[\w-]+/g, '#'));
      }
      return answers;
    };
    expect(await asked(beside)).to.deep.equal(await asked(without));
  });
});
