/** getSubject, lookupSubject and listSubjectTimeline. */
import { expect } from 'chai';
import { hourMs, minuteMs, toIso } from '../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { reportOutcome } from '../../src/operations/decisions/report-outcome.ts';
import { recordEvents } from '../../src/operations/events/record-events.ts';
import type { Gate } from '../../src/operations/gate.ts';
import {
  endInstruction,
  giveInstruction,
} from '../../src/operations/instructions/instruction-change.ts';
import { getSubject } from '../../src/operations/subjects/get-subject.ts';
import { listSubjectTimeline } from '../../src/operations/subjects/list-subject-timeline.ts';
import { lookupSubject } from '../../src/operations/subjects/lookup-subject.ts';
import { answered } from '../support/contract.ts';
import { makeTestGate, type TestGate } from '../support/gate.ts';
import {
  allItems,
  ana,
  anaPhone,
  bodyOf,
  bruno,
  call,
  codeOf,
  decide,
  grant,
  idOf,
  itemsOf,
  makeSubject,
  nextOf,
  read,
  recordsIn,
} from './calls.ts';

const nowhere = 'sub_0192f0c4-3333-7aaa-8bbb-0123456789ab';

describe('a subject', () => {
  it('is absent under an id, and an identifier, that nobody has', async () => {
    const { gate } = await makeTestGate();
    await makeSubject(gate);
    expect(codeOf(await getSubject(gate, read({ id: nowhere })))).to.equal('subject-unknown');
    const lookup = await lookupSubject(gate, call({ subject: bruno }));
    expect(codeOf(lookup)).to.equal('subject-unknown');
    const subject = { type: 'cpf', value: '111' } as const;
    const wrong = await lookupSubject(gate, call({ subject }));
    expect(codeOf(wrong)).to.equal('identifier-invalid');
  });

  it('is shown with its identifiers masked and its consents as they stand', async () => {
    const { gate } = await makeTestGate();
    const id = await makeSubject(gate, [ana, anaPhone], { first_name: 'Ana' });
    const receipt = bodyOf(await grant(gate));
    const shown = answered('getSubject', await getSubject(gate, read({ id })));
    expect(shown).to.deep.include({ id, attributes: { first_name: 'Ana' }, pauses: [] });
    expect(JSON.stringify(shown['identifiers'])).not.to.match(/ana@|987654321/);
    expect(shown['consents']).to.deep.equal([
      {
        purpose: 'promocoes',
        channel: 'email',
        state: 'granted',
        frequency: null,
        since: receipt['occurredAt'],
        receipt: receipt['id'],
      },
    ]);
  });

  it('is found by each of its identifiers, however it is written', async () => {
    const { gate } = await makeTestGate();
    const id = await makeSubject(gate);
    const shown = await getSubject(gate, read({ id }));
    for (const subject of [
      ana,
      anaPhone,
      { type: 'email', value: ' ANA@example.com' },
      { type: 'phone', value: '(11) 98765-4321' },
      { type: 'id', value: id },
    ] as const) {
      const found = answered('lookupSubject', await lookupSubject(gate, call({ subject })));
      expect(found).to.deep.equal(shown);
    }
  });
});

/** One of everything that can happen, a minute apart. */
async function lifeOf(made: TestGate): Promise<string> {
  const { gate, clock } = made;
  const id = await makeSubject(gate, [ana]);
  const later = (): void => clock.advance(minuteMs);
  const instruct = async (kind: 'pause' | 'objection' | 'block' | 'exclusion', body: object) => {
    later();
    return idOf(bodyOf(await giveInstruction(gate, kind, call(body, { path: { id } }))));
  };
  later();
  await grant(gate, { channels: ['email', 'whatsapp'] });
  later();
  const decision = idOf(await decide(gate));
  later();
  await reportOutcome(gate, call({ result: 'sent' }, { path: { id: decision } }));
  later();
  await decide(gate, { purpose: 'perfil', action: 'profile', channel: 'site' });
  later();
  await makeSubject(gate, [ana, anaPhone]);
  const pause = await instruct('pause', { channels: ['whatsapp'], until: '2026-12-26T03:00:00Z' });
  await instruct('objection', { purposes: ['novidades'] });
  await instruct('block', {});
  await instruct('exclusion', { kind: 'complaint_open', purposes: ['promocoes', 'novidades'] });
  later();
  const path = { id, instructionId: pause };
  await endInstruction(gate, 'pause', call(null, { path }));
  later();
  const occurredAt = toIso(clock.read() - hourMs);
  await recordEvents(gate, call({ id: 'e1', type: 'purchase', subject: ana, occurredAt }));
  return id;
}

async function timeline(gate: Gate, id: string, query: object = {}): Promise<JsonObject> {
  return answered('listSubjectTimeline', await listSubjectTimeline(gate, read({ id }, query)));
}

describe('the timeline of a subject', () => {
  it('is refused for a subject that nobody is, and for a cursor of another one', async () => {
    const made = await makeTestGate();
    const { gate } = made;
    const unknown = await listSubjectTimeline(gate, read({ id: nowhere }, {}));
    expect(codeOf(unknown)).to.equal('subject-unknown');
    const id = await lifeOf(made);
    const other = await makeSubject(gate, [bruno]);
    const more = nextOf(await timeline(gate, id, { limit: 1 })) ?? {};
    const answer = await listSubjectTimeline(gate, read({ id: other }, more));
    expect(codeOf(answer)).to.equal('invalid-cursor');
  });

  it('tells everything in plain words, the latest first', async () => {
    const made = await makeTestGate();
    const id = await lifeOf(made);
    const said = itemsOf(await timeline(made.gate, id)).map(({ kind, summary }) => {
      const text = summary as { readonly 'pt-BR': string; readonly en: string };
      return [kind, text['pt-BR'], text.en];
    });
    expect(said).to.deep.equal([
      [
        'event',
        'Atividade registrada: comprou. Fora dos contatos (já comprou) até 01/12/2026: ' +
          '“Promoções e ofertas” por WhatsApp, por notificação no celular.',
        'Activity recorded: bought. Kept out of contacts (has bought) until 01/12/2026: ' +
          '“Promotions and offers” by WhatsApp, by push notification.',
      ],
      [
        'instruction-ended',
        'Instrução encerrada: por WhatsApp.',
        'Instruction ended: by WhatsApp.',
      ],
      [
        'exclusion',
        'Fora dos contatos (reclamação em aberto): “Promoções e ofertas”, “Novidades para clientes”.',
        'Kept out of contacts (open complaint): “Promotions and offers”, “News for customers”.',
      ],
      ['block', 'Uso dos dados suspenso.', 'Use of the data suspended.'],
      [
        'objection',
        'Oposição registrada: “Novidades para clientes”.',
        'Objection recorded: “News for customers”.',
      ],
      [
        'pause',
        'Pausa pedida até 26/12/2026: por WhatsApp.',
        'Pause asked for until 26/12/2026: by WhatsApp.',
      ],
      ['subject', 'Cadastro completado.', 'Subject completed.'],
      [
        'decision',
        'Negado: “Recomendações do seu jeito” no site. ' +
          'Você não autorizou este tipo de mensagem por este canal.',
        'Denied: “Recommendations that suit you” on the site. ' +
          'You have not consented to this kind of message on this channel.',
      ],
      ['outcome', 'Contato feito.', 'Contact made.'],
      [
        'decision',
        'Permitido: “Promoções e ofertas” por e-mail.',
        'Allowed: “Promotions and offers” by e-mail.',
      ],
      [
        'consent',
        'Consentimento dado: “Promoções e ofertas” por WhatsApp, por e-mail.',
        'Consent granted: “Promotions and offers” by WhatsApp, by e-mail.',
      ],
      ['subject', 'Cadastro criado.', 'Subject recorded.'],
    ]);
  });

  it('names what an outcome or an ending is about, and one purpose or channel', async () => {
    const made = await makeTestGate();
    const items = itemsOf(await timeline(made.gate, await lifeOf(made)));
    const of = (kind: string): JsonObject | undefined =>
      items.find((each) => each['kind'] === kind);
    const reported = items.findLast(({ kind }) => kind === 'decision');
    expect(of('outcome')?.['id']).to.equal(reported?.['id']);
    expect(of('instruction-ended')?.['id']).to.equal(of('pause')?.['id']);
    expect(of('consent')).to.include({ purpose: 'promocoes', channel: null });
    expect(of('exclusion')).to.include({ purpose: null, channel: null });
    expect(of('decision')).to.include({ purpose: 'perfil', channel: 'site' });
  });

  it('is the same in pages of any length', async () => {
    const made = await makeTestGate();
    const id = await lifeOf(made);
    const whole = await timeline(made.gate, id);
    expect(whole['nextCursor']).to.equal(null);
    for (const limit of [1, 2, 3, 5, 12]) {
      const items = await allItems((more) => timeline(made.gate, id, { limit, ...more }));
      expect(items).to.deep.equal(whole['items']);
    }
  });

  it('has the ledger entry of each record', async () => {
    const made = await makeTestGate();
    const id = await lifeOf(made);
    const entries = itemsOf(await timeline(made.gate, id)).map(({ ledger }) => {
      return (ledger as JsonObject)['entry'];
    });
    const records = (await recordsIn(made.gate)).filter(({ subject }) => subject === id);
    expect(entries).to.have.members(records.map((record) => record.id));
  });
});
