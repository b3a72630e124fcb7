/** The only map from problems to status codes, and the only place that writes RFC 9457. */
import { type InputError, Problem } from '../domain/problem.ts';
import { problemCatalogue } from '../domain/problem-catalogue.ts';
import type { ProblemCode, ProblemKind } from '../domain/problems/problem-code.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Locale, Text } from '../domain/text.ts';
import type { Scope } from '../operations/operation.ts';

export const problemMediaType: string = 'application/problem+json';

const statusOfKind: Readonly<Record<ProblemKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  absent: 404,
  gone: 410,
  method: 405,
  timeout: 408,
  conflict: 409,
  'too-large': 413,
  'media-type': 415,
  unprocessable: 422,
  'too-many': 429,
  internal: 500,
  unavailable: 503,
  full: 507,
};

const inputErrorsMax = 20;
const complaintsMax = 200;
const details: Partial<Record<ProblemCode, Text>> = {
  'token-missing': {
    'pt-BR': 'Envie o cabeçalho Authorization: Bearer com um token de acesso.',
    en: 'Send the header Authorization: Bearer with an access token.',
  },
  'token-invalid': {
    'pt-BR': 'Use um token JWT emitido para porteiro por uma chave que o servidor conhece.',
    en: 'Use a JWT issued for porteiro under a key that the server knows.',
  },
  'token-expired': { 'pt-BR': 'Peça um novo token.', en: 'Ask for a new token.' },
  'route-unknown': {
    'pt-BR': 'Veja em /docs os endereços que existem.',
    en: 'See /docs for the addresses that exist.',
  },
  'internal-error': {
    'pt-BR': 'Informe o requestId a quem opera o servidor.',
    en: 'Give the requestId to whoever runs the server.',
  },
};

/** A problem that says no more than its code does. */
export function plainProblem(code: ProblemCode): Problem {
  return new Problem(code, details[code] ?? problemCatalogue[code].title);
}

export function inputProblem(errors: readonly InputError[]): Problem {
  const detail = { 'pt-BR': 'Corrija o que errors aponta.', en: 'Mend what errors points at.' };
  const all = errors.length === 0 ? problemCatalogue['invalid-request'].title : detail;
  return new Problem('invalid-request', all, { errors });
}

export function statusOf(problem: Problem): number {
  return statusOfFault(problemCatalogue[problem.code].kind);
}

export function statusOfFault(kind: ProblemKind): number {
  return statusOfKind[kind];
}

export function problemBody(problem: Problem, locale: Locale, requestId: string): JsonObject {
  const { title, article } = problemCatalogue[problem.code];
  const errors = problem.errors.slice(0, inputErrorsMax).map((error) => ({ ...error }));
  const complaints = problem.complaints.slice(0, complaintsMax).map((each) => ({ ...each }));
  return {
    type: `urn:porteiro:problem:${problem.code}`,
    title: title[locale],
    status: statusOf(problem),
    detail: problem.detail[locale],
    code: problem.code,
    ...(article === undefined ? {} : { article }),
    requestId,
    ...(errors.length === 0 ? {} : { errors }),
    ...(complaints.length === 0 ? {} : { complaints }),
  };
}

function challenge(problem: Problem, scope: Scope | null): string | null {
  const realm = 'Bearer realm="porteiro"';
  switch (problem.code) {
    case 'token-missing':
      return realm;
    case 'token-invalid':
    case 'token-expired':
      return `${realm}, error="invalid_token"`;
    case 'scope-missing':
      return `${realm}, error="insufficient_scope", scope="${scope ?? ''}"`;
    default:
      return null;
  }
}

export function problemHeaders(
  problem: Problem,
  locale: Locale,
  scope: Scope | null,
): Record<string, string> {
  const headers: Record<string, string> = { 'Content-Language': locale, Vary: 'Accept-Language' };
  const asked = challenge(problem, scope);
  if (asked !== null) headers['WWW-Authenticate'] = asked;
  if (problem.retryAfterSeconds !== null) {
    headers['Retry-After'] = String(Math.max(1, Math.ceil(problem.retryAfterSeconds)));
  }
  return headers;
}
