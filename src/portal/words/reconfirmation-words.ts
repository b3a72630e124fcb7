/** The words of the page on which a consent is confirmed again. */
import type { Locale } from '../../domain/text.ts';

export interface ReconfirmationWords {
  readonly title: string;
  readonly lead: (purpose: string, channels: string, day: string) => string;
  readonly now: string;
  readonly brought: string;
  readonly whole: string;
  readonly wholeLead: string;
  readonly added: string;
  readonly gone: string;
  readonly ask: string;
  readonly askLead: string;
  readonly yes: string;
  readonly no: string;
  readonly link: string;
}

const pt: ReconfirmationWords = {
  title: 'O aviso mudou. Você continua de acordo?',
  lead: (purpose, channels, day) =>
    `Em ${day} você autorizou: ${purpose}, ${channels}. Depois disso o aviso mudou.`,
  now: 'Enquanto você não responde, não usamos essa autorização.',
  brought: 'O que mudou',
  whole: 'O aviso inteiro, com as mudanças marcadas',
  wholeLead: 'O que entrou leva a marca “novo”; o que deixou de valer leva a marca “saiu”.',
  added: 'novo',
  gone: 'saiu',
  ask: 'Sua resposta',
  askLead: 'Vale na hora, e dá para mudar depois.',
  yes: 'Sim, continuo de acordo',
  no: 'Não, cancelar',
  link: 'Ver o que mudou e responder',
};

const en: ReconfirmationWords = {
  title: 'The notice has changed. Do you still agree?',
  lead: (purpose, channels, day) =>
    `On ${day} you agreed to: ${purpose}, ${channels}. The notice has changed since.`,
  now: 'Until you answer we do not use that consent.',
  brought: 'What changed',
  whole: 'The whole notice, with the changes marked',
  wholeLead: 'What came in is marked “new”; what no longer holds is marked “gone”.',
  added: 'new',
  gone: 'gone',
  ask: 'Your answer',
  askLead: 'It holds at once, and you can change it later.',
  yes: 'Yes, I still agree',
  no: 'No, withdraw',
  link: 'See what changed and answer',
};

export const reconfirmationWords: Readonly<Record<Locale, ReconfirmationWords>> = {
  'pt-BR': pt,
  en,
};
