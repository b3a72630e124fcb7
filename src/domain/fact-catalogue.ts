/**
 * The fact catalogue: every name that a rule may ask for, its type and what it means. The rule
 * linter, the documentation and the console read it; facts.ts computes the values.
 */
import { consentStates } from './consent.ts';
import { contentFactCatalogue } from './content/content-facts.ts';
import { experimentFactCatalogue } from './experiments/experiment-facts.ts';
import { remainingUncapped } from './frequency.ts';
import { ageBands, ageEvidences } from './guards/age.ts';
import { causesFact } from './guards/exclusion.ts';
import { recipientStatuses, transferStatuses } from './guards/recipient.ts';
import { states } from './calendar/state.ts';
import { automatedEffects } from './guards/automated-decision.ts';
import { templateCategories } from './guards/content.ts';
import { registryStatuses } from './guards/registry.ts';
import { actions, channels, evidenceClasses, legalBases, mandatoryNotices } from './policy.ts';
import type { Text } from './text.ts';

/** `instant` values are UTC ISO 8601 with milliseconds, or null where there is none. */
export type FactType = 'string' | 'boolean' | 'number' | 'list' | 'instant';
export type FactValue = string | boolean | number | null | readonly string[];

export interface FactDeclaration {
  readonly type: FactType;
  /** The closed set of values of a string fact, where it has one. */
  readonly values?: readonly string[];
  /** Of a number fact: it is whole, and lies between these; null for no greatest. */
  readonly bounds?: { readonly min: number; readonly max: number | null };
  readonly meaning: Text;
}

/** A number of things. */
function count(pt: string, en: string, max: number | null = null): FactDeclaration {
  return { type: 'number', bounds: { min: 0, max }, meaning: { 'pt-BR': pt, en } };
}

function fact(type: FactType, pt: string, en: string, values?: readonly string[]): FactDeclaration {
  return { type, meaning: { 'pt-BR': pt, en }, ...(values === undefined ? {} : { values }) };
}

/** In the order in which a record keeps their values: new names go to the end, and none leaves. */
export const factNames = [
  'request.action',
  'request.channel',
  'request.allDataRequired',
  'purpose.status',
  'purpose.actionListed',
  'purpose.channelListed',
  'purpose.basis',
  'purpose.promotional',
  'purpose.profiling',
  'basis.fitsAction',
  'consent.state',
  'consent.evidenceClass',
  'consent.evidenceSufficient',
  'consent.noticeOnFile',
  'consent.noticeCurrent',
  'objection.onFile',
  'balancing.status',
  'balancing.priorRelation',
  'data.requested',
  'data.excess',
  'data.excessCount',
  'data.sensitive',
  'data.sensitiveCount',
  'block.active',
  'block.until',
  'exclusion.active',
  'exclusion.kinds',
  'frequency.capsReached',
  'frequency.capsReachedCount',
  'frequency.purposeRemaining',
  'frequency.retryAt',
  'clock.quiet',
  'clock.quietAction',
  'clock.quietUntil',
  'clock.holiday',
  'pause.active',
  'pause.until',
  'subject.ageBand',
  'whatsapp.optIn',
  'whatsapp.windowOpen',
  'template.category',
  'request.profiled',
  'purpose.minors',
  'purpose.adultsOnly',
  'subject.ageEvidence',
  'subject.adultProved',
  'consent.byGuardian',
  'controller.likelyAccessedByMinors',
  'recipient.status',
  'transfer.status',
  'automated.effect',
  'purpose.mandatoryNotice',
  'retention.over',
  'retention.endedAt',
  'content.repeated',
  'content.sentAt',
  'registry.status',
  'registry.names',
  'subject.state',
  'content.generatedBy',
  'content.approval',
  'content.forbidden',
  'content.forbiddenCount',
  'content.missing',
  'content.missingCount',
  'content.tone',
  'content.toneCount',
  'content.personalData',
  'content.personalDataCount',
  'content.sensitiveThemes',
  'content.sensitiveThemesCount',
  'content.unlistedLinksCount',
  'exclusion.causes',
  'experiment.name',
  'experiment.variant',
  'experiment.holdout',
  'experiment.mismatch',
] as const;

export type FactName = (typeof factNames)[number];
export type Facts = Readonly<Record<FactName, FactValue>>;

export const factCatalogue: Readonly<Record<FactName, FactDeclaration>> = {
  'request.action': fact('string', 'O que se quer fazer.', 'What the caller wants to do.', actions),
  'request.channel': fact('string', 'O canal pedido.', 'The channel asked for.', channels),
  'request.allDataRequired': fact(
    'boolean',
    'Quem pediu não aceita receber menos dados.',
    'The caller does not accept fewer data than it asked for.',
  ),
  'purpose.status': fact(
    'string',
    'Situação da finalidade.',
    'Whether the purpose is declared and active.',
    ['active', 'inactive', 'unknown'],
  ),
  'purpose.actionListed': fact(
    'boolean',
    'A finalidade prevê a ação.',
    'The purpose lists the action.',
  ),
  'purpose.channelListed': fact(
    'boolean',
    'A finalidade prevê o canal.',
    'The purpose lists the channel.',
  ),
  'purpose.basis': fact(
    'string',
    'Base legal da finalidade, ou none.',
    'Legal basis of the purpose, or none.',
    [...legalBases, 'none'],
  ),
  'purpose.promotional': fact(
    'boolean',
    'A finalidade é promocional.',
    'The purpose is promotional.',
  ),
  'purpose.profiling': fact(
    'boolean',
    'A finalidade forma perfil.',
    'The purpose profiles people.',
  ),
  'basis.fitsAction': fact(
    'boolean',
    'A base legal serve para a ação pedida.',
    'The legal basis can carry the action asked for.',
  ),
  'consent.state': fact(
    'string',
    'Situação do consentimento para a finalidade e o canal.',
    'State of the consent for the purpose and the channel.',
    consentStates,
  ),
  'consent.evidenceClass': fact(
    'string',
    'Classe da prova do consentimento, ou none.',
    'Class of the evidence of the consent, or none.',
    [...evidenceClasses, 'none'],
  ),
  'consent.evidenceSufficient': fact(
    'boolean',
    'A prova alcança a classe mínima da finalidade.',
    'The evidence reaches the minimum class of the purpose.',
  ),
  'consent.noticeOnFile': fact(
    'boolean',
    'O aviso mostrado antes do ato está registrado.',
    'The notice shown before the act is on file.',
  ),
  'consent.noticeCurrent': fact(
    'boolean',
    'Nenhuma versão posterior do aviso trouxe mudança relevante.',
    'No later version of the notice brought a material change.',
  ),
  'objection.onFile': fact('boolean', 'Há oposição registrada.', 'An objection is on file.'),
  'balancing.status': fact(
    'string',
    'Situação do teste de balanceamento.',
    'Whether the balancing test of the purpose is valid.',
    ['not_needed', 'valid', 'missing', 'not_approved', 'outdated', 'overdue'],
  ),
  'balancing.priorRelation': fact(
    'boolean',
    'Há relação anterior dentro do prazo do teste.',
    'There is a prior relation within the age that the test allows.',
  ),
  'data.requested': fact('list', 'Dados pedidos.', 'Attributes asked for.'),
  'data.excess': fact(
    'list',
    'Dados pedidos além da finalidade.',
    'Attributes asked for beyond the purpose.',
  ),
  'data.excessCount': count(
    'Quantos dados pedidos passam da finalidade.',
    'How many of the attributes asked for are beyond the purpose.',
  ),
  'data.sensitive': fact(
    'list',
    'Dados pedidos que são sensíveis ou podem revelar dados sensíveis.',
    'Attributes asked for that are sensitive or may reveal sensitive data.',
  ),
  'data.sensitiveCount': count(
    'Quantos dados pedidos são sensíveis ou podem revelar dados sensíveis.',
    'How many of the attributes asked for are sensitive or may reveal sensitive data.',
  ),
  'block.active': fact('boolean', 'O tratamento está bloqueado.', 'Processing is blocked.'),
  'block.until': fact(
    'instant',
    'Fim do bloqueio, se houver.',
    'When the block ends, where it does.',
  ),
  'exclusion.active': fact('boolean', 'Há exclusão em vigor.', 'An exclusion is in force.'),
  'exclusion.kinds': fact('list', 'Tipos de exclusão em vigor.', 'Kinds of exclusion in force.'),
  'frequency.capsReached': fact(
    'list',
    'Limites que não deixam caber um contato agora, pelo número ou pelo intervalo mínimo.',
    'Caps under which no contact fits now, for their number or their minimum gap.',
  ),
  'frequency.capsReachedCount': count(
    'Quantos limites não deixam caber um contato agora.',
    'Under how many caps no contact fits now.',
  ),
  'frequency.purposeRemaining': count(
    'Quantos contatos restam pelo número do limite mais estreito; 1000000 sem limite.',
    'Contacts left by the number of the narrowest cap; 1000000 where no cap applies.',
    remainingUncapped,
  ),
  'frequency.retryAt': fact(
    'instant',
    'Quando volta a caber um contato.',
    'When a contact fits again.',
  ),
  'clock.quiet': fact('boolean', 'Fora do horário permitido.', 'Outside the permitted hours.'),
  'clock.quietAction': fact(
    'string',
    'O que fazer fora do horário.',
    'What to do outside the permitted hours.',
    ['defer', 'deny'],
  ),
  'clock.quietUntil': fact(
    'instant',
    'Início do próximo horário permitido.',
    'Start of the next permitted hours.',
  ),
  'clock.holiday': fact(
    'boolean',
    'Agora é feriado para o titular: nacional, ou dia de um calendário que vale para ele.',
    'A holiday for the subject: a national one, or a day of a calendar that concerns the place.',
  ),
  'pause.active': fact('boolean', 'O titular pediu uma pausa.', 'The subject asked for a pause.'),
  'pause.until': fact('instant', 'Fim da pausa.', 'When the pause ends.'),
  'subject.ageBand': fact(
    'string',
    'Faixa etária do titular.',
    'Age band of the subject.',
    ageBands,
  ),
  'whatsapp.optIn': fact(
    'boolean',
    'Há autorização para receber mensagens desta empresa no WhatsApp.',
    'The person opted in to messages of this business on WhatsApp.',
  ),
  'whatsapp.windowOpen': fact(
    'boolean',
    'O titular escreveu por WhatsApp nas últimas 24 horas.',
    'The subject wrote by WhatsApp within the last 24 hours.',
  ),
  'template.category': fact(
    'string',
    'Categoria do modelo de mensagem; none para texto livre, unknown se não foi informada.',
    'Category of the message template; none for free text, unknown where it was not told.',
    [...templateCategories, 'none', 'unknown'],
  ),
  'request.profiled': fact(
    'boolean',
    'O ato forma um perfil do titular ou parte de um.',
    'The act forms a profile of the subject or rests on one.',
  ),
  'purpose.minors': fact(
    'string',
    'O que a finalidade prevê para menores de 18 anos.',
    'What the purpose says about people under 18.',
    ['deny', 'guardian-consent', 'allow'],
  ),
  'purpose.adultsOnly': fact(
    'boolean',
    'A finalidade exige prova de maioridade.',
    'The purpose asks for proof that the subject is an adult.',
  ),
  'subject.ageEvidence': fact(
    'string',
    'De onde se sabe a faixa etária, ou none.',
    'Where the age band is known from, or none.',
    [...ageEvidences, 'none'],
  ),
  'subject.adultProved': fact(
    'boolean',
    'A maioridade está provada como a finalidade exige.',
    'The subject is shown to be an adult as the purpose asks.',
  ),
  'consent.byGuardian': fact(
    'boolean',
    'Um responsável legal verificado deu o consentimento.',
    'A guardian who was verified gave the consent.',
  ),
  'controller.likelyAccessedByMinors': fact(
    'boolean',
    'É provável que menores usem o serviço.',
    'Minors are likely to use the service.',
  ),
  'recipient.status': fact(
    'string',
    'Se quem recebe os dados está declarado para a finalidade.',
    'Whether who gets the data is declared for the purpose.',
    recipientStatuses,
  ),
  'transfer.status': fact(
    'string',
    'Se os dados podem ir ao país de quem os recebe.',
    'Whether data may go to the country of who gets them.',
    transferStatuses,
  ),
  'automated.effect': fact(
    'string',
    'O que a decisão pode afetar: preço, crédito, acesso ou nada.',
    'What the decision may affect: a price, credit, eligibility, or nothing.',
    automatedEffects,
  ),
  'purpose.mandatoryNotice': fact(
    'string',
    'Comunicação que a lei obriga a fazer: incidente, recall, aviso legal ou nenhuma.',
    'A notice that the law orders: an incident, a recall, a legal notice, or none.',
    [...mandatoryNotices, 'none'],
  ),
  'retention.over': fact(
    'boolean',
    'O prazo de uso dos dados para a finalidade terminou.',
    'The term for using the data for the purpose is over.',
  ),
  'retention.endedAt': fact('instant', 'Quando esse prazo terminou.', 'When that term ended.'),
  'content.repeated': fact(
    'boolean',
    'O titular já recebeu o mesmo conteúdo dentro do prazo da política.',
    'The subject got the same content within the time of the policy.',
  ),
  'content.sentAt': fact(
    'instant',
    'Quando recebeu o mesmo conteúdo, dentro desse prazo.',
    'When the subject got the same content, within that time.',
  ),
  'registry.status': fact(
    'string',
    'O que os cadastros de bloqueio dizem do número; unknown ou outdated se não dá para conferir.',
    'What do-not-contact registries say of the number; unknown or outdated where none can tell.',
    registryStatuses,
  ),
  'registry.names': fact(
    'list',
    'Cadastros que impedem o contato.',
    'Registries that stand against the contact.',
  ),
  'subject.state': fact(
    'string',
    'Estado (UF) do endereço informado, senão do DDD; unknown se não se sabe.',
    'State of the declared address, else of the area code; unknown where neither tells.',
    [...states, 'unknown'],
  ),
  ...contentFactCatalogue,
  'exclusion.causes': causesFact,
  ...experimentFactCatalogue,
};
