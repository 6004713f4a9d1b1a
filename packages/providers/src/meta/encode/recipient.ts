import { GatewayError, type Recipient } from '@blazz/core';

/**
 * Where a message goes, in Graph's fields: `to` for numbers and groups, `recipient` for
 * business-scoped user ids. Never both.
 * @throws GatewayError `invalid_recipient` for a chat that only WhatsApp Web knows
 */
export function encodeRecipient(recipient: Recipient): Readonly<Record<string, string>> {
  switch (recipient.kind) {
    case 'phone':
      return { recipient_type: 'individual', to: recipient.phone };
    case 'bsuid':
      return { recipient_type: 'individual', recipient: recipient.bsuid };
    case 'group':
      if (!recipient.chatId.includes('@')) {
        return { recipient_type: 'group', to: recipient.chatId };
      }
      break;
  }
  throw new GatewayError(
    'invalid_recipient',
    'The Cloud API does not know this kind of chat; send to a phone number or a business-scoped user id.',
    { details: { field: 'to' } },
  );
}
