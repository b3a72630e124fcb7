/** Events and causes of exclusions as people call them. */
import type { ExclusionKind } from '../instruction.ts';
import type { Text } from '../text.ts';

export const signalWords: Readonly<Record<string, Text>> = {
  view_item: { 'pt-BR': 'viu um produto', en: 'viewed an item' },
  view_item_list: { 'pt-BR': 'viu uma lista de produtos', en: 'viewed a list of items' },
  search: { 'pt-BR': 'fez uma busca', en: 'searched' },
  add_to_cart: { 'pt-BR': 'pôs no carrinho', en: 'added to the cart' },
  remove_from_cart: { 'pt-BR': 'tirou do carrinho', en: 'removed from the cart' },
  start_checkout: { 'pt-BR': 'começou uma compra', en: 'started a checkout' },
  purchase: { 'pt-BR': 'comprou', en: 'bought' },
  refund: { 'pt-BR': 'teve um reembolso', en: 'had a refund' },
  reply_whatsapp: { 'pt-BR': 'respondeu por WhatsApp', en: 'replied by WhatsApp' },
  message_opened: { 'pt-BR': 'abriu uma mensagem', en: 'opened a message' },
  message_clicked: { 'pt-BR': 'clicou em uma mensagem', en: 'clicked in a message' },
  unsubscribe: { 'pt-BR': 'pediu para não receber', en: 'unsubscribed' },
  complaint: { 'pt-BR': 'reclamou', en: 'complained' },
  not_interested: { 'pt-BR': 'não teve interesse', en: 'was not interested' },
  asked_for_human: { 'pt-BR': 'pediu uma pessoa', en: 'asked for a person' },
};

/** What the person did, as it reads after "who" or a colon; a custom event by its name. */
export function signalText(name: string): Text {
  const known = Object.hasOwn(signalWords, name) ? signalWords[name] : undefined;
  return known ?? { 'pt-BR': name, en: name };
}

export const exclusionWords: Readonly<Record<ExclusionKind, Text>> = {
  bought: { 'pt-BR': 'já comprou', en: 'has bought' },
  uninterested: { 'pt-BR': 'não tem interesse', en: 'is not interested' },
  refunded: { 'pt-BR': 'teve um reembolso', en: 'had a refund' },
  complaint_open: { 'pt-BR': 'reclamação em aberto', en: 'open complaint' },
  awaiting_human: { 'pt-BR': 'espera por uma pessoa', en: 'waits for a person' },
  litigation: { 'pt-BR': 'processo em curso', en: 'litigation' },
  over_indebted: { 'pt-BR': 'superendividamento', en: 'over-indebtedness' },
  deceased: { 'pt-BR': 'falecimento', en: 'death' },
  recent_refusal: { 'pt-BR': 'recusa recente', en: 'recent refusal' },
  custom: { 'pt-BR': 'motivo da loja', en: 'cause of the controller' },
};
