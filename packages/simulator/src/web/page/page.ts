import type { PageState } from '../page-state';
import type {
  Credentials,
  DeviceKeys,
  PageEvents,
  PageRequests,
  PageSettings,
  Welcome,
  WireChat,
  WireContact,
  WireMessage,
} from '../wire';
import type { BrowserWindow } from './browser';
import type {
  Attributes,
  ChatModel,
  Collection,
  ContactModel,
  Emitter,
  MessageModel,
  Model,
  MsgKey,
  MsgKeySource,
  Wid,
} from './things';

/** Emitters, models and collections. */
export interface ModelParts {
  /** Makes an emitter. */
  readonly Emitter: new () => Emitter;
  /** Makes a model. */
  readonly Model: new (
    attributes: Attributes,
  ) => Model;
  /** Makes a collection. */
  readonly Collection: new () => Collection;
}

/** Ids. */
export interface IdParts {
  /**
   * Makes a wid of a text or of something like one.
   * @throws Error when it is none
   */
  createWid(value: unknown): Wid;
  /** Makes a message key. */
  readonly MsgKey: (new (
    source: MsgKeySource,
  ) => MsgKey) & {
    newId(): Promise<string>;
    fromString(text: string): MsgKey;
  };
}

/** What the browser profile keeps. */
export interface VaultParts {
  readonly vault: {
    deviceKeys(): Promise<DeviceKeys>;
    credentials(): Promise<Credentials | null>;
    keep(credentials: Credentials): Promise<void>;
    wipe(): Promise<void>;
  };
}

/** The connection to the server. */
export interface LinkParts {
  readonly link: {
    connect(): void;
    reconnect(): void;
    stop(): void;
    resend(): void;
    on<Name extends keyof PageEvents>(
      name: Name,
      listener: (payload: PageEvents[Name]) => void,
    ): void;
    onSocket(name: 'open' | 'closed', listener: () => void): void;
    request<Name extends keyof PageRequests>(
      name: Name,
      payload: PageRequests[Name][0],
    ): Promise<PageRequests[Name][1]>;
  };
}

/** The models that are there once: the collections and the connection's state. */
export interface StateParts {
  /** `WAWebSocketModel.Socket`. */
  readonly socket: Model & { state: PageState; hasSynced: boolean };
  /** `WAWebConnModel.Conn`. */
  readonly conn: Model & { ref?: string };
  /** `WAWebCmd.Cmd`. */
  readonly cmd: Emitter;
  /** Progress of the offline messages, 0 to 100. */
  readonly offline: { percent: number };
  /** Who is logged in. */
  readonly me: { pn?: Wid; lid?: Wid };
  /** All messages. */
  readonly messages: Collection;
  /** All chats. */
  readonly chats: Collection;
  /** All contacts. */
  readonly contacts: Collection;
  /** All groups. */
  readonly groups: Collection;
}

/** From wire to model and back. */
export interface TranslationParts {
  /** A message as a model; not yet in any collection. */
  toModel(message: WireMessage, isNew: boolean): MessageModel;
  /** The attributes that whatsapp-web.js made, as a message for the server. */
  toWire(attributes: Attributes): WireMessage;
  /** Makes a message model of attributes. */
  createMessage(attributes: Attributes): MessageModel;
}

/** Puts things where they belong. */
export interface ShelfParts {
  /** Adds a message to its chat and to the messages. */
  shelveMessage(message: MessageModel): void;
  /** The chat with this id, made when there is none. */
  chatFor(wid: Wid): Promise<ChatModel>;
  /** Adds or renews a chat. */
  shelveChat(chat: WireChat): ChatModel;
  /** Adds or renews a contact. */
  shelveContact(contact: WireContact): ContactModel;
  /** Takes everything over that the server told at log-in. */
  moveIn(welcome: Welcome): void;
}

/** The life of the page. */
export interface SessionParts {
  readonly session: {
    /** Connects. */
    start(): void;
    /** Forgets the device and goes to the page that says goodbye. */
    leave(unpairFirst: boolean): Promise<void>;
  };
}

/** Everything the parts of the page share. */
export interface Page
  extends ModelParts,
    IdParts,
    VaultParts,
    LinkParts,
    StateParts,
    TranslationParts,
    ShelfParts,
    SessionParts {
  /** The browser. */
  readonly browser: BrowserWindow;
  /** What the server wrote into the script. */
  readonly settings: PageSettings;
  /** WhatsApp Web's modules by name, as `window.require` hands them out. */
  readonly modules: Record<string, object>;
}

/** A part of the page: makes something of what the parts before it made. */
export type PagePart = (page: Page) => object;

/** Modules of WhatsApp Web by name. */
export type PageModules = (page: Page) => Record<string, object>;
