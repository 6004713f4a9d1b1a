import type { Address } from '../address';

/** Something that the simulated WhatsApp accepted from an account, and that somebody could see. */
export interface Effect {
  /** What was done. */
  readonly action: 'message' | 'edit' | 'revoke' | 'reaction' | 'vote';
  /** The bare id of the message that it made or changed. */
  readonly id: string;
  /** The account that did it. */
  readonly from: Address;
  /** The chat that it was done in. */
  readonly to: Address;
  /** For `message`: WhatsApp Web's type (`chat`, `image`, `ptt` …); otherwise the action again. */
  readonly kind: string;
  /** The text, caption, emoji or question, when there is one. */
  readonly text?: string;
  /** When it was accepted, in milliseconds since 1970. */
  readonly time: number;
}

/**
 * Every effect in the order in which the server accepted it. A resend of a message that the server
 * already has is no second effect; two messages with the same text are two.
 */
export class EffectLedger {
  readonly #effects: Effect[] = [];

  /** Everything so far. */
  get all(): readonly Effect[] {
    return this.#effects;
  }

  /** Writes one more. */
  record(effect: Effect): void {
    this.#effects.push(effect);
  }
}
