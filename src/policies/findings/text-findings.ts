/** Texts that stand in both languages and were translated into none: the same words in both. */
import type { PolicySet } from '../../domain/policy.ts';
import type { Text } from '../../domain/text.ts';
import type { FindingPlace, Found } from './set-finding.ts';

interface Placed {
  readonly at: FindingPlace;
  readonly text: Text;
}

/** Names are the same in every language; sentences of so many words are not. */
const wordsMin = 4;

/** In the files of the policies. */
export function policyTextFindings(set: PolicySet): readonly Found[] {
  return untranslated([...textsOfPurposes(set), ...textsOfAttributes(set)]);
}

/** In those of the rules. */
export function ruleTextFindings({ rules }: PolicySet): readonly Found[] {
  return untranslated(
    rules.map(({ name, text }) => ({ at: { file: `${name}.json`, way: ['text', 'en'] }, text })),
  );
}

function untranslated(texts: readonly Placed[]): readonly Found[] {
  return texts
    .filter(({ text }) => isUntranslated(text))
    .map(({ at, text }): Found => {
      const message = `the English is the Portuguese: "${text.en.slice(0, 60)}"`;
      return { code: 'text-untranslated', at, message, advice: 'a text in each language' };
    });
}

function isUntranslated(text: Text): boolean {
  const english = text.en.trim();
  return english === text['pt-BR'].trim() && english.split(/\s+/).length >= wordsMin;
}

function textsOfPurposes({ purposes }: PolicySet): readonly Placed[] {
  const fields = ['title', 'description', 'refusalConsequence'] as const;
  return [...purposes.values()].flatMap((purpose) =>
    fields.map((field) => ({
      at: { file: `purposes/${purpose.id}.yaml`, way: [field, 'en'] },
      text: purpose[field],
    })),
  );
}

function textsOfAttributes({ attributes }: PolicySet): readonly Placed[] {
  return [...attributes.values()].flatMap((attribute) =>
    (['title', 'source'] as const).map((field) => ({
      at: {
        file: 'data.yaml',
        way: ['attributes', { key: 'name', is: attribute.name }, field, 'en'],
      },
      text: attribute[field],
    })),
  );
}
