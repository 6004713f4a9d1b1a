import { GatewayError } from '@blazz/core';

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
 * Fetches the media of a message's `link`. Whoever lets strangers name links gives one that keeps
 * private addresses out.
 * @throws GatewayError `media_unavailable`; `retryable` says whether another try may help
 */
export type FetchMedia = (link: string, signal: AbortSignal) => Promise<FetchedMedia>;

/** The default {@link FetchMedia}: https and `data:` links, no redirects, at most `maxBytes`. */
export async function fetchMedia(
  link: string,
  signal: AbortSignal,
  maxBytes: number,
): Promise<FetchedMedia> {
  if (/^data:/i.test(link)) return fromDataUrl(link, maxBytes);
  if (!/^https:\/\//i.test(link)) {
    throw unavailable('Media links must be https: or data: links');
  }
  let response: Response;
  try {
    response = await fetch(link, { signal, redirect: 'error' });
  } catch (cause) {
    throw unavailable('The server of the media link could not be reached', true, cause);
  }
  if (!response.ok) {
    const later = response.status >= 500 || response.status === 429;
    throw unavailable(`The server of the media link answered ${response.status}`, later);
  }
  return {
    data: await readBody(response, maxBytes),
    mimeType: response.headers.get('content-type')?.split(';')[0]?.trim() ?? '',
  };
}

async function readBody(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
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
