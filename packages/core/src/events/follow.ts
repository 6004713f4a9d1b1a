import { type Clock, systemClock } from '../clock';
import type { EventStore } from '../store/event-store';
import type { EventType, GatewayEvent } from './event';

/** Where an embedded reader begins, and what it wants. */
export interface FollowOptions {
  /** A `seq` to begin after, or an end of the log. Default: the consumer's cursor, else `head`. */
  readonly after?: number | 'head' | 'oldest' | undefined;
  /** A name under which the place is kept, so that the reader goes on where it stopped. */
  readonly consumer?: string | undefined;
  /** Only these types. */
  readonly types?: readonly EventType[] | undefined;
  /** Only of these sessions. */
  readonly sessions?: readonly string[] | undefined;
  /** Ends the reader. */
  readonly signal?: AbortSignal | undefined;
}

/** How many events are read from the store at once. */
const PAGE = 200;

/**
 * Reads a workspace's log as it grows, at the reader's own speed. An event counts as dealt with
 * when the next one is asked for; a named consumer's cursor moves then, so after a crash the last
 * event may come again: dedupe by `event.id`. It moves past what the reader does not want, too.
 * @param clock notes when a named consumer was seen. Default: the machine's
 */
export async function* follow(
  events: EventStore,
  workspaceId: string,
  options: FollowOptions = {},
  clock: Clock = systemClock,
): AsyncGenerator<GatewayEvent, void, undefined> {
  const { consumer, signal, types, sessions } = options;
  let after = await startOf(events, workspaceId, options);
  const keep = async (): Promise<void> => {
    if (consumer !== undefined) await events.saveCursor(workspaceId, consumer, after, clock.now());
  };
  let wake: (() => void) | undefined;
  let grown = true;
  const nudge = (): void => {
    grown = true;
    wake?.();
  };
  const unwatch = events.watch(workspaceId, nudge);
  signal?.addEventListener('abort', nudge);
  try {
    while (!signal?.aborted) {
      if (!grown) await new Promise<void>((resolve) => (wake = resolve));
      grown = false;
      for (let more = true; more && !signal?.aborted; ) {
        const page = await events.read(workspaceId, { after, limit: PAGE, types, sessions });
        for (const event of page.events) {
          yield event;
          after = event.seq;
          await keep();
          if (signal?.aborted) return;
        }
        const isPast = page.next > after;
        after = Math.max(after, page.next);
        if (isPast) await keep();
        more = after < page.headSeq;
      }
    }
  } finally {
    unwatch();
    signal?.removeEventListener('abort', nudge);
  }
}

async function startOf(
  events: EventStore,
  workspaceId: string,
  options: FollowOptions,
): Promise<number> {
  const { after, consumer } = options;
  if (typeof after === 'number') return after;
  if (after === 'oldest') return 0;
  const kept = consumer === undefined ? undefined : await events.cursor(workspaceId, consumer);
  if (after === undefined && kept !== undefined) return kept;
  return (await events.bounds(workspaceId)).headSeq;
}
