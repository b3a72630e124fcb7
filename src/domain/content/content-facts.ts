/** The facts about a text: their names, what they mean, and their values. */
import type { FactDeclaration, FactName } from '../fact-catalogue.ts';
import { approvals, type ContentFindings } from './content-finding.ts';
import { personalDataKinds, textSources } from './guardrail.ts';
import { toneExcesses } from './tone.ts';

/** Of its text alone; whether the same content went out before is another matter. */
type ContentFactName = Exclude<
  Extract<FactName, `content.${string}`>,
  'content.repeated' | 'content.sentAt'
>;

/** A list of names, and how many they are: no operator tells an empty list from a full one. */
function list(pt: string, en: string): FactDeclaration {
  return { type: 'list', meaning: { 'pt-BR': pt, en } };
}

function count(pt: string, en: string): FactDeclaration {
  return { type: 'number', bounds: { min: 0, max: null }, meaning: { 'pt-BR': pt, en } };
}

export const contentFactCatalogue: Readonly<Record<ContentFactName, FactDeclaration>> = {
  'content.generatedBy': {
    type: 'string',
    values: [...textSources, 'none'],
    meaning: {
      'pt-BR': 'Quem escreveu o texto, ou none.',
      en: 'Who wrote the text, or none where there is no text or nobody said so.',
    },
  },
  'content.approval': {
    type: 'string',
    values: approvals,
    meaning: {
      'pt-BR': 'O que uma pessoa disse do texto.',
      en: 'What a person said of the text.',
    },
  },
  'content.forbidden': list(
    'Listas de frases proibidas que ocorrem no texto.',
    'Lists of forbidden phrases that occur in the text.',
  ),
  'content.forbiddenCount': count(
    'Quantas listas de frases proibidas ocorrem.',
    'How many lists of forbidden phrases occur.',
  ),
  'content.missing': list(
    'Listas de frases exigidas que faltam no texto.',
    'Lists of required phrases that the text lacks.',
  ),
  'content.missingCount': count(
    'Quantas listas de frases exigidas faltam.',
    'How many lists of required phrases are missing.',
  ),
  'content.tone': list(
    `Limites de tom que o texto passa: ${toneExcesses.join(', ')}.`,
    `Limits of tone that the text exceeds: ${toneExcesses.join(', ')}.`,
  ),
  'content.toneCount': count(
    'Quantos limites de tom o texto passa.',
    'How many limits of tone the text exceeds.',
  ),
  'content.personalData': list(
    `Dados pessoais que o texto revela: ${personalDataKinds.join(', ')}.`,
    `Personal data that the text gives away: ${personalDataKinds.join(', ')}.`,
  ),
  'content.personalDataCount': count(
    'Quantos tipos de dado pessoal o texto revela.',
    'How many kinds of personal data the text gives away.',
  ),
  'content.sensitiveThemes': list(
    'Temas sensíveis de que o texto trata.',
    'Sensitive themes that the text touches.',
  ),
  'content.sensitiveThemesCount': count(
    'De quantos temas sensíveis o texto trata.',
    'How many sensitive themes the text touches.',
  ),
  'content.unlistedLinksCount': count(
    'Quantos endereços fora da lista o texto liga.',
    'How many hosts off the list the text links to.',
  ),
};

/** Values in the order of RFC 8785. */
export function contentFactsOf(
  findings: ContentFindings,
): Readonly<Record<ContentFactName, string | number | readonly string[]>> {
  const { forbidden, missing, personalData, sensitiveThemes, tone } = findings;
  return {
    'content.approval': findings.approval,
    'content.forbidden': forbidden,
    'content.forbiddenCount': forbidden.length,
    'content.generatedBy': findings.generatedBy,
    'content.missing': missing,
    'content.missingCount': missing.length,
    'content.personalData': personalData,
    'content.personalDataCount': personalData.length,
    'content.sensitiveThemes': sensitiveThemes,
    'content.sensitiveThemesCount': sensitiveThemes.length,
    'content.tone': tone,
    'content.toneCount': tone.length,
    'content.unlistedLinksCount': findings.unlistedLinksCount,
  };
}
