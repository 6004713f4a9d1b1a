import type { Page } from '../page';
import type { ChatModel, MessageModel, Wid } from '../things';

/**
 * WhatsApp Web's modules about chats: finding, reading, typing, archiving, clearing. Served to the
 * browser as source: refers to nothing outside itself.
 */
export function chatModules(page: Page): Record<string, object> {
  const { link } = page;
  const typing = (state: 'composing' | 'recording' | 'paused') => async (wid: Wid) => {
    await link.request('typing', { chat: wid._serialized, state });
  };
  const exhausted = new Set<string>();

  async function loadEarlierMsgs(order: { chat: ChatModel } | ChatModel): Promise<MessageModel[]> {
    const chat = 'chat' in order ? (order.chat as ChatModel) : order;
    const jid = chat.id._serialized;
    if (exhausted.has(jid)) return [];
    const oldest = (chat.msgs.getModelsArray() as MessageModel[]).reduce<MessageModel | undefined>(
      (first, one) => (first && first.t <= one.t ? first : one),
      undefined,
    );
    const before = oldest?.id.id ?? null;
    const { messages } = await link.request('history', { chat: jid, before });
    if (messages.length === 0) exhausted.add(jid);
    const models = messages.map((message) => page.toModel(message, false));
    for (const model of models) {
      page.messages.add(model);
      chat.msgs.add(model);
    }
    return models;
  }

  async function forget(chat: ChatModel, drop: boolean): Promise<void> {
    await link.request('forget', { chat: chat.id._serialized, id: null, drop });
    for (const message of chat.msgs.getModelsArray() as MessageModel[]) {
      message.isNewMsg = false;
      page.messages.remove(message);
      chat.msgs.remove(message);
    }
    if (drop) page.chats.remove(chat);
  }

  Object.assign(page.cmd, {
    async archiveChat(chat: ChatModel, archived: boolean) {
      await link.request('chat', { jid: chat.id._serialized, archived });
      chat.set({ archive: archived });
    },
    async pinChat(chat: ChatModel, pin: boolean) {
      const pinned = pin ? Math.floor(Date.now() / 1000) : 0;
      await link.request('chat', { jid: chat.id._serialized, pinned });
      chat.set({ pin: pinned });
    },
    async markChatUnread(chat: ChatModel, unread: boolean) {
      const count = unread ? -1 : 0;
      await link.request('chat', { jid: chat.id._serialized, unread: count });
      chat.set({ unreadCount: count });
    },
  });

  return {
    WAWebFindChatAction: {
      findOrCreateLatestChat: async (wid: Wid) => ({ chat: await page.chatFor(wid) }),
    },
    WAWebChatGetters: {
      getIsNewsletter: (chat: ChatModel) => chat.id.server === 'newsletter',
      getIsBroadcast: (chat: ChatModel) => chat.id.server === 'broadcast',
      getIsGroup: (chat: ChatModel) => chat.id.isGroup(),
    },
    WAWebChatLoadMessages: { loadEarlierMsgs },
    WAWebUpdateUnreadChatAction: {
      async sendSeen({ chat }: { chat: ChatModel }) {
        // Real pages send a receipt only when there is something unread.
        if (chat.unreadCount === 0) return;
        await link.request('seen', { chat: chat.id._serialized });
        chat.set({ unreadCount: 0 });
      },
    },
    WAWebChatStateBridge: {
      sendChatStateComposing: typing('composing'),
      sendChatStateRecording: typing('recording'),
      sendChatStatePaused: typing('paused'),
    },
    WAWebChatClearBridge: { sendClear: (chat: ChatModel) => forget(chat, false) },
    WAWebDeleteChatAction: { sendDelete: (chat: ChatModel) => forget(chat, true) },
    WAWebLidMigrationUtils: {
      toPn(widLike: Wid) {
        const wid = page.createWid(widLike);
        if (!wid.isLid()) return wid;
        return (page.contacts.get(wid) as { phoneNumber?: Wid } | undefined)?.phoneNumber;
      },
    },
  };
}
