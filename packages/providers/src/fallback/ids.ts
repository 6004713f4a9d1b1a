import type {
  InboundMessage,
  MediaContent,
  MessageContent,
  OutgoingMessage,
  ProviderEvent,
} from '@blazz/core';
import type { Holders } from './holders';
import type { Member } from './member/member';

const mediaTypes: ReadonlySet<string> = new Set(['image', 'video', 'audio', 'document', 'sticker']);

/** A medium's id, with the member in front that knows it by that id. */
export function mediaIdOf(member: string, id: string): string {
  return `${member}:${id}`;
}

/** The member that a medium's id names, and the id as that member knows it. */
export function splitMediaId(
  id: string,
  members: readonly Member[],
): { readonly member?: Member; readonly id: string } {
  const member = members.find(({ name }) => id.startsWith(`${name}:`));
  return member === undefined ? { id } : { member, id: id.slice(member.name.length + 1) };
}

/** A member's report, with media ids that say which member they came from. */
export function withMemberIds(member: string, event: ProviderEvent): ProviderEvent {
  if (event.type !== 'message.received' && event.type !== 'message.echo') return event;
  const { message } = event;
  if (message.media === undefined) return event;
  const media = { ...message.media, id: mediaIdOf(member, message.media.id) };
  const named: InboundMessage = { ...message, media };
  return { ...event, message: named };
}

/** A message as a member gets it: with media ids of its own. */
export function withOwnIds(message: OutgoingMessage, members: readonly Member[]): OutgoingMessage {
  const media = mediaOf(message.content);
  if (media?.id === undefined) return message;
  const { id } = splitMediaId(media.id, members);
  const { type } = message.content;
  return { ...message, content: { type, [type]: { ...media, id } } as unknown as MessageContent };
}

/**
 * Why a member cannot carry a message, whatever its state: it has no such type of message, or what
 * the message refers to is another member's.
 */
export function whyNot(
  member: Member,
  message: OutgoingMessage,
  members: readonly Member[],
  holders: Holders,
): string | undefined {
  const { content } = message;
  if (!member.provider.capabilities.messageTypes.includes(content.type)) {
    return `${member.name} cannot send messages of type ${content.type}.`;
  }
  const media = mediaOf(content)?.id;
  if (media !== undefined && holderOfMedia(media, members) !== member) {
    return `${member.name} does not have the media that the message names by id.`;
  }
  const target = content.type === 'reaction' ? content.reaction.message_id : message.reply_to;
  if (target === undefined || holders.mayHave(member, target)) return undefined;
  return `${member.name} does not have the message that this one refers to.`;
}

/** Ids without a name in front are those of uploads from elsewhere: the first that uploads knows them. */
function holderOfMedia(id: string, members: readonly Member[]): Member | undefined {
  const { member } = splitMediaId(id, members);
  return member ?? members.find(({ provider }) => provider.mediaUpload !== undefined) ?? members[0];
}

function mediaOf(content: MessageContent): MediaContent | undefined {
  if (!mediaTypes.has(content.type)) return undefined;
  return (content as unknown as Readonly<Record<string, MediaContent>>)[content.type];
}
