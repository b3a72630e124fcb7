/** docs/api.md: its tables are made from the contract and the catalogue, and say what they say. */
import { expect } from 'chai';
import { readFileSync, writeFileSync } from 'node:fs';
import { problemCatalogue } from '../../src/domain/problem-catalogue.ts';
import { problemCodes } from '../../src/domain/problems/problem-code.ts';
import { plainProblem, statusOf } from '../../src/http/problems.ts';
import { routes } from '../../src/http/routes.ts';
import { contract, ids } from './gate.ts';

function operationTable(): string {
  const rows = ids.map((id) => {
    const { method, path, scope } = routes[id];
    const summary = String(contract.document.at(['paths', path, method])?.node['summary']);
    const call = `\`${method.toUpperCase()} ${path}\``;
    return `| ${call} | ${summary} | ${scope === null ? 'none' : `\`${scope}\``} | \`${id}\` |`;
  });
  return ['| call | job | scope | operation |', '|---|---|---|---|', ...rows].join('\n');
}

function problemTable(): string {
  const rows = problemCodes.map((code) => {
    const { title } = problemCatalogue[code];
    return `| \`${code}\` | ${statusOf(plainProblem(code))} | ${title.en} | ${title['pt-BR']} |`;
  });
  return ['| code | status | meaning | em português |', '|---|---|---|---|', ...rows].join('\n');
}

function withTable(page: string, name: string, table: string): string {
  const [before = '', rest = ''] = page.split(`<!-- ${name} -->\n`);
  const [, after = ''] = rest.split(`\n<!-- end of ${name} -->`);
  return `${before}<!-- ${name} -->\n${table}\n<!-- end of ${name} -->${after}`;
}

describe('docs/api.md', () => {
  it('lists the operations and problems that there are (UPDATE_DOCS=1 writes them)', () => {
    const path = new URL('../../docs/api.md', import.meta.url);
    const page = readFileSync(path, 'utf8');
    const listed = withTable(page, 'operations', operationTable());
    const current = withTable(listed, 'problems', problemTable());
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(path, current);
    expect(readFileSync(path, 'utf8')).to.equal(current);
  });
});
