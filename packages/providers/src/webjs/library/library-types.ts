/**
 * The parts of whatsapp-web.js and puppeteer that are used here. Written down by hand: both are
 * optional peers whose types must not reach ours, and whatsapp-web.js types leave out the methods
 * that containment overrides.
 */

/** A frame of the page. */
export interface LibraryPage {
  /** Runs a function in the page and returns what it returns, as JSON. */
  evaluate<Args extends readonly unknown[], Result>(
    fn: (...args: Args) => Result,
    ...args: Args
  ): Promise<Awaited<Result>>;
  /** The address it shows. */
  url(): string;
  /** Listens. */
  on(event: 'error', listener: (error: Error) => void): unknown;
  /** Listens. */
  on(event: 'close', listener: () => void): unknown;
}

/** A running Chromium. */
interface LibraryBrowser {
  /** Closes it and waits for its end. */
  close(): Promise<void>;
  /** Whether it is still there. */
  isConnected(): boolean;
  /** Its process. */
  process(): {
    readonly pid?: number | undefined;
    readonly stdio?: readonly (NodeJS.EventEmitter | null | undefined)[];
    kill(signal: NodeJS.Signals): boolean;
  } | null;
  /** Listens. */
  on(event: 'disconnected', listener: () => void): unknown;
}

/** What puppeteer is started with. */
export interface LaunchOptions {
  /** The real binary. */
  readonly executablePath: string;
  /** `shell` for a headless shell. */
  readonly headless: boolean | 'shell';
  /** Command-line arguments. */
  readonly args: readonly string[];
  /** Talk over a pipe: a browser whose gateway dies then ends by itself. */
  readonly pipe: true;
  /** Puppeteer's own signal handlers would kill browsers before they have written. */
  readonly handleSIGINT: false;
  /** See `handleSIGINT`. */
  readonly handleSIGTERM: false;
  /** See `handleSIGINT`. */
  readonly handleSIGHUP: false;
  /** How long one call into the browser may take, in milliseconds. */
  readonly protocolTimeout: number;
  /** How long the browser may take to come up, in milliseconds. */
  readonly timeout: number;
}

/** What a client is told. */
export interface LibraryClientOptions {
  /** Where credentials live. */
  readonly authStrategy: LibraryAuth;
  /** How the browser is started. */
  readonly puppeteer: LaunchOptions;
  /** Which copy of WhatsApp Web is loaded: always the live one. */
  readonly webVersionCache: { readonly type: 'none' };
  /** How long the application may take to come up, in milliseconds. */
  readonly authTimeoutMs: number;
  /** Whether to take the session over when it is opened elsewhere. */
  readonly takeoverOnConflict: boolean;
  /** After how long, in milliseconds. */
  readonly takeoverTimeoutMs: number;
  /** Runs in the page before its own scripts, after every navigation. */
  readonly evalOnNewDoc?: string;
  /** The name of the linked device. */
  readonly deviceName?: string;
  /** The browser's name among the linked devices. */
  readonly browserName?: string;
  /** The user agent. */
  readonly userAgent?: string;
}

/** An auth strategy. */
export interface LibraryAuth {
  /** Called before the browser is started; makes the profile's folder. */
  beforeBrowserInitialized(): Promise<void>;
  /** Called once the browser and its page stand, before the page is loaded. */
  afterBrowserInitialized(): Promise<void>;
  /** Called when WhatsApp ended the link. */
  logout(): Promise<void>;
}

/** A message, as the library hands it over. */
export interface LibraryMessage {
  /** The page's own model of it. */
  readonly rawData: unknown;
  /** Fetches its media. */
  downloadMedia(): Promise<LibraryMedia | null | undefined>;
}

/** Media, as the library takes and gives it. */
export interface LibraryMedia {
  /** The media type. */
  readonly mimetype?: string | null;
  /** The bytes, base64. */
  readonly data: string;
  /** The file name. */
  readonly filename?: string | null;
}

/** A reaction, as the library hands it over. */
export interface LibraryReaction {
  /** Its own key. */
  readonly id: unknown;
  /** The key of the message reacted to. */
  readonly msgId: unknown;
  /** Who reacted. */
  readonly senderId: unknown;
  /** The emoji. */
  readonly reaction: unknown;
  /** Seconds since 1970. */
  readonly timestamp: unknown;
}

/** A vote in a poll, as the library hands it over. */
export interface LibraryVote {
  /** Who voted. */
  readonly voter: unknown;
  /** What is chosen now. */
  readonly selectedOptions: unknown;
  /** When, in milliseconds since 1970. */
  readonly interractedAtTs: unknown;
  /** The key of the poll. */
  readonly parentMsgKey: unknown;
}

/** The options of a send; see the library's documentation. */
export type LibrarySendOptions = Readonly<Record<string, unknown>>;

/** A client of WhatsApp Web. */
export interface LibraryClient {
  /** The account. */
  readonly info?: unknown;
  /** The page. */
  readonly pupPage: LibraryPage | null;
  /** The browser. */
  readonly pupBrowser: LibraryBrowser | null;
  /** Starts the browser and loads WhatsApp Web. */
  initialize(): Promise<void>;
  /** Puts the library's code into the page; runs again after every navigation, uncaught. */
  inject(): Promise<void>;
  /** Sets up a cache of the page; its listener is uncaught. */
  initWebVersionCache(): Promise<void>;
  /** Closes the browser; the library calls it, unawaited, when WhatsApp ends a session. */
  destroy(): Promise<void>;
  /** Asks for a pairing code. */
  requestPairingCode(phone: string): Promise<string>;
  /** Sends. */
  sendMessage(
    chatId: string,
    content: unknown,
    options: LibrarySendOptions,
  ): Promise<LibraryMessage | null | undefined>;
  /** Marks a chat as read. */
  sendSeen(chatId: string): Promise<boolean>;
  /** Finds a message. */
  getMessageById(id: string): Promise<LibraryMessage | null | undefined>;
  /** Listens. */
  on(event: string, listener: (...args: never[]) => void): unknown;
}

/** What whatsapp-web.js exports. */
export interface Library {
  /** A client of WhatsApp Web. */
  readonly Client: new (
    options: LibraryClientOptions,
  ) => LibraryClient;
  /** Credentials in a folder. */
  readonly LocalAuth: new (options: {
    readonly dataPath: string;
  }) => LibraryAuth;
  /** Media to send. */
  readonly MessageMedia: new (
    mimetype: string,
    data: string,
    filename?: string,
  ) => LibraryMedia;
  /** A place to send. */
  readonly Location: new (
    latitude: number,
    longitude: number,
    options?: { readonly name?: string; readonly address?: string },
  ) => object;
  /** A poll to send. */
  readonly Poll: new (
    name: string,
    options: readonly string[],
    settings: { readonly allowMultipleAnswers: boolean },
  ) => object;
}
