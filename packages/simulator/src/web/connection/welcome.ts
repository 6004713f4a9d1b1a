import type { Account } from '../accounts/account';
import type { Directory } from '../accounts/directory';
import type { ChatBox } from '../accounts/mailbox';
import type { Welcome, WireChat, WireGroup } from '../wire';

/** How many of a chat's latest messages a page gets with the chat list; it asks for earlier ones. */
const messagesPerChat = 20;

/** A chat as a page keeps it, without the messages that are still to be delivered. */
function chatOf(chat: ChatBox, directory: Directory): WireChat {
  const group = directory.group(chat.jid);
  const contact = directory.lookUp(chat.jid);
  const known = chat.messages.filter((message) => !chat.undelivered.has(message.id));
  return {
    jid: chat.jid,
    name: group?.subject ?? contact?.name ?? contact?.pushname ?? `+${chat.jid.split('@')[0]}`,
    unread: Math.max(0, chat.unread - chat.undelivered.size),
    t: known.at(-1)?.t ?? 0,
    archived: chat.archived,
    pinned: chat.pinned,
    mute: chat.mute,
    messages: known.slice(-messagesPerChat),
    ...(group ? { group } : {}),
  };
}

/** A group's chat in which nobody wrote yet. */
export function emptyGroupChat(group: WireGroup): WireChat {
  return {
    jid: group.jid,
    name: group.subject,
    unread: 0,
    t: group.creation,
    archived: false,
    pinned: 0,
    mute: 0,
    messages: [],
    group,
  };
}

/** What a page learns when it comes in. */
export function welcomeFor(account: Account, directory: Directory): Welcome {
  const { number, lid, name, platform, jid, mailbox } = account;
  const chats = mailbox.chats.map((chat) => chatOf(chat, directory));
  const groups = directory.groups
    .filter((group) => group.participants.some((one) => one.jid === jid))
    .filter((group) => !mailbox.has(group.jid))
    .map(emptyGroupChat);
  return {
    me: { number, lid, name, platform },
    chats: [...chats, ...groups],
    contacts: [{ jid, lid, pushname: name }, ...directory.contacts],
  };
}
