import type { WireMessage } from '../wire';

/** One chat of an account, as WhatsApp's server and the phone know it. */
export interface ChatBox {
  /** The chat's jid. */
  readonly jid: string;
  /** Its messages, oldest first. */
  messages: WireMessage[];
  /** Ids that no page of the account has been told yet. */
  readonly undelivered: Set<string>;
  /** Messages not yet seen; -1 when marked unread by hand. */
  unread: number;
  /** Whether it is archived. */
  archived: boolean;
  /** When it was pinned, seconds since 1970; 0 when it is not. */
  pinned: number;
  /** Muted until, seconds since 1970; 0 not muted, -1 for ever. */
  mute: number;
}

/** All chats of one account. */
export class Mailbox {
  readonly #chats = new Map<string, ChatBox>();

  /** Every chat, the latest message first. */
  get chats(): readonly ChatBox[] {
    const latest = (chat: ChatBox): number => chat.messages.at(-1)?.t ?? 0;
    return [...this.#chats.values()].sort((a, b) => latest(b) - latest(a));
  }

  /** The chat with this jid, made when there is none. */
  chat(jid: string): ChatBox {
    const known = this.#chats.get(jid);
    if (known) return known;
    const made: ChatBox = {
      jid,
      messages: [],
      undelivered: new Set(),
      unread: 0,
      archived: false,
      pinned: 0,
      mute: 0,
    };
    this.#chats.set(jid, made);
    return made;
  }

  /** Puts a chat back that was kept elsewhere. */
  restore(chat: ChatBox): void {
    this.#chats.set(chat.jid, chat);
  }

  /** Whether there is such a chat. */
  has(jid: string): boolean {
    return this.#chats.has(jid);
  }

  /** Takes a whole chat away. */
  drop(jid: string): void {
    this.#chats.delete(jid);
  }

  /** The message with this bare id, in one chat or in any. */
  find(id: string, jid?: string): { chat: ChatBox; message: WireMessage } | undefined {
    for (const chat of jid === undefined ? this.#chats.values() : [this.#chats.get(jid)]) {
      const message = chat?.messages.find((one) => one.id === id);
      if (chat && message) return { chat, message };
    }
    return undefined;
  }
}
