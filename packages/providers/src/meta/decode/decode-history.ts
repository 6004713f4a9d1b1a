import type { ProviderEvent } from '@blazz/core';
import { asList, asRaw, type Raw } from '../../json/raw';
import { decodeMessage, type MessageContext } from './decode-message';
import { phoneOf } from './who';

/**
 * What the Business app hands over of the time before: each message, told as history. A part
 * without messages (the person declined, or a phase ended) is passed on as it came.
 */
export function decodeHistory(value: Raw, context: MessageContext): readonly ProviderEvent[] {
  const own = asRaw(value.metadata).display_phone_number;
  const isOwn = (message: Raw): boolean =>
    phoneOf(own) !== undefined && phoneOf(message.from) === phoneOf(own);
  const told = (message: unknown, partner?: unknown): readonly ProviderEvent[] => {
    const raw = asRaw(message);
    const side = isOwn(raw) ? ({ type: 'message.echo', own } as const) : received;
    // An own message of a thread says whom it went to by the thread.
    const whole = isOwn(raw) && raw.to === undefined ? { ...raw, to: partner } : message;
    return decodeMessage(whole, side, context, { history: true });
  };
  const events = asList(value.history).flatMap((entry) => {
    const threads = asList(asRaw(entry).threads);
    const messages = threads.flatMap((thread) => {
      const { id, messages: list } = asRaw(thread);
      return asList(list).flatMap((message) => told(message, id));
    });
    return messages.length === 0 ? [context.notice('history', entry)] : messages;
  });
  // Media of the history comes later, on its own.
  return [...events, ...asList(value.messages).flatMap((message) => told(message))];
}

const received = { type: 'message.received' } as const;
