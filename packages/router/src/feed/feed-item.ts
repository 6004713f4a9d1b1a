import type { GatewayEvent } from '@blazz/core';

/** Events that are gone: they were trimmed from the log before this feed could read them. */
export interface StreamGap {
  /** Tells it from events. */
  readonly type: 'stream.gap';
  /** The tenant. */
  readonly workspace_id: string;
  /** The first `seq` that is missing. */
  readonly from: number;
  /** The last `seq` that is missing. Lower than `from` when the log began anew, with new numbers. */
  readonly to: number;
}

/** What a feed gives: an event, or word that some are gone. Tell them apart by `type`. */
export type FeedItem = GatewayEvent | StreamGap;

/** Where a reader stands that has handled an item. */
export function cursorAfter(item: FeedItem): number {
  return item.type === 'stream.gap' ? item.to : item.seq;
}

/** Whether the numbers of the log began anew with this item. */
export function beginsAnew(item: FeedItem): boolean {
  return item.type === 'stream.gap' && item.to < item.from;
}
