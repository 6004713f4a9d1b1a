import { type ErrorCode, GatewayError, isGatewayError, type SendOutcome } from '@blazz/core';

/** What an error of the library proves about a send that it ended. */
interface ErrorRule {
  readonly pattern: RegExp;
  readonly status: 'rejected' | 'not_sent';
  readonly code: ErrorCode;
  readonly message: string;
}

/**
 * Errors that are thrown before WhatsApp Web is handed the message. Whatever is not listed proves
 * nothing, and its outcome is `unknown`.
 */
const rules: readonly ErrorRule[] = [
  {
    pattern: /No LID for user/i,
    status: 'rejected',
    code: 'not_on_whatsapp',
    message: 'The recipient has no WhatsApp account; check the number.',
  },
  {
    pattern: /wid error|invalid wid/i,
    status: 'rejected',
    code: 'invalid_recipient',
    message: 'WhatsApp does not know this kind of recipient; check `to`.',
  },
  {
    pattern: /media is not a (image|video)|Invalid media (format|type)|filehash undefined/i,
    status: 'rejected',
    code: 'media_unavailable',
    message: 'WhatsApp Web could not read the media; send it in another format.',
  },
  {
    pattern: /upload failed|media upload failed/i,
    status: 'not_sent',
    code: 'provider_failed',
    message: 'The media could not be uploaded to WhatsApp; it is tried again.',
  },
];

/** The outcome of a send that threw. */
export function decodeSendError(thrown: unknown, key: string | undefined): SendOutcome {
  // whatsapp-web.js throws bare strings, too.
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const rule = isGatewayError(thrown) ? undefined : rules.find(({ pattern }) => pattern.test(text));
  if (rule !== undefined && key === undefined) {
    const { status, code, message } = rule;
    return { status, error: new GatewayError(code, message, { cause: thrown }) };
  }
  return unknownOutcome(thrown, key);
}

/** Nobody can tell whether the message left. */
export function unknownOutcome(cause: unknown, key: string | undefined): SendOutcome {
  const code = isGatewayError(cause) ? cause.code : 'provider_failed';
  return {
    status: 'unknown',
    error: new GatewayError(
      code,
      'WhatsApp did not confirm the message; it may have been sent. Look into the chat before sending it again.',
      { cause },
    ),
    ...(key === undefined ? {} : { provider_message_id: key }),
  };
}

/** The outcome of a message that could not even be prepared: nothing left. */
export function refusal(error: GatewayError): SendOutcome {
  return { status: error.retryable ? 'not_sent' : 'rejected', error };
}
