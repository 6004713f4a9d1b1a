/**
 * The parts of a browser that the phone's page uses, since the rest of this project is Node code.
 * Types only.
 */

/** An element of the page; its special kinds are not told apart. */
export interface PageElement {
  /** The text inside. Never HTML: nothing that anybody wrote is ever parsed. */
  textContent: string | null;
  /** CSS classes. */
  className: string;
  /** Whether it is left out. */
  hidden: boolean;
  /** Whether it can be used. */
  disabled: boolean;
  /** What a field holds. */
  value: string;
  /** The image's address. */
  src: string;
  /** The image's description. */
  alt: string;
  /** The chosen files. */
  readonly files: ArrayLike<Blob & { readonly name: string }> | null;
  /** How far it is scrolled. */
  scrollTop: number;
  /** How far it can be scrolled. */
  readonly scrollHeight: number;
  /** Adds children. */
  append(...children: (PageElement | string)[]): void;
  /** Replaces all children. */
  replaceChildren(...children: (PageElement | string)[]): void;
  /** Sets an attribute. */
  setAttribute(name: string, value: string): void;
  /** Listens. */
  addEventListener(name: string, listener: (event: { preventDefault(): void }) => void): void;
  /** Gives it the focus. */
  focus(): void;
}

/** `window`, as far as the page needs it. */
interface PhoneWindow {
  /** The page's document. */
  readonly document: {
    getElementById(id: string): PageElement | null;
    createElement(name: string): PageElement;
  };
  /** The address bar. */
  readonly location: { readonly hash: string };
  /** Reads files. */
  readonly FileReader: new () => {
    result: string;
    onload: (() => void) | null;
    readAsDataURL(file: Blob): void;
  };
}

/** A message as the control API shows it. */
export interface ShownMessage {
  readonly id: string;
  readonly from_me: boolean;
  readonly from: string;
  readonly type: string;
  readonly text?: string;
  readonly time: number;
  readonly ack: number;
  readonly media_path?: string;
  readonly mimetype?: string;
  readonly filename?: string;
  readonly reactions: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** An account as the control API shows it. */
interface ShownAccount {
  readonly number: string;
  readonly name: string;
  readonly linked_devices: number;
  readonly connected_pages: number;
  readonly ack_mode: string;
  readonly wants_passkey: boolean;
  readonly dialog?: string;
  readonly faults: Readonly<Record<string, string | number>>;
  readonly chats: readonly {
    readonly chat: string;
    readonly name: string;
    readonly unread: number;
    readonly last?: ShownMessage;
  }[];
}

/** Everything as the control API shows it. */
export interface ShownState {
  readonly waiting: readonly { readonly qr: string; readonly page: string }[];
  readonly codes: readonly {
    readonly code: string;
    readonly number: string;
    readonly page: string;
  }[];
  readonly accounts: readonly ShownAccount[];
  readonly effects: number;
}

/** What the parts of the page share. */
export interface PhoneView {
  /** The browser. */
  readonly window: PhoneWindow;
  /** What can be set: names to values, healthy one first. */
  readonly settings: {
    readonly ackModes: readonly { readonly mode: string; readonly label: string }[];
    readonly faults: Readonly<Record<string, readonly string[]>>;
  };
  /** The latest state. */
  state: ShownState;
  /** Which account and contact are looked at. */
  chosen: { account?: string; contact?: string };
  /** The element with this id. */
  byId(id: string): PageElement;
  /** Makes an element. */
  make(
    name: string,
    options?: { text?: string; class?: string; label?: string },
    ...children: (PageElement | string)[]
  ): PageElement;
  /** Asks the control API. */
  call(method: string, path: string, body?: object): Promise<unknown>;
  /** The same, and tells the person when it fails. */
  act(method: string, path: string, body?: object): Promise<void>;
  /** The bytes of a medium. */
  media(path: string): Promise<Blob>;
  /** Shows the latest state. */
  refresh(): Promise<void>;
  /** Shows the accounts and what waits to be linked. */
  showAccounts(): void;
  /** Shows the chat. */
  showChat(): Promise<void>;
  /** Shows the controls. */
  showControls(): void;
}
