import type { BusinessProfile, CodeRequest, RegistrationRequest } from '@blazz/core';
import type { SessionCallOptions, SessionCalls } from './session-calls';

/**
 * A session's number at its platform, which works before the session runs. An `id` is a session's, or
 * a workspace's: then its primary session. None of the changes is repeated once it may have arrived:
 * a wrong code or PIN that is tried again locks the number.
 */
export class NumberCalls {
  readonly #calls: SessionCalls;

  /** @internal Ask a {@link GatewayClient} for it. */
  constructor(calls: SessionCalls) {
    this.#calls = calls;
  }

  /** Has a code sent to the number, by text message or call. */
  requestCode(id: string, request: CodeRequest, options?: SessionCallOptions): Promise<void> {
    return this.#do(id, 'request-code', request, options);
  }

  /** Proves the number by the code that came. */
  verifyCode(id: string, code: string, options?: SessionCallOptions): Promise<void> {
    return this.#do(id, 'verify-code', { code }, options);
  }

  /** Registers the number; start the session with {@link GatewayClient.reconnect} afterwards. */
  register(id: string, request: RegistrationRequest, options?: SessionCallOptions): Promise<void> {
    return this.#do(id, 'register', request, options);
  }

  /** Sets or changes the PIN of two-step verification. */
  setPin(id: string, pin: string, options?: SessionCallOptions): Promise<void> {
    return this.#do(id, 'pin', { pin }, options);
  }

  /** Takes the number off the platform; its session ends, and its messages wait. */
  deregister(id: string, options?: SessionCallOptions): Promise<void> {
    return this.#do(id, 'deregister', undefined, options);
  }

  /** How the business shows itself. */
  profile(id: string, options?: SessionCallOptions): Promise<BusinessProfile> {
    return this.#calls.call('GET', [id, 'profile'], {}, options);
  }

  /** Changes what is named of how the business shows itself, and leaves the rest. */
  updateProfile(id: string, profile: BusinessProfile, options?: SessionCallOptions): Promise<void> {
    return this.#do(id, 'profile', profile, options);
  }

  async #do(
    id: string,
    step: string,
    body: object | undefined,
    options: SessionCallOptions | undefined,
  ): Promise<void> {
    await this.#calls.call('POST', [id, step], { body }, options);
  }
}
