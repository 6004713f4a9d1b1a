/**
 * How far a message gets on its own when its recipient is a simulated contact:
 * - `read`: server, device, read (1, 2, 3)
 * - `delivered`: server and device (1, 2)
 * - `sent`: the server only (1), for ever
 * - `offline`: the server only (1), until the mode changes; then it catches up
 * - `manual`: nothing by itself; every step is an `acknowledge` of the test, the first included
 * - `never`: the server accepts and delivers it, but never answers
 */
export type AckMode = (typeof ackModes)[number];

/** Every {@link AckMode}. */
export const ackModes = ['read', 'delivered', 'sent', 'offline', 'manual', 'never'] as const;
