import { type ActionReason, GatewayError, type ProviderEvent } from '@blazz/core';

/** How a run of a browser ends by itself. */
export interface Ending {
  /** What the session is told once every process is gone; nothing while it starts, if it is `down`. */
  readonly event: Extract<ProviderEvent, { type: 'down' | 'logged_out' | 'action_required' }>;
  /** What calls under way, and a start under way, end with. */
  readonly error: GatewayError;
  /** Whether the browser is killed rather than closed: it does not answer anyway. */
  readonly force: boolean;
}

/** The provider is dead, and a new one may do better. */
export function downEnding(error: GatewayError): Ending {
  return { event: { type: 'down', error }, error, force: true };
}

/** The browser takes too much memory: it is closed in good order, and another one takes its place. */
export function fullEnding(): Ending {
  const what = 'The browser took more memory than it may; it is replaced by a new one.';
  return { ...downEnding(new GatewayError('provider_failed', what)), force: false };
}

/** The browser, or its page, was lost. */
export function lostEnding(what: string, cause: unknown): Ending {
  const message = `${what}; the session is started again.`;
  return downEnding(new GatewayError('provider_failed', message, { cause }));
}

/** What WhatsApp ends a session with, and what it means. */
const reasons = {
  LOGOUT: 'logged_out',
  UNPAIRED: 'logged_out',
  UNPAIRED_IDLE: 'logged_out',
  CONFLICT: 'conflict',
  DEPRECATED_VERSION: 'outdated',
  TOS_BLOCK: 'blocked',
  SMB_TOS_BLOCK: 'blocked',
  PROXYBLOCK: 'blocked',
} as const;

/** What a person does about it. */
const needs = {
  conflict:
    'The account was opened in another browser; close it there, then start the session again.',
  blocked: 'WhatsApp blocks this account or address; look at the phone before starting again.',
  outdated:
    'WhatsApp lets this version of WhatsApp Web in no more; update the gateway, then start again.',
} as const;

/** The page waited for a person, and nobody came. */
export function needsPersonEnding(reason: ActionReason): Ending {
  const what =
    reason === 'passkey'
      ? 'WhatsApp wants a passkey to link this account, and none was given; see the operations guide.'
      : 'A dialogue of WhatsApp Web waits for a click; see the operations guide.';
  return {
    event: { type: 'action_required', reason },
    error: new GatewayError('not_ready', what, { retryable: false }),
    force: false,
  };
}

/** How a run ends that WhatsApp ended with a state, or with `LOGOUT`. */
export function endingOf(state: string): Ending {
  const reason = Object.hasOwn(reasons, state) ? reasons[state as keyof typeof reasons] : undefined;
  if (reason === undefined) {
    const what = 'WhatsApp Web went into a state that is not known; it is started again.';
    return downEnding(new GatewayError('provider_failed', what));
  }
  if (reason === 'logged_out') {
    const what = 'The account was unlinked; link it again with a QR or a pairing code.';
    return {
      event: { type: 'logged_out', reason: state.toLowerCase() },
      error: new GatewayError('not_ready', what),
      force: false,
    };
  }
  return {
    event: { type: 'action_required', reason },
    error: new GatewayError('not_ready', needs[reason], { retryable: false }),
    force: false,
  };
}
