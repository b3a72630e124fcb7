/** openapi.yaml itself, and what it says about a request that does not follow it. */
import { expect } from 'chai';
import { areas } from '../../src/policies/diff/names.ts';
import { problemCodes } from '../../src/domain/problems/problem-code.ts';
import type { OperationId } from '../../src/http/routes.ts';
import { isNode, type Node } from '../../src/http/contract/openapi-document.ts';
import { bodyOf, contract, ids } from './gate.ts';

type Visit = (node: Node, pointer: string) => void;

function walk(node: unknown, visit: Visit, pointer = ''): void {
  if (!isNode(node) || /\/examples?(\/|$)/.test(pointer)) return;
  visit(node, pointer);
  for (const [key, value] of Object.entries(node)) walk(value, visit, `${pointer}/${key}`);
}

function faultsOf(find: (node: Node) => boolean): string[] {
  const found: string[] = [];
  walk(contract.document.root, (node, pointer) => {
    if (find(node)) found.push(pointer);
  });
  return found;
}

const lacks = (node: Node, ...names: readonly string[]): boolean =>
  names.every((name) => node[name] === undefined);

describe('openapi.yaml', () => {
  it('says of every object whether it takes what it does not name', () => {
    const open = faultsOf(
      (node) => node['type'] === 'object' && lacks(node, 'additionalProperties'),
    );
    expect(open).to.deep.equal([]);
  });

  it('leaves only JSON-LD open', () => {
    const open = faultsOf((node) => node['additionalProperties'] === true);
    expect(
      open.every((pointer) => pointer.startsWith('/components/schemas/LinkedReceipt')),
    ).to.equal(true);
  });

  it('limits every text and every list', () => {
    const endless = faultsOf((node) => {
      if (node['type'] === 'array') return lacks(node, 'maxItems');
      return node['type'] === 'string' && lacks(node, 'maxLength', 'enum', 'const');
    });
    expect(endless).to.deep.equal([]);
  });

  it('states for every operation who may call it', () => {
    for (const [path, item] of Object.entries(contract.document.root['paths'] as Node)) {
      for (const [method, operation] of Object.entries(item as Node)) {
        const { security } = operation as Node;
        expect(Array.isArray(security), `${method} ${path}`).to.equal(true);
      }
    }
  });

  it('lists the problem codes of the catalogue, and no other', () => {
    const listed = contract.document.at(['components', 'schemas', 'ProblemCode'])?.node['enum'];
    expect(listed).to.deep.equal(problemCodes);
  });

  it('lists the things of a set that may differ', () => {
    const area = ['components', 'schemas', 'PolicyChange', 'properties', 'area'];
    expect(contract.document.at(area)?.node['enum']).to.deep.equal(areas);
  });

  it('gives a valid example of every body', () => {
    for (const id of ids) {
      if (!contract.mediaTypes(id).includes('application/json')) continue;
      expect(contract.bodyErrors(id, bodyOf(id), 'en'), id).to.deep.equal([]);
    }
  });
});

const decision = {
  subject: { type: 'email', value: 'ana@example.com' },
  action: 'send',
  purpose: 'promocoes',
  channel: 'email',
};
const candidate = { action: 'send', purpose: 'promocoes', channel: 'email' };
const consent = {
  subject: decision.subject,
  event: 'granted',
  purpose: 'promocoes',
  channels: ['email'],
  occurredAt: '2026-11-03T12:00:00Z',
};
const notice = { id: 'promocoes', locale: 'en', digest: `sha256:${'0'.repeat(64)}` };
const event = {
  id: 'e-1',
  type: 'view_item',
  subject: decision.subject,
  occurredAt: '2026-11-24T11:00:00-03:00',
};

/** Operation, body, pointer, and part of what is expected there. */
const refused: readonly (readonly [OperationId, unknown, string, string])[] = [
  ['createBestDecision', { subject: decision.subject }, '/candidates', '1 to 20'],
  ['createBestDecision', { subject: decision.subject, candidates: [] }, '/candidates', '1 to 20'],
  [
    'createBestDecision',
    { subject: decision.subject, candidates: [{ ...candidate, score: '1' }] },
    '/candidates/0/score',
    'number',
  ],
  [
    'createBestDecision',
    { subject: decision.subject, candidates: [{ ...candidate, subject: decision.subject }] },
    '/candidates/0/subject',
    'one of: action',
  ],
  ['createDecision', null, '', 'object with subject, action, purpose, channel'],
  ['createDecision', [], '', 'object with subject'],
  ['createDecision', { ...decision, action: 'sned' }, '/action', 'one of: send, show, profile'],
  ['createDecision', { ...decision, chanel: 'x' }, '/chanel', 'did you mean channel?'],
  ['createDecision', { ...decision, zzzzzz: 'x' }, '/zzzzzz', 'one of: subject, action'],
  ['createDecision', { ...decision, 'a/b~': 1 }, '/a~1b~0', 'one of: subject'],
  ['createDecision', { ...decision, subject: { type: 'email' } }, '/subject/value', '1 to 320'],
  ['createDecision', { ...decision, recipient: 'Acme' }, '/recipient', 'such as meta'],
  ['createDecision', { ...decision, permit: 'yes' }, '/permit', 'true or false'],
  ['createDecision', { ...decision, data: ['a', 'a'] }, '/data', 'items that all differ'],
  ['createDecision', { ...decision, data: ['a b'] }, '/data/0', 'such as first_name'],
  ['createDecision', { ...decision, purpose: '' }, '/purpose', 'such as promocoes'],
  [
    'createDecision',
    {
      ...decision,
      criteria: { score: { name: 'p', value: 1, meaning: { 'pt-BR': 'a', fr: 'b' } } },
    },
    '/criteria/score/meaning/fr',
    'one of: pt-BR, en',
  ],
  ['createDecision', { ...decision, asOf: event.occurredAt }, '/asOf', 'one of: subject'],
  ['dryRunDecision', { ...decision, asOf: '2026-11-24' }, '/asOf', 'RFC 3339'],
  ['dryRunDecision', { ...decision, asOf: '2026-11-24 10:00:00Z' }, '/asOf', 'RFC 3339'],
  ['dryRunDecision', { ...decision, asOf: '2026-02-30T10:00:00Z' }, '/asOf', 'RFC 3339'],
  ['dryRunDecision', { ...decision, asOf: '2026-11-24T10:00:00' }, '/asOf', 'RFC 3339'],
  ['dryRunDecision', { ...decision, policySet: 'latest' }, '/policySet', '^sha256:'],
  ['recordConsent', { ...consent, channels: [] }, '/channels', 'list of 1 to 9 items'],
  ['recordConsent', { ...consent, notice }, '/notice/version', 'whole number'],
  [
    'recordConsent',
    { ...consent, evidence: { class: 'oral' } },
    '/evidence/class',
    'one of: marker',
  ],
  [
    'recordConsent',
    { ...consent, evidence: { class: 'native', ip: 'localhost' } },
    '/evidence/ip',
    'IPv4 address or IPv6 address',
  ],
  ['createPause', { reason: 'férias' }, '/until', 'RFC 3339'],
  ['createBlock', { until: 'amanhã' }, '/until', 'RFC 3339'],
  ['createBlock', { purposes: ['*', '*'] }, '/purposes', 'items that all differ'],
  ['createExclusion', { kind: 'spite' }, '/kind', 'one of: bought'],
  ['recordEvents', 5, '', 'object with id, type, subject, occurredAt or list of 1 to 500 items'],
  ['recordEvents', [], '', 'list of 1 to 500 items'],
  ['recordEvents', { ...event, type: 'viewed' }, '/type', 'one of: view_item'],
  ['recordEvents', [event, { ...event, id: 7 }], '/1/id', 'text of 1 to 128 characters'],
  [
    'recordEvents',
    { ...event, properties: { item: 1 } },
    '/properties/item',
    'did you mean items?',
  ],
  ['putSubject', { identifiers: [] }, '/identifiers', 'list of 1 to 20 items'],
  ['unsubscribe', {}, '/List-Unsubscribe', 'One-Click'],
];

describe('a body that does not follow the contract', () => {
  for (const [id, body, pointer, words] of refused) {
    it(`of ${id} is told ${pointer === '' ? 'as a whole' : pointer}: ${words}`, () => {
      const errors = contract.bodyErrors(id, body, 'en');
      expect(errors.map((error) => error.pointer)).to.deep.equal([pointer]);
      expect(errors[0]?.expected).to.include(words);
    });
  }

  it('is told every fault at once, in Portuguese too', () => {
    const errors = contract.bodyErrors('createDecision', { subject: {}, acton: 'send' }, 'pt-BR');
    expect(errors.map((error) => `${error.pointer} ${error.message}`)).to.have.members([
      '/action falta',
      '/purpose falta',
      '/channel falta',
      '/acton não faz parte do contrato',
      '/subject/type falta',
      '/subject/value falta',
    ]);
  });

  it('is never told its own values', () => {
    const errors = contract.bodyErrors(
      'createDecision',
      { ...decision, subject: { type: 'ana@example.com', value: 'x'.repeat(400) } },
      'en',
    );
    expect(JSON.stringify(errors)).not.to.match(/ana@example|xxxx/);
  });

  it('is told its first fault fast where it is long', () => {
    const before = performance.now();
    const errors = contract.bodyErrors(
      'recordEvents',
      Array.from({ length: 60_000 }, () => 1),
      'en',
    );
    expect(errors.length).to.be.greaterThan(0);
    expect(performance.now() - before).to.be.lessThan(500);
  });
});

describe('parameters', () => {
  it('are read as what they are, with their defaults', () => {
    const given = { limit: '20', channel: 'email' };
    expect(contract.checkParameters('listDecisions', 'query', given, 'en')).to.deep.equal({
      errors: [],
      values: { limit: 20, channel: 'email' },
    });
    expect(contract.checkParameters('listDecisions', 'query', {}, 'en').values).to.deep.equal({
      limit: 50,
    });
  });

  const bad: readonly (readonly [Record<string, unknown>, string, string])[] = [
    [{ limit: '0' }, '/query/limit', 'whole number from 1 to 200'],
    [{ limit: '201' }, '/query/limit', 'whole number from 1 to 200'],
    [{ limit: '' }, '/query/limit', 'whole number'],
    [{ limit: '1.5' }, '/query/limit', 'whole number'],
    [{ limit: ['1', '2'] }, '/query/limit', 'whole number'],
    [{ outcom: 'deny' }, '/query/outcom', 'did you mean outcome?'],
    [{ 'subject.type': 'email' }, '/query/subject.type', 'id'],
    [{ 'subject.value': 'ana@example.com' }, '/query/subject.value', 'such as sub_'],
    [{ from: 'ontem' }, '/query/from', 'RFC 3339'],
  ];
  for (const [query, pointer, words] of bad) {
    it(`refuse ${JSON.stringify(query)}`, () => {
      const { errors } = contract.checkParameters('listDecisions', 'query', query, 'en');
      expect(errors.map((error) => error.pointer)).to.deep.equal([pointer]);
      expect(errors[0]?.expected).to.include(words);
    });
  }
});

describe('an answer', () => {
  const answer = (status: number, mediaType: string, body: unknown): string | null =>
    contract.answerFault('readHealth', { status, mediaType, body });

  it('is held to its status, its media type and its shape', () => {
    expect(answer(200, 'application/json', { status: 'ok' })).to.equal(null);
    expect(answer(200, 'application/json', { status: 'ok', more: 1 })).to.include('/more');
    expect(answer(200, 'text/html', '')).to.include('text/html is not in the contract');
    expect(answer(201, 'application/json', {})).to.include('201 is not in the contract');
  });
});
