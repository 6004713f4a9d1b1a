import { GatewayError } from '@blazz/core';
import { isText, type JsonBody } from '../../control/json-body';
import { type Faults, faultModes } from '../faults';
import type { Content } from '../network/content';
import type { Delivery } from '../network/post-office';

/** What each kind of content must carry besides its `kind`. */
const required: Record<Content['kind'], (content: Record<string, unknown>) => boolean> = {
  text: ({ text }) => isText(text),
  image: hasMedia,
  video: hasMedia,
  audio: hasMedia,
  voice: hasMedia,
  document: hasMedia,
  sticker: hasMedia,
  location: ({ latitude, longitude }) =>
    typeof latitude === 'number' && typeof longitude === 'number',
  contacts: ({ vcards }) => Array.isArray(vcards) && vcards.length > 0 && vcards.every(isText),
  poll: ({ question, options }) =>
    isText(question) && Array.isArray(options) && options.every(isText),
  ciphertext: () => true,
  raw: ({ type, fields }) => isText(type) && typeof fields === 'object' && fields !== null,
};

function hasMedia({ media }: Record<string, unknown>): boolean {
  const { data, mimetype } = (media ?? {}) as Record<string, unknown>;
  return isText(data) && isText(mimetype);
}

/** The content of a request. @throws GatewayError `invalid_message` */
export function contentOf(body: JsonBody): Content | string {
  const value = body.raw('content');
  if (isText(value)) return value;
  const content = (value ?? {}) as Record<string, unknown>;
  const kind = content.kind as Content['kind'];
  if (Object.hasOwn(required, kind) && required[kind](content))
    return content as unknown as Content;
  throw new GatewayError(
    'invalid_message',
    `"content" is a text, or an object whose "kind" is one of ${Object.keys(required).join(', ')}, with that kind's members.`,
  );
}

/** A delivery as a request asks for it. @throws GatewayError `bad_request`, `invalid_message` */
export function deliveryOf(body: JsonBody): Delivery {
  const time = body.raw('time') === undefined ? undefined : body.number('time');
  const mentions = body.raw('mentions') === undefined ? undefined : body.list('mentions', isText);
  const texts = ['group', 'id', 'pushname', 'quoted'] as const;
  const given = texts.flatMap((name) => {
    const value = body.optionalText(name);
    return value === undefined ? [] : [[name, value]];
  });
  return {
    to: body.text('to'),
    from: body.text('from'),
    content: contentOf(body),
    ...Object.fromEntries(given),
    ...(time === undefined ? {} : { time }),
    ...(mentions === undefined ? {} : { mentions }),
    forwarded: body.raw('forwarded') === true,
    history: body.raw('history') === true,
  };
}

/** The faults of a request. @throws GatewayError `bad_request` */
export function faultsOf(body: JsonBody): Partial<Faults> {
  const names = Object.keys(faultModes) as (keyof typeof faultModes)[];
  const modes = names
    .filter((name) => body.raw(name) !== undefined)
    .map((name) => [name, body.oneOf<string>(name, faultModes[name])]);
  return { ...Object.fromEntries(modes), ...latencyOf(body) };
}

/** The longest delay of a frame, in milliseconds: an hour is for ever in a test. */
const maxLatencyMs = 3_600_000;

function latencyOf(body: JsonBody): Partial<Faults> {
  if (body.raw('latency_ms') === undefined) return {};
  const latencyMs = body.number('latency_ms');
  if (latencyMs >= 0 && latencyMs <= maxLatencyMs) return { latencyMs };
  throw new GatewayError('bad_request', `"latency_ms" is from 0 to ${maxLatencyMs}.`);
}
