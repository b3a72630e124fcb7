/**
 * createContentReview: a text submitted before anybody is to get it, such as the template of a
 * campaign. The order of the writes, and what a crash leaves, is that of review-change.ts.
 */
import { isOver, reviewState } from '../../domain/content/content-review.ts';
import { contentFindings } from '../../domain/content/content-finding.ts';
import type { Guardrails } from '../../domain/content/guardrail.ts';
import type { PolicySet } from '../../domain/policy.ts';
import { Problem } from '../../domain/problem.ts';
import { type Claim, openClaim } from '../claim.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { type ReadRecord, readRecord } from '../record.ts';
import { contended } from '../subjects/subject-change.ts';
import type { components } from '../wire.ts';
import { findingsAsked } from './content-asked.ts';
import { newReview } from './new-review.ts';
import { latestReview, readReview, settledReview, writeChange } from './review-change.ts';
import { type FiledReview, keyOf, latestInstant, textPrint } from './review-file.ts';
import { presentAsked, reviewPrefix } from './review-record.ts';

type ReviewRequest = components['schemas']['ContentReviewRequest'];

export async function createContentReview(
  gate: Gate,
  call: Call<ReviewRequest, unknown, unknown>,
): Promise<Answer> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const claim = await openClaim(gate, {
      client: call.actor.id,
      operation: 'createContentReview',
      key: call.idempotencyKey,
      prefix: reviewPrefix,
      request: { ...call.body },
    });
    if (claim instanceof Problem) return claim;
    const made = claim.earlier ?? (await submit(gate, call, claim));
    if (made instanceof Problem) return made;
    if (made !== null) return answerOf(gate, made);
  }
  return contended();
}

/** Null where a race was lost. */
async function submit(
  gate: Gate,
  { actor, body }: Call<ReviewRequest, unknown, unknown>,
  claim: Claim,
): Promise<ReadRecord | Problem | null> {
  const { set } = gate.policies.active();
  const { guardrails } = set;
  if (guardrails === null) return guardrailsUndeclared();
  const misplaced = placeProblem(set, body);
  if (misplaced !== null) return misplaced;
  const print = textPrint(gate.vault, body, body.text);
  const latest = await settledReview(gate, await latestReview(gate, print));
  // A crash came between the review and its record, which is appended by now.
  if (latest?.id === claim.record) return readMade(gate, claim.record);
  const askedAt = Math.max(gate.clock(), latest === null ? 0 : latestInstant(latest));
  const standing = standsAlready(latest, askedAt) ?? exampleStands(guardrails, body);
  if (standing !== null) return standing;
  const { purpose, channel, text, generatedBy = null, campaign = null } = body;
  const asked = { text, generatedBy, approval: 'none', isOwnPhone: () => false } as const;
  const change = newReview(
    {
      id: claim.record,
      print,
      earlier: latest,
      askedAt,
      client: actor.id,
      subject: null,
      decision: null,
      key: gate.vault.newSubjectKey(),
    },
    {
      purpose,
      channel,
      text,
      generatedBy,
      campaign,
      findings: findingsAsked(set, asked, { purpose, channel }),
      guardrails,
    },
  );
  const isMade = await writeChange(gate, claim.write, change);
  return isMade ? readRecord(change.file.pending) : null;
}

async function readMade(gate: Gate, record: string): Promise<ReadRecord | null> {
  const stored = await gate.store.get('records', record);
  return stored === null ? null : readRecord(stored);
}

async function answerOf(gate: Gate, record: ReadRecord): Promise<Answer> {
  const review = await readReview(gate, record.id);
  return presentAsked(record, review === null ? null : await keyOf(gate, review));
}

function placeProblem(set: PolicySet, { purpose, channel }: ReviewRequest): Problem | null {
  const declared = set.purposes.get(purpose);
  if (declared === undefined) {
    const known = [...set.purposes.keys()].join(', ');
    return new Problem(
      'purpose-unknown',
      {
        'pt-BR': 'Use uma das finalidades declaradas em policies/purposes.',
        en: 'Use one of the purposes declared in policies/purposes.',
      },
      {
        errors: [{ pointer: '/purpose', message: 'no such purpose is declared', expected: known }],
      },
    );
  }
  if (declared.channels.includes(channel)) return null;
  const expected = `one of ${declared.channels.join(', ')}`;
  return new Problem(
    'channel-not-offered',
    {
      'pt-BR': 'A finalidade não usa este canal.',
      en: 'The purpose does not use this channel.',
    },
    { errors: [{ pointer: '/channel', message: 'the purpose does not use it', expected }] },
  );
}

/** A rejected text may be submitted again; until it is settled nobody gets it. */
function standsAlready(latest: FiledReview | null, at: number): Problem | null {
  if (latest === null) return null;
  const state = reviewState(latest, at);
  if (isOver(state)) return null;
  return new Problem('content-review-conflict', {
    'pt-BR': `Este texto já tem a análise ${latest.id}, no estado ${state}.`,
    en: `This text has the review ${latest.id} already, in state ${state}.`,
  });
}

function exampleStands(guardrails: Guardrails, body: ReviewRequest): Problem | null {
  const { text, purpose, channel } = body;
  const content = { text, generatedBy: null, approval: 'none', isOwnPhone: () => false } as const;
  const place = { purpose, channel, promotional: false };
  if (contentFindings(guardrails, content, place).approval !== 'example') return null;
  return new Problem('content-review-conflict', {
    'pt-BR': 'Este texto já é um exemplo aprovado em policies/guardrails.yaml.',
    en: 'This text is an approved example of policies/guardrails.yaml already.',
  });
}

function guardrailsUndeclared(): Problem {
  return new Problem('guardrails-undeclared', {
    'pt-BR': 'Sem policies/guardrails.yaml nenhum texto é analisado.',
    en: 'Without policies/guardrails.yaml no text is reviewed.',
  });
}
