import type { JsonObject } from '../messages/parse-message';
import { type SentMessage, statusOf } from '../messages/sent-message';
import type { BusinessNumber } from '../world/business-number';
import type { Contact } from '../world/contact';
import { numberHead } from './account-values';

const seconds = (ms: number): string => String(Math.floor(ms / 1000));

/** A customer as `contacts[]` shows one. */
function contactOf(contact: Contact, userIds: boolean): JsonObject {
  const { username } = contact;
  return {
    profile: { name: contact.name, ...(username === undefined ? {} : { username }) },
    ...(contact.hidesNumber ? {} : { wa_id: contact.number }),
    ...(userIds ? { user_id: contact.userId } : {}),
  };
}

/** A message that a customer wrote. */
export function messageValue(
  number: BusinessNumber,
  contact: Contact,
  message: JsonObject,
  userIds: boolean,
): JsonObject {
  return {
    ...numberHead(number),
    contacts: [contactOf(contact, userIds)],
    messages: [
      {
        ...(contact.hidesNumber ? {} : { from: contact.number }),
        ...(userIds ? { from_user_id: contact.userId } : {}),
        ...message,
      },
    ],
  };
}

/** A customer's change of number: the one kind of message that comes without `contacts`. */
export function systemValue(
  number: BusinessNumber,
  oldNumber: string,
  message: JsonObject,
): JsonObject {
  return { ...numberHead(number), messages: [{ from: oldNumber, ...message }] };
}

/** The status that a message just reached. */
export function statusValue(message: SentMessage, userIds: boolean): JsonObject {
  const { to, from, refusal } = message;
  const status = statusOf(message);
  const failed = status === 'failed';
  const { callbackData } = message.message;
  return {
    ...numberHead(from),
    ...(failed ? {} : { contacts: [contactOf(to, userIds)] }),
    statuses: [
      {
        id: message.id,
        status,
        timestamp: seconds(message.steps.at(-1)?.time ?? 0),
        ...(to.hidesNumber ? {} : { recipient_id: to.number }),
        ...(userIds ? { recipient_user_id: to.userId } : {}),
        ...(callbackData === undefined ? {} : { biz_opaque_callback_data: callbackData }),
        ...(failed ? {} : charges(message, status)),
        ...(failed && refusal ? { errors: [refusal.inStatus()] } : {}),
      },
    ],
  };
}

/** What a message costs: nothing inside the window, unless it is a template for marketing. */
function charges(message: SentMessage, status: string): JsonObject {
  if (status === 'read' || status === 'played') return {};
  const { category, windowOpen } = message;
  const free = category === 'SERVICE' || (windowOpen && category === 'UTILITY');
  const origin = category === 'SERVICE' ? 'service' : category.toLowerCase();
  const sentAt = message.steps[0]?.time ?? 0;
  return {
    conversation: {
      id: Buffer.from(`${message.from.id}${message.to.number}`).toString('hex').slice(0, 32),
      ...(status === 'sent' ? { expiration_timestamp: seconds(sentAt + 86_400_000) } : {}),
      origin: { type: origin },
    },
    pricing: {
      billable: !free,
      pricing_model: 'PMP',
      type: free ? 'free_customer_service' : 'regular',
      category: origin,
    },
  };
}
