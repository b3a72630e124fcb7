/** What a line of the timeline says: plain words in both languages, without data of the person. */
import { fromIso, toIsoOrNull } from '../../domain/calendar/instant.ts';
import { choiceSentence } from '../../domain/answer/choice.ts';
import type { ConsentEventKind } from '../../domain/consent.ts';
import { channelNames, localDate } from '../../domain/answer/explanation.ts';
import { exclusionWords, signalText } from '../../domain/answer/signal.ts';
import type { ExclusionKind, InstructionKind } from '../../domain/instruction.ts';
import type { JsonObject } from '../../domain/json.ts';
import { type Channel, channels, type PolicySet } from '../../domain/policy.ts';
import type { Text } from '../../domain/text.ts';
import { contentOf } from '../consents/consent-record.ts';
import { decisionContent } from '../decisions/decision-view.ts';
import { exclusionsIn } from '../instructions/exclusion-record.ts';
import { ledgerPlace, type ReadRecord, textIn } from '../record.ts';

/** Which purposes and channels a record is about; empty where it is about none in particular. */
interface Reach {
  readonly purposes: readonly string[];
  readonly channels: readonly string[];
}

interface InstructionContent extends JsonObject {
  readonly purposes: readonly string[];
  readonly channels: readonly string[];
  readonly until: string | null;
  readonly exclusion: ExclusionKind | null;
}

export function timelineItem(record: ReadRecord, set: PolicySet): JsonObject {
  if (record.erasure !== null) return erasedItem(record);
  const reach = reachOf(record);
  const { purposes, channels: named } = reach;
  return {
    id: aboutOf(record),
    kind: record.kind,
    at: record.at,
    purpose: purposes.length === 1 ? (purposes[0] ?? null) : null,
    channel: named.length === 1 ? (named[0] ?? null) : null,
    summary: { ...summaryOf(record, reach, set) },
    ledger: ledgerPlace(record),
  };
}

/** A merge with somebody who parted again, and was erased since; or what has served its time. */
function erasedItem(record: ReadRecord): JsonObject {
  const { id, kind, at, erasure } = record;
  const summary = { ...(erasure?.startsWith('rtr_') === true ? contentOver : contentErased) };
  return { id, kind, at, purpose: null, channel: null, summary, ledger: ledgerPlace(record) };
}

/** Id of what it is about: of the thing itself, where the record tells what became of that. */
function aboutOf(record: ReadRecord): string {
  if (record.kind === 'outcome') return textIn(record, 'decision');
  if (record.kind === 'merged-into') return textIn(record, 'merge');
  if (isReviewStep(record)) return textIn(record, 'review');
  if (record.kind === 'legal-hold-ended') return textIn(record, 'hold');
  return record.kind === 'instruction-ended' ? textIn(record, 'instruction') : record.id;
}

function isReviewStep({ kind }: ReadRecord): boolean {
  return kind === 'content-review-settled' || kind === 'content-review-ended';
}

function reachOf(record: ReadRecord): Reach {
  switch (record.kind) {
    case 'decision': {
      const { purpose, channel } = decisionContent(record).question;
      return { purposes: [purpose], channels: [channel] };
    }
    case 'consent': {
      const content = contentOf(record);
      const named = content.channels.map(({ channel }) => channel);
      return { purposes: [content.purpose], channels: named };
    }
    case 'pause':
    case 'objection':
    case 'block':
    case 'exclusion':
    case 'instruction-ended': {
      return specialOf(record.body as InstructionContent);
    }
    case 'content-review':
    case 'content-review-settled':
    case 'content-review-ended':
      return { purposes: [textIn(record, 'purpose')], channels: [textIn(record, 'channel')] };
    case 'outcome':
    case 'subject':
    case 'event':
    case 'merge':
    case 'merged-into':
    case 'merge-undone':
    case 'merge-left':
    case 'erasure':
    case 'erasure-finished':
    case 'retention-run':
    case 'retention-certificate':
    case 'legal-hold':
    case 'legal-hold-ended':
    case 'key-rotation':
    case 'policy-set':
    case 'policy-activation':
    case 'reconciliation':
    case 'policy-replay':
    case 'policy-shadow':
    case 'policy-shadow-ended':
      return { purposes: [], channels: [] };
  }
}

/** Without the marks that stand for everything. */
function specialOf({ purposes, channels: named }: Reach): Reach {
  const special = (name: string): boolean => name !== '*';
  return { purposes: purposes.filter(special), channels: named.filter(special) };
}

function summaryOf(record: ReadRecord, reach: Reach, set: PolicySet): Text {
  const words = wordsOf(record, set);
  const about = reachText(reach, set);
  const { reason } = words;
  return {
    'pt-BR': `${words.what['pt-BR']}${about['pt-BR']}.${reason === null ? '' : ` ${reason['pt-BR']}`}`,
    en: `${words.what.en}${about.en}.${reason === null ? '' : ` ${reason.en}`}`,
  };
}

function wordsOf(
  record: ReadRecord,
  set: PolicySet,
): { readonly what: Text; readonly reason: Text | null } {
  const plain = (what: Text): { what: Text; reason: null } => ({ what, reason: null });
  switch (record.kind) {
    case 'decision': {
      const { answer, others } = decisionContent(record);
      const { outcome, reasons } = answer;
      const choice = choiceSentence(outcome, (others?.length ?? 0) + 1);
      const reason = outcome === 'allow' ? null : (reasons[0]?.text ?? null);
      return { what: outcomeWords[outcome] ?? decided, reason: together(choice, reason) };
    }
    case 'outcome':
      return plain(resultWords[textIn(record, 'result')] ?? reported);
    case 'consent':
      return { what: consentWords[contentOf(record).event], reason: exclusionsText(record, set) };
    case 'subject':
      return plain(record.body['epoch'] === 1 ? subjectCreated : subjectCompleted);
    case 'pause':
    case 'objection':
    case 'block':
    case 'exclusion':
      return plain(instructionText(record.kind, record.body as InstructionContent, set));
    case 'instruction-ended':
      return plain(instructionEnded);
    case 'event':
      return { what: eventText(record), reason: exclusionsText(record, set) };
    case 'merge':
      return plain(merged);
    case 'merged-into':
      return plain(mergedInto);
    case 'merge-undone':
    case 'merge-left':
      return plain(mergeUndone);
    case 'content-review':
      return plain(reviewAsked);
    case 'content-review-settled':
      return plain(verdictWords[textIn(record, 'verdict')] ?? decided);
    case 'content-review-ended':
      return plain(reviewEnded);
    case 'erasure':
      return plain(erasureAsked);
    case 'erasure-finished':
      return plain(erasureFinished);
    case 'legal-hold':
      return plain(legalHold);
    case 'legal-hold-ended':
      return plain(legalHoldEnded);
    case 'retention-run':
    case 'retention-certificate':
    case 'policy-set':
    case 'policy-activation':
    case 'reconciliation':
    case 'policy-replay':
    case 'policy-shadow':
    case 'policy-shadow-ended':
    case 'key-rotation':
      return plain(decided);
  }
}

function together(first: Text | null, second: Text | null): Text | null {
  if (first === null || second === null) return first ?? second;
  return {
    'pt-BR': `${first['pt-BR']} ${second['pt-BR']}`,
    en: `${first.en} ${second.en}`,
  };
}

const reviewAsked: Text = {
  'pt-BR': 'Texto enviado para análise de uma pessoa',
  en: 'A text was sent to a person for review',
};
const reviewEnded: Text = {
  'pt-BR': 'Texto em análise apagado ao fim do prazo',
  en: 'A text under review was erased at its end',
};
const verdictWords: Readonly<Record<string, Text>> = {
  approve_once: {
    'pt-BR': 'Texto aprovado por uma pessoa para um envio',
    en: 'A text was approved by a person for one act',
  },
  approve_example: {
    'pt-BR': 'Texto aprovado por uma pessoa como exemplo',
    en: 'A text was approved by a person as an example',
  },
  reject: { 'pt-BR': 'Texto rejeitado por uma pessoa', en: 'A text was rejected by a person' },
};

const contentErased: Text = {
  'pt-BR': 'Conteúdo eliminado com outra pessoa.',
  en: 'Content erased with another person.',
};
const contentOver: Text = {
  'pt-BR': 'Conteúdo eliminado ao fim do prazo de guarda.',
  en: 'Content erased at the end of the time for which it is kept.',
};
const erasureAsked: Text = { 'pt-BR': 'Eliminação pedida', en: 'Erasure asked for' };
const erasureFinished: Text = { 'pt-BR': 'Eliminação concluída', en: 'Erasure finished' };

const legalHold: Text = { 'pt-BR': 'Guarda legal ordenada', en: 'Legal hold ordered' };
const legalHoldEnded: Text = { 'pt-BR': 'Guarda legal encerrada', en: 'Legal hold ended' };

const outcomeWords: Readonly<Record<string, Text>> = {
  allow: { 'pt-BR': 'Permitido', en: 'Allowed' },
  deny: { 'pt-BR': 'Negado', en: 'Denied' },
  defer: { 'pt-BR': 'Adiado', en: 'Deferred' },
  review: { 'pt-BR': 'Enviado para análise de uma pessoa', en: 'Sent to a person for review' },
};
const decided: Text = { 'pt-BR': 'Decidido', en: 'Decided' };

const resultWords: Readonly<Record<string, Text>> = {
  sent: { 'pt-BR': 'Contato feito', en: 'Contact made' },
  failed: { 'pt-BR': 'O contato falhou', en: 'The contact failed' },
  cancelled: { 'pt-BR': 'O contato foi cancelado', en: 'The contact was cancelled' },
};
const reported: Text = { 'pt-BR': 'Desfecho informado', en: 'Outcome reported' };

const consentWords: Readonly<Record<ConsentEventKind, Text>> = {
  requested: { 'pt-BR': 'Confirmação do consentimento pedida', en: 'Consent to be confirmed' },
  granted: { 'pt-BR': 'Consentimento dado', en: 'Consent granted' },
  refused: { 'pt-BR': 'Consentimento recusado', en: 'Consent refused' },
  withdrawn: { 'pt-BR': 'Consentimento retirado', en: 'Consent withdrawn' },
  renewed: { 'pt-BR': 'Consentimento renovado', en: 'Consent renewed' },
};

const subjectCreated: Text = { 'pt-BR': 'Cadastro criado', en: 'Subject recorded' };
const subjectCompleted: Text = { 'pt-BR': 'Cadastro completado', en: 'Subject completed' };
const merged: Text = {
  'pt-BR': 'Outro cadastro juntado a este',
  en: 'Another subject merged into this one',
};
const mergedInto: Text = {
  'pt-BR': 'Cadastro juntado a outro',
  en: 'Subject merged into another one',
};
const mergeUndone: Text = { 'pt-BR': 'Junção desfeita', en: 'Merge undone' };
const instructionEnded: Text = { 'pt-BR': 'Instrução encerrada', en: 'Instruction ended' };

const instructionWords: Readonly<Record<InstructionKind, Text>> = {
  pause: { 'pt-BR': 'Pausa pedida', en: 'Pause asked for' },
  objection: { 'pt-BR': 'Oposição registrada', en: 'Objection recorded' },
  block: { 'pt-BR': 'Uso dos dados suspenso', en: 'Use of the data suspended' },
  exclusion: { 'pt-BR': 'Fora dos contatos', en: 'Kept out of contacts' },
};

function instructionText(
  kind: InstructionKind,
  { until, exclusion }: Pick<InstructionContent, 'until' | 'exclusion'>,
  set: PolicySet,
): Text {
  const what = instructionWords[kind];
  const cause = exclusion === null ? null : exclusionWords[exclusion];
  const end = until === null ? null : localDate(fromIso(until) ?? 0, set.controller.timeZone);
  return {
    'pt-BR': `${what['pt-BR']}${cause === null ? '' : ` (${cause['pt-BR']})`}${end === null ? '' : ` até ${end}`}`,
    en: `${what.en}${cause === null ? '' : ` (${cause.en})`}${end === null ? '' : ` until ${end}`}`,
  };
}

/** What the record made of exclusions; null where that is nothing. */
function exclusionsText(record: ReadRecord, set: PolicySet): Text | null {
  const change = exclusionsIn(record);
  if (change === undefined) return null;
  const given = change.given.map((exclusion) => {
    const told = { ...exclusion, until: toIsoOrNull(exclusion.until) };
    const what = instructionText('exclusion', told, set);
    const about = reachText(specialOf(exclusion), set);
    return { 'pt-BR': `${what['pt-BR']}${about['pt-BR']}.`, en: `${what.en}${about.en}.` };
  });
  const ended = change.ended.map((): Text => exclusionEnded);
  return [...given, ...ended].reduce<Text | null>(together, null);
}

function eventText({ body }: ReadRecord): Text {
  const signals = Object.keys(body['signals'] as JsonObject);
  if (signals.length === 0) return activity;
  const words = signals.map(signalText);
  return {
    'pt-BR': `${activity['pt-BR']}: ${words.map((text) => text['pt-BR']).join(', ')}`,
    en: `${activity.en}: ${words.map(({ en }) => en).join(', ')}`,
  };
}

const activity: Text = { 'pt-BR': 'Atividade registrada', en: 'Activity recorded' };
const exclusionEnded: Text = { 'pt-BR': 'Exclusão encerrada.', en: 'Exclusion ended.' };

/** `: “Promoções e ofertas” por e-mail, por WhatsApp`; nothing where it is about everything. */
function reachText(reach: Reach, set: PolicySet): Text {
  const titles = reach.purposes.map((id): Text => {
    const title = set.purposes.get(id)?.title ?? { 'pt-BR': id, en: id };
    return { 'pt-BR': `“${title['pt-BR']}”`, en: `“${title.en}”` };
  });
  const ways = channels.filter((channel): channel is Channel => reach.channels.includes(channel));
  const names = ways.map((channel) => channelNames[channel]);
  if (titles.length + names.length === 0) return { 'pt-BR': '', en: '' };
  const join = (language: keyof Text): string =>
    [titles, names]
      .filter((list) => list.length > 0)
      .map((list) => list.map((text) => text[language]).join(', '))
      .join(' ');
  return { 'pt-BR': `: ${join('pt-BR')}`, en: `: ${join('en')}` };
}
