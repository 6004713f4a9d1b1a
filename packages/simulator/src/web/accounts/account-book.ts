import { GatewayError } from '@blazz/core';
import { type Address, toJid } from '../address';
import { Account } from './account';

/** The accounts that have a phone of their own at the simulator. */
export class AccountBook {
  readonly #accounts = new Map<string, Account>();

  /** All of them. */
  get all(): readonly Account[] {
    return [...this.#accounts.values()];
  }

  /** The account with this number or jid, if there is one. */
  find(address: Address): Account | undefined {
    const jid = toJid(address);
    return this.all.find((account) => account.jid === jid || account.lid === jid);
  }

  /**
   * The account with this number.
   * @throws GatewayError `not_found` when there is none
   */
  get(address: Address): Account {
    const account = this.find(address);
    if (!account) {
      throw new GatewayError(
        'not_found',
        'No account with this number: scan a QR with it first, or open it with phone().',
      );
    }
    return account;
  }

  /** The account with this number, opened when there is none. */
  open(address: Address, name?: string, platform?: string): Account {
    const number = toJid(address).split('@')[0] as string;
    const account =
      this.#accounts.get(number) ??
      new Account(number, name ?? `Phone ${number}`, platform ?? 'android');
    if (name !== undefined) account.name = name;
    if (platform !== undefined) account.platform = platform;
    this.#accounts.set(number, account);
    return account;
  }
}
