import type { DialogKind } from '../dialog';
import type { AckMode } from '../network/ack-mode';
import type { PageEvents } from '../wire';
import { Mailbox } from './mailbox';

/** What an account may do with one of its pages. */
export interface AccountPage {
  /** Whether the page takes part: not in conflict, not blocked. */
  readonly active: boolean;
  /** Tells the page something. */
  tell<Name extends keyof PageEvents>(event: Name, payload: PageEvents[Name]): void;
}

/** One WhatsApp account: a phone, what lies in it, and the pages linked to it. */
export class Account {
  /** The phone number, digits only. */
  readonly number: string;
  /** The account's LID, `…@lid`. */
  readonly lid: string;
  /** The name that its owner gave himself. */
  name: string;
  /** The phone's system: `android` or `iphone`; `smba` and `smbi` are business apps. */
  platform: string;
  /** The tokens of linked devices. */
  readonly devices: Set<string> = new Set();
  /** Its chats. */
  readonly mailbox: Mailbox = new Mailbox();
  /** Its connected pages. */
  readonly pages: Set<AccountPage> = new Set();
  /** Told whether the passkey was given that pages wait for, or not. */
  readonly passkeys: Set<(given: boolean) => void> = new Set();
  /** The dialogue that lies over its pages until somebody answers it. */
  dialog: DialogKind | undefined;
  /** How its recipients acknowledge; undefined follows the simulator's own setting. */
  ackMode: AckMode | undefined;

  /**
   * @param number digits only
   * @param name the name that its owner gave himself
   * @param platform the phone's system
   */
  constructor(number: string, name: string, platform: string) {
    this.number = number;
    this.name = name;
    this.platform = platform;
    // Stable, and never mistaken for a phone number.
    this.lid = `1${number.split('').reverse().join('')}@lid`;
  }

  /** Its own jid. */
  get jid(): string {
    return `${this.number}@c.us`;
  }

  /** Tells every page that takes part, but not `except`. */
  broadcast<Name extends keyof PageEvents>(
    event: Name,
    payload: PageEvents[Name],
    except?: AccountPage,
  ): void {
    for (const page of this.pages) if (page.active && page !== except) page.tell(event, payload);
  }
}
