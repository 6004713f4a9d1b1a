/**
 * The parts of WhatsApp Web's page that our own page functions touch, beside what whatsapp-web.js
 * does. Types only: page functions are sent as source and can refer to nothing outside themselves.
 */

/** A model or id with a whole id in it. */
export interface PageId {
  /** The whole id. */
  readonly _serialized?: string;
  /** The same, under the name that one release of WhatsApp Web gave it. */
  readonly $1?: string;
  /** What kind of id it is: `c.us` a phone number, `lid` a hidden id, `g.us` a group. */
  readonly server?: string;
}

/** A message as a model. */
export interface PageMessage {
  /** Its key. */
  readonly id: PageId & {
    readonly fromMe: boolean;
    readonly remote?: PageId;
    readonly participant?: PageId;
  };
  /** Who wrote it, or the group. */
  readonly from?: PageId;
  /** Whom to. */
  readonly to?: PageId;
  /** Who wrote it in a group. */
  readonly author?: PageId;
  /** Seconds since 1970. */
  readonly t: number;
  /** WhatsApp Web's type. */
  readonly type: string;
  /** How far an own one got: see `decodeAck`. */
  readonly ack?: number;
  /** Whether it is a notice rather than a message. */
  readonly isNotification?: boolean;
}

/** A chat as a model. */
interface PageChat {
  /** Its id. */
  readonly id: PageId;
  /** The time of its latest message, seconds since 1970. */
  readonly t?: number;
  /** Messages not yet seen. */
  readonly unreadCount?: number;
  /** Its loaded messages. */
  readonly msgs: { getModelsArray(): PageMessage[] };
}

/** The page's modules, by name. */
interface PageModules {
  /** The connection. */
  readonly WAWebSocketModel: {
    readonly Socket: {
      /** CONNECTED, OPENING, UNPAIRED and so on. */
      readonly state?: string;
      /** Whether chats are loaded. */
      readonly hasSynced?: boolean;
      /** Ends the link. */
      logout(): unknown;
      /** Takes the account back from another browser. */
      takeover(): unknown;
    };
  };
  /** Commands. */
  readonly WAWebCmd: { readonly Cmd: { refreshQR(): unknown } };
  /** Collections. */
  readonly WAWebCollections: {
    readonly Msg: {
      get(id: string): PageMessage | undefined;
      getMessagesById(ids: string[]): Promise<{ readonly messages?: PageMessage[] } | undefined>;
    };
    readonly Contact: { getModelsArray(): { readonly id: PageId }[] };
    readonly Chat: { getModelsArray(): PageChat[]; get(id: unknown): PageChat | undefined };
  };
  /** People. */
  readonly WAWebApiContact: {
    getPhoneNumber(lid: PageId): PageId | null | undefined;
    getCurrentLid(phone: PageId): PageId | null | undefined;
  };
  /** Ids. */
  readonly WAWebWidFactory: { createWid(id: string): unknown };
  /** Older messages. */
  readonly WAWebChatLoadMessages: {
    loadEarlierMsgs(order: { readonly chat: PageChat }): Promise<readonly unknown[] | undefined>;
  };
  /** Reactions. */
  readonly WAWebSendReactionMsgAction: {
    sendReactionToMsg(message: PageMessage, emoji: string): Promise<unknown>;
  };
  /** Who the account is. */
  readonly WAWebUserPrefsMeUser: {
    getMaybeMePnUser(): PageId | undefined;
    getMaybeMeLidUser(): PageId | undefined;
  };
}

/** `window`, as far as it is used. */
export interface WhatsAppPage {
  /** WhatsApp Web's module loader; absent until the application runs. */
  require?: <Name extends keyof PageModules>(name: Name) => PageModules[Name];
  /** What whatsapp-web.js puts into the page before it is. */
  readonly AuthStore?: {
    readonly OfflineMessageHandler?: { getOfflineDeliveryProgress(): number | undefined };
  };
  /** What whatsapp-web.js puts into the page once it is ready. */
  readonly WWebJS?: {
    getMessageModel: (message: PageMessage) => unknown;
    sendChatstate(state: string, chatId: string): Promise<unknown>;
  };
  /** The library's handler of "synchronised"; it does the rest of its set-up. */
  readonly onAppStateHasSyncedEvent?: () => unknown;
}
