import type { EventStore } from '@blazz/core';
import { PageWindow } from './page-window';
import { SharedLog, type SharedLogContext } from './shared-log';

/** The logs that are being read by streams, one for each workspace. */
export class SharedLogs {
  readonly #context: SharedLogContext;
  readonly #logs = new Map<string, SharedLog>();

  /**
   * @param events the event log
   * @param pageSize how many events are read at once
   */
  constructor(events: EventStore, pageSize: number) {
    this.#context = { events, pageSize, window: new PageWindow() };
  }

  /**
   * Has a reader enter a workspace's log.
   * @param onGrown called soon after the log grew
   * @returns the log, and what lets the reader go
   */
  enter(workspaceId: string, onGrown: () => void): { log: SharedLog; leave: () => void } {
    const log = this.#logs.get(workspaceId) ?? new SharedLog(workspaceId, this.#context);
    this.#logs.set(workspaceId, log);
    const leave = log.enter(onGrown);
    return {
      log,
      leave: () => {
        leave();
        if (log.size === 0 && this.#logs.get(workspaceId) === log) this.#logs.delete(workspaceId);
      },
    };
  }
}
