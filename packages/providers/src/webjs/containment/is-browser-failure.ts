/**
 * What whatsapp-web.js and puppeteer reject with when a page or a browser goes away under a call.
 * Nothing is wrong with the gateway then: the session's own watch sees the loss and reports it.
 */
const names: ReadonlySet<string> = new Set([
  'TargetCloseError',
  'ConnectionClosedError',
  'ProtocolError',
]);

const messages: readonly RegExp[] = [
  /Execution context (was destroyed|is not available)/i,
  /Cannot find context with specified id/i,
  /detached Frame/i,
  /frame (was|got) detached/i,
  /Target closed/i,
  /Session closed/i,
  /Connection closed/i,
  /Protocol error/i,
  /Navigation failed because browser has disconnected/i,
];

/** whatsapp-web.js throws bare strings. */
const strings: ReadonlySet<string> = new Set(['auth timeout', 'ready timeout']);

/** Whether something thrown tells of a page or browser that went away, and of nothing else. */
export function isBrowserFailure(thrown: unknown): boolean {
  if (typeof thrown === 'string') return strings.has(thrown);
  if (!(thrown instanceof Error)) return false;
  if (names.has(thrown.name) || names.has(thrown.constructor.name)) return true;
  return messages.some((pattern) => pattern.test(thrown.message));
}
