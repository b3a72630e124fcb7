/** The page behind an unsubscribe link: one button, no script, nothing to log in to (RFC 8058). */
import type { VNode } from 'preact';
import type { Locale } from '../../domain/text.ts';
import { href } from '../../html/href.ts';
import { type Frame, homePath, Layout } from '../../html/layout.tsx';
import { renderPage } from '../../html/render.ts';
import type { UnsubscribeState } from '../../operations/wire.ts';

interface Words {
  readonly askTitle: string;
  readonly ask: string;
  readonly stop: string;
  readonly after: string;
  readonly doneTitle: string;
  readonly done: string;
  readonly by: string;
  readonly more: string;
  readonly moreLink: string;
  readonly channels: Readonly<Record<UnsubscribeState['channel'], string>>;
}

const words: Readonly<Record<Locale, Words>> = {
  'pt-BR': {
    askTitle: 'Parar de receber?',
    ask: 'Você deixará de receber:',
    stop: 'Parar de receber',
    after: 'Vale na hora. Não precisa entrar nem explicar nada.',
    doneTitle: 'Pronto. Você não receberá mais.',
    done: 'Deixamos de enviar, e já está valendo:',
    by: 'por',
    more: 'Quer mudar outra coisa, receber menos ou fazer uma pausa?',
    moreLink: 'Veja todas as suas escolhas',
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
    after: 'It holds at once. There is nothing to sign in to and nothing to explain.',
    doneTitle: 'Done. You will not receive it any more.',
    done: 'We stopped sending, and it holds already:',
    by: 'by',
    more: 'Would you like to change anything else, receive less or take a break?',
    moreLink: 'See all your choices',
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

export function unsubscribePage(state: UnsubscribeState, frame: Frame): string {
  return renderPage(<UnsubscribePage state={state} frame={frame} />);
}

function UnsubscribePage({
  state,
  frame,
}: {
  readonly state: UnsubscribeState;
  readonly frame: Frame;
}): VNode {
  const say = words[frame.locale];
  const isDone = state.state === 'unsubscribed';
  const title = isDone ? say.doneTitle : say.askTitle;
  return (
    <Layout frame={frame} title={title} narrow>
      <div class="lead">
        <h1>{title}</h1>
        <p>{isDone ? say.done : say.ask}</p>
      </div>
      <div class="card room">
        <p class="big">
          <strong>{`${state.title[frame.locale]} ${say.by} ${say.channels[state.channel]}`}</strong>
        </p>
        <p class="why">{state.controller}</p>
        {isDone ? null : (
          <form class="gap stack" method="post">
            <button class="button wide" type="submit" name="List-Unsubscribe" value="One-Click">
              {say.stop}
            </button>
            <p class="hint">{say.after}</p>
          </form>
        )}
      </div>
      <div class="after">
        <p>
          {say.more} <a href={href(homePath)}>{say.moreLink}</a>.
        </p>
      </div>
    </Layout>
  );
}
