/** The words of the message that lets a person into the portal, for e-mail and for phones. */
import type { Locale } from '../domain/text.ts';
import type { EntryMessage } from '../operations/entries/entry-message.ts';

interface EntryText {
  readonly subject: string;
  readonly body: string;
  /** For a phone: one short paragraph. */
  readonly short: string;
}

/** `1234 5678`: two groups are read and typed with fewer mistakes. */
function codeText(code: string): string {
  return `${code.slice(0, 4)} ${code.slice(4)}`;
}

export function entryText(message: EntryMessage): EntryText {
  return texts[message.locale](message, codeText(message.code));
}

type Write = (message: EntryMessage, code: string) => EntryText;

const texts: Readonly<Record<Locale, Write>> = {
  'pt-BR': ({ controller, link, minutes }, code) => ({
    subject: `${code} é o seu código – ${controller}`,
    body: `Olá!

Seu código para ver e mudar as suas preferências na ${controller}:

    ${code}

Se preferir, abra este link no lugar do código:

${link}

Os dois valem por ${minutes} minutos e uma vez só. Não passe o código a ninguém: a gente nunca
pede por telefone nem por mensagem.

Não foi você que pediu? Não precisa fazer nada: sem o código, ninguém entra.
`,
    short: `${controller}: seu código é ${code}. Vale por ${minutes} minutos. Ou abra: ${link} Não passe a ninguém.`,
  }),
  en: ({ controller, link, minutes }, code) => ({
    subject: `${code} is your code – ${controller}`,
    body: `Hello!

Your code to see and change your preferences with ${controller}:

    ${code}

If you prefer, open this link in place of the code:

${link}

Both are good for ${minutes} minutes, and once. Do not give the code to anybody: we never ask for it
by phone or by message.

You did not ask for it? There is nothing to do: without the code nobody gets in.
`,
    short: `${controller}: your code is ${code}. It is good for ${minutes} minutes. Or open: ${link} Give it to nobody.`,
  }),
};
