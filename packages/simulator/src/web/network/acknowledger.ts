import type { Account } from '../accounts/account';
import { bareId } from '../address';
import type { WireMessage } from '../wire';
import type { AckMode } from './ack-mode';
import type { NetworkContext } from './network-context';

/** Moves the acknowledgements of sent messages, by itself or as a test says. */
export class Acknowledger {
  readonly #context: NetworkContext;
  readonly #held = new Map<string, () => void>();
  #mode: AckMode;

  /**
   * @param context what the network shares
   * @param mode how recipients acknowledge at first
   */
  constructor(context: NetworkContext, mode: AckMode) {
    this.#context = context;
    this.#mode = mode;
  }

  /** How the recipients of this account acknowledge. */
  modeOf(account: Account): AckMode {
    return account.ackMode ?? this.#mode;
  }

  /** Changes the mode for everybody or one account; messages that waited for it catch up. */
  setMode(mode: AckMode, account?: Account): void {
    if (account) account.ackMode = mode;
    else this.#mode = mode;
    for (const one of account ? [account] : this.#context.accounts.all) {
      if (this.modeOf(one) !== mode) continue;
      for (const chat of one.mailbox.chats) {
        for (const message of chat.messages) {
          if (message.from_me && message.ack >= 1 && message.ack < 3) this.climb(one, message);
        }
      }
    }
  }

  /**
   * Moves one message of an account to `level`: -1 refused, 1 server, 2 device, 3 read, 4 played.
   * @returns whether the account has such a message
   */
  acknowledge(account: Account, id: string, level: number): boolean {
    const found = account.mailbox.find(bareId(id));
    if (!found) return false;
    const { message } = found;
    if (level !== -1 && level <= message.ack) return true;
    message.ack = level;
    account.broadcast('ack', { chat: message.chat, id: message.id, ack: level });
    if (level >= 1) {
      this.#held.get(message.id)?.();
      this.#held.delete(message.id);
    }
    this.#context.publish('acknowledged', { number: account.number, id: message.id, ack: level });
    this.#context.publish('changed');
    return true;
  }

  /** Resolves when a message of the mode `manual` is acknowledged by the test. */
  held(message: WireMessage): Promise<void> {
    return new Promise((resolve) => {
      this.#held.set(message.id, resolve);
    });
  }

  /** Lets a message climb as its recipient's mode says, from where it stands. */
  climb(account: Account, message: WireMessage): void {
    // Another linked account acknowledges by itself, when its page gets and reads the message.
    if ((this.#context.accounts.find(message.chat)?.devices.size ?? 0) > 0) return;
    const mode = this.modeOf(account);
    if (mode !== 'read' && mode !== 'delivered') return;
    if (this.#context.faults.of(account.number).send === 'lost_ack') return;
    const { timers, timings } = this.#context;
    timers.after(timings.deliverMs, () => {
      this.acknowledge(account, message.id, 2);
      if (mode !== 'read') return;
      timers.after(timings.readMs, () => this.acknowledge(account, message.id, 3));
    });
  }
}
