/** How it is told that somebody was erased, is about to be, or must not be yet. */
import { litigationArticle } from '../../domain/erasure/erasure.ts';
import { toIso } from '../../domain/calendar/instant.ts';
import type { LegalHold } from '../../domain/erasure/legal-hold.ts';
import type { Instruction } from '../../domain/instruction.ts';
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import { readTombstone } from './tombstone.ts';

const retrySeconds = 2;

/** Null where there is no tombstone under the id. */
export async function erasedProblem(gate: Gate, subject: string): Promise<Problem | null> {
  const erased = readTombstone(await gate.store.get('subjects', subject));
  if (erased === null) return null;
  const { article, at, erasure } = erased;
  return new Problem('subject-erased', {
    'pt-BR': `Eliminado em ${at}, ${article}; eliminação ${erasure}.`,
    en: `Erased at ${at}, ${article}; erasure ${erasure}.`,
  });
}

/** `erasure` is what took it: that of the person, or a retention run. */
export function recordErased(erasure: string): Problem {
  if (erasure.startsWith('rtr_')) {
    return new Problem('record-erased', {
      'pt-BR': `O prazo de guarda terminou; execução da retenção ${erasure}.`,
      en: `The time for which it is kept is over; retention run ${erasure}.`,
    });
  }
  return new Problem('record-erased', {
    'pt-BR': `O titular foi eliminado, e com ele este conteúdo; eliminação ${erasure}.`,
    en: `The subject was erased, and this content with it; erasure ${erasure}.`,
  });
}

/**
 * Of a subject that somebody else was merged into, and parted from, before being erased; or of one
 * whose events have served.
 */
export function historyErased(): Problem {
  return new Problem('record-erased', {
    'pt-BR':
      'Parte da história deste titular se foi: era de outra pessoa, que foi eliminada, ou o ' +
      'prazo de guarda terminou.',
    en:
      'Part of the history of this subject is gone: it was that of another person, who was ' +
      'erased, or the time for which it is kept is over.',
  });
}

export function erasureUnderWay(erasure: string): Problem {
  return new Problem(
    'erasure-under-way',
    {
      'pt-BR': `Nada mais se grava nem se permite sobre este titular; eliminação ${erasure}.`,
      en: `Nothing more is recorded or permitted about this subject; erasure ${erasure}.`,
    },
    { retryAfterSeconds: retrySeconds },
  );
}

/** Whether a problem is that the subject is erased, or about to be. */
export function isErasure({ code }: Problem): boolean {
  return code === 'subject-erased' || code === 'erasure-under-way';
}

/** Somebody ordered that all of it is kept. */
export function heldByOrder({ id, until }: LegalHold): Problem {
  return new Problem(
    'erasure-refused',
    {
      'pt-BR': `Guarda legal ${id}: guardado até ${toIso(until)}, ${litigationArticle}.`,
      en: `Legal hold ${id}: kept until ${toIso(until)}, ${litigationArticle}.`,
    },
    {
      errors: [
        { pointer: '/subject', message: 'held', expected: `the end of the hold, ${toIso(until)}` },
      ],
    },
  );
}

/** Proceedings are under way, in which these data are the defence of one of the two. */
export function heldByLitigation({ id, until }: Instruction): Problem {
  const end = until === null ? null : toIso(until);
  const pt = end === null ? 'até que a exclusão seja encerrada' : `até ${end}`;
  const en = end === null ? 'until the exclusion is ended' : `until ${end}`;
  return new Problem('erasure-refused', {
    'pt-BR':
      `Há um processo em curso (exclusão ${id}): guardado ${pt}, ${litigationArticle}. ` +
      'Enquanto isso, um bloqueio suspende todo o uso (art. 18, IV).',
    en:
      `Proceedings are under way (exclusion ${id}): kept ${en}, ${litigationArticle}. ` +
      'A block suspends every use meanwhile (art. 18, IV).',
  });
}
