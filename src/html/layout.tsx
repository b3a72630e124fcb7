/** What every page has: a way past the header, one h1 in the content, and who answers for it. */
import type { ComponentChildren, VNode } from 'preact';
import type { Controller } from '../domain/policy.ts';
import type { Locale } from '../domain/text.ts';
import { assetsOf } from './assets.ts';
import { TokenField } from './form.tsx';
import { contactHref, contactText, href } from './href.ts';
import { layoutWords } from './layout-words.ts';

export interface Frame {
  readonly controller: Controller;
  readonly locale: Locale;
  /** Where the page itself is found, to come back to it in the other language. */
  readonly path: string;
  /** Null where nobody is signed in. */
  readonly token: string | null;
}

export interface LayoutProps {
  readonly frame: Frame;
  readonly title: string;
  /** For pages of one thought: a column that reads well alone. */
  readonly narrow?: boolean;
  readonly children: ComponentChildren;
}

export const homePath = '/portal';
/** Pages of whoever is signed in, each below the home page by its name. */
const ownPages = ['preferences', 'why', 'data'] as const;
export const languagePath = '/portal/language';
export const signOutPath = '/portal/sign-out';
export const authorityUrl = 'https://www.gov.br/anpd/pt-br';

export function Layout({ frame, title, narrow = false, children }: LayoutProps): VNode {
  const { controller, locale } = frame;
  const { sheet, mark } = assetsOf(controller.look);
  return (
    <html lang={locale}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} – ${controller.name}`}</title>
        <link rel="stylesheet" href={href(sheet.path)} />
        <link rel="icon" type="image/svg+xml" href={href(mark.path)} />
      </head>
      <body>
        <a class="skip" href="#content">
          {layoutWords[locale].skip}
        </a>
        <Header frame={frame} />
        <main id="content" class={narrow ? 'page narrow' : 'page'} tabIndex={-1}>
          {children}
        </main>
        <Footer frame={frame} />
      </body>
    </html>
  );
}

function Header({ frame }: { readonly frame: Frame }): VNode {
  const { controller, locale, token } = frame;
  const { mark } = assetsOf(controller.look);
  return (
    <header class="top">
      <div class="page">
        <a class="mark" href={href(homePath)}>
          <img src={href(mark.path)} alt="" width={36} height={36} />
          <span>
            {controller.name}
            <small>{controller.look.tagline[locale]}</small>
          </span>
        </a>
        <div class="tools">
          <LanguageForm frame={frame} />
          {token === null ? null : (
            <form method="post" action={href(signOutPath)}>
              <TokenField token={token} />
              <button class="plain" type="submit">
                {layoutWords[locale].signOut}
              </button>
            </form>
          )}
        </div>
      </div>
      {token === null ? null : <OwnPages frame={frame} />}
    </header>
  );
}

function OwnPages({ frame: { locale, path } }: { readonly frame: Frame }): VNode {
  const say = layoutWords[locale];
  return (
    <nav class="page pages" aria-label={say.pages}>
      {ownPages.map((name) => {
        const place = `${homePath}/${name}`;
        const isHere = path === place || path.startsWith(`${place}/`);
        return (
          <a href={href(place)} aria-current={isHere ? 'page' : undefined}>
            {say.ownPages[name]}
          </a>
        );
      })}
    </nav>
  );
}

function LanguageForm({ frame: { locale, path } }: { readonly frame: Frame }): VNode {
  const other = locale === 'en' ? 'pt-BR' : 'en';
  return (
    <form method="post" action={href(languagePath)}>
      <input type="hidden" name="back" value={path} />
      <button class="plain" type="submit" name="language" value={other} lang={other}>
        {layoutWords[locale].otherLanguage}
      </button>
    </form>
  );
}

function Footer({ frame: { controller, locale } }: { readonly frame: Frame }): VNode {
  const say = layoutWords[locale];
  const { dpo, humanContact } = controller;
  return (
    <footer class="foot">
      <div class="page">
        <p>
          <strong>{say.controller}</strong>
          <br />
          {controller.name}, CNPJ {cnpjText(controller.cnpj)}
          <br />
          {controller.address}
        </p>
        <p>
          {say.dpo} <strong>{dpo.name}</strong>,{' '}
          <a href={contactHref(dpo.contact)}>{contactText(dpo.contact)}</a>
          <br />
          {say.human} <a href={contactHref(humanContact)}>{contactText(humanContact)}</a>
          <br />
          {say.authority} <a href={href(authorityUrl)}>{say.authorityLink}</a>.
        </p>
      </div>
    </footer>
  );
}

/** `12ABC34501DE35` as people write it. */
function cnpjText(cnpj: string): string {
  return cnpj.replace(/^(.{2})(.{3})(.{3})(.{4})(.{2})$/, '$1.$2.$3/$4-$5');
}
