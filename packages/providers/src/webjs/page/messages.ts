import type { PageId, PageMessage, WhatsAppPage } from './whatsapp-page';

/** What {@link recentMessages} is asked for. */
export interface RecentQuery {
  /** Not older than this, in seconds since 1970. */
  readonly since: number;
  /** At most so many of one chat, the latest. */
  readonly perChat: number;
  /** Leaves out so many of the oldest: what an earlier call gave already. Default 0. */
  readonly skip?: number;
  /** At most so many in all, after those. Default: every one. */
  readonly limit?: number;
  /**
   * Only this chat, and the same person's under his other id, number or hidden: WhatsApp moves chats
   * from one to the other. Default: every chat that moved since.
   */
  readonly chatId?: string;
  /** Only the account's own messages. */
  readonly own?: boolean;
}

/**
 * Page function: the messages since a moment, oldest first, with older pages of a chat loaded as
 * long as they may hold more. A chat that fails to load is given with what is there.
 */
export async function recentMessages(query: RecentQuery): Promise<readonly unknown[]> {
  const page = globalThis as unknown as WhatsAppPage;
  const { WWebJS } = page;
  if (page.require === undefined || WWebJS === undefined) return [];
  const { Chat } = page.require('WAWebCollections');
  const people = page.require('WAWebApiContact');
  const isAbout = ({ id }: { readonly id: PageId }): boolean => {
    if ((id._serialized ?? id.$1) === query.chatId) return true;
    if (id.server !== 'lid' && id.server !== 'c.us') return false;
    const other = id.server === 'lid' ? people.getPhoneNumber(id) : people.getCurrentLid(id);
    return (other?._serialized ?? other?.$1) === query.chatId;
  };
  const chats = Chat.getModelsArray().filter((chat) =>
    query.chatId === undefined ? (chat.t ?? 0) >= query.since : isAbout(chat),
  );
  const found: { readonly t: number; readonly message: PageMessage }[] = [];
  for (const chat of chats) {
    for (let before = -1; ; ) {
      const loaded = chat.msgs.getModelsArray();
      if (loaded.length <= before || loaded.length >= query.perChat) break;
      if (loaded.some((message) => message.t < query.since)) break;
      before = loaded.length;
      try {
        const more = await page.require('WAWebChatLoadMessages').loadEarlierMsgs({ chat });
        if (more === undefined || more.length === 0) break;
      } catch {
        break;
      }
    }
    const recent = chat.msgs
      .getModelsArray()
      .filter((message) => message.t >= query.since && message.isNotification !== true)
      .filter((message) => query.own !== true || message.id.fromMe)
      .sort((a, b) => a.t - b.t)
      .slice(-query.perChat);
    for (const message of recent) found.push({ t: message.t, message });
  }
  const { skip = 0, limit = found.length } = query;
  return found
    .sort((a, b) => a.t - b.t)
    .slice(skip, skip + limit)
    .map((entry) => WWebJS.getMessageModel(entry.message));
}

/**
 * Page function: how far the account's own messages since a moment got, as pairs of key and
 * acknowledgement. Looks at what is loaded only.
 */
export function ownReceipts(since: number): readonly (readonly [id: unknown, ack: unknown])[] {
  const page = globalThis as unknown as WhatsAppPage;
  if (page.require === undefined) return [];
  return page
    .require('WAWebCollections')
    .Chat.getModelsArray()
    .flatMap((chat) => chat.msgs.getModelsArray())
    .filter((message) => message.id.fromMe && message.t >= since && message.ack !== 0)
    .map((message) => [message.id._serialized ?? message.id.$1, message.ack] as const);
}

/**
 * Page function: reacts to a message. The library's own way answers the same whether the message
 * exists or not.
 * @returns whether there is such a message
 */
export async function reactTo(messageId: string, emoji: string): Promise<boolean> {
  const page = globalThis as unknown as WhatsAppPage;
  if (page.require === undefined) throw new Error('The page is not ready.');
  const { Msg } = page.require('WAWebCollections');
  const message = Msg.get(messageId) ?? (await Msg.getMessagesById([messageId]))?.messages?.[0];
  if (message === undefined) return false;
  await page.require('WAWebSendReactionMsgAction').sendReactionToMsg(message, emoji);
  return true;
}

/** Page function: shows that somebody types, records, or stopped. */
export async function showChatState(state: string, chatId: string): Promise<void> {
  const page = globalThis as unknown as WhatsAppPage;
  if (page.WWebJS === undefined) throw new Error('The page is not ready.');
  await page.WWebJS.sendChatstate(state, chatId);
}
