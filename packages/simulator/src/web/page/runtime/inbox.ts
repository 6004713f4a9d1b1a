import type { Page } from '../page';
import type { ChatModel, MessageModel } from '../things';

/**
 * What the server tells about messages, carried into the models; whatsapp-web.js listens there.
 * Served to the browser as source: refers to nothing outside itself.
 */
export function inbox(page: Page): object {
  const { link } = page;

  /** The message with a bare id. */
  function find(chat: string, id: string): MessageModel | undefined {
    const { messages } = page;
    const direct = messages.get(`true_${chat}_${id}`) ?? messages.get(`false_${chat}_${id}`);
    if (direct) return direct as MessageModel;
    // In groups the key ends with its writer.
    const home = page.chats.get(chat) as ChatModel | undefined;
    const list = (home?.msgs.getModelsArray() ?? []) as MessageModel[];
    return list.find((message) => message.id.id === id);
  }

  /** The functions that whatsapp-web.js wraps: they must be looked up when they are called. */
  function table(module: string, name: string): { bulkUpsert(rows: object[]): unknown } {
    const home = page.modules[module] as Record<string, { bulkUpsert(rows: object[]): unknown }>;
    return home[name] as { bulkUpsert(rows: object[]): unknown };
  }

  link.on('message', (message) => {
    if (!find(message.chat, message.id)) page.shelveMessage(page.toModel(message, true));
  });
  link.on('ack', ({ chat, id, ack }) => {
    const message = find(chat, id);
    if (message && (ack === -1 || ack > message.ack)) message.set({ ack });
  });
  link.on('edited', ({ chat, id, body }) => {
    const message = find(chat, id);
    message?.set(message.directPath ? { caption: body } : { body });
  });
  link.on('decrypted', (message) => {
    find(message.chat, message.id)?.set({ ...message.fields, type: message.type });
  });
  link.on('revoked', ({ chat, id }) => {
    const message = find(chat, id);
    message?.set({ type: 'revoked', protocolMessageKey: message.id });
  });
  link.on('removed', ({ chat, id }) => {
    const message = find(chat, id);
    if (!message) return;
    page.messages.remove(message);
    (page.chats.get(chat) as ChatModel | undefined)?.msgs.remove(message);
  });
  link.on('reaction', ({ chat, id, by, emoji, t }) => {
    const message = find(chat, id);
    if (!message) return;
    const reactions = { ...message.reactionsBy, [by]: emoji };
    if (!emoji) delete reactions[by];
    message.reactionsBy = reactions;
    message.set({ hasReaction: Object.keys(reactions).length > 0 });
    const author = page.createWid(by);
    const mine = author._serialized === page.me.pn?._serialized;
    void table('WAWebAddonReactionTableMode', 'reactionTableMode').bulkUpsert([
      {
        id: new page.MsgKey({ fromMe: mine, remote: message.id.remote, id: `R${id}${t}` }),
        reactionParentKey: message.id,
        reactionText: emoji,
        reactionTimestamp: t * 1000,
        author,
        orphan: 0,
        read: false,
        ack: mine ? 1 : 0,
      },
    ]);
  });
  link.on('vote', ({ chat, id, by, options, t }) => {
    const message = find(chat, id);
    if (!message) return;
    const voter = page.createWid(by);
    const mine = voter._serialized === page.me.pn?._serialized;
    void table('WAWebAddonPollVoteTableMode', 'pollVoteTableMode').bulkUpsert([
      {
        id: new page.MsgKey({ fromMe: mine, remote: message.id.remote, id: `V${id}${t}` }),
        pollUpdateParentKey: message.id,
        t: t * 1000,
        senderTimestampMs: t * 1000,
        author: voter,
        selectedOptionLocalIds: options,
      },
    ]);
  });
  link.on('unread', ({ chat, unread }) => page.chats.get(chat)?.set({ unreadCount: unread }));
  link.on('contact', (contact) => void page.shelveContact(contact));
  link.on('chat', (chat) => void page.shelveChat(chat));
  link.on('call', ({ id, from, video }) => {
    const { calls } = page.modules.WAWebCallCollection as { calls: Map<string, object> };
    calls.set(id, {
      id,
      peerJid: page.createWid(from),
      isVideo: video,
      isGroup: false,
      canHandleLocally: false,
      outgoing: false,
      webClientShouldHandle: false,
      participants: [],
    });
  });

  return {};
}
