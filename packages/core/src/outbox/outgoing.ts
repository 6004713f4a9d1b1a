import { GatewayError } from '../errors/gateway-error';
import type { MessageContent } from '../messages/content';
import type { OutgoingMessage } from '../messages/outgoing-message';
import type { OutboxStore } from '../store/outbox-store';
import type { MessageRecord } from './message-record';

/**
 * Makes of a stored message what a provider gets: references to other messages of the gateway
 * (`msg_…`) become WhatsApp's own ids.
 * @throws GatewayError `invalid_message` when a referred message never reached WhatsApp
 */
export async function toOutgoing(
  record: MessageRecord,
  outbox: OutboxStore,
): Promise<OutgoingMessage> {
  const resolve = async (id: string, path: string): Promise<string> => {
    if (!id.startsWith('msg_')) return id;
    const target = await outbox.get(record.workspace_id, id);
    if (target?.provider_message_id !== undefined) return target.provider_message_id;
    throw new GatewayError(
      'invalid_message',
      `\`${path}\` names a message that has not reached WhatsApp; send after it is "sent".`,
      { details: { path } },
    );
  };
  const reply_to =
    record.reply_to === undefined ? undefined : await resolve(record.reply_to, 'reply_to');
  return {
    message_id: record.message_id,
    recipient: record.recipient,
    content: await resolveContent(record.content, resolve),
    reply_to,
  };
}

async function resolveContent(
  content: MessageContent,
  resolve: (id: string, path: string) => Promise<string>,
): Promise<MessageContent> {
  if (content.type !== 'reaction') return content;
  const message_id = await resolve(content.reaction.message_id, 'reaction.message_id');
  return { type: 'reaction', reaction: { ...content.reaction, message_id } };
}
