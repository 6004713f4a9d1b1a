/** How far a message is, by WhatsApp Web's acknowledgement number. 0 (pending) says nothing. */
const receipts = {
  '-1': 'failed',
  1: 'sent',
  2: 'delivered',
  3: 'read',
  4: 'played',
} as const;

/** A receipt that an acknowledgement stands for. */
export type AckReceipt = (typeof receipts)[keyof typeof receipts];

/** The receipt that an acknowledgement number stands for; `undefined` for pending and unknown ones. */
export function decodeAck(ack: unknown): AckReceipt | undefined {
  return Object.hasOwn(receipts, String(ack)) ? receipts[String(ack) as '1'] : undefined;
}
