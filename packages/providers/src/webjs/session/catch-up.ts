import { messageKey } from '../decode/ids';
import { asRaw } from '../decode/raw';
import { recentMessages } from '../page/messages';
import type { Inbound } from './inbound';
import type { PageCalls } from './page-calls';
import type { SessionScope } from './session-scope';

/** How far before the last message seen a catch-up looks again, in seconds: clocks differ. */
const overlapS = 60;
/** How many messages of one chat a catch-up reports at most. */
const perChat = 200;

/** What a catch-up works with. */
export interface CatchUpParts {
  /** Calls into the page. */
  readonly calls: PageCalls;
  /** Reports what is found. */
  readonly inbound: Inbound;
  /** When the last message seen was written, seconds since 1970. */
  readonly lastSeen: () => number;
  /** Waits between two tries, in milliseconds. */
  readonly retryMs: readonly number[];
}

/**
 * Reports the messages that came in before the library listened: those have no event of their own.
 * Runs after every `ready`, looks again a little later for latecomers, and repeats nothing.
 */
export class CatchUp {
  readonly #scope: SessionScope;
  readonly #parts: CatchUpParts;
  #round = 0;

  /**
   * @param scope what the parts of the session share
   * @param parts what the catch-up works with
   */
  constructor(scope: SessionScope, parts: CatchUpParts) {
    this.#scope = scope;
    this.#parts = parts;
  }

  /** Begins a round; an earlier one that still runs gives way. Never throws. */
  run(): void {
    const round = ++this.#round;
    // The moment is taken now: messages that arrive meanwhile move it.
    void this.#look(round, this.#parts.lastSeen() - overlapS, 0);
  }

  /** Ends the round that runs. */
  stop(): void {
    this.#round++;
  }

  async #look(round: number, since: number, attempt: number): Promise<void> {
    const { calls, inbound, retryMs } = this.#parts;
    const { options, logger, clock } = this.#scope;
    try {
      const { downloadMs } = options.deadlines;
      const models = await calls.page(recentMessages, [{ since, perChat }], downloadMs);
      if (round !== this.#round) return;
      for (const model of models) if (isWhole(model)) inbound.report(model, true);
    } catch (error) {
      if (round !== this.#round) return;
      logger.warn('catching up failed', { error, attempt: attempt + 1 });
    }
    const waitMs = retryMs[attempt];
    if (waitMs === undefined) return;
    clock.schedule(waitMs, () => {
      if (round === this.#round) void this.#look(round, since, attempt + 1);
    });
  }
}

/** A message that is not decrypted yet is reported when it is; one that was revoked, not at all. */
function isWhole(model: unknown): boolean {
  const { id, type } = asRaw(model);
  return messageKey(id) !== undefined && type !== 'ciphertext' && type !== 'revoked';
}
