import { GraphError } from '../errors/graph-error';
import { isRead, parseMessage, parseRead } from '../messages/parse-message';
import { endpointsOf, type GraphEndpoint } from './route';

const endpoint = endpointsOf('number', 'whatsapp_business_messaging');

/** Sending, and marking as read. */
export const messageEndpoints: readonly GraphEndpoint[] = [
  endpoint('send_message', 'POST', 'messages', async ({ node, request, services }) => {
    const { context, outgoing } = services;
    if (isRead(request.body)) {
      const { messageId, typing } = parseRead(request.body);
      if (!messageId.startsWith('wamid.')) {
        throw new GraphError(131009, { details: 'Param message_id is no id of a message.' });
      }
      const mark = { phoneNumberId: node.id, messageId };
      context.publish('read', mark);
      if (typing) context.publish('typing', mark);
      return { success: true };
    }
    const message = parseMessage(request.body);
    const sent = await outgoing.accept(node, message);
    const { to, recipient } = message;
    return {
      messaging_product: 'whatsapp',
      contacts: [
        recipient === undefined
          ? { input: to, wa_id: sent.to.number }
          : { input: recipient, user_id: sent.to.userId },
      ],
      messages: [
        { id: sent.id, ...(message.type === 'template' ? { message_status: 'accepted' } : {}) },
      ],
    };
  }),
];
