/**
 * Replays over histories that fast-check makes up: a set over its own decisions changes nothing,
 * and a draft changes what a dry run as of each decision says that it changes.
 */
import { expect } from 'chai';
import fc from 'fast-check';
import { hourMs } from '../../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import type { ChannelPolicy, PolicySet } from '../../../src/domain/policy.ts';
import type { Change } from '../../../src/domain/trial/comparison.ts';
import type { DecisionRequest } from '../../../src/operations/decisions/decision-record.ts';
import { dryRunDecision } from '../../../src/operations/decisions/dry-run-decision.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import { readRecord } from '../../../src/operations/record.ts';
import { Histories } from '../../../src/operations/replays/histories.ts';
import { replayDecision } from '../../../src/operations/replays/replayed-decision.ts';
import type { PolicyParts } from '../../../src/policies/policy-set.ts';
import { shippedRules } from '../../rules/shipped.ts';
import { shippedSet } from '../../support/gate.ts';
import { ana, bodyOf, call, idOf, recordsIn } from '../calls.ts';
import { crowdedHistory, history, type HistoryStep, live } from '../history.ts';
import { replayed } from './replays.ts';

type Edit = (parts: PolicyParts) => PolicyParts;

const nobody: ChannelPolicy['permitted'] = [null, null, null, null, null, null, null];

function purposesWith(change: Partial<PolicyParts['purposes'][number]>): Edit {
  return (parts) => ({
    ...parts,
    purposes: parts.purposes.map((purpose) =>
      purpose.id === 'promocoes' ? { ...purpose, ...change } : purpose,
    ),
  });
}

const edits: Readonly<Record<string, Edit>> = {
  'no caps': (parts) => ({ ...parts, caps: [] }),
  'one contact a cap, a day between two': (parts) => ({
    ...parts,
    caps: parts.caps.map((cap) => ({ ...cap, max: 1, minGapMinutes: 1440 })),
  }),
  'a cap for all promotions together': (parts) => ({
    ...parts,
    caps: [
      {
        name: 'all-promotions',
        match: { purpose: null, channel: null, promotional: true },
        max: 2,
        per: 'month',
        window: 'calendar',
        minGapMinutes: null,
        unreported: 'presume-sent',
      },
    ],
  }),
  'no hours for e-mail': (parts) => ({
    ...parts,
    channels: parts.channels.map((each) =>
      each.channel === 'email' ? { ...each, permitted: nobody, byState: [] } : each,
    ),
  }),
  'promotions off': purposesWith({ active: false }),
  'promotions never to last a day': purposesWith({
    consent: { minimumEvidence: 'double_opt_in', expiresAfter: 'P1D' },
  }),
  'promotions for adults alone': purposesWith({ adultProof: 'document', minors: 'deny' }),
};

const drafts: readonly (readonly [string, PolicySet])[] = [
  ...Object.entries(edits).map(([name, edit]) => [name, shippedSet(edit)] as const),
  [
    'no rules on caps',
    shippedSet(
      undefined,
      shippedRules.filter(({ name }) => !name.startsWith('frequency')),
    ),
  ],
  [
    'no rule on consents',
    shippedSet(
      undefined,
      shippedRules.filter(({ name }) => name !== 'consent-granted'),
    ),
  ],
];

/** More contacts than most caps allow, so that none of the drafts has nothing to change. */
const busy: readonly HistoryStep[] = [
  {
    waitMs: 1,
    step: { kind: 'grant', subject: ana, channels: ['email', 'site'], often: null, agoMs: 0 },
  },
  ...Array.from({ length: 12 }, (_, turn) => ({
    waitMs: 5 * hourMs,
    step: {
      kind: 'decide' as const,
      subject: ana,
      purpose: 'promocoes',
      channel: turn % 2 === 0 ? 'email' : 'site',
    } as const,
  })),
];

/** What a dry run as of the decision says that the draft changes. */
async function changeTried(
  gate: Gate,
  { request, answer }: { readonly request: DecisionRequest; readonly answer: JsonObject },
  policySet: string,
): Promise<Pick<Change, 'from' | 'to'> | null> {
  const asOf = answer['decidedAt'] as string;
  const tried = bodyOf(await dryRunDecision(gate, call({ ...request, asOf, policySet })));
  const [from, to] = [answer['outcome'], tried['outcome']] as [Change['from'], Change['to']];
  return from === to ? null : { from, to };
}

describe('a replay over any history', () => {
  it('changes nothing under the sets that decided', async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(crowdedHistory, async (steps) => {
        const { made } = await live(steps);
        const decisions = (await recordsIn(made.gate)).filter(({ kind }) => kind === 'decision');
        const digests = new Set(
          decisions.map(({ body }) => (body['answer'] as JsonObject)['policySet'] as string),
        );
        // Each set over the decisions that it made; of one set that is all there are.
        for (const digest of digests) {
          const its = decisions.filter(
            ({ body }) => (body['answer'] as JsonObject)['policySet'] === digest,
          );
          const draft = await made.gate.policies.byDigest(digest);
          if (draft === null) throw new Error('a set that decided is on file');
          const now = made.gate.clock();
          const histories = new Histories(made.gate, { from: 0, to: now });
          // The other one makes every fact anew, and changes none of them.
          const { controller } = draft.set;
          const elsewhere = { ...controller, address: `${controller.address}, fundos` };
          const moved = { ...draft, set: { ...draft.set, controller: elsewhere } };
          for (const record of its) {
            for (const tried of [draft, moved]) {
              const replaying = { gate: made.gate, draft: tried, histories };
              const change = await replayDecision(replaying, record);
              expect(change, JSON.stringify(record.body)).to.equal(null);
            }
          }
        }
        if (digests.size !== 1) return;
        const [only = ''] = digests;
        const replay = await replayed(made.gate, only);
        expect(replay).to.deep.include({ state: 'done', progress: 1, notReplayed: [] });
        expect(replay.comparison).to.include({ compared: decisions.length, changed: 0 });
      }),
      { numRuns: 40 },
    );
  });

  for (const [name, draft] of drafts) {
    it(`changes what a dry run of then says, with ${name}`, async function () {
      this.timeout(120_000);
      let changes = 0;
      await fc.assert(
        fc.asyncProperty(history, async (steps) => {
          const { made, asked } = await live(steps);
          const { gate } = made;
          await made.file(draft);
          const prepared = await gate.policies.byDigest(draft.digest);
          if (prepared === null) throw new Error('the draft is on file');
          const histories = new Histories(gate, { from: 0, to: gate.clock() });
          for (const decision of asked) {
            const stored = await gate.store.get('records', idOf(decision.answer));
            if (stored === null) throw new Error('the decision is on record');
            const record = readRecord(stored);
            // A dry run is about one act.
            if (record.body['others'] !== undefined) continue;
            const came = await replayDecision({ gate, draft: prepared, histories }, record);
            const wanted = await changeTried(gate, decision, draft.digest);
            if (came === 'contact-unknown') {
              // Of somebody with two addresses a record does not say by which one was asked.
              expect(steps.some(({ step }) => step.kind === 'merge')).to.equal(true);
            } else if (came === null || wanted === null) expect(came).to.equal(wanted);
            else expect(came).to.include(wanted);
            if (wanted !== null) changes += 1;
          }
        }),
        { numRuns: 12, examples: [[busy]] },
      );
      expect(changes, 'decisions that change').to.be.greaterThan(0);
    });
  }
});
