/**
 * What a caller tells of the content and of its choice of the person, as far as rules may ask. The
 * words themselves stay outside: of them a decision knows a keyed hash alone.
 */
/** As WhatsApp sorts its templates; `service` is free text within a conversation. */
export const templateCategories = ['marketing', 'utility', 'authentication', 'service'] as const;
export type TemplateCategory = (typeof templateCategories)[number];

export interface Content {
  /** `none` without a template; `unknown` where one is named without its category. */
  readonly template: TemplateCategory | 'none' | 'unknown';
  /** The caller chose the person by a segment, a score or signals. */
  readonly byProfile: boolean;
  /** Keyed hash; null where nothing was told, or no policy asks whether it was sent before. */
  readonly digest: string | null;
}

/** The content of a request that tells nothing of it. */
export const untoldContent: Content = { template: 'none', byProfile: false, digest: null };
