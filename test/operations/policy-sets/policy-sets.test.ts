/** Policy sets by the API: put, listed, read, activated, rolled back, tried before they count. */
import { expect } from 'chai';
import { hourMs, minuteMs, toIso } from '../../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { Problem } from '../../../src/domain/problem.ts';
import { getDecision } from '../../../src/operations/decisions/get-decision.ts';
import { dryRunDecision } from '../../../src/operations/decisions/dry-run-decision.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import { getPolicySet } from '../../../src/operations/policy-sets/get-policy-set.ts';
import { listPolicySets } from '../../../src/operations/policy-sets/list-policy-sets.ts';
import { answered } from '../../support/contract.ts';
import { makeTestGate } from '../../support/gate.ts';
import {
  allItems,
  ana,
  bodyOf,
  call,
  codeOf,
  decide,
  grant,
  idOf,
  read,
  recordsIn,
  rulesOf,
} from '../calls.ts';
import {
  activated,
  activation,
  digestPut,
  edited,
  promotionsOff,
  put,
  type SetRequest,
  stricterCap,
  textAt,
} from './files.ts';

async function setOf(gate: Gate, digest: string, against?: string): Promise<JsonObject> {
  const query = against === undefined ? {} : { against };
  return answered('getPolicySet', await getPolicySet(gate, read({ digest }, query)));
}

async function stateOf(gate: Gate, digest: string): Promise<unknown> {
  return (await setOf(gate, digest))['state'];
}

function list(gate: Gate, query: { limit?: number; cursor?: string } = {}): Promise<JsonObject> {
  return listPolicySets(gate, call(null, { query })).then((answer) =>
    answered('listPolicySets', answer),
  );
}

const redCase: SetRequest = edited({
  'pause.json': (text) => text.replace('2026-11-24', '2026-11-25'),
  'pause.cases.yaml': (text) => text.replace('fires: true', 'fires: false'),
});

const secondPerson: SetRequest = edited({
  'controller.yaml': (text) => `${text}secondPersonActivates: true\n`,
});

const anotherAddress: SetRequest = edited({
  'controller.yaml': (text) => text.replace('Exemplo, 100', 'Exemplo, 200'),
});

describe('a policy set that is put', () => {
  it('is refused with every mistake of every file, each with its place', async () => {
    const { gate } = await makeTestGate();
    const refused = await put(
      gate,
      edited({
        'purposes/promocoes.yaml': (text) => text.replace('[whatsapp,', '[whatapp,'),
        'pause.json': (text) => text.replace('"name"', '"nome"'),
        'pause.cases.yaml': (text) => text.replace('fires: true', 'fires: maybe'),
      }),
    );
    expect(codeOf(refused)).to.equal('policy-files-invalid');
    const complaints = refused instanceof Problem ? refused.complaints : [];
    expect(complaints.map(({ path, line, column }) => `${path}:${line}:${column}`)).to.include(
      'policies/purposes/promocoes.yaml:9:12',
    );
    const paths = new Set(complaints.map(({ path }) => path));
    expect([...paths]).to.have.members([
      'policies/purposes/promocoes.yaml',
      'rules/pause.json',
      'rules/pause.cases.yaml',
    ]);
    expect((await list(gate))['items']).to.have.length(1);
  });

  it('is refused with a file that stands twice, a byte order mark, and too much text', async () => {
    const { gate } = await makeTestGate();
    const whole = edited();
    const [first] = whole.policies;
    if (first === undefined) throw new Error('no files');
    const long = `# ${'x'.repeat(200_000)}\n`;
    const notes = Array.from({ length: 11 }, (_, at) => ({ path: `a-${at}.json`, text: long }));
    const cases: readonly (readonly [SetRequest, string])[] = [
      [{ ...whole, policies: [...whole.policies, first] }, 'stands twice'],
      [edited({ 'caps.yaml': (text) => `\ufeff${text}` }), 'begins with a byte order mark'],
      [{ ...whole, rules: [...whole.rules, ...notes] }, 'policies and rules have'],
    ];
    for (const [request, words] of cases) {
      const refused = await put(gate, request);
      const told = refused instanceof Problem ? JSON.stringify(refused.complaints) : '';
      expect(told).to.include(words);
    }
  });

  it('is tested with every case green, and a draft with a red one', async () => {
    const { gate } = await makeTestGate();
    const tested = answered('putPolicySet', await put(gate, stricterCap));
    expect(tested).to.deep.include({ state: 'tested', source: 'api', clients: ['dpo'] });
    expect(tested['faults']).to.deep.equal([]);
    const red = answered('putPolicySet', await put(gate, redCase));
    expect(red).to.include({ state: 'draft' });
    const [fault] = red['faults'] as readonly JsonObject[];
    expect(fault).to.deep.include({ path: 'rules/pause.cases.yaml', line: 1, column: 3 });
    expect(codeOf(await activation(gate, textAt(red, 'digest')))).to.equal('policy-set-untested');
  });

  it('decides by conditions that its rules share, each change of which makes a set', async () => {
    const { gate } = await makeTestGate();
    await grant(gate);
    const holding = (fact: string): SetRequest => {
      const named = { stopped: { any: [{ fact, operator: 'equal', value: true }] } };
      const shared = edited({
        'pause.json': (text) => text.replace(/"all": \[[^\]]*\]/, '"condition": "stopped"'),
        'pause.cases.yaml': () => `- {name: Holds., facts: {${fact}: true}, fires: true}\n`,
      });
      const file = { path: 'conditions.json', text: JSON.stringify(named) };
      return { ...shared, rules: [...shared.rules, file] };
    };
    const first = await digestPut(gate, holding('purpose.promotional'));
    expect(await digestPut(gate, holding('pause.active'))).to.not.equal(first);
    await activation(gate, first);
    const answer = await decide(gate, { subject: ana, purpose: 'promocoes', channel: 'email' });
    expect(rulesOf(answer)).to.deep.equal(['pause']);
  });

  it('is told what gives to think, also when it is read again', async () => {
    const { gate } = await makeTestGate();
    const looser = edited({
      'caps.yaml': (text) => text.replace(/(channel: whatsapp\}\n *max: )2/, '$14'),
    });
    const filed = answered('putPolicySet', await put(gate, looser));
    const { findings, state } = filed;
    expect(state).to.equal('tested');
    const [first] = findings as readonly JsonObject[];
    expect(first).to.include({
      code: 'cap-out-of-reach',
      severity: 'warning',
      path: 'policies/caps.yaml',
      line: 17,
    });
    expect((await setOf(gate, textAt(filed, 'digest')))['findings']).to.deep.equal(findings);
  });

  it('has no findings where an earlier version put it on file', async () => {
    const { gate } = await makeTestGate();
    const digest = await digestPut(gate, stricterCap);
    const stored = await gate.store.get('policyPuts', digest);
    if (stored === null) throw new Error('no set on file');
    const { findings: _findings, ...older } = JSON.parse(stored.body) as JsonObject;
    const document = { ...stored, body: JSON.stringify(older) };
    const expectedRevision = stored.revision;
    await gate.store.write([
      { kind: 'replace', collection: 'policyPuts', document, expectedRevision },
    ]);
    expect((await setOf(gate, digest))['findings']).to.equal(null);
  });

  it('is one set with one record, however often it is put', async () => {
    const { gate } = await makeTestGate();
    const once = bodyOf(await put(gate, stricterCap));
    const before = await recordsIn(gate);
    expect(bodyOf(await put(gate, stricterCap, 'other'))).to.deep.equal(once);
    expect(await recordsIn(gate)).to.deep.equal(before);
    expect(before.at(-1)).to.include({ kind: 'policy-set', client: 'dpo', subject: null });
  });

  it('has the files of the last put, and all who put it', async () => {
    const { gate } = await makeTestGate();
    const digest = await digestPut(gate, stricterCap);
    const commented = {
      ...stricterCap,
      policies: stricterCap.policies.map((file) =>
        file.path === 'data.yaml' ? { ...file, text: `# Reviewed.\n${file.text}` } : file,
      ),
    };
    expect(await digestPut(gate, commented, 'other')).to.equal(digest);
    const shown = await setOf(gate, digest);
    expect(shown['clients']).to.deep.equal(['dpo', 'other']);
    expect(JSON.stringify(shown['files'])).to.include('# Reviewed.');
  });

  it('says in words what it changes', async () => {
    const { gate } = await makeTestGate();
    const { diff } = answered('putPolicySet', await put(gate, stricterCap));
    expect(JSON.stringify(diff)).to.include(
      'Promoções e ofertas por WhatsApp: o limite passa de 2 para 1 por semana.',
    );
  });
});

describe('the list of policy sets', () => {
  it('has the last put first, in pages of any length', async () => {
    const { gate } = await makeTestGate();
    const digests = [gate.policies.active().set.digest];
    for (const request of [stricterCap, promotionsOff, anotherAddress]) {
      digests.unshift(await digestPut(gate, request));
    }
    for (const limit of [1, 3, 50]) {
      const items = await allItems((more) => list(gate, { limit, ...more }));
      expect(items.map(({ digest }) => digest)).to.deep.equal(digests);
      expect(items.map(({ state }) => state)).to.deep.equal([
        'tested',
        'tested',
        'tested',
        'active',
      ]);
    }
    expect(codeOf(await listPolicySets(gate, call(null, { query: { cursor: 'abc' } })))).to.equal(
      'invalid-cursor',
    );
  });
});

describe('a policy set that is asked for', () => {
  it('is absent under a digest that nobody put', async () => {
    const { gate } = await makeTestGate();
    const digest = `sha256:${'0'.repeat(64)}`;
    expect(codeOf(await getPolicySet(gate, read({ digest })))).to.equal('policy-set-absent');
    expect(codeOf(await activation(gate, digest))).to.equal('policy-set-absent');
    const against = await getPolicySet(
      gate,
      read({ digest: await digestPut(gate, stricterCap) }, { against: digest }),
    );
    expect(codeOf(against)).to.equal('policy-set-absent');
  });

  it('is compared with the one in force, or with another', async () => {
    const { gate } = await makeTestGate();
    const first = gate.policies.active().set.digest;
    const digest = await digestPut(gate, stricterCap);
    expect((await setOf(gate, digest))['diff']).to.include({ from: first, to: digest });
    expect((await setOf(gate, digest, digest))['diff']).to.equal(null);
    expect((await setOf(gate, first))['diff']).to.equal(null);
  });
});

describe('a policy set that is activated', () => {
  it('decides from the answer on, and is superseded by the next', async () => {
    const { gate, clock } = await makeTestGate();
    const first = gate.policies.active().set.digest;
    await grant(gate);
    expect(await decide(gate)).to.include({ outcome: 'allow', policySet: first });
    const off = await digestPut(gate, promotionsOff);
    const answer = answered('activatePolicySet', await activation(gate, off));
    expect(answer).to.include({ digest: off, previous: first, client: 'diretoria' });
    expect(await decide(gate)).to.include({ outcome: 'deny', policySet: off });
    expect([await stateOf(gate, first), await stateOf(gate, off)]).to.deep.equal([
      'superseded',
      'active',
    ]);
    clock.advance(24 * hourMs);
    const back = answered('activatePolicySet', await activation(gate, first));
    expect(back).to.include({ digest: first, previous: off });
    expect(await decide(gate)).to.include({ outcome: 'allow', policySet: first });
    const shown = await setOf(gate, first);
    expect((shown['activations'] as readonly unknown[]).length).to.equal(2);
  });

  it('leaves a record with the reason, and decisions their own set', async () => {
    const { gate, clock } = await makeTestGate();
    await grant(gate);
    const asked = await decide(gate);
    clock.advance(minuteMs);
    const between = toIso(clock.read());
    clock.advance(minuteMs);
    const made = await activated(gate, promotionsOff);
    const record = (await recordsIn(gate)).at(-1);
    expect(record).to.include({ id: made['id'], kind: 'policy-activation', client: 'diretoria' });
    expect(record?.body).to.include({ reason: 'asked by the DPO', source: 'api' });
    const why = bodyOf(await getDecision(gate, read({ id: idOf(asked) })));
    expect(why['policySet']).to.equal(asked['policySet']);
    const act = { subject: ana, action: 'send', purpose: 'promocoes', channel: 'email' } as const;
    const then = bodyOf(await dryRunDecision(gate, call({ ...act, asOf: between })));
    expect(then['policySet']).to.equal(asked['policySet']);
    const now = bodyOf(await dryRunDecision(gate, call(act)));
    expect(now).to.include({ outcome: 'deny', policySet: made['digest'] });
  });

  it('is activated once under one key, and answered the same', async () => {
    const { gate } = await makeTestGate();
    const digest = await digestPut(gate, stricterCap);
    const once = bodyOf(await activation(gate, digest, { key: 'k' }));
    expect(bodyOf(await activation(gate, digest, { key: 'k' }))).to.deep.equal(once);
    expect(codeOf(await activation(gate, digest, { key: 'k', reason: 'another' }))).to.equal(
      'idempotency-key-reused',
    );
    expect(codeOf(await activation(gate, digest))).to.equal('policy-set-active');
  });

  it('needs another person where the set in force says so', async () => {
    const { gate } = await makeTestGate();
    await activated(gate, secondPerson);
    const digest = await digestPut(gate, anotherAddress, 'dpo');
    expect(codeOf(await activation(gate, digest, { client: 'dpo' }))).to.equal(
      'second-person-required',
    );
    const commented = {
      ...anotherAddress,
      policies: anotherAddress.policies.map((file) => ({ ...file, text: `${file.text}\n` })),
    };
    // Notices are part of the set to the byte: only YAML may grow a line.
    const same = {
      ...commented,
      policies: commented.policies.map((file, at) =>
        file.path.endsWith('.md') ? (anotherAddress.policies[at] ?? file) : file,
      ),
    };
    expect(await digestPut(gate, same, 'other')).to.equal(digest);
    for (const client of ['dpo', 'other']) {
      expect(codeOf(await activation(gate, digest, { client }))).to.equal('second-person-required');
    }
    expect(bodyOf(await activation(gate, digest, { client: 'third' }))).to.include({ digest });
  });

  it('tells of a material change, or is refused', async () => {
    const { gate, clock } = await makeTestGate();
    const first = gate.policies.active().set.digest;
    await grant(gate);
    const moreData = (text: string): string => text.replace('data: [first_name]', 'data: []');
    const silent = edited({ 'purposes/promocoes.yaml': moreData });
    const refused = await activation(gate, await digestPut(gate, silent));
    expect(codeOf(refused)).to.equal('material-change-undeclared');
    const told = withNotice(silent, { material: true });
    const answer = answered(
      'activatePolicySet',
      await activation(gate, await digestPut(gate, told)),
    );
    expect(answer['consents']).to.have.length(1);
    const [effect] = answer['consents'] as readonly JsonObject[];
    expect(effect).to.deep.include({ purpose: 'promocoes', effect: 'reconfirm', fields: ['data'] });
    expect(JSON.stringify(effect)).to.include('precisam ser confirmadas de novo');
    expect(await decide(gate)).to.include({ outcome: 'deny' });
    clock.advance(hourMs);
    bodyOf(await activation(gate, first));
    expect(await decide(gate)).to.include({ outcome: 'allow' });
  });

  it('lets consents stand where the notice is to be highlighted', async () => {
    const { gate } = await makeTestGate();
    await grant(gate);
    const fewer = edited({
      'purposes/promocoes.yaml': (text) => text.replace('data: [first_name]', 'data: []'),
    });
    const answer = await activated(gate, withNotice(fewer, { material: false }));
    const [effect] = answer['consents'] as readonly JsonObject[];
    expect(effect).to.deep.include({
      effect: 'highlight',
      notice: { id: 'promocoes', version: 4 },
      highlight: { 'pt-BR': 'Não usamos mais seu nome.', en: null },
    });
    expect(await decide(gate)).to.include({ outcome: 'allow' });
  });
});

/** The next version of the notice on promotions, and a purpose that names it. */
function withNotice(request: SetRequest, { material }: { readonly material: boolean }): SetRequest {
  const shown = request.policies.find(({ path }) => path === 'notices/promocoes.v3.pt-BR.md');
  if (shown === undefined) throw new Error('no notice');
  const text = shown.text
    .replace('version: 3', 'version: 4')
    .replace(/^material: \w+$/m, `material: ${material}`)
    .replace(/^changes: .*(?:\n .*)*$/m, 'changes: Não usamos mais seu nome.');
  const policies = request.policies.map((file) =>
    file.path === 'purposes/promocoes.yaml'
      ? {
          ...file,
          text: file.text.replace('id: promocoes, version: 3', 'id: promocoes, version: 4'),
        }
      : file,
  );
  return { ...request, policies: [...policies, { path: 'notices/promocoes.v4.pt-BR.md', text }] };
}

describe('a dry run under a draft', () => {
  const act = { subject: ana, action: 'send', purpose: 'promocoes', channel: 'email' } as const;

  it('is judged by a tested one, which nobody put in force', async () => {
    const { gate } = await makeTestGate();
    await grant(gate);
    const policySet = await digestPut(gate, promotionsOff);
    const tried = bodyOf(await dryRunDecision(gate, call({ ...act, policySet })));
    expect(tried).to.include({ outcome: 'deny', policySet });
    expect(await decide(gate)).to.include({ outcome: 'allow' });
  });

  it('is refused under one whose cases fail', async () => {
    const { gate } = await makeTestGate();
    const policySet = await digestPut(gate, redCase);
    expect(codeOf(await dryRunDecision(gate, call({ ...act, policySet })))).to.equal(
      'policy-set-untested',
    );
  });
});

describe('many policy sets', () => {
  it('are read again however many there were since', async () => {
    const { gate, clock } = await makeTestGate();
    const digests: string[] = [];
    for (let at = 0; at < 12; at += 1) {
      const address = (text: string): string => text.replace('Exemplo, 100', `Exemplo, ${at}`);
      digests.push(await digestPut(gate, edited({ 'controller.yaml': address })));
      bodyOf(await activation(gate, digests.at(-1) ?? ''));
      clock.advance(minuteMs);
    }
    for (const digest of digests) {
      expect((await gate.policies.byDigest(digest))?.set.digest).to.equal(digest);
    }
  });
});
