import type { Clock } from '../clock';
import type { GatewayError } from '../errors/gateway-error';
import type { EventDataByType, EventDraft, EventType } from '../events/event';
import { newId } from '../ids';
import type { Logger } from '../logger';
import type { Observer } from '../observer';
import type { Account } from '../provider/provider-event';
import type { SessionFence } from '../store/outbox-store';
import type { SessionRecord, SessionStore } from '../store/session-store';
import { Watch } from '../watch';
import type { Inbox, OnLost } from './inbox';
import { canMove, type SessionState } from './session-state';
import { SyncProgress } from './sync-progress';

/** What is told with a move. */
export interface MoveFacts {
  /** Why, as one word. */
  readonly reason?: string | undefined;
  /** The account, once known. */
  readonly account?: Account | undefined;
  /** The error that led here. */
  readonly error?: GatewayError | undefined;
  /** While it is `syncing`: how far, 0 to 100. */
  readonly percent?: number | undefined;
}

/** What a journal needs. */
export interface JournalContext {
  /** The session as it is known so far. */
  readonly record: SessionRecord;
  /** Where session records are. */
  readonly sessions: SessionStore;
  /** Writes in order. */
  readonly inbox: Inbox;
  /** Under which epoch to write; 0 before the first lease. */
  readonly epoch: () => number;
  /** Time. */
  readonly clock: Clock;
  /** Log lines. */
  readonly logger: Logger;
  /** Metrics. */
  readonly observer: Observer;
}

/** Where a session stands: keeps to the table of legal moves, writes each move down, tells whoever waits. */
export class SessionJournal {
  readonly #context: JournalContext;
  readonly #watch = new Watch();
  readonly #progress: SyncProgress;
  #record: SessionRecord;

  /** @param context what the journal needs */
  constructor(context: JournalContext) {
    this.#context = context;
    this.#record = context.record;
    this.#progress = new SyncProgress(context.clock, (percent) => {
      const { state } = this.#record;
      this.publish('session.state', { state, previous: state, percent });
    });
  }

  /** The session's record as it is now. */
  get record(): SessionRecord {
    return this.#record;
  }

  /** Where the session stands. */
  get state(): SessionState {
    return this.#record.state;
  }

  /** While it is `syncing`: how far, 0 to 100, when its provider knows. */
  get percent(): number | undefined {
    return this.#progress.percent;
  }

  /** The session, and the epoch under which to write. */
  get fence(): SessionFence {
    const { workspace_id, session_id } = this.#record;
    return { workspaceId: workspace_id, sessionId: session_id, epoch: this.#context.epoch() };
  }

  /** Remembers what the session's owner asked for. */
  desire(desired: SessionRecord['desired']): void {
    if (this.#record.desired === desired) return;
    const own = { ...this.#record, desired };
    this.#record = own;
    const { inbox, sessions } = this.#context;
    inbox.run(async () => {
      // A wish needs no owner; what the present owner wrote about the session stays as it is.
      const known = await sessions.get(own.workspace_id, own.session_id);
      await sessions.save({ ...(known ?? own), desired });
    });
  }

  /** Moves to a state; a move that the table does not allow is logged and not made. */
  move(to: SessionState, facts: MoveFacts = {}): void {
    const { clock, logger, observer } = this.#context;
    const from = this.#record.state;
    if (from === to) {
      this.#progress.reached(facts.percent);
      return this.#know(facts.account);
    }
    if (!canMove(from, to)) {
      logger.warn('an illegal session move was asked for', { state: from, reason: to });
      return;
    }
    const { reason: _, ...kept } = this.#record;
    const error = facts.error?.toJSON();
    this.#record = {
      ...kept,
      state: to,
      since: clock.now(),
      ...(facts.reason === undefined ? {} : { reason: facts.reason }),
      ...(facts.account === undefined ? {} : { account: facts.account }),
      ...(error === undefined ? {} : { last_error: error }),
    };
    logger.info('session moved', { state: to, reason: facts.reason, error: facts.error });
    observer.sessionMoved?.({ provider: this.#record.provider, from, to });
    const [record, epoch] = [this.#record, this.#context.epoch()];
    this.#context.inbox.run(() => this.#context.sessions.save(record, epoch));
    this.#progress.begin(facts.percent);
    this.publish('session.state', {
      state: to,
      previous: from,
      ...(facts.reason === undefined ? {} : { reason: facts.reason }),
      ...(facts.account === undefined ? {} : { account: facts.account }),
      ...(error === undefined ? {} : { error }),
      ...(facts.percent === undefined ? {} : { percent: facts.percent }),
    });
    this.touch();
  }

  /** The account can change while the session stays ready: another member carries it. */
  #know(account: Account | undefined): void {
    const known = this.#record.account;
    if (account === undefined || JSON.stringify(known) === JSON.stringify(account)) return;
    const [record, epoch] = [{ ...this.#record, account }, this.#context.epoch()];
    this.#record = record;
    this.#context.inbox.run(() => this.#context.sessions.save(record, epoch));
  }

  /** Puts an event of this session into the log. */
  publish<T extends EventType>(
    type: T,
    data: EventDataByType[T],
    dedupeKey?: string,
    onLost?: OnLost,
  ): void {
    this.#context.inbox.publish(this.fence, this.#draft(type, data, dedupeKey), onLost);
  }

  /**
   * Puts an event of this session into the log from within a write of the inbox that has its turn.
   * Resolves once it is durable.
   */
  append<T extends EventType>(
    type: T,
    data: EventDataByType[T],
    dedupeKey?: string,
  ): Promise<void> {
    return this.#context.inbox.append(this.fence, this.#draft(type, data, dedupeKey));
  }

  #draft<T extends EventType>(
    type: T,
    data: EventDataByType[T],
    dedupeKey: string | undefined,
  ): EventDraft {
    const now = this.#context.clock.now();
    return {
      id: newId('evt', now),
      type,
      session_id: this.#record.session_id,
      time: isoTime(now),
      data,
      ...(dedupeKey === undefined ? {} : { dedupe_key: dedupeKey }),
    } as unknown as EventDraft;
  }

  /** Tells whoever waits to look again. */
  touch(): void {
    this.#watch.touch();
  }

  /**
   * Resolves with the first defined value that `look` gives; looks now and after every change.
   * @throws the signal's reason when aborted, or what `look` throws
   */
  until<T>(look: () => T | undefined, signal: AbortSignal): Promise<T> {
    return this.#watch.until(look, signal);
  }
}

/** Milliseconds since 1970 as ISO 8601, the form of every time on the wire. */
export function isoTime(time: number): string {
  return new Date(time).toISOString();
}
