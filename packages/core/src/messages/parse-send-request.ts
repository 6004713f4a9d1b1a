import type { TSchema } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler';
import { GatewayError } from '../errors/gateway-error';
import { isObject } from '../is-object';
import { isTooDeep } from '../nesting';
import type { MediaContent, MessageContent, MessageType } from './content';
import { contentSchemas, messageTypes } from './message-schemas';
import type { LaneName, OnAmbiguous } from './outgoing-message';
import { parseRecipient, type Recipient } from './recipient';

/** A send request that was checked. Times are milliseconds since 1970. */
export interface ParsedSendRequest {
  /** Where it goes. */
  readonly recipient: Recipient;
  /** What it says. */
  readonly content: MessageContent;
  /** The message that it answers. */
  readonly reply_to: string | undefined;
  /** What happens when nobody can tell whether it left. */
  readonly on_ambiguous: OnAmbiguous;
  /** Which lane it takes. */
  readonly lane: LaneName;
  /** Not before. */
  readonly send_at: number | undefined;
  /** Not after. */
  readonly expires_at: number | undefined;
}

const checks: Readonly<Record<MessageType, TypeCheck<TSchema>>> = Object.fromEntries(
  messageTypes.map((type) => [type, TypeCompiler.Compile(contentSchemas[type])]),
) as Record<MessageType, TypeCheck<TSchema>>;

const envelope = new Set([
  'type',
  'to',
  'reply_to',
  'on_ambiguous',
  'expires_at',
  'send_at',
  'lane',
]);

/**
 * Checks a send request: the recipient, the content against its type's schema, and the rules that a
 * schema cannot say.
 * @throws GatewayError `invalid_message` or `invalid_recipient`; `details.path` names the field,
 *   and the message never repeats a value
 */
export function parseSendRequest(request: unknown): ParsedSendRequest {
  if (!isObject(request)) throw wrong('', 'must be an object with `to`, `type` and the content');
  if (isTooDeep(request)) throw wrong('', 'must not be nested deeper than 64 levels');
  const type = request.type;
  if (!isMessageType(type)) {
    throw wrong('type', `must be one of ${messageTypes.join(', ')}`);
  }
  for (const field of Object.keys(request)) {
    if (field !== type && !envelope.has(field)) {
      throw wrong(field.slice(0, 64), `is not a field of a ${type} message; remove it`);
    }
  }
  const content = parseContent(type, request[type]);
  const send_at = parseTime(request.send_at, 'send_at');
  const expires_at = parseTime(request.expires_at, 'expires_at');
  return {
    recipient: parseRecipient(request.to),
    content,
    reply_to: parseReference(request.reply_to),
    on_ambiguous: oneOf(request.on_ambiguous, ['hold', 'retry'], 'on_ambiguous'),
    lane: oneOf(request.lane, ['interactive', 'bulk'], 'lane'),
    send_at,
    expires_at,
  };
}

/**
 * Refuses a message whose time is over before it begins. Apart from {@link parseSendRequest}, since
 * a request that is repeated late is still the request that it was.
 * @param now milliseconds since 1970
 * @throws GatewayError `invalid_message`
 */
export function assertInTime({ send_at, expires_at }: ParsedSendRequest, now: number): void {
  if (expires_at === undefined || expires_at > Math.max(now, send_at ?? now)) return;
  throw wrong('expires_at', 'must lie in the future, and after `send_at`');
}

function parseContent(type: MessageType, value: unknown): MessageContent {
  if (value === undefined)
    throw wrong(type, `is missing: a ${type} message needs a \`${type}\` object`);
  const problem = checks[type].Check(value) ? undefined : checks[type].Errors(value).First();
  if (problem !== undefined) {
    throw wrong(`${type}${problem.path.replaceAll('/', '.')}`, lowerFirst(problem.message));
  }
  const rule = extraRules[type];
  if (rule !== undefined) rule(value as never, type);
  return { type, [type]: value } as unknown as MessageContent;
}

/** What a schema cannot say. */
const extraRules: { readonly [T in MessageType]?: (value: never, type: MessageType) => void } = {
  image: oneSource,
  video: oneSource,
  audio: oneSource,
  document: oneSource,
  sticker: oneSource,
};

function oneSource(media: MediaContent, type: MessageType): void {
  if ((media.link === undefined) === (media.id === undefined)) {
    throw wrong(
      type,
      'needs exactly one of `link` (an address to fetch) and `id` (uploaded media)',
    );
  }
  if (media.link !== undefined && media.link.length > 2048 && !media.link.startsWith('data:')) {
    throw wrong(`${type}.link`, 'must not be longer than 2048 characters');
  }
  if (media.caption !== undefined && (type === 'audio' || type === 'sticker')) {
    throw wrong(`${type}.caption`, `is not shown by WhatsApp on ${type}; send a text instead`);
  }
  if (media.voice !== undefined && type !== 'audio') {
    throw wrong(`${type}.voice`, 'is for audio only');
  }
}

function parseTime(value: unknown, path: string): number | undefined {
  if (value === undefined) return undefined;
  const time =
    typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})$/.test(value)
      ? Date.parse(value)
      : Number.NaN;
  if (Number.isNaN(time)) throw wrong(path, 'must be a time such as 2026-01-31T09:30:00Z');
  return time;
}

function parseReference(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value.length > 0 && value.length <= 256) return value;
  throw wrong('reply_to', "must be a message's id: the gateway's (msg_…) or WhatsApp's");
}

function oneOf<T extends string>(value: unknown, allowed: readonly [T, ...T[]], path: string): T {
  if (value === undefined) return allowed[0];
  const found = allowed.find((option) => option === value);
  if (found === undefined)
    throw wrong(path, `must be ${allowed.map((o) => `"${o}"`).join(' or ')}`);
  return found;
}

function isMessageType(value: unknown): value is MessageType {
  return typeof value === 'string' && Object.hasOwn(contentSchemas, value);
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function wrong(path: string, rule: string): GatewayError {
  const subject = path === '' ? 'The message' : `\`${path}\``;
  return new GatewayError('invalid_message', `${subject}: ${rule}.`, { details: { path } });
}
