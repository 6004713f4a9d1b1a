import { backoff } from '../backoff';
import { GatewayError, isGatewayError, toGatewayError } from '../errors/gateway-error';
import type { Observer } from '../observer';
import type { ProviderEvent } from '../provider/provider-event';
import type { InsistContext } from '../store/insist';
import type { IntakeEntry, IntakeStore } from '../store/intake-store';
import type { Inbox } from './inbox';
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
  /** Makes events of an entry. */
  readonly read: (entry: IntakeEntry) => readonly ProviderEvent[];
  /** Tells the provider that runs. */
  readonly tell: (event: ProviderEvent) => void;
  /** Writes down what an entry says. */
  readonly record: (report: Report) => Promise<void> | undefined;
  /** Does work that only the session's owner may do. */
  readonly owned: (work: () => Promise<void>) => Promise<void>;
  /** Chance. */
  readonly random: () => number;
  /** Metrics. */
  readonly observer: Observer;
}

/** How many entries are read at once. */
const PAGE = 50;
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
    const { intake, workspaceId, sessionId, ended } = this.#context;
    while (!ended.aborted) {
      const page = await intake.waiting(workspaceId, sessionId, PAGE);
      if (page.length === 0) return;
      await this.#readPage(page);
    }
  }

  async #readPage(page: readonly IntakeEntry[]): Promise<void> {
    const { intake, inbox, workspaceId } = this.#context;
    const lostBefore = inbox.lost;
    const done: string[] = [];
    for (const entry of page) {
      if (await this.#readEntry(entry)) done.push(entry.entry_id);
    }
    await inbox.drained();
    if (inbox.lost !== lostBefore) {
      throw new GatewayError('store_unavailable', 'What an entry says could not be written.');
    }
    await intake.remove(workspaceId, done);
  }

  /** @returns whether it was read; one that cannot be is set aside, and does not hold up the others */
  async #readEntry(entry: IntakeEntry): Promise<boolean> {
    const { read, tell, record, intake, clock, logger, observer } = this.#context;
    let events: readonly ProviderEvent[];
    try {
      events = read(entry);
    } catch (thrown) {
      const error = isGatewayError(thrown)
        ? thrown
        : new GatewayError('bad_request', 'The entry could not be read.', { cause: thrown });
      logger.error('an entry was set aside', { error });
      observer.intakeQuarantined?.({ provider: entry.source, code: error.code });
      await intake.quarantine({ ...entry, error: error.toJSON(), quarantined_at: clock.now() });
      return false;
    }
    const places: (Promise<void> | undefined)[] = [];
    for (const event of events) {
      tell(event);
      if (isReport(event)) places.push(record(event));
    }
    await Promise.all(places);
    return true;
  }
}
