/**
 * Purposes that art. 8 §4 would call generic: whoever reads them does not know what is done with
 * the data, about what and for whom. Words tell it only roughly, so that these are warnings; what
 * is certainly empty does not load at all (purpose-law.ts).
 */
import { foldText } from '../../domain/content/folded-text.ts';
import { countPhrases, phraseTree } from '../../domain/content/phrase.ts';
import type { PolicySet, Purpose } from '../../domain/policy.ts';
import type { Locale } from '../../domain/text.ts';
import { activePurposes } from './contact.ts';
import type { Found } from './set-finding.ts';

/** Under such words anything could be done. Each is a list of its own, named by itself. */
const genericPhrases: Readonly<Record<Locale, readonly string[]>> = {
  'pt-BR': [
    'fins diversos',
    'diversos fins',
    'diversas finalidades',
    'finalidades diversas',
    'outras finalidades',
    'outros fins',
    'fins comerciais',
    'fins de marketing',
    'finalidades comerciais',
    'entre outros',
    'entre outras',
    'dentre outros',
    'dentre outras',
    'etc',
    'e afins',
    'e similares',
    'melhorar sua experiência',
    'melhorar a sua experiência',
    'melhorar a experiência',
    'melhorar nossos serviços',
    'melhorar os nossos serviços',
    'aprimorar sua experiência',
    'aprimorar nossos serviços',
    'aprimorar nossos produtos',
    'experiência personalizada',
    'quando necessário',
    'sempre que necessário',
    'a nosso critério',
    'conforme a necessidade',
    'comunicações em geral',
    'comunicação em geral',
    'assuntos de seu interesse',
    'assuntos do seu interesse',
    'conteúdos relevantes',
    'qualquer finalidade',
    'todas as finalidades',
    'fins legítimos',
    'interesses da empresa',
    'interesse da empresa',
    'uso interno',
    'dados em geral',
    'terceiros em geral',
  ],
  en: [
    'various purposes',
    'other purposes',
    'any purpose',
    'all purposes',
    'business purposes',
    'commercial purposes',
    'marketing purposes',
    'among others',
    'among other things',
    'and the like',
    'and so on',
    'etc',
    'improve your experience',
    'improve our services',
    'enhance your experience',
    'personalised experience',
    'personalized experience',
    'as needed',
    'when necessary',
    'at our discretion',
    'relevant content',
    'things that may interest you',
    'internal use',
    'legitimate purposes',
  ],
};

/** Words that a description has beyond those of the title; fewer add nothing to it. */
const ownWordsMin = 5;

const trees = {
  'pt-BR': treeOf(genericPhrases['pt-BR']),
  en: treeOf(genericPhrases.en),
} as const;

function treeOf(phrases: readonly string[]): ReturnType<typeof phraseTree> {
  return phraseTree(phrases.map((phrase) => ({ name: phrase, phrases: [phrase] })));
}

/** The first generic phrase of a text, or null. */
export function genericPhraseIn(text: string, locale: Locale): string | null {
  const [first = null] = countPhrases(trees[locale], foldText(text)).keys();
  return first;
}

const locales = ['pt-BR', 'en'] as const;
const law = 'LGPD art. 8, §4 voids generic authorisations';
const advice = 'say what is done, about what, with which data and for whom';

export function purposeFindings(set: PolicySet): readonly Found[] {
  const purposes = activePurposes(set);
  return [...purposes.flatMap(genericWords), ...purposes.flatMap(emptyWords), ...alike(purposes)];
}

function genericWords(purpose: Purpose): readonly Found[] {
  return (['title', 'description'] as const).flatMap((field) =>
    locales.flatMap((locale): Found[] => {
      const phrase = genericPhraseIn(purpose[field][locale], locale);
      if (phrase === null) return [];
      const at = { file: `purposes/${purpose.id}.yaml`, way: [field, locale] };
      const message = `"${phrase}" could mean anything: ${law}`;
      return [{ code: 'purpose-generic', at, message, advice }];
    }),
  );
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [];
}

/** A description that says the title again, at any length. */
function emptyWords({ id, title, description }: Purpose): readonly Found[] {
  return locales.flatMap((locale): Found[] => {
    const named = new Set(wordsOf(title[locale]));
    const own = new Set(wordsOf(description[locale]).filter((word) => !named.has(word)));
    if (own.size >= ownWordsMin) return [];
    const at = { file: `purposes/${id}.yaml`, way: ['description', locale] };
    const message = `the description says little more than the title: ${law}`;
    return [{ code: 'purpose-generic', at, message, advice }];
  });
}

/** LGPD art. 6, I: two purposes that read alike are not told apart by whoever consents. */
function alike(purposes: readonly Purpose[]): readonly Found[] {
  return purposes.flatMap((purpose, index) =>
    (['title', 'description'] as const).flatMap((field): Found[] => {
      const same = (other: Purpose): boolean =>
        locales.some((locale) => other[field][locale] === purpose[field][locale]);
      const other = purposes.slice(0, index).find(same);
      if (other === undefined) return [];
      const at = { file: `purposes/${purpose.id}.yaml`, way: [field] };
      const message = `the ${field} is that of "${other.id}": nobody can tell the two apart`;
      return [{ code: 'purposes-alike', at, message, advice: 'say what only this one does' }];
    }),
  );
}
