/** How webhooks travel. Meta promises neither order nor that one comes once. */
export interface WebhookConditions {
  /** The most items of one delivery, 1 to 1 000. Default 1 000; they gather for `batchMs`. */
  readonly batchSize: number;
  /** How many times each delivery is repeated. Default 0. */
  readonly copies: number;
  /** Whether items that wait together change places. Default false. */
  readonly shuffle: boolean;
  /** Each delivery waits a random time up to this, in milliseconds, so that they overtake. Default 0. */
  readonly jitterMs: number;
  /** The chance that an item is never delivered, from 0 to 1. Default 0. */
  readonly loss: number;
}

/** Webhooks travel well. */
export const fairConditions: WebhookConditions = {
  batchSize: 1_000,
  copies: 0,
  shuffle: false,
  jitterMs: 0,
  loss: 0,
};
