/** What threads answer is what the usual course answers: the same people, acts and mistakes. */
import { expect } from 'chai';
import { hourMs, toIso } from '../../../src/domain/calendar/instant.ts';
import { registryList } from '../../../src/domain/guards/registry-list.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import { createBlock } from '../../../src/operations/instructions/create-block.ts';
import { createExclusion } from '../../../src/operations/instructions/create-exclusion.ts';
import { createObjection } from '../../../src/operations/instructions/create-objection.ts';
import { createPause } from '../../../src/operations/instructions/create-pause.ts';
import { mergeSubjects } from '../../../src/operations/merging/merge-subjects.ts';
import { ana, anaPhone, bodyOf, call, decide, grant, makeSubject, withdraw } from '../calls.ts';
import {
  type Answers,
  type AudienceGate,
  type BatchLine,
  type BatchTold,
  openAudienceGate,
  rowsOf,
  tryAudience,
} from './audience-gate.ts';

type Reference = BatchLine['subject'];
type Act = Omit<BatchLine, 'ref' | 'subject'>;

function email(name: string): { readonly type: 'email'; readonly value: string } {
  return { type: 'email', value: `${name}@example.com` };
}

const reviewedText = 'Última chance na Loja Exemplo!';

/** People in every state that a decision knows. */
async function makePeople(gate: Gate): Promise<readonly Reference[]> {
  const anaId = await makeSubject(gate, [ana, anaPhone], {
    first_name: 'Ana',
    age_band: 'adult',
    state: 'SP',
    city: 'São Paulo',
  });
  bodyOf(await grant(gate));
  const names = ['bia', 'caio', 'davi', 'eva', 'fabio', 'gil', 'helena', 'iris'] as const;
  const ids: Record<string, string> = {};
  for (const name of names) {
    ids[name] = await makeSubject(gate, [email(name)], { first_name: name, age_band: 'adult' });
    bodyOf(await grant(gate, { subject: email(name), channels: ['email', 'whatsapp'] }));
  }
  const about = (name: string): { readonly path: { readonly id: string } } => ({
    path: { id: ids[name] ?? '' },
  });
  bodyOf(await withdraw(gate, { subject: email('bia') }));
  const all = { purposes: ['*'], channels: ['*'] } as const;
  const until = toIso(gate.clock() + 48 * hourMs);
  bodyOf(await createPause(gate, call({ ...all, until }, about('caio'))));
  bodyOf(await createObjection(gate, call({ ...all }, about('davi'))));
  bodyOf(await createBlock(gate, call({ ...all }, about('eva'))));
  bodyOf(await createExclusion(gate, call({ ...all, kind: 'bought', until }, about('fabio'))));
  const other = ids['gil'] ?? '';
  bodyOf(await mergeSubjects(gate, call({ other }, { path: { id: ids['helena'] ?? '' } })));
  await decide(gate, { subject: email('iris') });
  await makeSubject(gate, [email('jonas')], {
    age_band: 'adolescent',
    time_zone: 'America/Manaus',
  });
  await makeSubject(gate, [{ type: 'phone', value: '+55 92 98111-2233' }], {});
  await makeSubject(gate, [email('lia')], { state: 'AC' });
  return [
    ana,
    { type: 'email', value: ' ANA@Example.com ' },
    anaPhone,
    { type: 'whatsapp', value: '(11) 8765-4321' },
    { type: 'id', value: anaId },
    { type: 'id', value: other },
    { type: 'id', value: 'sub_0192f0c4-3333-7aaa-8bbb-0123456789ab' },
    ...[...names, 'jonas', 'lia', 'ninguem'].map(email),
    { type: 'phone', value: '+55 92 98111-2233' },
    { type: 'cpf', value: '111.111.111-11' },
    { type: 'email', value: 'no address' },
  ];
}

const acts: readonly Act[] = [
  { action: 'send', purpose: 'promocoes', channel: 'email' },
  { action: 'send', purpose: 'promocoes', channel: 'email', data: ['first_name', 'shoe_size'] },
  { action: 'send', purpose: 'promocoes', channel: 'whatsapp', data: ['first_name'] },
  { action: 'send', purpose: 'pedidos', channel: 'sms' },
  { action: 'send', purpose: 'novidades', channel: 'email', requireAllData: true, data: ['cpf'] },
  { action: 'profile', purpose: 'perfil', channel: 'none' },
  { action: 'share', purpose: 'promocoes', channel: 'ads', recipient: 'unknown-recipient' },
  { action: 'send', purpose: 'nenhuma', channel: 'email' },
  {
    action: 'send',
    purpose: 'promocoes',
    channel: 'email',
    content: { campaign: 'natal', template: { name: 't1', category: 'marketing' } },
    criteria: { segment: 'x', score: { name: 's', value: 0.5 } },
  },
  {
    action: 'send',
    purpose: 'promocoes',
    channel: 'email',
    content: { text: 'Oi {{first_name}}, ligue 11 98765-4321 CORRA!!!', generatedBy: 'llm' },
  },
  {
    action: 'send',
    purpose: 'promocoes',
    channel: 'email',
    content: { text: reviewedText, generatedBy: 'template' },
  },
];

const mistakes: readonly string[] = [
  '',
  '  \t',
  '{"ref":',
  'null',
  '[]',
  '"text"',
  '{"ref":"surplus","subject":{"type":"email","value":"ana@example.com"},"surplus":1}',
  `{"ref":"deep","subject":${'['.repeat(40)}${']'.repeat(40)}}`,
  '{"ref":"control","subject":{"type":"email","value":"a\\u0000@example.com"},' +
    '"action":"send","purpose":"promocoes","channel":"email"}',
  JSON.stringify({ ref: 'long', subject: ana, ...acts[0], content: { text: 'x'.repeat(17_000) } }),
  '\uFEFF{"ref":"marked"}',
];

function bodyAbout(people: readonly Reference[]): string {
  const lines: string[] = [];
  for (const [at, subject] of people.entries()) {
    for (const [number, act] of acts.entries()) {
      lines.push(JSON.stringify({ ref: `p${at}-ação${number}`, subject, ...act }));
    }
    lines.push(mistakes[at % mistakes.length] ?? '');
  }
  return lines.join('\n');
}

function textOf(bytes: Uint8Array | null): string {
  return bytes === null ? '' : new TextDecoder().decode(bytes);
}

describe('an audience tried by threads', function () {
  // Threads of tests are compiled as they start, which takes a while on a busy machine.
  this.timeout(60_000);
  let made: AudienceGate;
  let body: string;
  before(async () => {
    const hash = 'ab'.repeat(32);
    const list = registryList([{ hash, enrolledOn: 20_000, removedOn: null }]);
    made = await openAudienceGate({ registryLists: new Map([['bloqueio-sp', list]]) });
    const { gate } = made;
    const people = await makePeople(gate);
    const asked = await decide(gate, { content: { text: reviewedText, generatedBy: 'llm' } });
    expect(asked['outcome']).to.equal('review');
    body = bodyAbout(people);
  });
  after(() => made.close());

  const told = async (
    size: number,
    answers: Answers = 'full',
  ): Promise<{ readonly wanted: BatchTold; readonly found: BatchTold }> => ({
    wanted: await tryAudience(made.gate, rowsOf(body, size), answers),
    found: await tryAudience(made.threaded, rowsOf(body, size), answers),
  });

  it('is answered as the usual course answers it, wherever the body is cut', async () => {
    for (const size of [101, 4096, 65_536]) {
      const { wanted, found } = await told(size);
      expect(found).to.deep.equal(wanted);
    }
  });

  it('is told as much of each line as was asked for', async () => {
    for (const answers of ['outcome', 'none'] as const) {
      const { wanted, found } = await told(4096, answers);
      expect(found).to.deep.equal(wanted);
    }
    const outcomes = (await told(4096, 'outcome')).found;
    expect(outcomes.lines[0]).to.have.keys('ref', 'outcome', 'rules', 'retryAt');
    const none = (await told(4096, 'none')).found;
    expect(none.lines.every((line) => 'problem' in line)).to.equal(true);
    expect(none.summary).to.deep.equal(outcomes.summary);
  });

  it('covers every outcome, and lines that are left', async () => {
    const { found } = await told(65_536);
    const { summary } = found;
    for (const outcome of ['allow', 'defer', 'review', 'deny', 'rejected'] as const) {
      expect(summary[outcome], outcome).to.be.greaterThan(0);
    }
  });

  it('is left to the usual course where it has no plain answer, and only there', async () => {
    const { gate, audience } = made;
    const { parts } = await audience.judge({
      block: new TextEncoder().encode(body),
      now: gate.clock(),
      policySet: gate.policies.active().set.digest,
      answers: 'full',
    });
    const left = parts.flatMap((part) => (part.kind === 'left' ? part.lines : []));
    const { lines } = await tryAudience(gate, rowsOf(body));
    const refs = left.map(({ bytes }) => /^{"ref":"([^"]+)"/.exec(textOf(bytes))?.[1] ?? null);
    const isPlain = (ref: string | null): boolean =>
      ref !== null && lines.some((line) => line['ref'] === ref && !('problem' in line));
    const plain = refs.filter(isPlain);
    const reviewed = plain.filter((ref) => ref?.endsWith(`ação${acts.length - 1}`));
    // Whoever was merged, by id and by address, and an id that nobody has.
    const elsewhere = plain.filter((ref) => /^p(?:5|6|12)-/.test(ref ?? ''));
    expect(new Set(plain)).to.deep.equal(new Set([...reviewed, ...elsewhere]));
    expect(reviewed.length).to.be.greaterThan(0);
    expect(elsewhere.length).to.equal(3 * acts.length);
  });

  it('is judged at the hour of whoever asks', async () => {
    const night = 12 * hourMs;
    made.clock.advance(night);
    try {
      const { wanted, found } = await told(4096);
      expect(found).to.deep.equal(wanted);
      expect(found.summary['defer']).to.be.greaterThan(0);
    } finally {
      made.clock.advance(-night);
    }
  });
});
