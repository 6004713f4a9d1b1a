import { GatewayError, type Recipient } from '@blazz/core';

/**
 * The chat id of a recipient in WhatsApp Web's own form.
 * @throws GatewayError `invalid_recipient` for a business-scoped user id, which WhatsApp Web does not know
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
      return recipient.chatId;
  }
}
