import type { CancelTimer } from '@blazz/core';
import { asRaw } from '../../json/raw';
import { messageKey } from '../decode/ids';
import { ownReceipts, recentMessages } from '../page/messages';
import type { ProfileMemory } from '../profile/profile-memory';
import { type Inbound, staysEncrypted } from './inbound';
import type { PageCalls } from './page-calls';
import type { SessionScope } from './session-scope';

/** How far before the last message seen a catch-up looks again, in seconds: clocks differ. */
const overlapS = 60;
/** How many messages of one chat a catch-up reports at most, the latest. */
const perChat = 10_000;
/** How many messages come out of the page at once: pictures bring their thumbnails along. */
const batch = 250;
/** How long a message may stay undecrypted before it is told as it is, in milliseconds. */
const decryptMs = 20_000;

/** What a catch-up works with. */
export interface CatchUpParts {
  /** Calls into the page. */
  readonly calls: PageCalls;
  /** Reports what is found. */
  readonly inbound: Inbound;
  /** Knows which messages were seen. */
  readonly memory: ProfileMemory;
  /** Waits between two looks, in milliseconds; the last one for as long as something is open. */
  readonly retryMs: readonly [number, ...number[]];
}

/**
 * Reports the messages that came in before the library listened: those have no event of their own.
 * Nor has what became of own messages meanwhile. Runs after every `ready`, looks again a little
 * later for latecomers, and repeats nothing. Until a round is through, nothing later counts as
 * seen: a crash in the middle of it loses no message.
 */
export class CatchUp {
  readonly #scope: SessionScope;
  readonly #parts: CatchUpParts;
  #round = 0;
  #cancel: CancelTimer | undefined;
  /** When each message that is not decrypted yet was found, on the monotonic clock. */
  #undecrypted = new Map<string, number>();

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
    this.stop();
    // The moment is held now: messages that arrive meanwhile would move it.
    void this.#look(this.#round, this.#parts.memory.hold() - overlapS, 0);
  }

  /** Ends the round that runs. */
  stop(): void {
    this.#round++;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  async #look(round: number, since: number, attempt: number): Promise<void> {
    const { retryMs, memory } = this.#parts;
    const { logger, clock } = this.#scope;
    let open = true;
    try {
      await this.#reportMessages(round, since);
      await this.#reportReceipts(round);
      open = this.#undecrypted.size > 0;
    } catch (error) {
      if (round === this.#round) {
        logger.warn('catching up failed; it is tried again', { error, attempt: attempt + 1 });
      }
    }
    if (round !== this.#round) return;
    if (attempt >= retryMs.length - 1 && !open) return memory.release();
    const waitMs = retryMs[Math.min(attempt, retryMs.length - 1)];
    this.#cancel = clock.schedule(waitMs ?? 0, () => void this.#look(round, since, attempt + 1));
  }

  async #reportMessages(round: number, since: number): Promise<void> {
    const { calls } = this.#parts;
    const { downloadMs } = this.#scope.options.deadlines;
    const found = new Set<string>();
    for (let skip = 0; ; skip += batch) {
      const query = { since, perChat, skip, limit: batch };
      const models = await calls.page(recentMessages, [query], downloadMs);
      if (round !== this.#round) return;
      for (const model of models) this.#report(model, found);
      if (models.length < batch) break;
    }
    // What is not there any more, or was told, is waited for no longer.
    for (const key of this.#undecrypted.keys()) if (!found.has(key)) this.#undecrypted.delete(key);
  }

  /** A message that is not decrypted yet is reported when it is; one that was revoked, not at all. */
  #report(model: unknown, undecrypted: Set<string>): void {
    const { inbound } = this.#parts;
    const { id, type } = asRaw(model);
    const key = messageKey(id);
    if (key === undefined || type === 'revoked') return;
    if (type !== 'ciphertext' || staysEncrypted(model)) return inbound.report(model, true);
    if (inbound.knows(key)) return;
    const now = this.#scope.clock.monotonic();
    const since = this.#undecrypted.get(key) ?? now;
    if (now - since >= decryptMs) return inbound.report(model, true);
    inbound.expectDecryption(key);
    this.#undecrypted.set(key, since);
    undecrypted.add(key);
  }

  async #reportReceipts(round: number): Promise<void> {
    const { calls, inbound } = this.#parts;
    const { options, clock } = this.#scope;
    const since = Math.floor((clock.now() - options.catchUpMs) / 1000);
    const receipts = await calls.page(ownReceipts, [since], options.deadlines.callMs);
    if (round !== this.#round) return;
    for (const [id, ack] of receipts) inbound.reportReceipt(messageKey(id), ack);
  }
}
