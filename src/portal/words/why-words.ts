/** The words of the pages on decisions. */
import type { PassedOverFor } from '../../domain/answer/choice.ts';
import type { Outcome } from '../../domain/decision.ts';
import type { Locale } from '../../domain/text.ts';

/** What a decision was about, in the eyes of the person. */
export type Deed = 'message' | 'shown' | 'use';

export interface WhyWords {
  readonly title: string;
  readonly lead: string;
  readonly none: string;
  readonly list: string;
  readonly details: string;
  readonly older: string;
  readonly newest: string;
  readonly outcomes: Readonly<Record<Outcome, string>>;
  readonly permitted: Readonly<Record<Deed, string>>;
  readonly refused: Readonly<Record<Deed, string>>;
  readonly result: Readonly<Record<'sent' | 'failed' | 'cancelled', string>>;
  readonly back: string;
  readonly decided: (time: string) => string;
  readonly facts: string;
  readonly basis: string;
  readonly used: string;
  readonly noData: string;
  readonly withheld: string;
  readonly recipient: string;
  readonly criteria: {
    readonly title: string;
    readonly lead: string;
    readonly meaning: string;
    readonly signals: string;
    readonly times: (count: number) => string;
    readonly segment: string;
    readonly experiment: (name: string, variant: string) => string;
    readonly test: string;
    readonly campaign: string;
    readonly offer: string;
  };
  readonly reasons: string;
  readonly others: string;
  readonly passedOver: Readonly<Record<PassedOverFor, string>>;
  readonly side: string;
  readonly dislike: {
    readonly title: string;
    readonly text: (what: string, length: string | null) => string;
    readonly act: string;
    readonly done: (what: string, until: string | null) => string;
    readonly undo: string;
  };
  readonly choices: { readonly title: string; readonly text: string; readonly act: string };
  readonly proof: { readonly title: string; readonly text: string; readonly act: string };
}

const pt: WhyWords = {
  title: 'Por que falamos, ou não, com você',
  lead:
    'Antes de cada mensagem e de cada uso dos seus dados, um sistema confere se pode. Aqui está ' +
    'cada resposta, a mais nova primeiro: também as vezes em que não falamos com você.',
  none: 'Ainda não há nada aqui: ninguém pediu para falar com você nem para usar os seus dados.',
  list: 'Decisões',
  details: 'Ver por quê',
  older: 'Ver as mais antigas',
  newest: 'Voltar às mais novas',
  outcomes: {
    allow: 'Permitido',
    deny: 'Não permitido',
    defer: 'Adiado',
    review: 'Com uma pessoa para decidir',
  },
  permitted: {
    message: 'Por que falamos com você',
    shown: 'Por que você viu isto',
    use: 'Por que usamos os seus dados',
  },
  refused: {
    message: 'Por que não falamos com você',
    shown: 'Por que você não viu isto',
    use: 'Por que não usamos os seus dados',
  },
  result: {
    sent: 'A mensagem foi enviada.',
    failed: 'A mensagem não chegou a sair: o envio falhou.',
    cancelled: 'A mensagem não foi enviada: quem ia enviar desistiu.',
  },
  back: 'Todas as decisões',
  decided: (time) => `Decidido em ${time}.`,
  facts: 'Em que a decisão se apoiou',
  basis: 'Permissão',
  used: 'Dados que podiam ser usados',
  noData: 'Só o contato do canal',
  withheld: 'Dados que barramos',
  recipient: 'Quem recebeu',
  criteria: {
    title: 'Por que você foi escolhido',
    lead: 'O que quem ia falar com você informou sobre a escolha.',
    meaning: 'O que o sistema calculou',
    signals: 'O que você fez',
    times: (count) => (count === 1 ? '' : ` (${count} vezes)`),
    segment: 'Grupo',
    test: 'Teste',
    experiment: (name, variant) => `${name}, versão ${variant}`,
    campaign: 'Campanha',
    offer: 'Oferta',
  },
  reasons: 'As regras que pesaram, com os artigos da lei',
  others: 'O que mais foi considerado',
  passedOver: {
    deny: 'não permitido',
    defer: 'adiado',
    review: 'com uma pessoa para decidir',
    outranked: 'permitido, mas outra opção teve preferência',
  },
  side: 'O que você pode fazer',
  dislike: {
    title: 'Não tenho interesse',
    text: (what, length) =>
      length === null
        ? `Paramos de falar de ${what}.`
        : `Paramos de falar de ${what} por ${length}.`,
    act: 'Não tenho interesse',
    done: (what, until) =>
      until === null
        ? `Você disse que não tem interesse: nada de ${what}.`
        : `Você disse que não tem interesse: nada de ${what} até ${until}.`,
    undo: 'Mudei de ideia',
  },
  choices: {
    title: 'Mudar o que recebo',
    text: 'Receber menos, pausar ou parar: vale na hora.',
    act: 'Ir para as minhas escolhas',
  },
  proof: {
    title: 'Guardar a prova',
    text:
      'Um arquivo com esta decisão e a prova de que ninguém a mudou. Confere-se com ' +
      '“porteiro ledger verify”, sem depender de nós.',
    act: 'Baixar a prova',
  },
};

const en: WhyWords = {
  title: 'Why we contacted you, or did not',
  lead:
    'Before each message and each use of your data a system checks whether it may be. Here is ' +
    'every answer, the newest first: also the times when we did not contact you.',
  none: 'There is nothing here yet: nobody asked to contact you or to use your data.',
  list: 'Decisions',
  details: 'See why',
  older: 'See older ones',
  newest: 'Back to the newest',
  outcomes: {
    allow: 'Permitted',
    deny: 'Not permitted',
    defer: 'Put off',
    review: 'With a person to decide',
  },
  permitted: {
    message: 'Why we contacted you',
    shown: 'Why you saw this',
    use: 'Why we used your data',
  },
  refused: {
    message: 'Why we did not contact you',
    shown: 'Why you did not see this',
    use: 'Why we did not use your data',
  },
  result: {
    sent: 'The message was sent.',
    failed: 'The message did not leave: sending it failed.',
    cancelled: 'The message was not sent: whoever was to send it did not.',
  },
  back: 'All decisions',
  decided: (time) => `Decided on ${time}.`,
  facts: 'What the decision rested on',
  basis: 'Permission',
  used: 'Data that could be used',
  noData: 'The contact of the channel alone',
  withheld: 'Data that we held back',
  recipient: 'Who received them',
  criteria: {
    title: 'Why you were chosen',
    lead: 'What whoever was to contact you told about the choice.',
    meaning: 'What the system worked out',
    signals: 'What you did',
    times: (count) => (count === 1 ? '' : ` (${count} times)`),
    segment: 'Group',
    test: 'Test',
    experiment: (name, variant) => `${name}, version ${variant}`,
    campaign: 'Campaign',
    offer: 'Offer',
  },
  reasons: 'The rules that counted, with the articles of the law',
  others: 'What else was considered',
  passedOver: {
    deny: 'not permitted',
    defer: 'put off',
    review: 'with a person to decide',
    outranked: 'permitted, but another option was preferred',
  },
  side: 'What you can do',
  dislike: {
    title: 'I am not interested',
    text: (what, length) =>
      length === null
        ? `We stop contacting you about ${what}.`
        : `We stop contacting you about ${what} for ${length}.`,
    act: 'I am not interested',
    done: (what, until) =>
      until === null
        ? `You said that you are not interested: nothing about ${what}.`
        : `You said that you are not interested: nothing about ${what} until ${until}.`,
    undo: 'I changed my mind',
  },
  choices: {
    title: 'Change what I receive',
    text: 'Receive less, pause or stop: it holds at once.',
    act: 'Go to my choices',
  },
  proof: {
    title: 'Keep the proof',
    text:
      'A file with this decision and the proof that nobody changed it. It is checked by ' +
      '“porteiro ledger verify”, without us.',
    act: 'Download the proof',
  },
};

export const whyWords: Readonly<Record<Locale, WhyWords>> = { 'pt-BR': pt, en };
