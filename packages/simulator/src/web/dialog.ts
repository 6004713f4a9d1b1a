/** A dialogue that WhatsApp Web lays over its page. */
export type DialogKind =
  /** News with one button and nothing to choose. */
  | 'announcement'
  /** Terms to agree to or not: two buttons and a link. */
  | 'terms'
  /** Something is under way: no button, nobody is waited for. */
  | 'progress';

/** Every kind of dialogue. */
export const dialogKinds: readonly DialogKind[] = ['announcement', 'terms', 'progress'];
