/** Addresses that a page may lead to. Escaping lets `javascript:` through, so this does not. */

const places = /^(?:\/(?!\/)|https:\/\/|mailto:|tel:\+)/;

/** Throws for any other address: all of them are ours, or were checked when they were read. */
export function href(address: string): string {
  if (!places.test(address))
    throw new Error('a page leads to a path, https:, mailto: or tel: only');
  return address;
}

/** A contact as a link: an address of e-mail becomes one. */
export function contactHref(contact: string): string {
  return href(/^[^\s@:]+@[^\s@]+$/.test(contact) ? `mailto:${contact}` : contact);
}

/** A contact in words: of a link what people know it by. */
export function contactText(contact: string): string {
  return contact.replace(/^(?:mailto:|tel:|https:\/\/(?:www\.)?)/, '').replace(/\/$/, '');
}
