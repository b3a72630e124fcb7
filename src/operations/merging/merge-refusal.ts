/** Why two subjects cannot be merged, and why a merge cannot be undone. */
import { isInForce, instructionsMax } from '../../domain/instruction.ts';
import { type MergedOne, mergedMax } from '../../domain/merging/merge.ts';
import { Problem } from '../../domain/problem.ts';
import { attributesMax, identifiersMax } from '../../domain/subject.ts';
import { erasureUnderWay } from '../erasure/erasure-problem.ts';
import { limitReached } from '../subjects/subject-change.ts';
import type { SubjectFile } from '../subjects/subject-file.ts';
import { subjectUnknown } from '../subjects/subject-lookup.ts';

export function mergeRefused(
  asked: { readonly survivor: string; readonly other: string },
  survivor: SubjectFile | null,
  other: SubjectFile | null,
): Problem | null {
  if (asked.survivor === asked.other) return sameSubject();
  if (survivor === null) return subjectUnknown();
  if (other === null) return otherUnknown();
  const erasing = survivor.erasing ?? other.erasing;
  if (erasing !== null) return erasureUnderWay(erasing);
  const { mergedInto } = survivor.subject;
  if (mergedInto !== null) return subjectMerged('/path/id', mergedInto);
  if (other.subject.mergedInto !== null) return subjectMerged('/other', other.subject.mergedInto);
  return tooMuch(survivor, other);
}

export function subjectMerged(pointer: string, { subject }: MergedOne): Problem {
  return new Problem(
    'subject-merged',
    {
      'pt-BR': `Este titular já foi juntado a ${subject}; use esse id.`,
      en: `This subject was merged into ${subject} already; use that id.`,
    },
    { errors: [{ pointer, message: 'this subject was merged', expected: subject }] },
  );
}

export function mergeUnknown(): Problem {
  return new Problem('merge-unknown', {
    'pt-BR': 'Nenhuma junção deste titular tem este id.',
    en: 'No merge of this subject has this id.',
  });
}

export function mergeUndone(): Problem {
  return new Problem('merge-undone', {
    'pt-BR': 'Os dois titulares já estão separados; nada mudou.',
    en: 'The two subjects stand apart already; nothing changed.',
  });
}

function sameSubject(): Problem {
  return new Problem(
    'merge-with-itself',
    {
      'pt-BR': 'Informe em "other" o id do outro cadastro da mesma pessoa.',
      en: 'State in "other" the id of the other record of the same person.',
    },
    {
      errors: [
        { pointer: '/other', message: 'this is the survivor itself', expected: 'another subject' },
      ],
    },
  );
}

function otherUnknown(): Problem {
  const { code, detail } = subjectUnknown();
  return new Problem(code, detail, {
    errors: [
      { pointer: '/other', message: 'no such subject', expected: 'the id of a known subject' },
    ],
  });
}

/** Limits of one subject hold for the merged one; changes meanwhile may go a little beyond. */
function tooMuch(survivor: SubjectFile, other: SubjectFile): Problem | null {
  const [one, two] = [survivor.subject, other.subject];
  if (one.identifiers.length + two.identifiers.length > identifiersMax) {
    return limitReached(identifiersMax, 'identificadores', 'identifiers');
  }
  const names = [...Object.keys(one.attributes), ...Object.keys(two.attributes)];
  if (new Set(names).size > attributesMax) {
    return limitReached(attributesMax, 'atributos', 'attributes');
  }
  const at = Math.max(one.changedAt, two.changedAt);
  const inForce = [...one.instructions, ...two.instructions].filter((each) => isInForce(each, at));
  if (inForce.length > instructionsMax) {
    return limitReached(instructionsMax, 'instruções em vigor', 'instructions in force');
  }
  if (one.mergedFrom.length + two.mergedFrom.length >= mergedMax) {
    return limitReached(mergedMax, 'cadastros juntados', 'merged subjects');
  }
  return null;
}
