/** The words of the pages on one's own data, receipts and erasure. */
import type { ConsentAct } from '../../domain/consent.ts';
import type { Recipient } from '../../domain/guards/recipient.ts';
import type { Locale } from '../../domain/text.ts';
import type { HeldContact } from '../../operations/own/own-data.ts';

export interface DataWords {
  readonly title: string;
  readonly lead: (since: string) => string;
  readonly contacts: string;
  readonly noContacts: string;
  readonly contactKinds: Readonly<Record<HeldContact['kind'], string>>;
  readonly since: (day: string) => string;
  readonly attributes: string;
  readonly noAttributes: string;
  readonly values: Readonly<Record<string, string>>;
  readonly signals: string;
  readonly signalsLead: string;
  readonly shared: string;
  readonly sharedLead: string;
  readonly noShared: string;
  readonly roles: Readonly<Record<Recipient['role'], string>>;
  readonly sharedFor: (purposes: string) => string;
  readonly sharedData: (data: string) => string;
  readonly more: string;
  readonly side: string;
  readonly receipts: { readonly title: string; readonly text: string; readonly act: string };
  readonly erase: { readonly title: string; readonly text: string; readonly act: string };
  readonly wrong: { readonly title: string; readonly text: string };
  readonly complain: {
    readonly title: string;
    readonly first: string;
    readonly next: string;
    readonly act: string;
  };
}

export interface ReceiptWords {
  readonly title: string;
  readonly lead: string;
  readonly none: string;
  readonly list: string;
  readonly events: Readonly<Record<ConsentAct['event'], string>>;
  readonly receipt: string;
  readonly proof: string;
  readonly back: string;
  readonly older: string;
  readonly newest: string;
}

export interface ErasureWords {
  readonly title: string;
  readonly lead: string;
  readonly goes: string;
  readonly records: (count: number) => string;
  readonly contacts: (count: number) => string;
  readonly rest: string;
  readonly stays: string;
  readonly held: (count: number) => string;
  readonly until: (day: string) => string;
  readonly trace: string;
  readonly no: string;
  readonly elsewhere: string;
  readonly final: string;
  readonly act: string;
  readonly keep: string;
  readonly less: string;
  readonly litigationTitle: string;
  readonly litigation: string;
  readonly doneTitle: string;
  readonly done: string;
  readonly doneMore: string;
}

interface Words {
  readonly data: DataWords;
  readonly receipts: ReceiptWords;
  readonly erasure: ErasureWords;
}

const pt: Words = {
  data: {
    title: 'O que temos sobre você',
    lead: (since) =>
      `Sim, tratamos dados seus, desde ${since}. Está tudo aqui, na hora. Os contatos aparecem ` +
      'cobertos, para ninguém ler por cima do seu ombro.',
    contacts: 'Seus contatos',
    noContacts: 'Nenhum contato no cadastro.',
    contactKinds: {
      external: 'Número do cadastro',
      email: 'E-mail',
      phone: 'Celular ou telefone',
      bsuid: 'WhatsApp',
      cookie: 'Navegador',
      device: 'Aparelho',
      cpf: 'CPF',
    },
    since: (day) => `desde ${day}`,
    attributes: 'Seus dados',
    noAttributes: 'Nenhum outro dado guardado aqui.',
    values: {
      child: 'criança',
      adolescent: 'adolescente',
      adult: 'pessoa adulta',
      unknown: 'não sabemos',
    },
    signals: 'O que você fez',
    signalsLead: 'Só a última vez de cada coisa, e nada do conteúdo.',
    shared: 'Com quem compartilhamos',
    sharedLead: 'Quem recebe dados de quem está no nosso cadastro, e para quê.',
    noShared: 'Com ninguém.',
    roles: {
      processor: 'segue as nossas instruções',
      controller: 'decide por conta própria',
    },
    sharedFor: (purposes) => `Para: ${purposes}.`,
    sharedData: (data) => `Dados: ${data}.`,
    more: 'Para que usamos cada dado e por quanto tempo, assunto por assunto',
    side: 'O que você pode fazer',
    receipts: {
      title: 'Suas autorizações',
      text: 'Cada sim e cada não seu, com o recibo e a prova para baixar.',
      act: 'Ver o histórico',
    },
    erase: {
      title: 'Apagar meus dados',
      text: 'Antes de apagar, mostramos o que sai e o que a lei manda guardar.',
      act: 'Ver o que seria apagado',
    },
    wrong: {
      title: 'Algo errado?',
      text: 'Se um dado está errado ou velho, fale com uma pessoa para corrigir.',
    },
    complain: {
      title: 'Reclamar à ANPD',
      first: 'Primeiro fale com a gente, e guarde o pedido:',
      next:
        'Se não responderem ou a resposta não resolver, faça uma petição à autoridade de ' +
        'proteção de dados, com o pedido e os arquivos que você baixou aqui. É de graça.',
      act: 'Ir para a página da ANPD',
    },
  },
  receipts: {
    title: 'Suas autorizações',
    lead:
      'Cada sim e cada não que você deu, o mais novo primeiro. O recibo diz o que foi mostrado e ' +
      'quando; a prova mostra que ninguém o mudou depois.',
    none: 'Você ainda não autorizou nem recusou nada.',
    list: 'Histórico',
    events: {
      requested: 'Pedido, à espera da sua confirmação',
      granted: 'Você autorizou',
      refused: 'Você recusou',
      withdrawn: 'Você cancelou',
      renewed: 'Você renovou',
    },
    receipt: 'Baixar o recibo',
    proof: 'Baixar a prova',
    back: 'Meus dados',
    older: 'Ver as mais antigas',
    newest: 'Voltar às mais novas',
  },
  erasure: {
    title: 'Apagar os seus dados?',
    lead: 'Nada foi apagado ainda. Veja primeiro o que sai e o que fica.',
    goes: 'O que será apagado',
    records: (count) =>
      count === 1
        ? '1 registro sobre você'
        : `${count.toLocaleString('pt-BR')} registros sobre você`,
    contacts: (count) => (count === 1 ? '1 contato' : `${count} contatos`),
    rest: 'seus dados de cadastro, suas escolhas e esta visita',
    stays: 'O que fica, e até quando',
    held: (count) => (count === 1 ? '1 registro' : `${count.toLocaleString('pt-BR')} registros`),
    until: (day) => `até ${day}`,
    trace: 'O registro de que houve esta eliminação, sem dizer de quem.',
    no: 'Se você pediu para não receber, esse não, em um código que não mostra quem você é.',
    elsewhere: 'O que estiver em outros sistemas nossos não sai por aqui: peça a uma pessoa.',
    final: 'Não dá para desfazer.',
    act: 'Apagar os meus dados',
    keep: 'Não apagar',
    less: 'Só quer parar de receber? Não precisa apagar nada.',
    litigationTitle: 'Ainda não podemos apagar',
    litigation:
      'Há um processo em curso ou uma ordem para guardar estes dados, e a lei manda esperar até ' +
      'acabar (LGPD art. 16, I). Uma pessoa pode suspender todo o uso enquanto isso.',
    doneTitle: 'Seus dados foram apagados',
    done: 'Está feito e você saiu da página. Ninguém mais decide nada com os seus dados aqui.',
    doneMore: 'O que a lei manda guardar some sozinho no fim do prazo que mostramos.',
  },
};

const en: Words = {
  data: {
    title: 'What we hold about you',
    lead: (since) =>
      `Yes, we process data about you, since ${since}. All of it is here, at once. Contacts are ` +
      'masked, so that nobody reads them over your shoulder.',
    contacts: 'Your contacts',
    noContacts: 'No contact on file.',
    contactKinds: {
      external: 'Number on file',
      email: 'E-mail',
      phone: 'Phone',
      bsuid: 'WhatsApp',
      cookie: 'Browser',
      device: 'Device',
      cpf: 'CPF',
    },
    since: (day) => `since ${day}`,
    attributes: 'Your data',
    noAttributes: 'No other data are kept here.',
    values: { child: 'child', adolescent: 'adolescent', adult: 'adult', unknown: 'not known' },
    signals: 'What you did',
    signalsLead: 'The last time of each alone, and nothing of its content.',
    shared: 'Whom we share with',
    sharedLead: 'Who receives data of those on file, and what for.',
    noShared: 'With nobody.',
    roles: { processor: 'follows our instructions', controller: 'decides for itself' },
    sharedFor: (purposes) => `For: ${purposes}.`,
    sharedData: (data) => `Data: ${data}.`,
    more: 'What each of them is used for and for how long, subject by subject',
    side: 'What you can do',
    receipts: {
      title: 'Your consents',
      text: 'Every yes and every no of yours, with receipt and proof to download.',
      act: 'See the history',
    },
    erase: {
      title: 'Erase my data',
      text: 'Before anything goes we show what goes and what the law orders to keep.',
      act: 'See what would be erased',
    },
    wrong: {
      title: 'Something wrong?',
      text: 'If something is wrong or old, talk to a person to have it corrected.',
    },
    complain: {
      title: 'Complain to the ANPD',
      first: 'Talk to us first, and keep the request:',
      next:
        'If there is no answer, or it does not settle the matter, petition the data protection ' +
        'authority, with the request and the files that you downloaded here. It is free.',
      act: 'Go to the page of the ANPD',
    },
  },
  receipts: {
    title: 'Your consents',
    lead:
      'Every yes and every no that you gave, the newest first. The receipt says what was shown ' +
      'and when; the proof shows that nobody changed it afterwards.',
    none: 'You have not agreed to anything, nor refused anything.',
    list: 'History',
    events: {
      requested: 'Asked, waiting for you to confirm',
      granted: 'You agreed',
      refused: 'You refused',
      withdrawn: 'You withdrew',
      renewed: 'You renewed',
    },
    receipt: 'Download the receipt',
    proof: 'Download the proof',
    back: 'My data',
    older: 'See older ones',
    newest: 'Back to the newest',
  },
  erasure: {
    title: 'Erase your data?',
    lead: 'Nothing is erased yet. See first what goes and what stays.',
    goes: 'What will be erased',
    records: (count) =>
      count === 1 ? '1 record about you' : `${count.toLocaleString('en-GB')} records about you`,
    contacts: (count) => (count === 1 ? '1 contact' : `${count} contacts`),
    rest: 'your details, your choices and this visit',
    stays: 'What stays, and until when',
    held: (count) => (count === 1 ? '1 record' : `${count.toLocaleString('en-GB')} records`),
    until: (day) => `until ${day}`,
    trace: 'The record that there was this erasure, without saying whose.',
    no: 'If you asked not to be contacted, that no, in a code that does not show who you are.',
    elsewhere: 'What is in other systems of ours does not go from here: ask a person.',
    final: 'It cannot be undone.',
    act: 'Erase my data',
    keep: 'Do not erase',
    less: 'You only want to stop receiving? Nothing needs to be erased for that.',
    litigationTitle: 'We cannot erase yet',
    litigation:
      'Proceedings are under way, or an order to keep these data stands, and the law has us wait ' +
      'for its end (LGPD art. 16, I). A person can suspend every use meanwhile.',
    doneTitle: 'Your data are erased',
    done: 'It is done and you are signed out. Nobody decides anything by your data here any more.',
    doneMore: 'What the law orders to keep goes by itself at the end of the term that we showed.',
  },
};

export const dataWords: Readonly<Record<Locale, Words>> = { 'pt-BR': pt, en };
