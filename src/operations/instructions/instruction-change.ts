/**
 * Standing instructions: given and ended. An instruction forbids from its acknowledgement on; the
 * order of the writes is that of subject-change.ts. An ended one is gone from the subject, and its
 * records tell that it stood.
 */
import { fromIso, type Instant, toIso } from '../../domain/calendar/instant.ts';
import {
  type ExclusionKind,
  type Instruction,
  type InstructionKind,
  instructionsMax,
  isInForce,
} from '../../domain/instruction.ts';
import type { Channel } from '../../domain/policy.ts';
import { Problem } from '../../domain/problem.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { type Change, startOver } from '../subjects/change-plan.ts';
import {
  changeOnce,
  changeSubject,
  claimedBy,
  contended,
  limitReached,
} from '../subjects/subject-change.ts';
import { idsOf, livingSubject } from '../subjects/living-subject.ts';
import type { SubjectFile } from '../subjects/subject-file.ts';
import { answersTo, subjectUnknown } from '../subjects/subject-lookup.ts';
import { contentOf, findPast, presentGiven, presentInstruction } from './instruction-record.ts';

/** What the four requests have in common. */
export interface InstructionRequest {
  readonly purposes?: readonly string[];
  readonly channels?: readonly (Channel | '*')[];
  readonly until?: string | null;
  readonly reason?: string | null;
  readonly kind?: ExclusionKind;
}

type GiveCall = Call<InstructionRequest, unknown, { readonly id: string }>;
type EndCall = Call<unknown, unknown, { readonly id: string; readonly instructionId: string }>;

/** A pause or a block for longer is no pause: it would be forgotten before it ends. */
const untilMaxMs: number = 10 * 366 * 24 * 60 * 60 * 1000;
const everything = ['*'] as const;

export async function giveInstruction(
  gate: Gate,
  kind: InstructionKind,
  call: GiveCall,
): Promise<Answer> {
  const refused = purposesRefused(gate, call.body.purposes ?? everything);
  return refused ?? recordInstruction(gate, kind, call);
}

/** The same for purposes that need not be declared any more, as those of an old link. */
export async function recordInstruction(
  gate: Gate,
  kind: InstructionKind,
  call: GiveCall,
): Promise<Answer> {
  const claimRequest = {
    client: call.actor.id,
    operation: `${kind}/${call.path.id}`,
    key: call.idempotencyKey,
    prefix: 'ins_',
    request: { ...call.body },
  };
  const made = await changeOnce(gate, claimRequest, async (claim) => {
    const living = await livingSubject(gate, call.path.id);
    if (living === null || living instanceof Problem) return living ?? subjectUnknown();
    const order = {
      ...claimedBy(claim),
      subject: living.subject.id,
      kind,
      client: call.actor.id,
      create: false,
    } as const;
    return changeSubject(gate, order, (file, at) =>
      // Parted meanwhile from the one that the id leads to.
      answersTo(file.subject, { kind: 'id', id: call.path.id })
        ? planGiving({ file, at, kind, id: claim.record, request: call.body })
        : startOver,
    );
  });
  return made instanceof Problem ? made : presentGiven(gate, made);
}

export async function endInstruction(
  gate: Gate,
  kind: InstructionKind,
  call: EndCall,
): Promise<Answer> {
  const record = gate.newId('rec_');
  // Merged or parted meanwhile, the subject is looked for again.
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const living = await livingSubject(gate, call.path.id);
    if (living === null || living instanceof Problem) return living ?? subjectUnknown();
    const ended = await attemptEnding(gate, kind, { call, record, subject: living.subject.id });
    if (ended === startOver) continue;
    if (ended !== null) return ended;
    // Ended already, or lapsed: who repeats a call is answered as the first time.
    const wanted = { subjects: idsOf(living), kind, id: call.path.instructionId };
    return (await findPast(gate, wanted)) ?? instructionUnknown();
  }
  return contended();
}

/** Null where the subject has no such instruction in force. */
async function attemptEnding(
  gate: Gate,
  kind: InstructionKind,
  ending: { readonly call: EndCall; readonly record: string; readonly subject: string },
): Promise<Answer | typeof startOver | null> {
  const { call, record, subject } = ending;
  const { id, instructionId } = call.path;
  const found: { isThere: boolean; instruction: Instruction | null; reason: string | null } = {
    isThere: true,
    instruction: null,
    reason: null,
  };
  const order = {
    subject,
    record,
    kind: 'instruction-ended',
    client: call.actor.id,
    before: [],
    create: false,
    retried: false,
  } as const;
  const made = await changeSubject(gate, order, (file, at) => {
    if (!answersTo(file.subject, { kind: 'id', id })) return startOver;
    found.instruction = standing(file, { kind, id: instructionId }, at);
    found.isThere = found.instruction !== null;
    if (found.instruction === null) return startOver;
    found.reason = file.private.reasons[instructionId] ?? null;
    return planEnding(file, found.instruction);
  });
  if (made instanceof Problem) return made;
  if (!found.isThere) return null;
  const { instruction, reason } = found;
  if (made === startOver || instruction === null) return startOver;
  return presentInstruction(instruction, { reason, endedAt: fromIso(made.at) });
}

function planGiving(giving: {
  readonly file: SubjectFile;
  readonly at: Instant;
  readonly kind: InstructionKind;
  readonly id: string;
  readonly request: InstructionRequest;
}): Change | Problem {
  const { file, at, kind, id, request } = giving;
  const until = untilOf(request.until ?? null, at);
  if (until instanceof Problem) return until;
  const inForce = file.subject.instructions.filter((each) => isInForce(each, at));
  if (inForce.length >= instructionsMax) {
    return limitReached(instructionsMax, 'instruções em vigor', 'instructions in force');
  }
  const instruction: Instruction = {
    id,
    kind,
    purposes: request.purposes ?? everything,
    channels: request.channels ?? everything,
    until,
    createdAt: at,
    exclusion: kind === 'exclusion' ? (request.kind ?? 'custom') : null,
  };
  const reason = request.reason ?? null;
  const kept = new Set(inForce.map((each) => each.id));
  const reasons = Object.entries(file.private.reasons).filter(([key]) => kept.has(key));
  return {
    event: { kind: 'instruction', instruction },
    private: (next) => ({
      ...file.private,
      attributes: next.attributes,
      reasons: Object.fromEntries(reason === null ? reasons : [...reasons, [id, reason]]),
    }),
    content: () => contentOf(instruction),
    ...(reason === null ? {} : { sealed: { reason } }),
  };
}

function planEnding(file: SubjectFile, instruction: Instruction): Change {
  const { [instruction.id]: _ended, ...reasons } = file.private.reasons;
  return {
    event: { kind: 'instruction-ended', instruction: instruction.id },
    private: () => ({ ...file.private, reasons }),
    content: () => ({ ...contentOf(instruction), instruction: instruction.id }),
  };
}

function standing(
  file: SubjectFile,
  wanted: { readonly kind: InstructionKind; readonly id: string },
  at: Instant,
): Instruction | null {
  const found = file.subject.instructions.find(
    (each) => each.id === wanted.id && each.kind === wanted.kind && isInForce(each, at),
  );
  return found ?? null;
}

function untilOf(until: string | null, at: Instant): Instant | null | Problem {
  if (until === null) return null;
  const instant = fromIso(until);
  if (instant !== null && instant > at && instant <= at + untilMaxMs) return instant;
  return new Problem(
    'instant-out-of-range',
    {
      'pt-BR': 'O fim deve estar no futuro, em até dez anos.',
      en: 'The end must be in the future, within ten years.',
    },
    {
      errors: [
        {
          pointer: '/until',
          message: 'this is not in the future, or too far in it',
          expected: `after ${toIso(at)}, until ${toIso(at + untilMaxMs)}`,
        },
      ],
    },
  );
}

/** A misspelt purpose would forbid nothing while everybody believes that it does. */
function purposesRefused(gate: Gate, purposes: readonly string[]): Problem | null {
  const known = gate.policies.active().set.purposes;
  const index = purposes.findIndex((purpose) => purpose !== '*' && !known.has(purpose));
  if (index < 0) return null;
  return new Problem(
    'purpose-unknown',
    {
      'pt-BR': 'Use "*" ou finalidades declaradas em policies/purposes.',
      en: 'Use "*" or purposes declared in policies/purposes.',
    },
    {
      errors: [
        {
          pointer: `/purposes/${index}`,
          message: 'no such purpose is declared',
          expected: `* or one of ${[...known.keys()].join(', ')}`,
        },
      ],
    },
  );
}

function instructionUnknown(): Problem {
  return new Problem('instruction-unknown', {
    'pt-BR': 'O titular nunca teve esta instrução.',
    en: 'The subject never had this instruction.',
  });
}
