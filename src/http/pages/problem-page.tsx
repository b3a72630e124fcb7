/** A problem as people are told it on the pages: what it is, and what to do next. */
import type { Problem } from '../../domain/problem.ts';
import { problemCatalogue } from '../../domain/problem-catalogue.ts';
import type { ProblemKind } from '../../domain/problems/problem-code.ts';
import type { Text } from '../../domain/text.ts';
import { contactHref, href } from '../../html/href.ts';
import { type Frame, homePath, Layout } from '../../html/layout.tsx';
import { renderPage } from '../../html/render.ts';

const busy: Text = {
  'pt-BR': 'A mudança não foi confirmada. Espere um instante e tente de novo.',
  en: 'The change was not confirmed. Wait a moment and try again.',
};
const tooMany: Text = {
  'pt-BR': 'Foram muitos pedidos em pouco tempo. Espere um pouco e tente de novo.',
  en: 'Too many requests in a short time. Wait a little and try again.',
};
const texts: Readonly<Partial<Record<ProblemKind, Text>>> = {
  absent: {
    'pt-BR': 'Nada mudou. Abra de novo o link da mensagem, sem mudá-lo, ou responda a ela.',
    en: 'Nothing changed. Open the link in the message again, unchanged, or reply to the message.',
  },
  internal: {
    'pt-BR': 'Não foi culpa sua. Tente de novo em instantes.',
    en: 'It was not your fault. Try again in a moment.',
  },
  conflict: busy,
  unavailable: busy,
  full: busy,
  'too-many': tooMany,
};
const nothingDone: Text = {
  'pt-BR': 'Não deu para fazer o que foi pedido. Confira as suas escolhas e tente de novo.',
  en: 'What was asked could not be done. Check your choices and try again.',
};
const ways: Readonly<Record<'home' | 'person', Text>> = {
  home: { 'pt-BR': 'Ir para as minhas escolhas', en: 'Go to my choices' },
  person: { 'pt-BR': 'Falar com uma pessoa', en: 'Talk to a person' },
};

export function problemPage(problem: Problem, frame: Frame): string {
  const { locale, controller } = frame;
  const { title, kind } = problemCatalogue[problem.code];
  return renderPage(
    <Layout frame={frame} title={title[locale]} narrow>
      <div class="lead">
        <h1>{title[locale]}</h1>
        <p>{(texts[kind] ?? nothingDone)[locale]}</p>
      </div>
      <div class="choice">
        <a class="button quiet" href={href(homePath)}>
          {ways.home[locale]}
        </a>
        <a class="button quiet" href={contactHref(controller.humanContact)}>
          {ways.person[locale]}
        </a>
      </div>
    </Layout>,
  );
}
