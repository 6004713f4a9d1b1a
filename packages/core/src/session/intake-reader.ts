import { backoff } from '../backoff';
import { GatewayError, isGatewayError, toGatewayError } from '../errors/gateway-error';
import type { ReadEntry } from '../intake/read-entry';
import type { Observer } from '../observer';
import type { ProviderEvent } from '../provider/provider-event';
import { type InsistContext, isForGood } from '../store/insist';
import type { IntakeEntry, IntakeStore } from '../store/intake-store';
import type { Inbox, OnLost } from './inbox';
import { isReport, type Report } from './provider-reports';

/** What a reader needs. */
export interface IntakeReaderContext extends InsistContext {
  /** The tenant. */
  readonly workspaceId: string;
  /** The session. */
  readonly sessionId: string;
  /** Where what came in is kept. */
  readonly intake: IntakeStore;
  /** Writes in order. */
  readonly inbox: Inbox;
  /** Resolves with what makes events of entries, as the session is configured now. */
  readonly reading: () => Promise<ReadEntry>;
  /** Tells the provider that runs. */
  readonly tell: (event: ProviderEvent) => void;
  /** Writes down what an entry says. */
  readonly record: (report: Report, onLost: OnLost) => Promise<void> | undefined;
  /** Does work that only the session's owner may do. */
  readonly owned: (work: () => Promise<void>) => Promise<void>;
  /** Chance. */
  readonly random: () => number;
  /** Metrics. */
  readonly observer: Observer;
}

/** How many entries are read at once. */
const PAGE = 50;
/** How often a fault that nobody foresaw may come in a row until it is taken for lasting. */
const FAULTS = 8;
/** Waits after a reading that came to nothing, in milliseconds. */
const waits = { baseMs: 500, maxMs: 30_000 };

/**
 * Reads what came in for a session, in the order in which it came: an entry is forgotten once what it
 * says is in the log. After a crash in between it is read again, and its repeats are known by their ids.
 */
export class IntakeReader {
  readonly #context: IntakeReaderContext;
  #isReading = false;
  #again = false;
  #failures = 0;
  #cancelRetry: (() => void) | undefined;

  /** @param context what the reader needs */
  constructor(context: IntakeReaderContext) {
    this.#context = context;
  }

  /** Looks soon for what came in. Returns at once. */
  wake(): void {
    this.#again = true;
    if (this.#isReading || this.#context.ended.aborted) return;
    this.#isReading = true;
    this.#cancelRetry?.();
    void this.#readOn();
  }

  /** Looks no more. */
  stop(): void {
    this.#cancelRetry?.();
  }

  async #readOn(): Promise<void> {
    const { owned, ended, clock, random, logger } = this.#context;
    try {
      while (this.#again && !ended.aborted) {
        this.#again = false;
        await owned(() => this.#readAll());
        this.#failures = 0;
      }
    } catch (thrown) {
      if (ended.aborted) return;
      this.#failures += 1;
      const error = toGatewayError(thrown, 'internal', 'What came in could not be read.');
      const waitMs = error.retryAfterMs ?? backoff(waits, this.#failures, random);
      logger.warn('what came in is read later', { error, duration_ms: waitMs });
      this.#cancelRetry = clock.schedule(waitMs, () => this.wake());
    } finally {
      // In the same breath as the last look: whoever wakes it from now on finds it at rest.
      this.#isReading = false;
    }
  }

  async #readAll(): Promise<void> {
    const { intake, workspaceId, sessionId, ended, reading } = this.#context;
    while (!ended.aborted) {
      const page = await intake.waiting(workspaceId, sessionId, PAGE);
      if (page.length === 0) return;
      await this.#readPage(page, await reading());
    }
  }

  async #readPage(page: readonly IntakeEntry[], read: ReadEntry): Promise<void> {
    const { intake, inbox, workspaceId } = this.#context;
    const done: IntakeEntry[] = [];
    const lost = new Map<IntakeEntry, unknown[]>();
    for (const entry of page) {
      const onLost = (error: unknown): void => {
        lost.set(entry, [...(lost.get(entry) ?? []), error]);
      };
      if (await this.#readEntry(entry, read, onLost)) done.push(entry);
    }
    await inbox.drained();
    await intake.remove(
      workspaceId,
      done.filter((entry) => !lost.has(entry)).map((entry) => entry.entry_id),
    );
    await this.#settle(lost);
  }

  /** Sets aside what the store refused for good. What may pass is read again later, with all that it says. */
  async #settle(lost: ReadonlyMap<IntakeEntry, readonly unknown[]>): Promise<void> {
    const passing: unknown[] = [];
    for (const [entry, errors] of lost) {
      const own = errors.filter((error) => !this.#isLasting(error));
      if (own.length === 0) await this.#setAside(entry, unreadable(errors[0]));
      passing.push(...own);
    }
    if (passing.length > 0) throw passing[0];
  }

  #isLasting(error: unknown): boolean {
    return isGatewayError(error) ? isForGood(error) : this.#failures >= FAULTS;
  }

  /**
   * @returns whether it was read; one that cannot be is set aside, or read later if that may pass, and
   *   does not hold up the others
   */
  async #readEntry(entry: IntakeEntry, read: ReadEntry, onLost: OnLost): Promise<boolean> {
    const { tell, record } = this.#context;
    let events: readonly ProviderEvent[];
    try {
      events = read(entry);
    } catch (thrown) {
      if (isGatewayError(thrown) && thrown.retryable) onLost(thrown);
      else await this.#setAside(entry, unreadable(thrown));
      return false;
    }
    const places: (Promise<void> | undefined)[] = [];
    for (const event of events) {
      tell(event);
      if (isReport(event)) places.push(record(event, onLost));
    }
    await Promise.all(places);
    return true;
  }

  async #setAside(entry: IntakeEntry, error: GatewayError): Promise<void> {
    const { intake, clock, logger, observer } = this.#context;
    logger.error('an entry was set aside', { error });
    observer.intakeQuarantined?.({ provider: entry.source, code: error.code });
    await intake.quarantine({ ...entry, error: error.toJSON(), quarantined_at: clock.now() });
  }
}

function unreadable(thrown: unknown): GatewayError {
  if (isGatewayError(thrown)) return thrown;
  return new GatewayError('bad_request', 'The entry could not be read.', { cause: thrown });
}
