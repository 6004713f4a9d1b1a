import { AsyncLocalStorage } from 'node:async_hooks';
import type { CancelTimer } from '@blazz/core';
import { isBrowserFailure } from './is-browser-failure';

/** Hears of a rejection that nobody caught and that belongs to one browser. */
export type OnStray = (reason: unknown) => void;

/** A listener of `unhandledRejection` that can be asked what it would take. */
type GuardListener = ((reason: unknown) => void) & { [claim]?: (reason: unknown) => boolean };

/** Shared by all copies of this code in one process, so that two gateways respect each other. */
const claim: unique symbol = Symbol.for('@blazz/providers/webjs/claim') as never;

/** How long after the last browser's end a late rejection is still expected, in milliseconds. */
const lingerMs = 10_000;

/**
 * Keeps rejections that whatsapp-web.js leaves uncaught from ending the process, and no others. A
 * rejection is taken when two things hold: it began in code that one of our browsers started (each
 * runs in an async scope of its own), and it says that a page or browser went away. Whatever else
 * is rejected meets the fate that Node, or the application's own listener, has for it.
 */
export class RejectionGuard {
  readonly #scope = new AsyncLocalStorage<OnStray>();
  readonly #listener: GuardListener;
  #running = 0;
  #detach: CancelTimer | undefined;

  constructor() {
    this.#listener = (reason: unknown) => this.#onRejection(reason);
    this.#listener[claim] = (reason) => this.#claims(reason);
  }

  /**
   * Guards a browser from now on.
   * @returns a function that ends it; the listener stays for some seconds more, for latecomers
   */
  enter(): () => void {
    this.#detach?.();
    this.#detach = undefined;
    if (
      this.#running++ === 0 &&
      !process.listeners('unhandledRejection').includes(this.#listener)
    ) {
      process.on('unhandledRejection', this.#listener);
    }
    let left = false;
    return () => {
      if (left) return;
      left = true;
      if (--this.#running === 0) this.#detachLater();
    };
  }

  /** Runs the code that starts a browser: everything that it sets in motion is in its scope. */
  run<Result>(onStray: OnStray, start: () => Result): Result {
    return this.#scope.run(onStray, start);
  }

  #detachLater(): void {
    // A real timer, and unreferenced: the linger is about the process, and must not keep it alive.
    const timer = setTimeout(() => this.#detachNow(), lingerMs);
    timer.unref();
    this.#detach = () => clearTimeout(timer);
  }

  #detachNow(): void {
    this.#detach = undefined;
    process.off('unhandledRejection', this.#listener);
  }

  #claims(reason: unknown): boolean {
    return this.#scope.getStore() !== undefined && isBrowserFailure(reason);
  }

  #onRejection(reason: unknown): void {
    if (this.#claims(reason)) {
      this.#scope.getStore()?.(reason);
      return;
    }
    const listeners = process.listeners('unhandledRejection') as GuardListener[];
    // Whoever listens besides us decides, as if we were not there.
    if (listeners.some((listener) => listener[claim] === undefined)) return;
    if (listeners.some((listener) => listener[claim]?.(reason))) return;
    if (rejectionsAreFatal()) throw asThrown(reason);
  }
}

/** Whether Node, without any listener, would end the process: its default, unless told otherwise. */
function rejectionsAreFatal(): boolean {
  const flags = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(' ')].join('=');
  return !/--unhandled-rejections=(none|warn)\b/.test(flags);
}

/** What Node itself would throw: errors as they are, anything else wrapped with the same code. */
function asThrown(reason: unknown): Error {
  if (reason instanceof Error) return reason;
  const error = new Error(
    `This error originated by rejecting a promise which was not handled with .catch(). The promise rejected with the reason ${JSON.stringify(String(reason))}.`,
  );
  return Object.assign(error, { code: 'ERR_UNHANDLED_REJECTION' });
}
