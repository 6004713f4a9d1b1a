/**
 * Where a message stands. `queued → sending → sent → delivered → read → played` is the happy way;
 * `failed`, `expired` and `unknown` end it otherwise.
 */
export type ReceiptStatus =
  | 'queued'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'played'
  | 'failed'
  | 'expired'
  | 'unknown';

/**
 * How far a status is. Statuses only climb: a late or repeated report never takes a message back.
 * `unknown` stands below `sent`, since any later proof settles it; `failed` stands above `sent`
 * (WhatsApp may refuse after accepting) and below `delivered` (a delivery disproves it).
 */
const rank: Readonly<Record<ReceiptStatus, number>> = {
  queued: 0,
  sending: 1,
  unknown: 2,
  expired: 3,
  sent: 4,
  failed: 5,
  delivered: 6,
  read: 7,
  played: 8,
};

/** The later of two statuses: a join of the lattice, so the order of reports does not matter. */
export function mergeReceipts(a: ReceiptStatus, b: ReceiptStatus): ReceiptStatus {
  return rank[b] > rank[a] ? b : a;
}

/** Whether a send with this status is over: nothing will be tried again by itself. */
export function isSettled(status: ReceiptStatus): boolean {
  return rank[status] >= rank.unknown;
}

/** Every status, lowest first. */
export const receiptStatuses: readonly ReceiptStatus[] = (
  Object.keys(rank) as ReceiptStatus[]
).sort((a, b) => rank[a] - rank[b]);
