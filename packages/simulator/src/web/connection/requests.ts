import { GatewayError } from '@blazz/core';
import type { Account } from '../accounts/account';
import { toAddress, toJid } from '../address';
import { ServerStatusError } from '../network/network-context';
import type { PageFrame, PageRequests } from '../wire';
import type { ConnectionContext } from './connection-context';
import type { PageConnection } from './page-connection';

type Handlers = {
  [Name in keyof PageRequests]: (
    payload: PageRequests[Name][0],
    page: PageConnection,
    context: ConnectionContext,
  ) => Promise<PageRequests[Name][1]>;
};

/** How many earlier messages a page gets at a time. */
const historyPage = 50;

function accountOf(page: PageConnection): Account {
  if (!page.account) throw new ServerStatusError(401, 'This page is not linked.');
  if (!page.active) throw new ServerStatusError(503, 'This page takes no part at present.');
  return page.account;
}

/** What the server does for each request of a page. */
const handlers: Handlers = {
  async hello({ device, credentials }, page) {
    await page.hello(device, credentials);
    return null;
  },
  async refresh_qr(_payload, page, { desk }) {
    desk.begin(page);
    return null;
  },
  async pairing_code({ number }, page, { desk }) {
    return { code: desk.makeCode(page, toAddress(toJid(number))) };
  },
  async linked(_payload, page) {
    page.linked();
    return null;
  },
  send: async (message, page, { outgoing }) => outgoing.send(accountOf(page), page, message),
  edit: async ({ chat, id, body }, page, { outgoing }) =>
    outgoing.edit(accountOf(page), page, chat, id, body),
  revoke: async ({ chat, id }, page, { outgoing }) =>
    outgoing.revoke(accountOf(page), page, chat, id),
  react: async ({ chat, id, emoji }, page, { outgoing }) =>
    outgoing.react(accountOf(page), chat, id, emoji),
  vote: async ({ chat, id, options }, page, { outgoing }) =>
    outgoing.vote(accountOf(page), chat, id, options),
  async seen({ chat }, page, { office }) {
    office.seen(accountOf(page), chat);
    return null;
  },
  async typing({ chat, state }, page, { publish }) {
    publish('typing', { number: accountOf(page).number, to: toAddress(chat), state });
    return null;
  },
  async exists({ jid }, page, { directory, faults, timers, timings }) {
    const { lookup } = faults.of(accountOf(page).number);
    await timers.wait(timings.lookupMs);
    if (lookup === 'hang') await new Promise(() => undefined);
    if (lookup === 'error') throw new ServerStatusError(429, 'Too many lookups.');
    return directory.lookUp(jid);
  },
  async history({ chat, before }, page) {
    const { messages, undelivered } = accountOf(page).mailbox.chat(chat);
    const at = before === null ? messages.length : messages.findIndex((one) => one.id === before);
    const earlier = messages.slice(0, Math.max(0, at)).filter((one) => !undelivered.has(one.id));
    return { messages: earlier.slice(-historyPage) };
  },
  group: async ({ jid }, _page, { directory }) => directory.group(jid) ?? null,
  async chat({ jid, archived, pinned, mute, unread }, page, { publish }) {
    const chat = accountOf(page).mailbox.chat(jid);
    chat.archived = archived ?? chat.archived;
    chat.pinned = pinned ?? chat.pinned;
    chat.mute = mute ?? chat.mute;
    chat.unread = unread ?? chat.unread;
    publish('changed');
    return null;
  },
  async forget({ chat: jid, id, drop }, page, { publish }) {
    const { mailbox } = accountOf(page);
    const chat = mailbox.chat(jid);
    chat.messages = id === null ? [] : chat.messages.filter((message) => message.id !== id);
    if (drop) mailbox.drop(jid);
    publish('changed');
    return null;
  },
  async takeover(_payload, page) {
    page.setState('CONNECTED');
    return null;
  },
  async dialog_closed(_payload, page, { publish }) {
    const account = accountOf(page);
    account.dialog = undefined;
    account.broadcast('dialog', { kind: null }, page);
    publish('dialog', { number: account.number });
    publish('changed');
    return null;
  },
  async logout(_payload, page, { faults, publish }) {
    const { account, token } = page;
    if (!account || token === undefined)
      throw new GatewayError('conflict', 'This page is not linked.');
    account.devices.delete(token);
    publish('logged_out', { number: account.number, by: 'library' });
    return { order: faults.of(account.number).logout };
  },
};

/** Answers one request of a page. */
export function answer(
  frame: PageFrame,
  page: PageConnection,
  context: ConnectionContext,
): Promise<unknown> {
  const handler = handlers[frame.name] as Handlers[keyof PageRequests] | undefined;
  if (!handler) throw new ServerStatusError(400, 'No such request.');
  return (handler as (...args: unknown[]) => Promise<unknown>)(frame.payload, page, context);
}
