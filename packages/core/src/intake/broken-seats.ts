import { digestOf } from '../digest';
import { toGatewayError } from '../errors/gateway-error';
import type { Logger } from '../logger';
import type { BrokenSeat } from './seat';

/** Of how many seats is known that it was told how they are broken. */
const MOST_TOLD = 10_000;

/**
 * Tells whoever runs the gateway of settings that cannot be read, once for each configuration:
 * webhooks come in again and again, and so would lines of the log.
 */
export class BrokenSeats {
  readonly #logger: Logger;
  /** What the settings were that were told of, by seat; as digests. */
  readonly #told = new Map<string, string>();

  /** @param logger where it is told */
  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Tells of those that were not told of as they are now. */
  tell(broken: readonly BrokenSeat[]): void {
    for (const { workspaceId, sessionId, source, given, error } of broken) {
      const seat = `${workspaceId}/${sessionId}/${source}`;
      const digest = digestOf(given);
      if (this.#told.get(seat) === digest) continue;
      this.#told.delete(seat);
      this.#told.set(seat, digest);
      const [oldest] = this.#told.keys();
      if (this.#told.size > MOST_TOLD && oldest !== undefined) this.#told.delete(oldest);
      const names = { workspace_id: workspaceId, session_id: sessionId, provider: source };
      // Whatever else was thrown may quote a secret.
      const why = 'The settings could not be read.';
      this.#logger.error('webhooks of a session are refused until its settings are mended', {
        error: toGatewayError(error, 'invalid_config', why),
        ...names,
      });
    }
  }
}
