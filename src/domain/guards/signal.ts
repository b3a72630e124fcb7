/** Events that a person may cause, by the names under which policies know them. */

export const eventTypes = [
  'view_item',
  'view_item_list',
  'search',
  'add_to_cart',
  'remove_from_cart',
  'start_checkout',
  'purchase',
  'refund',
  'reply_whatsapp',
  'message_opened',
  'message_clicked',
  'unsubscribe',
  'complaint',
  'not_interested',
  'asked_for_human',
  'custom',
] as const;

/** The name by which policies know one kind of custom event. */
function customEvent(name: string): string {
  return `custom:${name}`;
}

/** Every name of an event: its type, and for a custom event the one that it was given. */
export function namesOfEvent(type: string, given: string | undefined): readonly string[] {
  return type === 'custom' && given !== undefined ? [type, customEvent(given)] : [type];
}
