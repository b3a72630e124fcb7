/** A text for people, in the two languages that Porteiro speaks; Brazilian Portuguese is first. */
export interface Text {
  readonly 'pt-BR': string;
  readonly en: string;
}

export type Locale = keyof Text;
