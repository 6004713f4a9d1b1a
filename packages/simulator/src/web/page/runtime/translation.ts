import type { WireMessage } from '../../wire';
import type { Page, TranslationParts } from '../page';
import type { Attributes, MessageModel, Wid } from '../things';

/**
 * Between the wire's messages and WhatsApp Web's message models. Served to the browser as source:
 * refers to nothing outside itself.
 */
export function translation(page: Page): TranslationParts {
  const widFields = ['quotedParticipant'];
  const widListFields = ['mentionedJidList'];
  const byteFields = ['messageSecret', 'waveform'];
  /** What every message has, and what only this page can know: never part of `fields`. */
  const ownFields = [
    'id',
    'from',
    'to',
    'author',
    't',
    'ack',
    'type',
    'notifyName',
    'local',
    'self',
    'isNewMsg',
    'mediaData',
    'mediaObject',
    'mediaBlob',
    'renderableUrl',
    'isUnsentMedia',
    'waitUntilMsgSent',
    'sendAudioAsVoice',
    'sendVideoAsGif',
    'sendMediaAsDocument',
    'sendMediaAsHd',
    'parseVCards',
    'invokedBotWid',
    'ignoreQuoteErrors',
    'reactionsBy',
    'hasReaction',
  ];

  /** A wire value of the field `key` as WhatsApp Web keeps it. */
  function revive(key: string, value: unknown): unknown {
    if (widFields.includes(key)) return page.createWid(value);
    if (widListFields.includes(key)) return (value as string[]).map(page.createWid);
    if (byteFields.includes(key)) return Uint8Array.from(value as number[]);
    return value;
  }

  /** The way back: plain JSON. */
  function flatten(value: unknown): unknown {
    if (value instanceof Uint8Array) return [...value];
    if (Array.isArray(value)) return value.map(flatten);
    if (value === null || typeof value !== 'object') return value;
    const wid = value as Partial<Wid>;
    if (typeof wid._serialized === 'string') return wid._serialized;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, flatten(part)]));
  }

  class Message extends (page.Model as new (attributes: Attributes) => MessageModel) {
    canReply(): boolean {
      return this.type !== 'revoked' && this.ack >= 1;
    }

    msgContextInfo(): Attributes {
      const { type, body, caption, mimetype, filename } = this as MessageModel & Attributes;
      return {
        quotedMsg: { type, body, caption, mimetype, filename },
        quotedStanzaID: this.id.id,
        quotedParticipant: this.id.fromMe ? page.me.pn : (this.id.participant ?? this.id.remote),
      };
    }

    async downloadMedia(): Promise<void> {
      if (!this.mediaData) return;
      const answer = await fetch(`https://mmg.whatsapp.net${this.directPath}`, { method: 'HEAD' });
      this.mediaData.set({ mediaStage: answer.ok ? 'RESOLVED' : 'ERROR_MISSING' });
    }
  }

  function createMessage(attributes: Attributes): MessageModel {
    const media = attributes.directPath
      ? {
          mediaData: new page.Model({
            id: { _serialized: 'media' },
            type: attributes.type,
            mimetype: attributes.mimetype,
            size: attributes.size,
            mediaStage: attributes.local ? 'RESOLVED' : 'NEED_POKE',
          }),
          mediaObject: { filehash: attributes.filehash },
        }
      : {};
    return new Message({
      star: false,
      isForwarded: false,
      forwardingScore: 0,
      broadcast: false,
      isStatusV3: false,
      isEphemeral: false,
      isNotification: false,
      hasReaction: false,
      mentionedJidList: [],
      groupMentions: [],
      ...attributes,
      ...media,
    });
  }

  function toModel(message: WireMessage, isNew: boolean): MessageModel {
    const chat = page.createWid(message.chat);
    const me = chat.isLid() ? (page.me.lid ?? page.me.pn) : page.me.pn;
    const author = message.author ? page.createWid(message.author) : undefined;
    const fields = Object.entries(message.fields).map(([key, value]) => [key, revive(key, value)]);
    const reactions = message.reactions ?? {};
    return createMessage({
      id: new page.MsgKey({
        fromMe: message.from_me,
        remote: chat,
        id: message.id,
        ...(author ? { participant: author } : {}),
      }),
      from: message.from_me ? me : chat,
      to: message.from_me ? chat : me,
      ...(author ? { author } : {}),
      t: message.t,
      ack: message.ack,
      type: message.type,
      notifyName: message.notify_name,
      self: message.from_me ? 'out' : 'in',
      isNewMsg: isNew,
      reactionsBy: reactions,
      hasReaction: Object.keys(reactions).length > 0,
      ...Object.fromEntries(fields),
    });
  }

  function toWire(attributes: Attributes): WireMessage {
    const key = attributes.id as MessageModel['id'];
    const fields = Object.entries(attributes).filter(
      ([name, value]) =>
        !ownFields.includes(name) && value !== undefined && typeof value !== 'function',
    );
    return {
      id: key.id,
      chat: key.remote._serialized,
      from_me: true,
      ...(key.participant ? { author: key.participant._serialized } : {}),
      t: attributes.t as number,
      ack: 0,
      type: attributes.type as string,
      fields: Object.fromEntries(fields.map(([name, value]) => [name, flatten(value)])),
    };
  }

  return { toModel, toWire, createMessage };
}
