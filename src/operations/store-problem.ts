/** What a caller is told when the store fails under an operation. */
import { Problem } from '../domain/problem.ts';
import { StoreFailure } from '../store/port.ts';

/** Null for what is not a failure of the store, or is a fault of the program that used it. */
export function storeProblem(error: unknown): Problem | null {
  if (!(error instanceof StoreFailure)) return null;
  switch (error.code) {
    case 'busy':
      return new Problem(
        'overloaded',
        {
          'pt-BR': 'Nada foi gravado. Tente de novo em instantes.',
          en: 'Nothing was recorded. Try again shortly.',
        },
        { retryAfterSeconds: 1 },
      );
    case 'full':
      return new Problem('store-full', {
        'pt-BR': 'Falta espaço em disco no servidor.',
        en: 'The server is out of disk space.',
      });
    case 'unavailable':
    case 'closed':
      return new Problem(
        'store-unavailable',
        {
          'pt-BR': 'Repita o pedido com a mesma Idempotency-Key: ele pode ter sido gravado.',
          en: 'Repeat the request under the same Idempotency-Key: it may have been recorded.',
        },
        { retryAfterSeconds: 5 },
      );
    case 'too-large':
      return null;
  }
}
