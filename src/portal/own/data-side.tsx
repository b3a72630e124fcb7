/** Beside one's own data: receipts, a person who corrects, erasure, the authority. */
import type { VNode } from 'preact';
import { contactHref, contactText, href } from '../../html/href.ts';
import { authorityUrl, type Frame } from '../../html/layout.tsx';
import { paths } from '../paths.ts';
import { dataWords } from '../words/data-words.ts';
import { preferenceWords } from '../words/preference-words.ts';

export function DataSide({ frame }: { readonly frame: Frame }): VNode {
  const { controller, locale } = frame;
  const { side, receipts, erase, wrong, complain } = dataWords[locale].data;
  return (
    <div class="aside">
      <h2 class="hidden">{side}</h2>
      <section class="card" aria-labelledby="receipts">
        <h3 id="receipts">{receipts.title}</h3>
        <p>{receipts.text}</p>
        <a class="button quiet" href={href(paths.consents)}>
          {receipts.act}
        </a>
      </section>
      <section class="card" aria-labelledby="wrong">
        <h3 id="wrong">{wrong.title}</h3>
        <p>{wrong.text}</p>
        <a class="button quiet" href={contactHref(controller.humanContact)}>
          {preferenceWords[locale].person.act}
        </a>
      </section>
      <section class="card" aria-labelledby="erase">
        <h3 id="erase">{erase.title}</h3>
        <p>{erase.text}</p>
        <a class="button quiet" href={href(paths.erasure)}>
          {erase.act}
        </a>
      </section>
      <section class="card" aria-labelledby="complain">
        <h3 id="complain">{complain.title}</h3>
        <p>
          {complain.first} {controller.dpo.name},{' '}
          <a href={contactHref(controller.dpo.contact)}>{contactText(controller.dpo.contact)}</a>.
        </p>
        <p>{complain.next}</p>
        <a class="button quiet" href={href(authorityUrl)}>
          {complain.act}
        </a>
      </section>
    </div>
  );
}
