/** The words of the ways in and out of the portal. */
import type { Locale } from '../../domain/text.ts';

export interface EntryWords {
  readonly title: string;
  readonly lead: (controller: string) => string;
  readonly contactLabel: string;
  readonly contactHint: string;
  readonly ask: string;
  readonly noLonger: string;
  readonly noEntry: string;
  readonly talk: string;
  readonly faults: Readonly<Record<'unreadable' | 'unreachable' | 'too-many', string>>;
  readonly codeTitle: string;
  readonly codeLead: (minutes: number) => string;
  readonly codeLabel: string;
  readonly codeHint: string;
  readonly enter: string;
  readonly notArrived: string;
  readonly another: string;
  readonly notKnown: string;
  readonly wrong: (left: number) => string;
  readonly codeOver: string;
  readonly linkTitle: string;
  readonly linkLead: (controller: string, masked: string | null) => string;
  readonly itIsMe: string;
  readonly itIsNot: string;
  readonly linkOnce: string;
  readonly linkOverTitle: string;
  readonly linkOver: string;
  readonly notMeTitle: string;
  readonly notMeLead: (masked: string | null) => string;
  readonly notMeAct: string;
  readonly stay: string;
  readonly notMeDoneTitle: string;
  readonly notMeDone: string;
  readonly outTitle: string;
  readonly out: string;
  readonly again: string;
}

/** Without a contact that was shown to be theirs, all of them are meant. */
const toPt = (masked: string | null): string =>
  masked === null ? 'em todos os canais' : `para ${masked}`;
const toEn = (masked: string | null): string =>
  masked === null ? 'on all channels' : `to ${masked}`;

const pt: EntryWords = {
  title: 'Suas mensagens, do seu jeito',
  lead: (controller) =>
    `Veja o que a ${controller} pode enviar a você e mude o que quiser. Não precisa de senha nem ` +
    'de cadastro novo: a gente manda um código para você entrar.',
  contactLabel: 'Seu e-mail ou celular',
  contactHint: 'O mesmo em que você recebe as mensagens. Celular com DDD, como (11) 91234-5678.',
  ask: 'Receber o código',
  noLonger: 'Não usa mais esse e-mail ou número?',
  noEntry:
    'Só quer parar de receber? O link no fim de cada mensagem faz isso com um toque, sem entrar.',
  talk: 'Fale com uma pessoa',
  faults: {
    unreadable: 'Isto não parece um e-mail nem um celular com DDD. Confira e tente de novo.',
    unreachable: 'Por aqui não conseguimos enviar o código desse jeito. Tente com o outro contato.',
    'too-many': 'Foram muitos pedidos em pouco tempo. Espere uma hora e tente de novo.',
  },
  codeTitle: 'Digite o código',
  codeLead: (minutes) =>
    'Se o contato que você digitou está no nosso cadastro, o código chega em instantes e vale ' +
    `por ${minutes} minutos.`,
  codeLabel: 'Código de 8 números',
  codeHint: 'Está na mensagem que enviamos. Se preferir, abra o link que vem junto.',
  enter: 'Entrar',
  notArrived: 'Não chegou? Olhe também a caixa de spam, ou',
  another: 'peça outro código',
  notKnown: 'Talvez esse contato não esteja no nosso cadastro.',
  wrong: (left) =>
    left === 1
      ? 'O código não confere. Você pode tentar mais uma vez.'
      : `O código não confere. Você pode tentar mais ${left} vezes.`,
  codeOver: 'Esse código não vale mais. Peça outro: chega em instantes.',
  linkTitle: 'Você está quase lá',
  linkLead: (controller, masked) =>
    masked === null
      ? `Este link abre as suas escolhas: o que a ${controller} pode enviar a você.`
      : `Este link abre as escolhas de quem recebe as mensagens da ${controller} em ${masked}.`,
  itIsMe: 'Sou eu, entrar',
  itIsNot: 'Não sou eu',
  linkOnce: 'O link funciona uma vez só e por poucos minutos, para proteger você.',
  linkOverTitle: 'Este link não vale mais',
  linkOver:
    'Ele já foi usado, passou do tempo ou veio incompleto. Nada mudou. Peça um código e entre ' +
    'agora mesmo.',
  notMeTitle: 'Esta pessoa não é você?',
  notMeLead: (masked) =>
    `Se você confirmar, paramos de enviar as mensagens dessa pessoa ${toPt(masked)}, até alguém ` +
    'conferir o cadastro.',
  notMeAct: 'Confirmar, não sou eu',
  stay: 'Voltar, sou eu',
  notMeDoneTitle: 'Obrigado por avisar',
  notMeDone:
    'Já paramos: as mensagens dessa pessoa não vêm mais para você. Quem cuida dos dados vai ' +
    'conferir o cadastro.',
  outTitle: 'Você saiu',
  out: 'Neste aparelho ninguém mais vê as suas escolhas sem um novo código.',
  again: 'Entrar de novo',
};

const en: EntryWords = {
  title: 'Your messages, your way',
  lead: (controller) =>
    `See what ${controller} may send you and change what you like. It takes no password and no ` +
    'account: we send you a code to get in.',
  contactLabel: 'Your e-mail or mobile number',
  contactHint: 'The one that the messages come to. Numbers with area code, as in (11) 91234-5678.',
  ask: 'Send me the code',
  noLonger: 'You no longer use that e-mail or number?',
  noEntry:
    'You only want to stop? The link at the end of each message does it with one tap, without ' +
    'getting in.',
  talk: 'Talk to a person',
  faults: {
    unreadable: 'This looks like no e-mail and no number with area code. Please check it.',
    unreachable: 'We cannot send the code that way. Try your other contact.',
    'too-many': 'Too many requests in a short time. Wait an hour and try again.',
  },
  codeTitle: 'Type the code',
  codeLead: (minutes) =>
    'If the contact that you typed is on file, the code arrives in a moment and is good for ' +
    `${minutes} minutes.`,
  codeLabel: 'Code of 8 digits',
  codeHint: 'It is in the message that we sent. Or open the link that comes with it.',
  enter: 'Get in',
  notArrived: 'It does not arrive? Look in the spam folder too, or',
  another: 'ask for another code',
  notKnown: 'That contact may not be on file.',
  wrong: (left) =>
    left === 1
      ? 'That is not the code. You can try once more.'
      : `That is not the code. You can try ${left} more times.`,
  codeOver: 'That code is no longer good. Ask for another one: it takes a moment.',
  linkTitle: 'You are almost there',
  linkLead: (controller, masked) =>
    masked === null
      ? `This link opens your choices: what ${controller} may send you.`
      : `This link opens the choices of whoever gets the messages of ${controller} at ${masked}.`,
  itIsMe: 'It is me, get in',
  itIsNot: 'It is not me',
  linkOnce: 'The link works once and for a few minutes, to protect you.',
  linkOverTitle: 'This link is no longer good',
  linkOver:
    'It was used before, ran out of time, or came incomplete. Nothing changed. Ask for a code ' +
    'and get in right away.',
  notMeTitle: 'This person is not you?',
  notMeLead: (masked) =>
    `If you confirm, we stop sending that person's messages ${toEn(masked)}, until somebody has ` +
    'checked the file.',
  notMeAct: 'Confirm, it is not me',
  stay: 'Go back, it is me',
  notMeDoneTitle: 'Thank you for telling us',
  notMeDone:
    "We have stopped: that person's messages no longer come to you. Whoever looks after the data " +
    'will check the file.',
  outTitle: 'You are signed out',
  out: 'On this device nobody sees your choices any more without a new code.',
  again: 'Get in again',
};

export const entryWords: Readonly<Record<Locale, EntryWords>> = { 'pt-BR': pt, en };
