import type { Clock } from '@blazz/core';
import type { ReviewMode } from './templates/reviews';

/** How long things take at the simulated Graph API and its network, in milliseconds. */
export interface GraphTimings {
  /** Added to every answer. Default 0. */
  readonly answerMs: number;
  /** From the acceptance of a message to its status `sent`, or `failed`. Default 20. */
  readonly sentMs: number;
  /** From there to `delivered`. Default 40. */
  readonly deliveredMs: number;
  /** From there to `read`. Default 100. */
  readonly readMs: number;
  /** How long Meta's review of a template takes. Default 50. */
  readonly reviewMs: number;
  /** How long a webhook waits for others to share a batch with. Default 5. */
  readonly batchMs: number;
  /** How long a callback may take to answer before the delivery counts as failed. Default 20 000. */
  readonly webhookTimeoutMs: number;
  /**
   * The pauses between the deliveries of one webhook that the callback does not answer with 200;
   * after the last, it is given up. Default: at once, then ever more rarely over 7 days.
   */
  readonly webhookRetriesMs: readonly number[];
  /** How long the download address of a medium lives. Default 300 000, 5 minutes. */
  readonly mediaUrlMs: number;
  /** How long an uploaded medium lives. Default 30 days. */
  readonly uploadedMediaMs: number;
  /** How long a medium that a customer sent lives. Default 7 days. */
  readonly receivedMediaMs: number;
  /** How long a customer's message keeps the window for free messages open. Default 24 hours. */
  readonly windowMs: number;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** The default of every {@link GraphTimings} value. */
export const defaultGraphTimings: GraphTimings = {
  answerMs: 0,
  sentMs: 20,
  deliveredMs: 40,
  readMs: 100,
  reviewMs: 50,
  batchMs: 5,
  webhookTimeoutMs: 20_000,
  webhookRetriesMs: [
    0,
    15_000,
    minute,
    5 * minute,
    15 * minute,
    hour,
    3 * hour,
    6 * hour,
    12 * hour,
    day,
    2 * day,
    3 * day,
  ],
  mediaUrlMs: 5 * minute,
  uploadedMediaMs: 30 * day,
  receivedMediaMs: 7 * day,
  windowMs: day,
};

/** Which of Meta's limits are enforced. All are, by default. */
export interface GraphLimits {
  /** Messages per second of a number, by its tier: 130429 with HTTP 429. */
  readonly throughput: boolean;
  /** One message in 6 seconds to the same person, 45 at once as an advance: 131056. */
  readonly pair: boolean;
  /** Free messages only within 24 hours of the customer's last one: 131047. */
  readonly window: boolean;
  /** A number must be registered before it sends: 133010. */
  readonly registration: boolean;
  /** Templates must exist, be approved and get the parameters that they have: 132000 and others. */
  readonly templates: boolean;
  /** Media must have a size and type that WhatsApp takes: 131053 and 100. */
  readonly media: boolean;
  /** Only people who wrote within 24 hours can be blocked: 139101 in the answer's failures. */
  readonly blocking: boolean;
}

/** Everything is enforced. */
export const allLimits: GraphLimits = {
  throughput: true,
  pair: true,
  window: true,
  registration: true,
  templates: true,
  media: true,
  blocking: true,
};

/** How far messages get by themselves. */
export const receiptModes = ['read', 'delivered', 'sent', 'none'] as const;

/**
 * How far messages get by themselves: `read` (sent, delivered, read), `delivered`, `sent`, or
 * `none`, which leaves every status to the test.
 */
export type ReceiptMode = (typeof receiptModes)[number];

/** What a link in a message leads to. */
export interface LinkedMedia {
  /** How many bytes are there. */
  readonly size: number;
  /** Their type, such as `image/jpeg`. */
  readonly mimeType: string;
}

/** What a `GraphSimulator` can be told. */
export interface GraphSimulatorOptions {
  /** Port of the simulated graph.facebook.com on 127.0.0.1. Default 0: any free one. */
  readonly port?: number;
  /** The clock that delays, limits and expiries run on. Default: the machine's. */
  readonly clock?: Clock;
  /** Chance, from 0 up to 1: ids, fault probabilities, shuffles. Default: `Math.random`. */
  readonly random?: () => number;
  /** Delays that differ from {@link defaultGraphTimings}. */
  readonly timings?: Partial<GraphTimings>;
  /** Limits to switch off. Default: {@link allLimits}. */
  readonly limits?: Partial<GraphLimits>;
  /** How far messages get by themselves. Default `read`. */
  readonly receipts?: ReceiptMode;
  /** How new and changed templates are judged. Default `approve`. */
  readonly reviews?: ReviewMode;
  /**
   * How a closed window, an unreachable, blocking or opted-out recipient is told: `status` accepts the
   * message and sends a `failed` status, as Meta mostly does; `answer` refuses it at once. Default
   * `status`.
   */
  readonly refusals?: 'status' | 'answer';
  /** Whether a number that was not added as a contact is on WhatsApp. Default: every number is. */
  readonly isOnWhatsApp?: (number: string) => boolean;
  /**
   * What Meta finds behind a link in a message; undefined is a failed download (131053). Default:
   * every link is good, and nothing is fetched.
   */
  readonly resolveLink?: (link: string) => Promise<LinkedMedia | undefined>;
  /** Whether webhooks carry business-scoped user ids. Default true, as since April 2026. */
  readonly userIds?: boolean;
}
