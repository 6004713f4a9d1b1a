/** How many chats are remembered. */
const maxChats = 10_000;

/** The newest message that came in, by chat: what is marked as read, and where typing can be shown. */
export class ChatBook {
  readonly #newest = new Map<string, string>();

  /** A message came in. */
  heard(chatId: string, providerMessageId: string): void {
    this.#newest.delete(chatId);
    this.#newest.set(chatId, providerMessageId);
    const [oldest] = this.#newest.keys();
    if (this.#newest.size > maxChats && oldest !== undefined) this.#newest.delete(oldest);
  }

  /** The newest message of a chat, while it is remembered. */
  newestOf(chatId: string): string | undefined {
    return this.#newest.get(chatId);
  }
}
