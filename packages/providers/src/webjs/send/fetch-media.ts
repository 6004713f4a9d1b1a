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
  if (link.startsWith('data:')) return fromDataUrl(link, maxBytes);
  if (!link.startsWith('https://')) {
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
  const body = link.slice(comma + 1);
  let data: Buffer;
  try {
    data = parameters.includes('base64')
      ? Buffer.from(body, 'base64')
      : Buffer.from(decodeURIComponent(body));
  } catch (cause) {
    throw unavailable('The data: link is malformed', false, cause);
  }
  if (data.byteLength > maxBytes) throw tooLarge(maxBytes);
  return { data, mimeType };
}

function tooLarge(maxBytes: number): GatewayError {
  return unavailable(`The media is larger than the ${maxBytes} bytes that this gateway sends`);
}

function unavailable(what: string, retryable = false, cause?: unknown): GatewayError {
  const advice = retryable ? 'it is tried again' : 'correct the link and send again';
  return new GatewayError('media_unavailable', `${what}; ${advice}.`, { retryable, cause });
}
