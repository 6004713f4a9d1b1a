import type { Page } from '../page';
import type { Attributes, ChatModel, MessageModel } from '../things';

/**
 * WhatsApp Web's modules that send, edit, revoke, forward, react and vote. Served to the browser as
 * source: refers to nothing outside itself.
 */
export function sendingModules(page: Page): Record<string, object> {
  const { link } = page;
  const editableForS = 15 * 60;

  const chatOf = (message: MessageModel): string => message.id.remote._serialized;

  async function deliver(model: MessageModel, attributes: Attributes): Promise<object> {
    try {
      const { t } = await link.request('send', page.toWire(attributes));
      if (model.ack < 1) model.set({ ack: 1, isUnsentMedia: false });
      return { messageSendResult: 'OK', t };
    } catch {
      model.set({ ack: -1 });
      return { messageSendResult: 'ERROR_UNKNOWN' };
    }
  }

  function addAndSendMsgToChat(
    _chat: ChatModel,
    attributes: Attributes,
  ): [Promise<MessageModel>, Promise<object>] {
    const inGroup = (attributes.id as MessageModel['id']).participant;
    const model = page.createMessage({
      ...attributes,
      ...(inGroup ? { author: inGroup } : {}),
      ...(attributes.directPath ? { isUnsentMedia: true } : {}),
    });
    // The model stands in the collections before the first promise settles: the caller reads it.
    page.shelveMessage(model);
    return [Promise.resolve(model), deliver(model, { ...model })];
  }

  async function forwardMessages(order: { chat: ChatModel; msgs: MessageModel[] }): Promise<void> {
    for (const message of order.msgs) {
      const { reactionsBy, hasReaction, star, isUnsentMedia, ...kept } = {
        ...message,
      } as unknown as Attributes;
      const mine = order.chat.id.isGroup() && page.me.pn ? { participant: page.me.pn } : {};
      const id = new page.MsgKey({
        fromMe: true,
        remote: order.chat.id,
        id: await page.MsgKey.newId(),
        ...mine,
      });
      const [, sent] = addAndSendMsgToChat(order.chat, {
        ...kept,
        id,
        from: page.me.pn,
        to: order.chat.id,
        local: true,
        self: 'out',
        ack: 0,
        t: Math.floor(Date.now() / 1000),
        isNewMsg: true,
        isForwarded: true,
        forwardingScore: ((kept.forwardingScore as number | undefined) ?? 0) + 1,
      });
      await sent;
    }
  }

  const fresh = (message: MessageModel): boolean =>
    message.id.fromMe && Date.now() / 1000 - message.t < editableForS;

  Object.assign(page.cmd, {
    async sendRevokeMsgs(_chat: ChatModel, { list }: { list: MessageModel[] }) {
      for (const message of list) {
        await link.request('revoke', { chat: chatOf(message), id: message.id.id });
        message.set({ type: 'revoked', protocolMessageKey: message.id });
      }
    },
    async sendDeleteMsgs(chat: ChatModel, { list }: { list: MessageModel[] }) {
      for (const message of list) {
        await link.request('forget', { chat: chatOf(message), id: message.id.id, drop: false });
        page.messages.remove(message);
        chat.msgs.remove(message);
      }
    },
    async sendStarMsgs(_chat: ChatModel, list: MessageModel[]) {
      for (const message of list) message.set({ star: true });
    },
    async sendUnstarMsgs(_chat: ChatModel, list: MessageModel[]) {
      for (const message of list) message.set({ star: false });
    },
  });

  return {
    WAWebSendMsgChatAction: { addAndSendMsgToChat },
    WAWebChatForwardMessage: { forwardMessages },
    WAWebGetEphemeralFieldsMsgActionsUtils: { getEphemeralFields: () => ({}) },
    WAWebMsgReply: {
      canReplyMsg: (message: MessageModel & { canReply(): boolean }) => message.canReply(),
    },
    WAWebQuotedMsgModelUtils: {
      getQuotedMsgObj(message: MessageModel & Attributes) {
        const id = message.quotedStanzaID as string;
        const home = page.chats.get(message.id.remote) as ChatModel | undefined;
        const list = (home?.msgs.getModelsArray() ?? []) as MessageModel[];
        const known = list.find((one) => one.id.id === id);
        if (known) return known;
        const author = message.quotedParticipant as MessageModel['id']['remote'];
        const mine = author._serialized === page.me.pn?._serialized;
        return page.createMessage({
          ...(message.quotedMsg as Attributes),
          id: new page.MsgKey({ fromMe: mine, remote: message.id.remote, id }),
          from: author,
          to: mine ? message.id.remote : page.me.pn,
          t: message.t,
          ack: 1,
        });
      },
    },
    WAWebMsgActionCapability: {
      canEditText: (message: MessageModel) => fresh(message) && message.type === 'chat',
      canEditCaption: (message: MessageModel) => fresh(message) && Boolean(message.directPath),
      canSenderRevokeMsg: (message: MessageModel) => message.id.fromMe && message.ack >= 1,
      canAdminRevokeMsg: () => false,
      canStarMsg: (message: MessageModel) => message.type !== 'revoked',
    },
    WAWebSendMessageEditAction: {
      async sendMessageEdit(message: MessageModel, body: string) {
        await link.request('edit', { chat: chatOf(message), id: message.id.id, body });
        message.set({
          ...(message.directPath ? { caption: body } : { body }),
          latestEditSenderTimestampMs: Date.now(),
        });
      },
    },
    WAWebSendReactionMsgAction: {
      async sendReactionToMsg(message: MessageModel, emoji: string) {
        await link.request('react', { chat: chatOf(message), id: message.id.id, emoji });
      },
    },
    WAWebPollsSendVoteMsgAction: {
      async sendVote(message: MessageModel, options: Set<number>) {
        const chosen = { chat: chatOf(message), id: message.id.id, options: [...options] };
        await link.request('vote', chosen);
      },
    },
    WAWebApiMessageInfoStore: {
      async queryMsgInfo(key: MessageModel['id']) {
        const ack = (page.messages.get(key) as MessageModel | undefined)?.ack ?? 0;
        const seen = [{ id: key.remote, t: Math.floor(Date.now() / 1000) }];
        return {
          delivery: ack >= 2 ? seen : [],
          deliveryRemaining: ack >= 2 ? 0 : 1,
          read: ack >= 3 ? seen : [],
          readRemaining: ack >= 3 ? 0 : 1,
          played: ack >= 4 ? seen : [],
          playedRemaining: ack >= 4 ? 0 : 1,
        };
      },
    },
  };
}
