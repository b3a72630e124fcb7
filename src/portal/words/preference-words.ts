/** The words of the page of preferences. */
import type { Frequency } from '../../domain/policy.ts';
import type { PreferenceState } from '../../domain/portal/preferences.ts';
import type { Locale } from '../../domain/text.ts';
import type { LastChange } from '../../operations/entries/session.ts';

export interface PreferenceWords {
  readonly title: (name: string | null) => string;
  readonly lead: string;
  readonly enteredBy: (masked: string) => string;
  readonly notYou: string;
  readonly choices: string;
  readonly noContact: string;
  readonly states: Readonly<Record<PreferenceState, ((day: string) => string) | null>>;
  readonly frequency: (frequency: Frequency) => string;
  readonly frequencyLabel: (channel: string, purpose: string) => string;
  readonly onItsOwn: Readonly<Record<'objection' | 'none', string>>;
  readonly more: string;
  readonly items: Readonly<
    Record<'basis' | 'data' | 'noData' | 'recipients' | 'noRecipients' | 'retention' | 'no', string>
  >;
  readonly notice: string;
  readonly save: string;
  readonly saveHint: string;
  readonly done: Readonly<Record<LastChange['kind'], string>>;
  readonly since: (time: string) => string;
  readonly unchanged: string;
  readonly partial: string;
  readonly undo: string;
  readonly undoHint: string;
  readonly side: string;
  readonly less: { readonly title: string; readonly text: string; readonly act: string };
  readonly least: string;
  readonly pause: {
    readonly title: string;
    readonly text: string;
    readonly length: string;
    readonly days: (days: number) => string;
    readonly until: string;
    readonly untilHint: string;
    readonly channel: string;
    readonly act: string;
    readonly badDay: string;
  };
  readonly stop: { readonly title: string; readonly text: string; readonly act: string };
  readonly person: { readonly title: string; readonly text: string; readonly act: string };
  readonly holds: Readonly<
    Record<'pause' | 'objection' | 'block', (what: string, until: string | null) => string>
  >;
  readonly holdsTitle: string;
  readonly endHold: string;
  readonly everything: string;
  readonly everyChannel: string;
}

const perPt = { day: 'por dia', week: 'por semana', month: 'por mês' } as const;
const perEn = { day: 'a day', week: 'a week', month: 'a month' } as const;

const pt: PreferenceWords = {
  title: (name) =>
    name === null ? 'O que você quer receber?' : `O que você quer receber, ${name}?`,
  lead:
    'Escolha o assunto, o canal e o ritmo. Vale assim que você salva, e dá para mudar de ideia ' +
    'quando quiser.',
  enteredBy: (masked) => `Você entrou por ${masked}.`,
  notYou: 'Não é você?',
  choices: 'Assuntos e canais',
  noContact: 'sem contato no cadastro',
  states: {
    granted: (day) => `Autorizado em ${day}`,
    withdrawn: (day) => `Cancelado em ${day}`,
    refused: (day) => `Recusado em ${day}`,
    pending: () => 'Falta você confirmar pela mensagem que enviamos',
    expired: () => 'A autorização venceu; ligue de novo se quiser',
    needs_reconfirmation: () => 'O aviso mudou: ligue de novo se concordar',
    unproved: () => 'Falta provar que este contato é seu: entre por ele e ligue de novo',
    objected: (day) => `Você pediu para não receber em ${day}`,
    never_asked: null,
    permitted: null,
  },
  frequency: ({ max, per }) => `Até ${max} ${perPt[per]}`,
  frequencyLabel: (channel, purpose) => `Quantas mensagens por ${channel}, em ${purpose}`,
  onItsOwn: {
    objection: 'Não pedimos autorização para este assunto, mas você pode desligar.',
    none: 'Este assunto não tem botão para desligar.',
  },
  more: 'O que usamos, com quem e por quanto tempo',
  items: {
    basis: 'Em que se apoia',
    data: 'Dados usados',
    noData: 'Só o contato do canal',
    recipients: 'Quem recebe',
    noRecipients: 'Ninguém além de nós',
    retention: 'Por quanto tempo',
    no: 'Se você não quiser',
  },
  notice: 'Ler o aviso completo',
  save: 'Salvar escolhas',
  saveHint: 'Nada muda até você salvar.',
  done: {
    saved: 'Pronto, suas escolhas foram salvas.',
    stopped: 'Pronto, paramos tudo.',
    lessened: 'Pronto, você vai receber menos.',
    undone: 'Pronto, voltou a ser como era.',
    paused: 'Pronto, a pausa começou.',
    resumed: 'Pronto, você volta a receber.',
    unchanged: 'Nada mudou: já estava como você escolheu.',
  },
  since: (time) => `Já está valendo, desde ${time}.`,
  unchanged: 'Suas escolhas continuam como estão abaixo.',
  partial:
    'Os textos mudaram enquanto a página estava aberta. O que você desligou já vale. O que você ' +
    'ligou, leia de novo abaixo e salve.',
  undo: 'Desfazer',
  undoHint: 'Dá para desfazer por um minuto.',
  side: 'Mais jeitos de escolher',
  less: {
    title: 'Receber menos',
    text: 'Passa tudo o que você recebe para o menor ritmo de cada assunto.',
    act: 'Receber menos',
  },
  least: 'Tudo o que você recebe já está no menor ritmo.',
  pause: {
    title: 'Fazer uma pausa',
    text: 'Suas escolhas ficam guardadas e voltam sozinhas. O andamento de pedidos continua.',
    length: 'Por quanto tempo',
    days: (days) => `${days} dias`,
    until: 'Ou até um dia',
    untilHint: 'Se você escolher um dia, ele vale no lugar do tempo acima.',
    channel: 'Em que canal',
    act: 'Pausar',
    badDay: 'Escolha um dia depois de hoje, em até um ano.',
  },
  stop: {
    title: 'Parar tudo',
    text:
      'Cancela de uma vez o que você autorizou e toda divulgação. Continuam só o andamento dos ' +
      'pedidos e o que a lei manda avisar.',
    act: 'Parar tudo',
  },
  person: {
    title: 'Falar com uma pessoa',
    text: 'Ficou em dúvida ou quer outra coisa? Uma pessoa responde.',
    act: 'Falar com uma pessoa',
  },
  holds: {
    pause: (what, until) =>
      until === null ? `Em pausa: ${what}.` : `Em pausa até ${until}: ${what}.`,
    objection: (what) => `Você pediu para não receber: ${what}.`,
    block: (what) => `Dados bloqueados a seu pedido: ${what}. Para mudar, fale com uma pessoa.`,
  },
  holdsTitle: 'O que está parado a seu pedido',
  endHold: 'Voltar a receber',
  everything: 'todos os assuntos',
  everyChannel: 'em todos os canais',
};

const en: PreferenceWords = {
  title: (name) =>
    name === null ? 'What would you like to receive?' : `What would you like to receive, ${name}?`,
  lead:
    'Choose the subject, the channel and the pace. It holds as soon as you save, and you can ' +
    'change your mind whenever you like.',
  enteredBy: (masked) => `You came in by ${masked}.`,
  notYou: 'Is it not you?',
  choices: 'Subjects and channels',
  noContact: 'no contact on file',
  states: {
    granted: (day) => `You agreed on ${day}`,
    withdrawn: (day) => `You withdrew on ${day}`,
    refused: (day) => `You refused on ${day}`,
    pending: () => 'You have yet to confirm by the message that we sent',
    expired: () => 'The consent has run out; switch it on again if you like',
    needs_reconfirmation: () => 'The notice has changed: switch it on again if you agree',
    unproved: () => 'It is not proved that this contact is yours: come in by it and switch it on',
    objected: (day) => `You asked not to receive it on ${day}`,
    never_asked: null,
    permitted: null,
  },
  frequency: ({ max, per }) => `Up to ${max} ${perEn[per]}`,
  frequencyLabel: (channel, purpose) => `How many messages by ${channel}, for ${purpose}`,
  onItsOwn: {
    objection: 'We ask no consent for this subject, but you can switch it off.',
    none: 'This subject has no switch.',
  },
  more: 'What we use, with whom, and for how long',
  items: {
    basis: 'What it rests on',
    data: 'Data used',
    noData: 'The contact of the channel alone',
    recipients: 'Who receives them',
    noRecipients: 'Nobody but us',
    retention: 'For how long',
    no: 'If you would rather not',
  },
  notice: 'Read the whole notice',
  save: 'Save choices',
  saveHint: 'Nothing changes until you save.',
  done: {
    saved: 'Done, your choices are saved.',
    stopped: 'Done, we stopped everything.',
    lessened: 'Done, you will receive less.',
    undone: 'Done, it is as it was.',
    paused: 'Done, the pause has begun.',
    resumed: 'Done, you receive again.',
    unchanged: 'Nothing changed: it was as you chose already.',
  },
  since: (time) => `It holds already, since ${time}.`,
  unchanged: 'Your choices stay as they are below.',
  partial:
    'The texts changed while the page was open. What you switched off holds already. What you ' +
    'switched on, read again below and save.',
  undo: 'Undo',
  undoHint: 'You can undo it for a minute.',
  side: 'More ways to choose',
  less: {
    title: 'Receive less',
    text: 'Takes everything that you receive to the lowest pace of each subject.',
    act: 'Receive less',
  },
  least: 'Everything that you receive is at the lowest pace already.',
  pause: {
    title: 'Take a break',
    text: 'Your choices are kept and come back by themselves. Order updates go on.',
    length: 'For how long',
    days: (days) => `${days} days`,
    until: 'Or until a day',
    untilHint: 'If you choose a day, it holds in place of the time above.',
    channel: 'On which channel',
    act: 'Pause',
    badDay: 'Choose a day after today, within a year.',
  },
  stop: {
    title: 'Stop everything',
    text:
      'Withdraws at once what you agreed to, and every promotion. Only order updates go on, and ' +
      'what the law orders us to tell you.',
    act: 'Stop everything',
  },
  person: {
    title: 'Talk to a person',
    text: 'In doubt, or looking for something else? A person answers.',
    act: 'Talk to a person',
  },
  holds: {
    pause: (what, until) =>
      until === null ? `Paused: ${what}.` : `Paused until ${until}: ${what}.`,
    objection: (what) => `You asked not to receive: ${what}.`,
    block: (what) => `Data blocked at your request: ${what}. To change it, talk to a person.`,
  },
  holdsTitle: 'What is on hold at your request',
  endHold: 'Receive again',
  everything: 'all subjects',
  everyChannel: 'on all channels',
};

export const preferenceWords: Readonly<Record<Locale, PreferenceWords>> = { 'pt-BR': pt, en };
