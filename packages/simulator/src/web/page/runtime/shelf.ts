import type { WireChat, WireContact, WireGroup } from '../../wire';
import type { Page, ShelfParts } from '../page';
import type { Attributes, ChatModel, ContactModel, MessageModel, Model, Wid } from '../things';

/**
 * Puts messages, chats, contacts and groups into their collections. Served to the browser as
 * source: refers to nothing outside itself.
 */
export function shelf(page: Page): ShelfParts {
  function groupModel(group: WireGroup): Model {
    const attributes = {
      subject: group.subject,
      desc: group.description,
      announce: group.announce,
      creation: group.creation,
      owner: page.createWid(group.owner),
      isLidAddressingMode: false,
      participants: group.participants.map((one) => ({
        id: page.createWid(one.jid),
        isAdmin: one.admin,
        isSuperAdmin: one.jid === group.owner,
      })),
    };
    const known = page.groups.get(group.jid);
    if (known) return known.set(attributes);
    return page.groups.add(new page.Model({ id: page.createWid(group.jid), ...attributes }));
  }

  function muteModel(chat: Wid, expiration: number): Model {
    const mute = new page.Model({ id: chat, expiration }) as Model & Attributes;
    const change = async (until: number): Promise<void> => {
      mute.set({ expiration: until });
      await page.link.request('chat', { jid: chat._serialized, mute: until });
    };
    mute.mute = (options: { expiration: number }) => change(options.expiration);
    mute.unmute = () => change(0);
    return mute;
  }

  function shelveChat(chat: WireChat): ChatModel {
    const group = chat.group ? { groupMetadata: groupModel(chat.group) } : {};
    const attributes = {
      t: chat.t,
      unreadCount: chat.unread,
      archive: chat.archived,
      pin: chat.pinned,
      name: chat.name,
      formattedTitle: chat.name,
      ...group,
    };
    const known = page.chats.get(chat.jid) as ChatModel | undefined;
    if (known) return known.set(attributes);
    const id = page.createWid(chat.jid);
    const msgs = new page.Collection();
    msgs.comparator = (a: MessageModel, b: MessageModel) => a.t - b.t;
    const made = new page.Model({
      id,
      msgs,
      isReadOnly: false,
      mute: muteModel(id, chat.mute),
      ...attributes,
    }) as ChatModel;
    for (const message of chat.messages) keep(made, page.toModel(message, false));
    page.chats.add(made);
    return made;
  }

  function keep(chat: ChatModel, message: MessageModel): void {
    page.messages.add(message);
    chat.msgs.add(message);
    if (message.t >= chat.t) chat.set({ t: message.t, lastReceivedKey: message.id });
  }

  function shelveContact(contact: WireContact): ContactModel {
    const attributes = {
      name: contact.name,
      shortName: contact.name?.split(' ')[0],
      pushname: contact.pushname,
      formattedName: contact.name ?? contact.pushname ?? contact.jid.split('@')[0],
      phoneNumber: contact.phone ? page.createWid(contact.phone) : undefined,
      lid: contact.lid ? page.createWid(contact.lid) : undefined,
      isBusiness: contact.business ?? false,
    };
    const known = page.contacts.get(contact.jid) as ContactModel | undefined;
    if (known) return known.set(attributes);
    const made = new page.Model({
      id: page.createWid(contact.jid),
      type: 'in',
      isEnterprise: false,
      isContactBlocked: false,
      statusMute: false,
      ...attributes,
    });
    return page.contacts.add(made) as ContactModel;
  }

  async function chatFor(wid: Wid): Promise<ChatModel> {
    const known = page.chats.get(wid) as ChatModel | undefined;
    if (known) return known;
    const empty = { unread: 0, t: 0, archived: false, pinned: 0, mute: 0, messages: [] };
    const jid = wid._serialized;
    if (wid.isGroup()) {
      const group = await page.link.request('group', { jid });
      if (!group) throw new Error('No such group.');
      return shelveChat({ jid, name: group.subject, ...empty, group });
    }
    const contact = await page.link.request('exists', { jid });
    if (!contact) throw new Error('No LID for user');
    const { formattedName: name } = shelveContact(contact);
    const home = contact.by_lid && contact.lid ? contact.lid : jid;
    const moved = page.chats.get(home) as ChatModel | undefined;
    return moved ?? shelveChat({ jid: home, name, ...empty });
  }

  return {
    chatFor,
    shelveChat,
    shelveContact,
    shelveMessage(message) {
      const wid = message.id.remote;
      const name = (page.contacts.get(wid) as ContactModel | undefined)?.formattedName;
      const title = name ?? wid.user;
      const empty = { unread: 0, t: 0, archived: false, pinned: 0, mute: 0, messages: [] };
      const chat = page.chats.get(wid) as ChatModel | undefined;
      keep(chat ?? shelveChat({ jid: wid._serialized, name: title, ...empty }), message);
    },
    moveIn(welcome) {
      page.me.pn = page.createWid(`${welcome.me.number}@c.us`);
      page.me.lid = page.createWid(welcome.me.lid);
      page.conn.set({
        ref: undefined,
        wid: page.me.pn,
        pushname: welcome.me.name,
        platform: welcome.me.platform,
        battery: 100,
        plugged: true,
      });
      for (const contact of welcome.contacts) shelveContact(contact);
      for (const chat of welcome.chats) shelveChat(chat);
    },
  };
}
