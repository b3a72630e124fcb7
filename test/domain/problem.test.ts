import { expect } from 'chai';
import { Problem } from '../../src/domain/problem.ts';
import { problemCatalogue } from '../../src/domain/problem-catalogue.ts';
import { problemCodes } from '../../src/domain/problems/problem-code.ts';

describe('problem catalogue', () => {
  it('has each code once, in kebab-case, and no other', () => {
    expect(new Set(problemCodes).size).to.equal(problemCodes.length);
    for (const code of problemCodes) expect(code).to.match(/^[a-z]+(?:-[a-z]+)*$/);
    expect(Object.keys(problemCatalogue)).to.deep.equal([...problemCodes]);
  });

  for (const code of problemCodes) {
    it(`titles ${code} in both languages`, () => {
      const { title, article } = problemCatalogue[code];
      for (const text of [title['pt-BR'], title.en]) expect(text).to.match(/^[A-Z].{5,80}\.$/);
      expect(title['pt-BR']).not.to.equal(title.en);
      if (article !== undefined) expect(article).to.match(/^LGPD art\. \d+/);
    });
  }

  it('titles no two codes alike', () => {
    for (const language of ['pt-BR', 'en'] as const) {
      const titles = problemCodes.map((code) => problemCatalogue[code].title[language]);
      expect(new Set(titles).size, language).to.equal(titles.length);
    }
  });
});

describe('problem', () => {
  const detail = { 'pt-BR': 'Texto.', en: 'Text.' };

  it('has no errors and no time to wait unless it is given them', () => {
    const problem = new Problem('overloaded', detail);
    expect(problem.code).to.equal('overloaded');
    expect(problem.detail).to.equal(detail);
    expect(problem.errors).to.deep.equal([]);
    expect(problem.retryAfterSeconds).to.equal(null);
  });

  it('carries what it is given', () => {
    const errors = [{ pointer: '/a', message: 'is missing', expected: 'a text' }];
    const problem = new Problem('invalid-request', detail, { errors, retryAfterSeconds: 0 });
    expect(problem.errors).to.equal(errors);
    expect(problem.retryAfterSeconds).to.equal(0);
  });
});
