import type { Account, AccountPage } from '../accounts/account';
import { toAddress } from '../address';
import type { WireMessage } from '../wire';
import type { Acknowledger } from './acknowledger';
import type { Amendments } from './amendments';
import { readMessage, wordsOf } from './content-codec';
import type { Effect } from './effect-ledger';
import { type NetworkContext, ServerStatusError } from './network-context';
import type { PostOffice } from './post-office';

/** A page that sends: what {@link Outgoing} needs of it. */
export interface SendingPage extends AccountPage {
  /** Cuts the page's socket. */
  drop(): void;
}

/** What never comes: the answer to a request that is lost. */
const lost = <T>(): Promise<T> => new Promise<T>(() => undefined);

/** What linked pages send, as WhatsApp's server takes it. */
export class Outgoing {
  readonly #context: NetworkContext;
  readonly #office: PostOffice;
  readonly #amendments: Amendments;
  readonly #acknowledger: Acknowledger;

  /**
   * @param context what the network shares
   * @param office brings messages to their recipients
   * @param amendments changes messages
   * @param acknowledger moves acknowledgements
   */
  constructor(
    context: NetworkContext,
    office: PostOffice,
    amendments: Amendments,
    acknowledger: Acknowledger,
  ) {
    this.#context = context;
    this.#office = office;
    this.#amendments = amendments;
    this.#acknowledger = acknowledger;
  }

  /**
   * Takes a message. The same id a second time is a resend and no second message.
   * @throws ServerStatusError when the server refuses it
   */
  async send(account: Account, page: SendingPage, message: WireMessage): Promise<{ t: number }> {
    const fault = this.#context.faults.of(account.number).send;
    await this.#context.timers.wait(this.#context.timings.sendMs);
    if (fault === 'drop') return lost();
    if (fault === 'reject') throw new ServerStatusError(463, 'The server refused the message.');
    const known = account.mailbox.find(message.id, message.chat)?.message;
    if (known) return { t: known.t };
    const manual = this.#acknowledger.modeOf(account) === 'manual';
    const kept: WireMessage = { ...message, ack: manual ? 0 : 1, notify_name: account.name };
    const words = wordsOf(kept);
    this.#record(account, 'message', kept.id, kept.chat, kept.type, words);
    this.#office.send(account, kept, page);
    this.#context.publish('sent', {
      number: account.number,
      message: readMessage(kept, account.number),
    });
    this.#acknowledger.climb(account, kept);
    if (fault === 'lost_ack' || this.#acknowledger.modeOf(account) === 'never') return lost();
    if (fault === 'disconnect') {
      page.drop();
      return lost();
    }
    if (manual) await this.#acknowledger.held(kept);
    return { t: kept.t };
  }

  /** Takes an edit. @throws ServerStatusError when the server refuses it */
  async edit(
    account: Account,
    page: SendingPage,
    chat: string,
    id: string,
    body: string,
  ): Promise<{ t: number }> {
    await this.#gate(account);
    this.#record(account, 'edit', id, chat, 'edit', body);
    this.#amendments.edit(id, body, page);
    return { t: Math.floor(this.#context.clock.now() / 1000) };
  }

  /** Takes a revocation. @throws ServerStatusError when the server refuses it */
  async revoke(account: Account, page: SendingPage, chat: string, id: string): Promise<null> {
    await this.#gate(account);
    this.#record(account, 'revoke', id, chat, 'revoke', undefined);
    this.#amendments.revoke(id, page);
    return null;
  }

  /** Takes a reaction. @throws ServerStatusError when the server refuses it */
  async react(account: Account, chat: string, id: string, emoji: string): Promise<null> {
    await this.#gate(account);
    this.#record(account, 'reaction', id, chat, 'reaction', emoji);
    this.#amendments.react(id, account.jid, emoji);
    return null;
  }

  /** Takes a poll vote. @throws ServerStatusError when the server refuses it */
  async vote(
    account: Account,
    chat: string,
    id: string,
    options: readonly number[],
  ): Promise<null> {
    await this.#gate(account);
    this.#record(account, 'vote', id, chat, 'vote', undefined);
    this.#amendments.vote(id, account.jid, options);
    return null;
  }

  async #gate(account: Account): Promise<void> {
    const fault = this.#context.faults.of(account.number).send;
    await this.#context.timers.wait(this.#context.timings.sendMs);
    if (fault === 'drop') await lost();
    if (fault === 'reject') throw new ServerStatusError(463, 'The server refused it.');
  }

  #record(
    account: Account,
    action: Effect['action'],
    id: string,
    chat: string,
    kind: string,
    text: string | undefined,
  ): void {
    const effect: Effect = {
      action,
      id,
      from: account.number,
      to: toAddress(chat),
      kind,
      ...(text === undefined ? {} : { text }),
      time: this.#context.clock.now(),
    };
    this.#context.ledger.record(effect);
    this.#context.publish('effect', effect);
  }
}
