import type { InboundMessage } from '@blazz/core';
import { asRaw, asText, type Raw, timestampOf } from '../../json/raw';
import { decodeContent } from './content';
import { decodeIdentity } from './identity';
import { composeKey, isOwnKey, jidOf, messageKey, sameJid } from './ids';

/** What is needed to read a message besides itself. */
export interface DecodeContext {
  /** The ids of the linked account: its number's and its LID. */
  readonly self: readonly string[];
  /** Whether the page's own model of the message rides along. */
  readonly includeRaw: boolean;
  /** Whether the message was found by catching up. */
  readonly caughtUp: boolean;
}

/**
 * Reads a message out of WhatsApp Web's model of it.
 * @returns `undefined` when it has no id or chat: nothing can refer to such a message
 */
export function decodeMessage(value: unknown, context: DecodeContext): InboundMessage | undefined {
  const raw = asRaw(value);
  const key = messageKey(raw.id);
  const own = key !== undefined && isOwnKey(key);
  const chat = jidOf(asRaw(raw.id).remote) ?? jidOf(own ? raw.to : raw.from);
  if (key === undefined || chat === undefined) return undefined;
  const isGroup = chat.endsWith('@g.us');
  const author = jidOf(raw.author) ?? jidOf(asRaw(raw.id).participant);
  const writer = isGroup && !own ? author : (jidOf(raw.from) ?? author);
  const quoted = quotedKey(raw, chat, isGroup, context.self);
  return {
    provider_message_id: key,
    from: decodeIdentity(writer, own ? undefined : raw.notifyName),
    chat_id: chat,
    is_group: isGroup,
    timestamp: timestampOf(raw.t),
    ...decodeContent(raw, key),
    ...(quoted === undefined ? {} : { reply_to: { provider_message_id: quoted } }),
    ...(raw.isForwarded === true ? { forwarded: true } : {}),
    ...(context.caughtUp ? { caught_up: true } : {}),
    ...(context.includeRaw ? { raw: value } : {}),
  };
}

/** A message quotes another by its bare id and its author; the rest of the key is worked out. */
function quotedKey(
  raw: Raw,
  chat: string,
  isGroup: boolean,
  self: readonly string[],
): string | undefined {
  const bare = asText(raw.quotedStanzaID);
  if (bare === undefined) return undefined;
  const author = jidOf(raw.quotedParticipant);
  const own = self.some((id) => sameJid(id, author));
  const home = jidOf(raw.quotedRemoteJid) ?? chat;
  return composeKey(own, home, bare, isGroup ? author : undefined);
}
