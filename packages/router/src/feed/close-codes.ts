import { type ErrorCode, GatewayError } from '@blazz/core';

/** How the end of a connection is to be taken. */
export interface ConnectionEnd {
  /** What ended it. */
  readonly error: GatewayError;
  /** Whether connecting again would end the same way. */
  readonly fatal: boolean;
}

interface Row {
  readonly code: ErrorCode;
  readonly fatal: boolean;
  readonly message: string;
  readonly retryAfterMs?: number;
}

/** Every close code that says something of its own. */
const rows: ReadonlyMap<number, Row> = new Map<number, Row>([
  [
    1009,
    {
      code: 'bad_request',
      fatal: true,
      message: 'The subscription is longer than the instance takes. Name fewer sessions.',
    },
  ],
  [
    1012,
    {
      code: 'shutting_down',
      fatal: false,
      message: 'The instance restarts. The feed connects again by itself.',
    },
  ],
  [
    4400,
    {
      code: 'bad_request',
      fatal: true,
      message:
        'The instance did not understand the feed. Check its options and the versions of both sides.',
    },
  ],
  [
    4401,
    {
      code: 'signature_invalid',
      fatal: true,
      message: 'The key is not accepted any more. Start a feed with a valid one.',
    },
  ],
  [
    4403,
    {
      code: 'forbidden',
      fatal: true,
      message:
        'There is no such workspace, or the key does not cover it. Check workspaceId and the key.',
    },
  ],
  [
    4408,
    {
      code: 'timeout',
      fatal: false,
      message: 'The events were read too slowly. The feed resumes; handle them faster.',
    },
  ],
  [
    4429,
    {
      code: 'rate_limited',
      fatal: false,
      message: 'Too many frames were sent. The feed resumes after a pause.',
      retryAfterMs: 5_000,
    },
  ],
]);

const lost: Row = {
  code: 'connection_failed',
  fatal: false,
  message: 'The connection to the event stream was lost. The feed connects again by itself.',
};

/** What a WebSocket close code means. 4400, 4401 and 4403 are final; 4408, 1012, 1006 and the rest pass. */
export function endOf(closeCode: number): ConnectionEnd {
  const { code, message, fatal, retryAfterMs } = rows.get(closeCode) ?? lost;
  const details = { close_code: closeCode };
  const error = new GatewayError(code, message, { retryable: !fatal, retryAfterMs, details });
  return { error, fatal };
}
