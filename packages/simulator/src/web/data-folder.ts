import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GatewayError } from '@blazz/core';
import type { ChatBox } from './accounts/mailbox';
import type { ConnectionContext } from './connection/connection-context';
import type { WireContact, WireGroup } from './wire';

/** How long changes are collected before they are written, in milliseconds. */
const writeAfterMs = 100;

interface KeptAccount {
  readonly number: string;
  readonly name: string;
  readonly platform: string;
  readonly devices: readonly string[];
  readonly chats: readonly (Omit<ChatBox, 'undelivered'> & {
    readonly undelivered: readonly string[];
  })[];
}

interface KeptState {
  readonly accounts: readonly KeptAccount[];
  readonly contacts: readonly WireContact[];
  readonly groups: readonly WireGroup[];
}

/** Keeps accounts, linked devices, chats, contacts and groups over a restart of the simulator. */
export class DataFolder {
  readonly #path: string;
  readonly #dir: string;
  readonly #context: ConnectionContext;
  #writing: Promise<void> = Promise.resolve();
  #due = false;

  /**
   * @param dir the folder; made when it is missing
   * @param context what is kept
   */
  constructor(dir: string, context: ConnectionContext) {
    this.#dir = dir;
    this.#path = join(dir, 'state.json');
    this.#context = context;
  }

  /**
   * Puts everything back that was kept.
   * @throws GatewayError `invalid_config` when the file cannot be read
   */
  async load(): Promise<void> {
    await mkdir(this.#dir, { recursive: true });
    const text = await readFile(this.#path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return;
    const { accounts, directory } = this.#context;
    try {
      const state = JSON.parse(text) as KeptState;
      for (const kept of state.accounts) {
        const account = accounts.open(kept.number, kept.name, kept.platform);
        for (const token of kept.devices) account.devices.add(token);
        for (const chat of kept.chats) {
          account.mailbox.restore({ ...chat, undelivered: new Set(chat.undelivered) });
        }
      }
      for (const contact of state.contacts) directory.restoreContact(contact);
      for (const group of state.groups) directory.addGroup(group);
    } catch (cause) {
      throw new GatewayError(
        'invalid_config',
        "The data folder holds a state.json that is not this simulator's: remove it, or name another folder.",
        { cause },
      );
    }
  }

  /** Writes soon; many changes become one write. */
  touch(): void {
    if (this.#due) return;
    this.#due = true;
    this.#context.timers.after(writeAfterMs, () => void this.flush());
  }

  /** Writes now, after any write that is under way. */
  flush(): Promise<void> {
    this.#due = false;
    this.#writing = this.#writing.catch(() => undefined).then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    const { accounts, directory } = this.#context;
    const state: KeptState = {
      accounts: accounts.all.map(({ number, name, platform, devices, mailbox }) => ({
        number,
        name,
        platform,
        devices: [...devices],
        chats: mailbox.chats.map((chat) => ({ ...chat, undelivered: [...chat.undelivered] })),
      })),
      contacts: directory.contacts,
      groups: directory.groups,
    };
    // A crash meanwhile leaves the old file whole.
    await writeFile(`${this.#path}.new`, JSON.stringify(state), { mode: 0o600 });
    await rename(`${this.#path}.new`, this.#path);
  }
}
