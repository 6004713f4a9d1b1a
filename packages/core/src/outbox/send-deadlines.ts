import { setMaxListeners } from 'node:events';
import type { Clock } from '../clock';
import { GatewayError } from '../errors/gateway-error';

/** What {@link SendDeadlines} works with. */
export interface SendDeadlinesContext {
  /** Measures the deadlines. */
  readonly clock: Clock;
  /** How long a send may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** Sends that began at about the same time share a signal and a timer for it. */
interface Group {
  readonly controller: AbortController;
  /** When sends join it no longer, and when their time is up, on the clock's monotonic side. */
  readonly closesAt: number;
  readonly endsAt: number;
  /** Gives up a send that is under way. */
  readonly waiting: Set<(reason: GatewayError) => void>;
  cancel: (() => void) | undefined;
}

/** Sends that begin within this share of the timeout get the signal of the first of them. */
const SHARED = 1 / 1_000;

/**
 * Gives up sends that take too long. A signal of its own for each send costs 5 to 20 µs, more than
 * all else that a lane does for it; so those that begin within a thousandth of the timeout share
 * one, which ends with the first of them.
 */
export class SendDeadlines {
  readonly #context: SendDeadlinesContext;
  #group: Group | undefined;

  /** @param context what it works with */
  constructor(context: SendDeadlinesContext) {
    this.#context = context;
  }

  /**
   * Runs a send, and gives up when its time is over. One that ignores its signal goes on unobserved.
   * @throws GatewayError `timeout`, or what the send throws
   */
  run<T>(send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const group = this.#current();
    return new Promise<T>((resolve, reject) => {
      group.waiting.add(reject);
      const settle = (): void => {
        group.waiting.delete(reject);
        if (group.waiting.size > 0) return;
        group.cancel?.();
        group.cancel = undefined;
      };
      const fail = (error: unknown): void => {
        settle();
        reject(error);
      };
      try {
        send(group.controller.signal).then((value) => {
          settle();
          resolve(value);
        }, fail);
      } catch (error) {
        fail(error);
      }
    });
  }

  /** The group that a send which begins now belongs to, with its timer running. */
  #current(): Group {
    const { clock, timeoutMs } = this.#context;
    const now = clock.monotonic();
    let group = this.#group;
    if (group === undefined || now > group.closesAt || group.controller.signal.aborted) {
      group = {
        controller: new AbortController(),
        closesAt: now + timeoutMs * SHARED,
        endsAt: now + timeoutMs,
        waiting: new Set(),
        cancel: undefined,
      };
      // As many listen as sends share it: Node would take that for a leak.
      setMaxListeners(0, group.controller.signal);
      this.#group = group;
    }
    const joined = group;
    group.cancel ??= clock.schedule(group.endsAt - now, () => giveUp(joined));
    return group;
  }
}

function giveUp(group: Group): void {
  group.cancel = undefined;
  const reason = new GatewayError('timeout', 'The provider did not answer in time.');
  group.controller.abort(reason);
  for (const reject of group.waiting) reject(reason);
  group.waiting.clear();
}
