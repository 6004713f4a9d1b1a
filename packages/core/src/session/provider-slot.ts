import { GatewayError } from '../errors/gateway-error';
import type { Provider } from '../provider/provider';
import type { ProviderEvent } from '../provider/provider-event';
import { withDeadline } from '../wait';
import { endWithin } from './end-within';
import type { SessionContext } from './session-context';

/** Where a session's one provider is: made when it is first asked for, replaced after every stop. */
export class ProviderSlot {
  readonly #context: SessionContext;
  readonly #onEvent: (provider: Provider, event: ProviderEvent) => void;
  #next: Provider | undefined;
  #live: Provider | undefined;

  /**
   * @param context what the session was given
   * @param onEvent hears what the provider that runs reports; one that was let go is not heard
   */
  constructor(
    context: SessionContext,
    onEvent: (provider: Provider, event: ProviderEvent) => void,
  ) {
    this.#context = context;
    this.#onEvent = onEvent;
  }

  /** The provider that runs, or is being brought up. */
  get live(): Provider | undefined {
    return this.#live;
  }

  /** The provider: the one that runs, or the one that would. */
  get provider(): Provider {
    if (this.#live !== undefined) return this.#live;
    this.#next ??= this.#create();
    return this.#next;
  }

  /**
   * Starts the provider.
   * @throws GatewayError `timeout`, the signal's reason, or what the provider throws
   */
  async start(signal: AbortSignal): Promise<void> {
    const { clock, timings } = this.#context;
    const { provider } = this;
    [this.#live, this.#next] = [provider, undefined];
    const onTimeout = (): GatewayError =>
      new GatewayError('timeout', 'The provider did not come up in time; it is tried again.');
    const deadline = { clock, ms: timings.startMs, signal, onTimeout };
    await withDeadline((until) => provider.start(until), deadline);
  }

  /** Stops the provider under a deadline and lets it go, also one that was never started. Never throws. */
  async clear(): Promise<void> {
    const provider = this.#live;
    [this.#live, this.#next] = [undefined, undefined];
    if (provider === undefined) return;
    const { stopMs } = this.#context.timings;
    const otherwise = 'a provider did not stop cleanly';
    await endWithin(stopMs, this.#context, () => provider.stop(), otherwise);
  }

  #create(): Provider {
    const { factory, workspaceId, sessionId, settings, clock, random, logger } = this.#context;
    const emit = (event: ProviderEvent): void => {
      if (this.#live === provider) this.#onEvent(provider, event);
    };
    const context = { workspaceId, sessionId, settings, emit, clock, random, logger };
    const provider: Provider = factory.create(context);
    return provider;
  }
}
