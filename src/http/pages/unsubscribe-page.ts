/** The page behind an unsubscribe link: one button, no script, nothing to log in to (RFC 8058). */
import { createHash } from 'node:crypto';
import type { Problem } from '../../domain/problem.ts';
import { problemCatalogue } from '../../domain/problem-catalogue.ts';
import type { Locale } from '../../domain/text.ts';
import type { UnsubscribeState } from '../../operations/wire.ts';

export const unsubscribePath: string = '/u/';

const style = `body{font:1.125rem/1.5 system-ui,sans-serif;color:#1b1b1b;background:#fff;margin:0}
main{max-width:34rem;margin:0 auto;padding:2rem 1.25rem}
h1{font-size:1.5rem;line-height:1.25}
button{font:inherit;padding:.75rem 1.5rem;border:2px solid #14532d;border-radius:.375rem;
background:#14532d;color:#fff;cursor:pointer}
button:focus-visible{outline:3px solid #1d4ed8;outline-offset:3px}
`;
/** The sheet stands in the page; the policy names it by its digest, so no other applies. */
const styleDigest = createHash('sha256').update(style).digest('base64');
export const pageStyleSource: string = `'sha256-${styleDigest}'`;

interface Words {
  readonly ask: string;
  readonly askTitle: string;
  readonly stop: string;
  readonly done: string;
  readonly doneTitle: string;
  readonly failed: string;
  readonly by: string;
  readonly channels: Readonly<Record<UnsubscribeState['channel'], string>>;
}

const words: Readonly<Record<Locale, Words>> = {
  'pt-BR': {
    askTitle: 'Parar de receber?',
    ask: 'Você deixará de receber:',
    stop: 'Parar de receber',
    doneTitle: 'Pronto. Você não receberá mais.',
    done: 'Deixamos de enviar:',
    failed: 'Nada mudou. Abra de novo o link da mensagem ou responda a ela.',
    by: 'por',
    channels: {
      whatsapp: 'WhatsApp',
      email: 'e-mail',
      sms: 'SMS',
      push: 'notificação',
      site: 'site',
      app: 'aplicativo',
      voice: 'telefone',
      ads: 'anúncios',
      none: 'qualquer canal',
    },
  },
  en: {
    askTitle: 'Stop receiving this?',
    ask: 'You will no longer receive:',
    stop: 'Stop receiving',
    doneTitle: 'Done. You will not receive it any more.',
    done: 'We stopped sending:',
    failed: 'Nothing changed. Open the link in the message again, or reply to the message.',
    by: 'by',
    channels: {
      whatsapp: 'WhatsApp',
      email: 'e-mail',
      sms: 'SMS',
      push: 'notification',
      site: 'site',
      app: 'app',
      voice: 'telephone',
      ads: 'advertisement',
      none: 'any channel',
    },
  },
};

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

function layout(locale: Locale, title: string, content: string): string {
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
${content}
</main>
</body>
</html>
`;
}

export function unsubscribePage(state: UnsubscribeState, locale: Locale): string {
  const say = words[locale];
  const done = state.state === 'unsubscribed';
  const what = `${state.title[locale]} ${say.by} ${say.channels[state.channel]}`;
  const subject = `<p>${done ? say.done : say.ask} <strong>${escape(what)}</strong>.</p>
<p>${escape(state.controller)}</p>`;
  const button = `<form method="post">
<button name="List-Unsubscribe" value="One-Click">${say.stop}</button>
</form>`;
  return layout(locale, done ? say.doneTitle : say.askTitle, done ? subject : subject + button);
}

export function unsubscribeProblemPage(problem: Problem, locale: Locale): string {
  const { title } = problemCatalogue[problem.code];
  return layout(locale, title[locale], `<p>${words[locale].failed}</p>`);
}
