import type { Account, AccountPage } from '../accounts/account';
import type { WireMessage } from '../wire';
import type { NetworkContext } from './network-context';

/** Changes to messages that exist: edits, revocations, reactions, votes. */
export class Amendments {
  readonly #context: NetworkContext;

  /** @param context what the network shares */
  constructor(context: NetworkContext) {
    this.#context = context;
  }

  /** Replaces a message's text or caption. @returns how many accounts hold the message */
  edit(id: string, body: string, except?: AccountPage): number {
    return this.#everywhere(id, (account, message) => {
      message.fields[message.fields.directPath ? 'caption' : 'body'] = body;
      account.broadcast('edited', { chat: message.chat, id, body }, except);
    });
  }

  /** Takes a message back for everybody. @returns how many accounts hold the message */
  revoke(id: string, except?: AccountPage): number {
    return this.#everywhere(id, (account, message) => {
      message.type = 'revoked';
      message.fields = {};
      account.broadcast('revoked', { chat: message.chat, id }, except);
    });
  }

  /** Delivers what a ciphertext really said. @returns how many accounts hold the message */
  decrypt(id: string, type: string, fields: Record<string, unknown>): number {
    return this.#everywhere(id, (account, message) => {
      message.type = type;
      message.fields = fields;
      account.broadcast('decrypted', message);
    });
  }

  /** Sets or, with an empty emoji, removes a reaction. @returns how many accounts hold the message */
  react(id: string, by: string, emoji: string): number {
    const t = Math.floor(this.#context.clock.now() / 1000);
    return this.#everywhere(id, (account, message) => {
      const reactions = { ...message.reactions, [by]: emoji };
      if (emoji === '') delete reactions[by];
      message.reactions = reactions;
      account.broadcast('reaction', { chat: message.chat, id, by, emoji, t });
    });
  }

  /** Sets a voter's choice. @returns how many accounts hold the poll */
  vote(id: string, by: string, options: readonly number[]): number {
    const t = Math.floor(this.#context.clock.now() / 1000);
    return this.#everywhere(id, (account, message) => {
      message.votes = { ...message.votes, [by]: [...options] };
      account.broadcast('vote', { chat: message.chat, id, by, options: [...options], t });
    });
  }

  #everywhere(id: string, change: (account: Account, message: WireMessage) => void): number {
    let holders = 0;
    for (const account of this.#context.accounts.all) {
      const found = account.mailbox.find(id);
      if (!found) continue;
      holders += 1;
      change(account, found.message);
    }
    if (holders > 0) this.#context.publish('changed');
    return holders;
  }
}
