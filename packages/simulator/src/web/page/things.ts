/** The things of WhatsApp Web that the page's code passes around. Types only. */

/** A model's attributes by name. */
export type Attributes = Record<string, unknown>;

/** What can be listened to. Several names are separated by blanks. */
export interface Emitter {
  /** Calls `listener` every time. */
  on(names: string, listener: (...args: never[]) => unknown): this;
  /** Calls `listener` at most once. */
  once(names: string, listener: (...args: never[]) => unknown): this;
  /** Forgets `listener`, or all of them. */
  off(names: string, listener?: (...args: never[]) => unknown): this;
  /** Tells the listeners. */
  trigger(name: string, ...args: unknown[]): this;
}

/** What every model is made of. */
export interface ModelSource {
  /** What names it. */
  readonly id: { readonly _serialized: string };
}

/** One thing of WhatsApp Web; its attributes are its own properties. */
export interface Model extends Emitter, ModelSource {
  /** Changes attributes and tells the listeners. */
  set(attributes: Attributes): this;
  /** Plain, acyclic data. */
  serialize(): Attributes;
  /** The same: what `JSON.stringify` takes. */
  toJSON(): Attributes;
  /** The model itself. */
  unsafe(): this;
}

/** A list of models, by id. */
export interface Collection extends Emitter {
  /** How many there are. */
  readonly length: number;
  /** Adds a model, or answers the one that is already there. */
  add(model: Model): Model;
  /** The model with this id. */
  get(id: unknown): Model | undefined;
  /** The same, loading it when need be. */
  find(id: unknown): Promise<Model | undefined>;
  /** Takes a model out. */
  remove(model: Model): void;
  /** In which order {@link getModelsArray} answers; by default the order of arrival. */
  comparator?: (a: never, b: never) => number;
  /** All of them. */
  getModelsArray(): Model[];
}

/** The id of a person, group or list. */
export interface Wid {
  /** `c.us`, `g.us`, `lid`, `broadcast` or `newsletter`. */
  readonly server: string;
  /** What stands before the @. */
  readonly user: string;
  /** The whole. */
  readonly _serialized: string;
  /** Whether it is a LID. */
  isLid(): boolean;
  /** Whether it is a group. */
  isGroup(): boolean;
  /** Whether it is a person. */
  isUser(): boolean;
}

/** The id of a message. */
export interface MsgKey {
  /** Whether this account wrote it. */
  readonly fromMe: boolean;
  /** Its chat. */
  readonly remote: Wid;
  /** The bare id. */
  readonly id: string;
  /** In groups: who wrote it. */
  readonly participant?: Wid;
  /** The whole. */
  readonly _serialized: string;
}

/** What a message key is made of. */
export interface MsgKeySource {
  /** The writer. */
  readonly from?: Wid;
  /** The chat written to. */
  readonly to?: Wid;
  /** The chat, when known. */
  readonly remote?: Wid;
  /** The bare id. */
  readonly id: string;
  /** In groups: who wrote it. */
  readonly participant?: Wid;
  /** `out` for own messages. */
  readonly selfDir?: 'in' | 'out';
  /** Whether this account wrote it. */
  readonly fromMe?: boolean;
}

/** A message as a model. */
export interface MessageModel extends Model {
  /** Its key. */
  readonly id: MsgKey;
  /** WhatsApp Web's type. */
  type: string;
  /** -1 to 4. */
  ack: number;
  /** Seconds since 1970. */
  t: number;
  /** Text, or a thumbnail. */
  body?: string;
  /** The text beside a medium. */
  caption?: string;
  /** Where the medium lies. */
  directPath?: string;
  /** The state of the medium. */
  mediaData?: Model & { mediaStage: string };
  /** Emoji by jid. */
  reactionsBy?: Record<string, string>;
  /** Whether it arrived now, not with the history. */
  isNewMsg: boolean;
}

/** A chat as a model. */
export interface ChatModel extends Model {
  /** Its id. */
  readonly id: Wid;
  /** Its messages. */
  readonly msgs: Collection;
  /** Messages not yet seen. */
  unreadCount: number;
  /** Time of its latest message, seconds since 1970. */
  t: number;
  /** Its title. */
  formattedTitle: string;
  /** The group behind it. */
  groupMetadata?: Model;
}

/** A contact as a model. */
export interface ContactModel extends Model {
  /** Its id. */
  readonly id: Wid;
  /** The name in the address book. */
  name?: string;
  /** The name that the person gave himself. */
  pushname?: string;
  /** The number behind a LID. */
  phoneNumber?: Wid;
  /** The person's LID. */
  lid?: Wid;
  /** What to show. */
  formattedName: string;
  /** Whether it is a business. */
  isBusiness: boolean;
  /** Whether it is blocked. */
  isContactBlocked: boolean;
}
