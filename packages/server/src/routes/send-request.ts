import { GatewayError, isGatewayError, parseRecipient } from '@blazz/core';

/** A send's body, taken apart. */
export interface SendParts {
  /** The session to send by; the workspace's primary one when left out. */
  readonly sessionId: string | undefined;
  /** The message, for core to check. */
  readonly message: Readonly<Record<string, unknown>>;
}

/**
 * Takes the body of a send apart: what is the server's goes, what is the message stays. The short
 * text form and `contact_uuid` of older clients become what core knows.
 * @throws GatewayError `invalid_message`, `invalid_recipient`
 */
export function toSendParts(body: Readonly<Record<string, unknown>>): SendParts {
  const { workspace_id: _, session_id, contact_uuid, message, ...rest } = body;
  return {
    sessionId: session_id as string | undefined,
    message: {
      ...rest,
      ...(message === undefined ? {} : shortText(rest, message)),
      ...(contact_uuid === undefined || rest.to !== undefined
        ? {}
        : { to: recipientOf(contact_uuid) }),
    },
  };
}

function shortText(
  rest: Readonly<Record<string, unknown>>,
  message: unknown,
): Record<string, unknown> {
  if (rest.type === 'text' && rest.text === undefined && typeof message === 'string') {
    return { text: { body: message } };
  }
  throw new GatewayError(
    'invalid_message',
    '`message` is the short form of a text: {"type": "text", "message": "hello"}. Put other content under its type, such as "image": {"link": "https://…"}.',
    { details: { path: 'message' } },
  );
}

function recipientOf(contactUuid: unknown): unknown {
  try {
    parseRecipient(contactUuid);
    return contactUuid;
  } catch (error) {
    if (!isGatewayError(error)) throw error;
    throw new GatewayError(
      'invalid_recipient',
      "`contact_uuid` is not a recipient. The gateway does not know your application's contacts: look the contact up there, and send its phone number (with country code) or chat id as `to`.",
      { details: { path: 'contact_uuid' } },
    );
  }
}
