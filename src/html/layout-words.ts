/** What stands around every page, in both languages. */
import type { Locale } from '../domain/text.ts';

interface LayoutWords {
  readonly skip: string;
  /** The other language, by its own name. */
  readonly otherLanguage: string;
  readonly signOut: string;
  readonly pages: string;
  readonly ownPages: Readonly<Record<'preferences' | 'why' | 'data', string>>;
  readonly controller: string;
  readonly dpo: string;
  readonly human: string;
  readonly authority: string;
  readonly authorityLink: string;
}

const pt: LayoutWords = {
  skip: 'Pular para o conteúdo',
  otherLanguage: 'English',
  signOut: 'Sair',
  pages: 'Suas páginas',
  ownPages: { preferences: 'Escolhas', why: 'Por quê', data: 'Meus dados' },
  controller: 'Quem responde pelos seus dados',
  dpo: 'Encarregado pelos dados:',
  human: 'Falar com uma pessoa:',
  authority: 'Não resolveu? Você pode reclamar à',
  authorityLink: 'ANPD, a autoridade de proteção de dados',
};

const en: LayoutWords = {
  skip: 'Skip to the content',
  otherLanguage: 'Português',
  signOut: 'Sign out',
  pages: 'Your pages',
  ownPages: { preferences: 'Choices', why: 'Why', data: 'My data' },
  controller: 'Who answers for your data',
  dpo: 'Data protection officer:',
  human: 'Talk to a person:',
  authority: 'Not settled? You may complain to the',
  authorityLink: 'ANPD, the Brazilian data protection authority',
};

export const layoutWords: Readonly<Record<Locale, LayoutWords>> = { 'pt-BR': pt, en };
