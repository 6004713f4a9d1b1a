import type { InboundMessage } from '@blazz/core';
import type { AckReceipt } from '../decode/ack';

/** What a flight tells its book. */
export interface FlightHooks {
  /** The message's key is known. */
  readonly claimed: (key: string) => void;
  /** The send is over; what its outcome said already is not told again. */
  readonly closed: (told: AckReceipt | undefined) => void;
}

/** One send under way, from the call until its outcome. */
export class Flight {
  readonly #hooks: FlightHooks;
  #held: InboundMessage[] = [];
  #key: string | undefined;

  /** @param hooks what the flight tells its book */
  constructor(hooks: FlightHooks) {
    this.#hooks = hooks;
  }

  /** The key of the message, once known. */
  get key(): string | undefined {
    return this.#key;
  }

  /** Keeps an own message of unknown origin that appeared meanwhile. */
  hold(message: InboundMessage): void {
    this.#held.push(message);
  }

  /** Gives away what is held. */
  release(): readonly InboundMessage[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }

  /**
   * The one message that appeared meanwhile and looks like the one that is sent: what the library
   * forgot to return is found by it. None when there are two.
   */
  candidate(looksLike: (message: InboundMessage) => boolean): string | undefined {
    const alike = this.#held.filter(looksLike);
    return alike.length === 1 ? alike[0]?.provider_message_id : undefined;
  }

  /** This is the message's key. */
  claim(key: string): void {
    this.#key = key;
    this.#hooks.claimed(key);
  }

  /** The send is over. */
  close(told?: AckReceipt): void {
    this.#hooks.closed(told);
  }
}
