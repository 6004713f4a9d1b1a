import { GatewayError, type Recipient } from '@blazz/core';

/**
 * The chat id of a recipient in WhatsApp Web's own form.
 * @throws GatewayError `invalid_recipient` for what WhatsApp Web does not know: business-scoped user ids, groups of the Cloud API
 */
export function encodeChatId(recipient: Recipient): string {
  switch (recipient.kind) {
    case 'phone':
      return `${recipient.phone}@c.us`;
    case 'bsuid':
      throw new GatewayError(
        'invalid_recipient',
        'WhatsApp Web cannot reach a business-scoped user id; send to a phone number or chat id.',
        { details: { field: 'to' } },
      );
    default:
      if (recipient.chatId.includes('@')) return recipient.chatId;
      throw new GatewayError(
        'invalid_recipient',
        "WhatsApp Web does not know the Cloud API's groups; send to its own group id (…@g.us).",
        { details: { field: 'to' } },
      );
  }
}
