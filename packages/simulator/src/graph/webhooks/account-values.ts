import type { JsonObject } from '../messages/parse-message';
import type { BusinessNumber } from '../world/business-number';
import type { Contact } from '../world/contact';
import type { Template } from '../world/template';

const seconds = (ms: number): string => String(Math.floor(ms / 1000));

/** A template as webhooks name it: the id is a number there. */
export function templateHead({ id, name, language }: Readonly<Template>): JsonObject {
  return {
    message_template_id: Number(id),
    message_template_name: name,
    message_template_language: language,
  };
}

/** A change of a template's state. */
export function templateStatusValue(
  template: Readonly<Template>,
  event: string,
  reason: string | null,
): JsonObject {
  return { event, ...templateHead(template), reason };
}

/** The head of what concerns one number. */
export function numberHead(number: Readonly<BusinessNumber>): JsonObject {
  return {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: number.number, phone_number_id: number.id },
  };
}

/** A customer's choice about marketing messages. */
export function preferenceValue(
  number: Readonly<BusinessNumber>,
  contact: Readonly<Contact>,
  value: 'stop' | 'resume',
  now: number,
): JsonObject {
  return {
    ...numberHead(number),
    contacts: [{ profile: { name: contact.name }, wa_id: contact.number, user_id: contact.userId }],
    user_preferences: [
      {
        wa_id: contact.number,
        user_id: contact.userId,
        detail: `User requested to ${value} marketing messages`,
        category: 'marketing_messages',
        value,
        timestamp: Number(seconds(now)),
      },
    ],
  };
}

/** A message that the owner of a coexisting number wrote in the Business app. */
export function echoValue(
  number: Readonly<BusinessNumber>,
  to: string,
  id: string,
  content: JsonObject,
  now: number,
): JsonObject {
  const echo = { from: number.number, to, id, timestamp: seconds(now), ...content };
  return { ...numberHead(number), message_echoes: [echo] };
}

/** One message of a chat from before a number came to the Cloud API. */
export interface HistoryMessage {
  /** Whether the business wrote it. */
  readonly fromBusiness: boolean;
  /** Its content, such as `{type: 'text', text: {body: …}}`. */
  readonly content: JsonObject;
  /** When it was written, in milliseconds since 1970. */
  readonly time: number;
  /** How far it got. Default `READ`. */
  readonly status?: string;
}

/** A chat from before a number came to the Cloud API. */
export function historyValue(
  number: Readonly<BusinessNumber>,
  customer: string,
  messages: readonly (HistoryMessage & { readonly id: string })[],
  part: { readonly phase: number; readonly chunk_order: number; readonly progress: number },
): JsonObject {
  return {
    ...numberHead(number),
    history: [
      {
        metadata: part,
        threads: [
          {
            id: customer,
            messages: messages.map(({ fromBusiness, content, time, status, id }) => ({
              from: fromBusiness ? number.number : customer,
              ...(fromBusiness ? { to: customer } : {}),
              id,
              timestamp: seconds(time),
              ...content,
              history_context: { status: status ?? 'READ' },
            })),
          },
        ],
      },
    ],
  };
}
