import { GatewayError, type Provider, type ProviderEvent, withDeadline } from '@blazz/core';
import type { FallbackMember } from '../settings';
import type { MemberContext } from './member-context';

/** Where a member's one provider is: replaced after every end, so that one is always at hand. */
export class Slot {
  readonly #made: FallbackMember;
  readonly #context: MemberContext;
  readonly #onEvent: (event: ProviderEvent) => void;
  #provider: Provider;
  #life = new AbortController();
  #ending: Promise<void> = Promise.resolve();
  #isClosed = false;
  #isFresh = true;

  /**
   * @param made what the member is made by
   * @param context what the session gives the member
   * @param onEvent hears what the present provider reports; one that was let go is not heard
   */
  constructor(
    made: FallbackMember,
    context: MemberContext,
    onEvent: (event: ProviderEvent) => void,
  ) {
    this.#made = made;
    this.#context = context;
    this.#onEvent = onEvent;
    this.#provider = this.#create();
  }

  /** The provider: the one that lives, or the one that would. */
  get provider(): Provider {
    return this.#provider;
  }

  /** Whether the first provider is still there: none has ended yet. */
  get isFresh(): boolean {
    return this.#isFresh;
  }

  /** Aborted when the present provider is of no more use. */
  get life(): AbortSignal {
    return this.#life.signal;
  }

  /** Whether a provider still has a say. */
  isCurrent(provider: Provider): boolean {
    return this.#provider === provider && !this.#isClosed;
  }

  /**
   * Starts the provider, once the one before it has ended.
   * @throws GatewayError `timeout`, the reason of its end, or what the provider throws
   */
  async start(): Promise<void> {
    const { clock, timings, takeTurn } = this.#context;
    const [provider, signal] = [this.#provider, this.life];
    const why = `${this.#made.name} did not come up in time; it is tried again.`;
    const onTimeout = (): GatewayError => new GatewayError('timeout', why);
    const deadline = { clock, ms: timings.startMs, signal, onTimeout };
    await this.#ending;
    await takeTurn(() => withDeadline((until) => provider.start(until), deadline), signal);
  }

  /** Lets the provider go, stops it, and has the next one at hand. */
  replace(error: GatewayError): void {
    const provider = this.#provider;
    this.#isFresh = false;
    this.#life.abort(error);
    this.#life = new AbortController();
    this.#provider = this.#create();
    this.#end(provider);
  }

  /** Stops the provider for good, and waits until every one has ended. */
  async close(error: GatewayError): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#life.abort(error);
      this.#end(this.#provider);
    }
    await this.#ending;
  }

  #create(): Provider {
    const { workspaceId, sessionId, clock, random, logger } = this.#context;
    const { factory, settings } = this.#made;
    const emit = (event: ProviderEvent): void => {
      if (this.isCurrent(provider)) this.#onEvent(event);
    };
    const context = { workspaceId, sessionId, settings, emit, clock, random, logger };
    const provider: Provider = factory.create(context);
    return provider;
  }

  #end(provider: Provider): void {
    const { clock, timings, logger } = this.#context;
    const onTimeout = (): GatewayError =>
      new GatewayError('timeout', 'A member did not end in time.');
    const stop = (): Promise<void> =>
      withDeadline(() => provider.stop(), { clock, ms: timings.stopMs, onTimeout });
    this.#ending = this.#ending.then(stop).catch((error: unknown) => {
      logger.error('a member did not stop cleanly', { provider: this.#made.name, error });
    });
  }
}
