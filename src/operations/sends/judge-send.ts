/** What a provider says of one send, held against the decision that it rests on. */
import { fromIso, type Instant } from '../../domain/calendar/instant.ts';
import { type InputError, Problem } from '../../domain/problem.ts';
import type {
  Difference,
  JudgedSend,
  SendFinding,
  Undecided,
} from '../../domain/reconciliation/reconciliation.ts';
import {
  isWithin,
  type Life,
  lifeOfReservation,
  type NotedSends,
  type Send,
} from '../../domain/reconciliation/send.ts';
import { permitHash, type PermitKeys, readPermit } from '../../keys/permit-keys.ts';
import { decisionContent } from '../decisions/decision-view.ts';
import { outcomeId } from '../decisions/report-outcome.ts';
import { clockSkewMs, type Gate } from '../gate.ts';
import { type ReadRecord, readRecord, textIn } from '../record.ts';
import { livingFile, idsOf } from '../subjects/living-subject.ts';
import { contended } from '../subjects/subject-change.ts';
import { recordedAt } from '../subjects/subject-history.ts';
import { findSubjectId, type Named, readNamed } from '../subjects/subject-lookup.ts';
import type { components } from '../wire.ts';
import { matchSend } from './send-match.ts';
import { noteOf } from './sends-file.ts';
import { stopOf } from './stop-of.ts';

export type SentRow = components['schemas']['SentRow'];

/** A row as it was read. */
interface Told {
  readonly row: SentRow;
  readonly send: Send;
  readonly named: Named | null;
}

/** A decision that a row is held against, and how it came to it. */
interface Held {
  readonly decision: ReadRecord;
  readonly matchedBy: 'permit' | 'decision' | 'nearest';
  readonly life: Life;
  readonly differs: readonly Difference[];
  readonly noted: NotedSends;
}

export async function judgeSend(
  gate: Gate,
  row: SentRow,
  place: { readonly reconciliation: string; readonly line: number },
): Promise<JudgedSend | Problem> {
  const at = sentAt(gate, row);
  if (at instanceof Problem) return at;
  const named = row.subject === undefined ? null : readNamed(gate, row.subject, '/subject');
  if (named instanceof Problem) return named;
  const key =
    row.message === undefined
      ? ({ kind: 'instant' } as const)
      : ({ kind: 'message', hash: gate.vault.hash('message', row.message) } as const);
  const told = { row, send: { key, at, ...place }, named };
  if (row.permit !== undefined) return judgePermitted(gate, told, row.permit);
  if (row.decision !== undefined) return judgeDecided(gate, told, row.decision);
  if (named !== null && row.channel !== undefined) {
    return judgeNearest(gate, told, { named, channel: row.channel });
  }
  return nothingNamed();
}

async function judgePermitted(gate: Gate, told: Told, text: string): Promise<JudgedSend | Problem> {
  const { permits } = gate;
  if (permits === null) return permitUnavailable();
  const permit = readPermit(permits, text);
  if (permit === null) return undecided(told, 'invalid-permit');
  const decision = await readDecision(gate, permit.decision);
  if (decision === null) return undecided(told, 'unknown-decision');
  const life: Life = {
    of: 'permit',
    from: permit.fromSeconds * 1000,
    until: permit.untilSeconds * 1000,
  };
  const isOther = !isFor(permits, permit.identifierHash, told.named);
  const differs = differencesOf(told, decision, isOther);
  return judgeNamed(gate, told, { decision, matchedBy: 'permit', life, differs });
}

async function judgeDecided(gate: Gate, told: Told, id: string): Promise<JudgedSend | Problem> {
  const decision = await readDecision(gate, id);
  if (decision === null) return undecided(told, 'unknown-decision');
  const isOther = !(await isAbout(gate, decision, told.named));
  const differs = differencesOf(told, decision, isOther);
  const life = lifeOfReservation(recordedAt(decision));
  return judgeNamed(gate, told, { decision, matchedBy: 'decision', life, differs });
}

async function judgeNearest(
  gate: Gate,
  told: Told,
  { named, channel }: { readonly named: Named; readonly channel: string },
): Promise<JudgedSend | Problem> {
  const purpose = told.row.purpose ?? null;
  const match = await matchSend(gate, { named, channel, purpose }, told.send);
  if (match instanceof Problem) return match;
  if (match.kind === 'nobody') return undecided(told, 'unknown-person');
  if (match.kind === 'none') {
    return match.decision === null ? undecided(told, 'none') : notAllowed(told, match.decision);
  }
  const { decision, noted } = match;
  const life = lifeOfReservation(recordedAt(decision));
  return held(gate, told, { decision, matchedBy: 'nearest', life, differs: [], noted });
}

async function judgeNamed(
  gate: Gate,
  told: Told,
  named: Omit<Held, 'noted'>,
): Promise<JudgedSend | Problem> {
  const { decision, matchedBy } = named;
  if (decisionContent(decision).answer.outcome !== 'allow') {
    return { ...notAllowed(told, decision), matchedBy };
  }
  const noted = await noteOf(gate, decision.id, told.send);
  return noted === null ? contended() : held(gate, told, { ...named, noted });
}

async function held(gate: Gate, { send }: Told, match: Held): Promise<JudgedSend | Problem> {
  const { decision, matchedBy, noted } = match;
  const [stop, outcome] = await Promise.all([
    stopOf(gate, decision, send.at),
    gate.store.get('records', outcomeId(decision.id)),
  ]);
  if (stop instanceof Problem) return stop;
  const reported =
    outcome === null ? null : (textIn(readRecord(outcome), 'result') as JudgedSend['reported']);
  const findings: SendFinding[] = [];
  if (match.differs.length > 0) findings.push({ kind: 'other-act', differs: match.differs });
  if (!isWithin(match.life, send.at)) findings.push({ kind: 'outside-permit', life: match.life });
  if (stop !== null) findings.push({ kind: 'after-withdrawal', stop });
  const [first] = noted.sends;
  if (noted.place > 0 && first !== undefined) {
    const { at, reconciliation, line } = first;
    findings.push({ kind: 'twice', first: { at, reconciliation, line } });
  }
  if (reported === 'failed' || reported === 'cancelled') {
    findings.push({ kind: 'reported-unsent', result: reported });
  }
  const { repeated } = noted;
  return { at: send.at, decision: decision.id, matchedBy, reported, repeated, findings };
}

function undecided({ send }: Told, why: Undecided): JudgedSend {
  return {
    at: send.at,
    decision: null,
    matchedBy: null,
    reported: null,
    repeated: false,
    findings: [{ kind: 'without-decision', why, outcome: null }],
  };
}

function notAllowed(told: Told, decision: ReadRecord): JudgedSend {
  const outcome = decisionContent(decision).answer.outcome as 'defer' | 'review' | 'deny';
  return {
    ...undecided(told, 'not-allowed'),
    decision: decision.id,
    matchedBy: 'nearest',
    findings: [{ kind: 'without-decision', why: 'not-allowed', outcome }],
  };
}

async function readDecision(gate: Gate, id: string): Promise<ReadRecord | null> {
  const stored = await gate.store.get('records', id);
  const record = stored === null ? null : readRecord(stored);
  return record?.kind === 'decision' && record.erasure === null ? record : null;
}

/** Only what the row states can differ. */
function differencesOf(
  { row }: Told,
  decision: ReadRecord,
  isOther: boolean,
): readonly Difference[] {
  const { action, purpose, channel } = decisionContent(decision).question;
  const given: readonly (readonly [Difference, boolean])[] = [
    ['decision', row.decision !== undefined && row.decision !== decision.id],
    ['identifier', isOther],
    ['action', action !== 'send'],
    ['purpose', row.purpose !== undefined && row.purpose !== purpose],
    ['channel', row.channel !== undefined && row.channel !== channel],
  ];
  return given.filter(([, isDifferent]) => isDifferent).map(([name]) => name);
}

/** A permit is for the one address that was asked about. */
function isFor(keys: PermitKeys, hash: string, named: Named | null): boolean {
  if (named === null) return true;
  const identifier =
    named.kind === 'id' ? `id:${named.id}` : `${named.identifier.kind}:${named.value}`;
  return permitHash(keys, identifier) === hash;
}

/** A decision is about a person, by whichever identifier. */
async function isAbout(gate: Gate, decision: ReadRecord, named: Named | null): Promise<boolean> {
  const { subject } = decision;
  if (named === null || subject === null) return true;
  const id = await findSubjectId(gate, named);
  if (id === null || id === subject) return id === subject;
  const file = await livingFile(gate, id);
  return file !== null && idsOf(file).includes(subject);
}

function sentAt(gate: Gate, { at }: SentRow): Instant | Problem {
  const instant = fromIso(at);
  if (instant !== null && instant <= gate.clock() + clockSkewMs) return instant;
  const message = instant === null ? 'no such instant' : 'lies in the future';
  return unfit('instant-out-of-range', [
    { pointer: '/at', message, expected: 'when it was sent, in RFC 3339' },
  ]);
}

function nothingNamed(): Problem {
  const error = {
    pointer: '',
    message: 'names no decision',
    expected: 'permit, or decision, or subject and channel',
  };
  return unfit('invalid-request', [error]);
}

function unfit(code: 'invalid-request' | 'instant-out-of-range', errors: InputError[]): Problem {
  const detail = {
    'pt-BR': 'Corrija os pontos indicados em errors.',
    en: 'Correct what errors points at.',
  };
  return new Problem(code, detail, { errors });
}

function permitUnavailable(): Problem {
  return new Problem('permit-unavailable', {
    'pt-BR': 'Informe a decisão, ou configure PORTEIRO_PERMIT_KEYS_FILE no servidor.',
    en: 'Name the decision, or set PORTEIRO_PERMIT_KEYS_FILE on the server.',
  });
}
