import type { InboundMessage, ProviderEvent } from '@blazz/core';
import { asRaw, asText, type Raw } from '../../json/raw';
import { idText } from './envelope';
import { inboundContent } from './inbound-content';
import type { Notice } from './notice';
import { stamp } from './time';
import { chatOf, identityOf, writerOf } from './who';

/** What the reading of messages depends on. */
export interface MessageContext {
  /** What the value says of people. */
  readonly contacts: unknown;
  /** Whether messages carry Meta's own payload. */
  readonly includeRaw: boolean;
  /** Passes on what is none of our events. */
  readonly notice: Notice;
  /** When a message says no time, in milliseconds since 1970. */
  readonly otherwise: number;
}

/** Whose a message is: somebody else's, or the account's own, sent from elsewhere to somebody. */
export type Side =
  | { readonly type: 'message.received' }
  | { readonly type: 'message.echo'; readonly own: unknown };

/** A message as events: itself, and what it says about its writer. At least one. */
export function decodeMessage(
  value: unknown,
  side: Side,
  context: MessageContext,
  more: Pick<InboundMessage, 'history'> = {},
): readonly ProviderEvent[] {
  const message = asRaw(value);
  const id = idText(message.id);
  const from =
    side.type === 'message.echo'
      ? identityOf({ phone: side.own })
      : writerOf(message, context.contacts);
  const group = asText(message.group_id);
  const partner =
    side.type === 'message.echo'
      ? identityOf({ phone: message.to, bsuid: message.to_user_id })
      : from;
  const chat_id = group ?? chatOf(partner);
  if (id === '' || chat_id === undefined) return [context.notice('messages', value)];
  const at = { chat_id, timestamp: stamp(message.timestamp, context.otherwise) };
  const gesture = decodeGesture(message, { ...at, from, id });
  if (gesture !== undefined) return [gesture];
  const content = inboundContent(message);
  const isUnread = content.type === 'unsupported';
  const received: InboundMessage = {
    provider_message_id: id,
    from,
    ...at,
    is_group: group !== undefined,
    ...content,
    ...contextOf(message),
    ...more,
    // What cannot be read is passed on as it came, so that nothing is lost.
    ...(context.includeRaw || isUnread ? { raw: value } : {}),
  };
  return [{ type: side.type, message: received }, ...numberChange(message, from, at.timestamp)];
}

/** Reactions, changes and deletions are about another message. */
function decodeGesture(
  message: Raw,
  at: Pick<InboundMessage, 'chat_id' | 'timestamp' | 'from'> & { readonly id: string },
): ProviderEvent | undefined {
  const { chat_id, timestamp, from, id } = at;
  const { message_id, emoji } = asRaw(message.reaction);
  const target = asText(message_id);
  if (message.type === 'reaction' && target !== undefined) {
    return {
      type: 'message.reaction',
      provider_message_id: target,
      from,
      chat_id,
      emoji: asText(emoji) ?? '',
      timestamp,
    };
  }
  const revoked = asText(asRaw(message.revoke).original_message_id);
  if (message.type === 'revoke' && revoked !== undefined) {
    return { type: 'message.revoked', provider_message_id: revoked, chat_id };
  }
  const edit = asRaw(message.edit);
  const edited = asText(edit.original_message_id);
  if (message.type !== 'edit' || edited === undefined) return undefined;
  const { text, media } = inboundContent(asRaw(edit.message));
  return {
    type: 'message.edited',
    provider_message_id: edited,
    chat_id,
    text: text?.body ?? media?.caption ?? '',
    key: id,
  };
}

/** What a message answers, where it came from and what it asks about. */
function contextOf(
  message: Raw,
): Pick<InboundMessage, 'reply_to' | 'forwarded' | 'referral' | 'referred_product'> {
  const context = asRaw(message.context);
  const answered = asText(context.id);
  const isForwarded = context.forwarded === true || context.frequently_forwarded === true;
  const product = asRaw(context.referred_product);
  const referral = asRaw(message.referral);
  return {
    ...(answered === undefined ? {} : { reply_to: { provider_message_id: answered } }),
    ...(isForwarded ? { forwarded: true } : {}),
    ...(Object.keys(referral).length === 0 ? {} : { referral }),
    ...(Object.keys(product).length === 0 ? {} : { referred_product: product }),
  };
}

/** A system message that tells a new number, or a new user id. */
function numberChange(
  message: Raw,
  identity: InboundMessage['from'],
  timestamp: string,
): readonly ProviderEvent[] {
  const system = asRaw(message.system);
  const change =
    system.type === 'user_changed_number'
      ? 'number'
      : system.type === 'user_changed_user_id'
        ? 'identity'
        : undefined;
  if (message.type !== 'system' || change === undefined) return [];
  const current = identityOf({
    phone: system.wa_id ?? system.new_wa_id,
    bsuid: system.user_id ?? system.new_user_id,
  });
  const contact = { identity, change, current, timestamp, raw: system } as const;
  return [{ type: 'contact.updated', contact, key: idText(message.id) }];
}
