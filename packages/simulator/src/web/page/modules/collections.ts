import type { Page } from '../page';
import type { ContactModel, MessageModel, Model } from '../things';

/**
 * WhatsApp Web's collections, and the tables that whatsapp-web.js wraps. Served to the browser as
 * source: refers to nothing outside itself.
 */
export function collectionModules(page: Page): Record<string, object> {
  const Msg = Object.assign(page.messages, {
    async getMessagesById(ids: string[]) {
      const found = ids.map((id) => page.messages.get(id));
      return { messages: found.filter((message) => message !== undefined) };
    },
    async search(query: string, number = 1, count = 50, remote?: string) {
      const needle = query.toLowerCase();
      const hits = (page.messages.getModelsArray() as MessageModel[])
        .filter((one) => !remote || one.id.remote._serialized === remote)
        .filter((one) => `${one.body ?? ''} ${one.caption ?? ''}`.toLowerCase().includes(needle))
        .sort((a, b) => b.t - a.t);
      return { messages: hits.slice((number - 1) * count, number * count) };
    },
  });
  const Chat = Object.assign(page.chats, {
    find: async (id: unknown) => page.chatFor(page.createWid(id)),
  });
  const Contact = Object.assign(page.contacts, {
    async find(id: unknown): Promise<ContactModel> {
      const wid = page.createWid(id);
      const known = page.contacts.get(wid);
      if (known) return known as ContactModel;
      const jid = wid._serialized;
      // A group, or a number nobody answers to, still has a contact: only without a name.
      const found = wid.isUser() ? await page.link.request('exists', { jid }) : null;
      return page.shelveContact(found ?? { jid });
    },
  });
  const GroupMetadata = Object.assign(page.groups, { update: async () => undefined });
  const empty = (): object => new page.Collection();

  /** Who reacted with what, in the shape that `Message.getReactions` reads. */
  function reactionsOf(message: MessageModel): { length: number; serialize(): object[] } {
    const byEmoji = new Map<string, string[]>();
    for (const [jid, emoji] of Object.entries(message.reactionsBy ?? {})) {
      byEmoji.set(emoji, [...(byEmoji.get(emoji) ?? []), jid]);
    }
    const groups = [...byEmoji].map(([emoji, jids]) => ({
      id: emoji,
      aggregateEmoji: emoji,
      hasReactionByMe: jids.includes(page.me.pn?._serialized ?? ''),
      senders: jids.map((jid) => ({
        msgKey: message.id,
        parentMsgKey: message.id,
        senderUserJid: jid,
        reactionText: emoji,
        timestamp: message.t * 1000,
        orphan: 0,
        read: true,
        ack: message.ack,
      })),
    }));
    return { length: groups.length, serialize: () => groups };
  }

  const pictures = Object.assign(new page.Collection(), {
    find: async (): Promise<Model | undefined> => undefined,
  });

  return {
    WAWebCollections: {
      Msg,
      Chat,
      Contact,
      GroupMetadata,
      Blocklist: empty(),
      BusinessProfile: { find: async (id: unknown) => new page.Model({ id: page.createWid(id) }) },
      Label: empty(),
      Status: empty(),
      ProfilePicThumb: pictures,
      WAWebNewsletterCollection: empty(),
      NewsletterMetadataCollection: empty(),
      Reactions: {
        async find(id: string) {
          const message = page.messages.get(id) as MessageModel | undefined;
          return message ? { reactions: reactionsOf(message) } : undefined;
        },
      },
    },
    WAWebCallCollection: Object.assign(new page.Emitter(), { calls: new Map<string, object>() }),
    WAWebAddonReactionTableMode: { reactionTableMode: { bulkUpsert: async () => undefined } },
    WAWebAddonPollVoteTableMode: { pollVoteTableMode: { bulkUpsert: async () => undefined } },
    WAWebBackendJobsCommon: { mediaTypeFromProtobuf: () => null },
    WAWebE2EProtoUtils: { typeAttributeFromProtobuf: () => 'text' },
    WAWebWidFactory: {
      createWid: page.createWid,
      createWidFromWidLike: page.createWid,
      asUserWidOrThrow(value: unknown) {
        const wid = page.createWid(value);
        if (!wid.isUser()) throw new Error('wid error: not a user wid');
        return wid;
      },
    },
    WAWebMsgKey: page.MsgKey,
  };
}
