/** Problems: the catalogue, their languages, and what becomes of a throw. */
import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { Problem } from '../../src/domain/problem.ts';
import { problemCatalogue } from '../../src/domain/problem-catalogue.ts';
import { problemCodes } from '../../src/domain/problems/problem-code.ts';
import { readLocale } from '../../src/http/locale.ts';
import { plainProblem, problemBody, statusOf } from '../../src/http/problems.ts';
import { type StoreFailureCode, StoreFailure } from '../../src/store/port.ts';
import { contract, type Gate, openGate, problemOf } from './gate.ts';

const text = { 'pt-BR': 'Detalhe.', en: 'Detail.' };

describe('the catalogue of problems', () => {
  it('has each code once, with a title in both languages', () => {
    expect(new Set(problemCodes).size).to.equal(problemCodes.length);
    for (const code of problemCodes) {
      const { title } = problemCatalogue[code];
      expect(code).to.match(/^[a-z]+(-[a-z]+)*$/);
      expect(title['pt-BR'], code).to.match(/^[A-ZÀ-Ú].*\.$/);
      expect(title.en, code).to.match(/^[A-Z].*\.$/);
      expect(title.en, code).not.to.equal(title['pt-BR']);
    }
  });

  it('has no code that nothing raises', () => {
    const folder = new URL('../../src/', import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (path) =>
        path.endsWith('.ts') &&
        !/domain\/problem-catalogue\.ts$|problems\/problem-code\.ts$|operations\/wire\.ts$/.test(
          path,
        ),
    );
    const source = files.map((path) => readFileSync(new URL(path, folder), 'utf8')).join('\n');
    const unraised = problemCodes.filter((code) => !source.includes(`'${code}'`));
    expect(unraised).to.deep.equal([]);
  });

  it('writes each as RFC 9457 in both languages, as openapi.yaml says', () => {
    for (const code of problemCodes) {
      for (const locale of ['pt-BR', 'en'] as const) {
        const problem = new Problem(code, text, {
          errors: [{ pointer: '/a', message: 'm', expected: 'e' }],
        });
        const body = problemBody(problem, locale, 'r-1');
        expect(body).to.include({
          type: `urn:porteiro:problem:${code}`,
          title: problemCatalogue[code].title[locale],
          detail: text[locale],
          status: statusOf(problem),
          requestId: 'r-1',
        });
        const answer = { status: 404, mediaType: 'application/problem+json', body };
        expect(contract.answerFault('getDecision', answer), code).to.equal(null);
      }
    }
  });

  it('never answers success', () => {
    for (const code of problemCodes) expect(statusOf(plainProblem(code))).to.be.within(400, 599);
  });
});

describe('the language of a caller', () => {
  const table: readonly (readonly [string | undefined, string])[] = [
    [undefined, 'pt-BR'],
    ['', 'pt-BR'],
    ['*', 'pt-BR'],
    ['en', 'en'],
    ['en-GB', 'en'],
    ['EN-us,en;q=0.9', 'en'],
    ['pt-PT', 'pt-BR'],
    ['de, fr', 'pt-BR'],
    ['en;q=0.5, pt;q=0.8', 'pt-BR'],
    ['pt;q=0.5,en;q=0.8', 'en'],
    ['pt-BR,en', 'pt-BR'],
    ['en;q=x', 'pt-BR'],
    ['en;q=0', 'pt-BR'],
    [`en${' '.repeat(300)}`, 'pt-BR'],
  ];
  for (const [header, locale] of table) {
    it(`of ${String(header).slice(0, 40)} is ${locale}`, () => {
      expect(readLocale(header)).to.equal(locale);
    });
  }
});

describe('what an operation gives back', () => {
  let thrown: unknown = null;
  let answer: Problem | null = null;
  let gate: Gate;
  before(async () => {
    gate = await openGate({
      createDecision: () => {
        // oxlint-disable-next-line typescript/only-throw-error -- anything can be thrown
        if (thrown !== null) throw thrown;
        return answer ?? {};
      },
    });
  });
  after(() => gate.close());

  const ask = (language = 'pt-BR'): Promise<Response> => {
    return gate.call('createDecision', { headers: { 'accept-language': language } });
  };

  it('as a problem is told in the language of the caller', async () => {
    answer = new Problem('purpose-unknown', text, { retryAfterSeconds: 2.2 });
    for (const [language, title] of [
      ['pt-BR', 'A finalidade não está declarada.'],
      ['en', 'The purpose is not declared.'],
    ] as const) {
      const response = await ask(language);
      expect(response.status).to.equal(422);
      expect(response.headers.get('content-language')).to.equal(language);
      expect(response.headers.get('retry-after')).to.equal('3');
      const problem = await problemOf(response);
      expect(problem).to.include({ title, code: 'purpose-unknown', article: 'LGPD art. 6, I' });
      expect(problem.requestId).to.equal(response.headers.get('x-request-id'));
    }
    answer = null;
  });

  const failures: readonly (readonly [StoreFailureCode, number, string, string | null])[] = [
    ['unavailable', 503, 'store-unavailable', '5'],
    ['closed', 503, 'store-unavailable', '5'],
    ['busy', 503, 'overloaded', '1'],
    ['full', 507, 'store-full', null],
    ['too-large', 500, 'internal-error', null],
  ];
  for (const [code, status, problem, retryAfter] of failures) {
    it(`as a store that is ${code} is ${problem}`, async () => {
      thrown = new StoreFailure(code, 'E11000 duplicate key ana@example.com');
      const response = await ask();
      expect(response.status).to.equal(status);
      expect(response.headers.get('retry-after')).to.equal(retryAfter);
      const body = await problemOf(response);
      expect(body.code).to.equal(problem);
      expect(JSON.stringify(body)).not.to.include('E11000');
    });
  }

  const faults = [new TypeError('x is not a function'), 'a text', undefined, { code: 'full' }];
  for (const fault of faults) {
    it(`as a throw of ${fault instanceof Error ? 'an error' : typeof fault} is a 500`, async () => {
      thrown = fault ?? new Error('undefined');
      const response = await ask();
      expect(response.status).to.equal(500);
      const problem = await problemOf(response);
      expect(problem.code).to.equal('internal-error');
      expect(JSON.stringify(problem)).not.to.match(/function|text|undefined/);
    });
  }

  it('against the contract is a 500 in tests, never an answer', async () => {
    thrown = null;
    const response = await ask();
    expect(response.status).to.equal(500);
  });
});
