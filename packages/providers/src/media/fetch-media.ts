import { AddressGuard, GatewayError, guardedConnect, isGatewayError } from '@blazz/core';
import { Agent, buildConnector, type Dispatcher, request } from 'undici';

/** Media, fetched. */
export interface FetchedMedia {
  /** The bytes. */
  readonly data: Uint8Array;
  /** The media type that the source says; empty when it says none. */
  readonly mimeType: string;
  /** The file name that the source says. */
  readonly filename?: string;
}

/**
 * Fetches the media of a message's `link`.
 * @throws GatewayError `media_unavailable`, `address_refused`; `retryable` says whether another try may help
 */
export type FetchMedia = (link: string, signal: AbortSignal) => Promise<FetchedMedia>;

/** How {@link mediaFetcher} fetches. */
export interface MediaFetcherOptions {
  /** The largest media, in bytes. */
  readonly maxBytes: number;
  /** Hosts, addresses and networks that links may name although they are not public. Default: none. */
  readonly allow?: readonly string[] | undefined;
  /** Makes connections. Default: undici's connector. */
  readonly connect?: buildConnector.connector | undefined;
  /** Finds the addresses of a host name. Default: the system's resolver. */
  readonly resolve?: ((host: string) => Promise<readonly string[]>) | undefined;
}

/**
 * Makes the default {@link FetchMedia}: https and `data:` links, public addresses only unless
 * allowed, no redirects, bounded.
 * @throws GatewayError `invalid_config` when `allow` is malformed
 */
export function mediaFetcher(options: MediaFetcherOptions): FetchMedia {
  const guard = new AddressGuard({ allow: options.allow, resolve: options.resolve });
  const connect = guardedConnect(options.connect ?? buildConnector({}), guard);
  const dispatcher = new Agent({ connect });
  const { maxBytes } = options;
  return async (link, signal) => {
    if (/^data:/i.test(link)) return fromDataUrl(link, maxBytes);
    const url = guard.checkUrl(link, ['https:']);
    return await fromServer(url, { dispatcher, signal, maxBytes });
  };
}

async function fromServer(
  url: URL,
  {
    maxBytes,
    ...options
  }: { readonly dispatcher: Dispatcher; readonly signal: AbortSignal; readonly maxBytes: number },
): Promise<FetchedMedia> {
  let response: Dispatcher.ResponseData;
  try {
    response = await request(url, options);
  } catch (cause) {
    if (isGatewayError(cause)) throw cause;
    throw unavailable('The server of the media link could not be reached', true, cause);
  }
  const { statusCode, headers, body } = response;
  if (statusCode !== 200) {
    // Ends the connection: what else the server has to say is of no interest.
    body.on('error', () => undefined).destroy();
    const later = statusCode >= 500 || statusCode === 429;
    throw unavailable(`The server of the media link answered ${statusCode}`, later);
  }
  const type = headers['content-type'];
  return {
    data: await readBody(body, maxBytes),
    mimeType: (Array.isArray(type) ? type[0] : type)?.split(';')[0]?.trim() ?? '',
  };
}

async function readBody(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.byteLength;
      if (size > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    throw unavailable('The media broke off while it was fetched', true, cause);
  }
  return Buffer.concat(chunks);
}

function fromDataUrl(link: string, maxBytes: number): FetchedMedia {
  const comma = link.indexOf(',');
  if (comma < 0) throw unavailable('The data: link has no data');
  const [mimeType = '', ...parameters] = link.slice('data:'.length, comma).split(';');
  // Nothing is decoded that cannot fit: base64 in escapes, the longest form, takes four per byte.
  if ((link.length - comma) / 5 > maxBytes) throw tooLarge(maxBytes);
  const bytes = percentDecoded(link.slice(comma + 1));
  const isBase64 = parameters.some((parameter) => parameter.trim().toLowerCase() === 'base64');
  const data = isBase64 ? fromBase64(bytes.toString('latin1')) : bytes;
  if (data.byteLength > maxBytes) throw tooLarge(maxBytes);
  return { data, mimeType };
}

/** The bytes that a text with escapes such as `%2B` stands for; they need not be text themselves. */
function percentDecoded(text: string): Buffer {
  if (!text.includes('%')) return Buffer.from(text);
  if (/%(?![0-9a-f]{2})/i.test(text)) throw unavailable('The data: link is malformed');
  const parts = text.split(/((?:%[0-9a-f]{2})+)/i);
  return Buffer.concat(
    parts.map((part, index) =>
      index % 2 === 1 ? Buffer.from(part.replaceAll('%', ''), 'hex') : Buffer.from(part),
    ),
  );
}

/** Node's own decoder skips what it does not know: half a picture would be sent. */
function fromBase64(text: string): Buffer {
  const plain = text.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(plain) || plain.replace(/=+$/, '').length % 4 === 1) {
    throw unavailable('The data: link is not proper base64');
  }
  return Buffer.from(plain, 'base64');
}

function tooLarge(maxBytes: number): GatewayError {
  return unavailable(`The media is larger than the ${maxBytes} bytes that this gateway sends`);
}

function unavailable(what: string, retryable = false, cause?: unknown): GatewayError {
  const advice = retryable ? 'it is tried again' : 'correct the link and send again';
  return new GatewayError('media_unavailable', `${what}; ${advice}.`, { retryable, cause });
}
