/** What a page says where something could not be done: what happened, and what to do next. */
import type { Locale } from '../../domain/text.ts';

export type FaultName =
  | 'absent'
  | 'not-yet'
  | 'not-yours'
  | 'foreign-form'
  | 'ended'
  | 'undo-over'
  | 'bad-form';

interface FaultWords {
  readonly title: string;
  readonly text: string;
}

interface Words {
  readonly faults: Readonly<Record<FaultName, FaultWords>>;
  readonly home: string;
}

const pt: Words = {
  home: 'Ir para as minhas escolhas',
  faults: {
    absent: {
      title: 'Esta página não existe',
      text: 'O endereço pode ter vindo incompleto. Suas escolhas estão a um toque.',
    },
    'not-yours': {
      title: 'Não está entre os seus dados',
      text: 'Aqui aparece só o que é seu. Se a mensagem chegou em outro e-mail ou número, saia e entre com ele.',
    },
    'not-yet': {
      title: 'Falta um instante',
      text: 'A prova deste registro fica pronta em poucos segundos. Volte e tente de novo.',
    },
    'foreign-form': {
      title: 'Nada mudou',
      text: 'O pedido não veio desta página, por isso não fizemos nada. Abra a página e tente de novo.',
    },
    ended: {
      title: 'Sua visita terminou',
      text: 'Para proteger você, a página fecha depois de um tempo parada. Nada mudou. Entre de novo com um código.',
    },
    'undo-over': {
      title: 'O minuto para desfazer passou',
      text: 'O que você escolheu continua valendo. Dá para mudar quando quiser, na mesma página.',
    },
    'bad-form': {
      title: 'Não entendemos o pedido',
      text: 'O formulário veio incompleto. Nada mudou. Volte e tente de novo.',
    },
  },
};

const en: Words = {
  home: 'Go to my choices',
  faults: {
    absent: {
      title: 'There is no such page',
      text: 'The address may have come incomplete. Your choices are one tap away.',
    },
    'not-yours': {
      title: 'It is not among your data',
      text: 'What is yours alone is shown here. If the message came to another e-mail or number, sign out and get in with that one.',
    },
    'not-yet': {
      title: 'Just a moment',
      text: 'The proof of this record is ready in a few seconds. Go back and try again.',
    },
    'foreign-form': {
      title: 'Nothing changed',
      text: 'The request did not come from this page, so we did nothing. Open the page and try again.',
    },
    ended: {
      title: 'Your visit has ended',
      text: 'To protect you the page closes after a while. Nothing changed. Get in again with a code.',
    },
    'undo-over': {
      title: 'The minute to undo is over',
      text: 'What you chose still holds. You can change it whenever you like, on the same page.',
    },
    'bad-form': {
      title: 'We did not understand the request',
      text: 'The form came incomplete. Nothing changed. Go back and try again.',
    },
  },
};

export const faultWords: Readonly<Record<Locale, Words>> = { 'pt-BR': pt, en };
