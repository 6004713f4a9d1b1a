import type { ActionReason, ProviderEvent } from '@blazz/core';

/** What is told about how a session stands. */
export type StandingEvent = Extract<
  ProviderEvent,
  { readonly type: 'qr' | 'pairing_code' | 'syncing' | 'ready' | 'interrupted' }
>;

/** What a standing needs. */
export interface StandingContext {
  /** Reports an event. */
  readonly emit: (event: ProviderEvent) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Tells how a session stands. While its page waits for a person, that is all there is to tell;
 * afterwards it tells how the session stands by then.
 */
export class Standing {
  readonly #context: StandingContext;
  #latest: StandingEvent | undefined;
  #held: ActionReason | undefined;

  /** @param context what the standing needs */
  constructor(context: StandingContext) {
    this.#context = context;
  }

  /** Whether the page waits for a person. */
  get isHeld(): boolean {
    return this.#held !== undefined;
  }

  /** The session stands differently. */
  tell(event: StandingEvent): void {
    this.#latest = event;
    if (!this.isHeld) this.#context.emit(event);
  }

  /** The page waits for a person. */
  hold(reason: ActionReason): void {
    if (this.#held === reason) return;
    this.#held = reason;
    this.#context.emit({ type: 'action_required', reason, waiting: true });
  }

  /** The person acted. */
  release(): void {
    if (!this.isHeld) return;
    this.#held = undefined;
    const event = this.#latest;
    // A code that ran out meanwhile is followed by another.
    if (event === undefined || ('expiresAt' in event && event.expiresAt <= this.#context.now())) {
      return;
    }
    this.#context.emit(event);
  }
}
