/** A person with a browser that runs no script: cookies, forms as pages give them, redirects. */

export interface Seen {
  readonly status: number;
  readonly path: string;
  readonly html: string;
  readonly headers: Headers;
}

const redirectsMax = 5;

export class Person {
  readonly #url: string;
  readonly #cookies = new Map<string, string>();
  readonly #headers: Readonly<Record<string, string>>;

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.#url = url;
    this.#headers = headers;
  }

  cookie(name: string): string | undefined {
    return this.#cookies.get(name);
  }

  keep(name: string, value: string): void {
    this.#cookies.set(name, value);
  }

  get(path: string): Promise<Seen> {
    return this.#follow('GET', path, null);
  }

  post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Seen> {
    return this.#follow('POST', path, fields, headers);
  }

  /** Sends the form that leads to `action` on a page, with changes; null leaves a field out. */
  submit(
    seen: Seen,
    action: string,
    changes: Readonly<Record<string, string | null>> = {},
  ): Promise<Seen> {
    const fields = { ...fieldsOf(seen.html, action), ...changes };
    const sent = Object.entries(fields).filter(
      (field): field is [string, string] => field[1] !== null,
    );
    return this.post(action, Object.fromEntries(sent));
  }

  async #follow(
    method: 'GET' | 'POST',
    path: string,
    fields: Readonly<Record<string, string>> | null,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Seen> {
    let [next, how, body] = [path, method, fields];
    for (let hop = 0; hop < redirectsMax; hop += 1) {
      const response = await fetch(`${this.#url}${next}`, {
        method: how,
        redirect: 'manual',
        headers: {
          'sec-fetch-site': 'same-origin',
          cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          ...this.#headers,
          ...headers,
        },
        ...(body === null ? {} : { body: new URLSearchParams(body) }),
      });
      for (const set of response.headers.getSetCookie()) this.#take(set);
      const html = await response.text();
      if (response.status !== 303) {
        return { status: response.status, path: next, html, headers: response.headers };
      }
      [next, how, body] = [response.headers.get('location') ?? '', 'GET', null];
    }
    throw new Error(`${path} leads on and on`);
  }

  #take(set: string): void {
    const [pair = '', ...attributes] = set.split('; ');
    const [name = '', value = ''] = pair.split('=');
    if (attributes.includes('Max-Age=0')) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}

/** What a browser would send of a form: hidden fields, checked boxes, chosen options, texts. */
function fieldsOf(html: string, action: string): Record<string, string> {
  const form = formOf(html, action);
  const fields: Record<string, string> = {};
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
    const name = attribute(tag, 'name');
    const isOff = attribute(tag, 'type') === 'checkbox' && !/\schecked/.test(tag);
    if (name !== null && !isOff) fields[name] = attribute(tag, 'value') ?? '';
  }
  for (const [, head = '', options = ''] of form.matchAll(/<select([^>]*)>(.*?)<\/select>/gs)) {
    const all = [...options.matchAll(/<option[^>]*>/g)].map(([tag]) => tag);
    const chosen = all.find((tag) => /\sselected/.test(tag)) ?? all[0] ?? '';
    fields[attribute(head, 'name') ?? ''] = attribute(chosen, 'value') ?? '';
  }
  return fields;
}

function formOf(html: string, action: string): string {
  const forms = [...html.matchAll(/<form[^>]*>.*?<\/form>/gs)].map(([form]) => form);
  const found = forms.find(
    (form) => attribute(/<form[^>]*>/.exec(form)?.[0] ?? '', 'action') === action,
  );
  if (found === undefined) throw new Error(`no form leads to ${action}`);
  return found;
}

function attribute(tag: string, name: string): string | null {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return value?.replaceAll('&amp;', '&').replaceAll('&quot;', '"') ?? null;
}

/** The one h1 of a page. */
export function titleOf({ html }: Seen): string {
  const titles = [...html.matchAll(/<h1>(.*?)<\/h1>/gs)].map(([, title = '']) => title);
  if (titles.length !== 1) throw new Error(`the page has ${titles.length} h1`);
  return titles[0] ?? '';
}
