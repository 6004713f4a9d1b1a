import type { WhatsAppPage } from './whatsapp-page';

/** What {@link recentMessages} is asked for. */
export interface RecentQuery {
  /** Not older than this, in seconds since 1970. */
  readonly since: number;
  /** At most so many of one chat. */
  readonly perChat: number;
  /** Only this chat; default: every chat that moved since. */
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
  const chats =
    query.chatId === undefined
      ? Chat.getModelsArray().filter((chat) => (chat.t ?? 0) >= query.since)
      : [Chat.get(page.require('WAWebWidFactory').createWid(query.chatId))];
  const found: { readonly t: number; readonly model: unknown }[] = [];
  for (const chat of chats) {
    if (chat === undefined) continue;
    for (let pages = 0; pages < 10; pages++) {
      const loaded = chat.msgs.getModelsArray();
      const oldest = Math.min(...loaded.map((message) => message.t));
      if (loaded.length >= query.perChat || oldest < query.since) break;
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
    for (const message of recent) {
      found.push({ t: message.t, model: WWebJS.getMessageModel(message) });
    }
  }
  return found.sort((a, b) => a.t - b.t).map((entry) => entry.model);
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
