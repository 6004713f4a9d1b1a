import { GatewayError } from '../errors/gateway-error';

/** Somebody a message can be sent to. `key` is the same for every spelling of the same recipient. */
export type Recipient =
  | {
      /** A person, by phone number. */
      readonly kind: 'phone';
      /** E.164 digits without `+`, 7 to 15 of them. */
      readonly phone: string;
      /** What order and pacing are kept by. */
      readonly key: string;
    }
  | {
      /** A WhatsApp chat id: group, LID or other. */
      readonly kind: 'group' | 'lid' | 'chat';
      /** The id as WhatsApp writes it, such as `120363…@g.us`, or `Y2FwaV9ncm91cDo…` in the Cloud API. */
      readonly chatId: string;
      /** What order and pacing are kept by. */
      readonly key: string;
    }
  | {
      /** A person, by business-scoped user id. */
      readonly kind: 'bsuid';
      /** The id, such as `US.13491208655302741918`. */
      readonly bsuid: string;
      /** What order and pacing are kept by. */
      readonly key: string;
    };

const businessScoped = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/;
const chatId =
  /^([0-9A-Za-z][0-9A-Za-z._-]{0,127})@(c\.us|s\.whatsapp\.net|g\.us|lid|newsletter|broadcast)$/;
/** A group of the Cloud API: `capi_group:…` in base64. */
const cloudGroup = /^Y2FwaV9ncm91cDo[A-Za-z0-9+/_-]{4,140}={0,2}$/;
const phone = /^\+?[0-9(][0-9 ().-]{5,24}$/;

/**
 * Reads a recipient: an E.164 number (spaces, dashes, brackets and a `+` are allowed), a group id
 * (`…@g.us`, or the Cloud API's `Y2FwaV9ncm91cDo…`), a LID or other chat id, or a business-scoped user id.
 * @throws GatewayError `invalid_recipient`; the message never repeats the value
 */
export function parseRecipient(to: unknown): Recipient {
  if (typeof to === 'string' && to.length <= 160) {
    const text = to.trim();
    if (businessScoped.test(text)) return { kind: 'bsuid', bsuid: text, key: text };
    if (cloudGroup.test(text)) return { kind: 'group', chatId: text, key: text };
    const chat = chatId.exec(text);
    if (chat) return parseChat(chat[1] ?? '', chat[2] ?? '', text);
    if (phone.test(text)) return byPhone(text.replace(/[^0-9]/g, ''));
  }
  throw refused();
}

function parseChat(user: string, server: string, id: string): Recipient {
  if (server === 'c.us' || server === 's.whatsapp.net') return byPhone(user);
  const kind = server === 'g.us' ? 'group' : server === 'lid' ? 'lid' : 'chat';
  return { kind, chatId: id, key: id };
}

function byPhone(digits: string): Recipient {
  if (!/^[1-9][0-9]{6,14}$/.test(digits)) throw refused();
  return { kind: 'phone', phone: digits, key: digits };
}

function refused(): GatewayError {
  return new GatewayError(
    'invalid_recipient',
    '`to` must be a phone number in international form with country code (7 to 15 digits), a group id (…@g.us), a chat id (…@lid) or a business-scoped user id (US.…).',
    { details: { field: 'to' } },
  );
}
