import type { Clock, EventType, GatewayError } from '@blazz/core';
import type { Signer } from '@blazz/core/signing';
import type { ClientKey } from '../client/gateway-client-options';

/** How a feed stands. */
export type FeedStatus =
  | {
      /** It connects. */
      readonly type: 'connecting';
    }
  | {
      /** The instance greeted; events flow. */
      readonly type: 'open';
    }
  | {
      /** The connection is gone; it connects again by itself. */
      readonly type: 'waiting';
      /** What happened. */
      readonly error: GatewayError;
      /** How long it waits before it connects, in milliseconds. */
      readonly delayMs: number;
    }
  | {
      /** It has ended. */
      readonly type: 'stopped';
      /** Why, when it was not stopped from outside. */
      readonly error?: unknown;
    };

/** What an {@link EventFeed} needs. */
export interface EventFeedOptions {
  /** Where the instance is, such as `http://127.0.0.1:4800`: scheme, host and port only. */
  readonly baseUrl: string;
  /** The key's id and secret, or a signer. The key needs the scope `events`. */
  readonly key: ClientKey | Signer;
  /** The tenant whose events to follow. */
  readonly workspaceId: string | number;
  /**
   * Where to begin: after a `seq`, at the `oldest` event that is kept, or at the `head` (only what
   * happens from now on). Default: where the named consumer left off; without one, the head.
   */
  readonly after?: number | 'head' | 'oldest' | undefined;
  /** Only these types. Default: all. */
  readonly types?: readonly EventType[] | undefined;
  /** Only of these sessions. Default: all. */
  readonly sessions?: readonly string[] | undefined;
  /** The name under which the instance remembers what was acknowledged, for the next start. */
  readonly consumer?: string | undefined;
  /**
   * Who acknowledges. `auto`: an event counts as handled when the consumer asks for the next one.
   * `manual`: only {@link EventFeed.ack} does. Default: `auto`.
   */
  readonly ack?: 'auto' | 'manual' | undefined;
  /**
   * How many items may wait for the consumer before the feed stops reading from the network, at least
   * 1. What the network had delivered by then still comes. Default: 256.
   */
  readonly bufferSize?: number | undefined;
  /** Stops the feed; the consumer's loop then ends with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** How long the instance may take to greet, in milliseconds. Default: 10,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** The ceiling of the first wait before connecting again, in milliseconds; it doubles. Default: 250. */
  readonly backoffMs?: number | undefined;
  /** The highest ceiling, in milliseconds. Default: 30,000. */
  readonly maxBackoffMs?: number | undefined;
  /** Hears how the feed stands, for logs and metrics. Must not throw. */
  readonly onStatus?: ((status: FeedStatus) => void) | undefined;
  /** Where time comes from. Default: the machine's clock. */
  readonly clock?: Clock | undefined;
  /** Chance, 0 up to 1, for the waits. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}
