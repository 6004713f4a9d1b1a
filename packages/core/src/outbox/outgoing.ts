import { GatewayError, toGatewayError } from '../errors/gateway-error';
import type { MessageContent } from '../messages/content';
import type { OutgoingMessage } from '../messages/outgoing-message';
import type { Provider } from '../provider/provider';
import type { NotSentOutcome, RejectedOutcome } from '../provider/send-outcome';
import type { MessageRecord } from './message-record';

/** Finds a message of the same workspace. */
export type FindMessage = (messageId: string) => Promise<MessageRecord | undefined>;

/**
 * Makes of a stored message what a provider gets: references to other messages of the gateway
 * (`msg_…`) become WhatsApp's own ids. Most messages have none, and are made without a wait.
 * @throws GatewayError `invalid_message` when a referred message never reached WhatsApp
 */
export function toOutgoing(
  record: MessageRecord,
  find: FindMessage,
): OutgoingMessage | Promise<OutgoingMessage> {
  const { message_id, recipient, content, reply_to } = record;
  const refers = reply_to !== undefined || content.type === 'reaction';
  return refers ? resolved(record, find) : { message_id, recipient, content, reply_to };
}

/** What a provider gets, or why it gets nothing: whatever goes wrong here, provably nothing left. */
export function prepare(
  provider: Provider,
  record: MessageRecord,
  find: FindMessage,
): Prepared | Promise<Prepared> {
  const { type } = record.content;
  if (!provider.capabilities.messageTypes.includes(type)) {
    const why = `This session's provider cannot send ${type} messages.`;
    return { status: 'rejected', error: new GatewayError('unsupported_content', why) };
  }
  const outgoing = toOutgoing(record, find);
  return outgoing instanceof Promise ? outgoing.catch(unprepared) : outgoing;
}

type Prepared = OutgoingMessage | RejectedOutcome | NotSentOutcome;

function unprepared(thrown: unknown): RejectedOutcome | NotSentOutcome {
  const error = toGatewayError(thrown, 'internal', 'The message could not be prepared.');
  return { status: error.code === 'invalid_message' ? 'rejected' : 'not_sent', error };
}

async function resolved(record: MessageRecord, find: FindMessage): Promise<OutgoingMessage> {
  const resolve = async (id: string, path: string): Promise<string> => {
    if (!id.startsWith('msg_')) return id;
    const target = await find(id);
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
