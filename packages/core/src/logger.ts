/**
 * The only fields that a log line can carry. An allow-list, so that phone numbers, message bodies,
 * tokens, QR strings and pairing codes have no way in. `error` is reduced to name, code and
 * message by the logger's adapter.
 */
export interface LogFields {
  /** The tenant. */
  readonly workspace_id?: string | undefined;
  /** The session. */
  readonly session_id?: string | undefined;
  /** The gateway's id of a message. */
  readonly message_id?: string | undefined;
  /** The provider's type, such as `web_js`. */
  readonly provider?: string | undefined;
  /** The state that something is in now. */
  readonly state?: string | undefined;
  /** Why, as one of a fixed set of words. */
  readonly reason?: string | undefined;
  /** What happened, as an error. */
  readonly error?: unknown;
  /** How long something took, or will wait, in milliseconds. */
  readonly duration_ms?: number | undefined;
  /** How many. */
  readonly count?: number | undefined;
  /** Which try this was, from 1. */
  readonly attempt?: number | undefined;
  /** A process id. */
  readonly pid?: number | undefined;
  /** The id of a request to the server. */
  readonly request_id?: string | undefined;
  /** The method of a request to the server. */
  readonly method?: string | undefined;
  /** The route's pattern, never the path itself. */
  readonly route?: string | undefined;
  /** The HTTP status that was answered. */
  readonly status?: number | undefined;
  /** The id of the key that signed a request. */
  readonly key_id?: string | undefined;
}

/** Writes one log line. */
export type LogFunction = (message: string, fields?: LogFields) => void;

/** Where log lines go. The message is a fixed sentence; whatever varies is a field. */
export interface Logger {
  /** For whoever looks for a fault. */
  readonly debug: LogFunction;
  /** The normal course of things. */
  readonly info: LogFunction;
  /** Something an operator should know; nothing is lost. */
  readonly warn: LogFunction;
  /** Something an operator must act on. */
  readonly error: LogFunction;
}

const ignore: LogFunction = () => undefined;

/** A logger that writes nothing: the default of an embedded gateway. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** A logger that adds the same fields to every line. */
export function withFields(logger: Logger, fields: LogFields): Logger {
  const stamp =
    (write: LogFunction): LogFunction =>
    (message, own) =>
      write(message, { ...fields, ...own });
  return {
    debug: stamp(logger.debug),
    info: stamp(logger.info),
    warn: stamp(logger.warn),
    error: stamp(logger.error),
  };
}
