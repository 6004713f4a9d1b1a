/** What WhatsApp charges for a message, as it says itself. */
export interface MessagePricing {
  /** Whether it is charged for. */
  readonly billable: boolean;
  /** How charges are reckoned, such as `PMP` (per message) or `CBP` (per conversation). */
  readonly model: string;
  /** What it is charged as, such as `marketing`, `utility`, `service`. */
  readonly category?: string;
  /** The kind of charge, such as `regular` or `free_customer_service`. */
  readonly type?: string;
}
