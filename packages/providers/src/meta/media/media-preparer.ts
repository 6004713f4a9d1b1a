import { createHash } from 'node:crypto';
import {
  AddressGuard,
  GatewayError,
  isGatewayError,
  type MediaContent,
  type MediaType,
  type MessageContent,
  withDeadline,
} from '@blazz/core';
import type { MetaScope } from '../session/meta-scope';
import { mapMedia } from './map-media';
import { assertFits, bareType } from './media-rules';
import type { Uploader } from './uploader';

/** How many uploads of `data:` links are remembered: a campaign sends the same picture to everybody. */
const maxKept = 256;
/** How long one is, in milliseconds. */
const keptMs = 3_600_000;

/** Makes sure that Meta can get at a message's media: uploads what it could not fetch itself. */
export class MediaPreparer {
  readonly #scope: MetaScope;
  readonly #uploader: Uploader;
  readonly #public = new AddressGuard();
  readonly #kept = new Map<string, { readonly id: Promise<string>; readonly until: number }>();

  /**
   * @param scope what the parts of the session share
   * @param uploader brings files to Meta
   */
  constructor(scope: MetaScope, uploader: Uploader) {
    this.#scope = scope;
    this.#uploader = uploader;
  }

  /**
   * The content with media that Meta can get at.
   * @throws GatewayError `media_unavailable`, `address_refused`, `timeout`; GraphRefusal
   */
  prepare(content: MessageContent, signal: AbortSignal): Promise<MessageContent> {
    return mapMedia(content, async (kind, media) => {
      const { link } = media;
      if (media.id !== undefined || link === undefined || !this.#isToUpload(link)) return media;
      const { link: _, ...rest } = media;
      return { ...rest, id: await this.#idOf(kind, media, link, signal) };
    });
  }

  #isToUpload(link: string): boolean {
    if (/^data:/i.test(link) || this.#scope.options.uploadLinks === 'all') return true;
    try {
      this.#public.checkUrl(link, ['https:', 'http:']);
      return false;
    } catch {
      // Meta could not reach it either; whether we may is for the fetcher to say.
      return true;
    }
  }

  /** Equal `data:` links are one upload; what stands behind an address may change. */
  async #idOf(
    kind: MediaType,
    media: MediaContent,
    link: string,
    signal: AbortSignal,
  ): Promise<string> {
    if (!/^data:/i.test(link)) return this.#upload(kind, media, link, signal);
    const now = this.#scope.clock.monotonic();
    const digest = createHash('sha256').update(link).digest('base64');
    const key = `${kind} ${media.mime_type} ${media.filename} ${digest}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined && now < kept.until) {
      // Whoever uploads it first may fail, or give up: then it is done anew, not failed likewise.
      const id = await kept.id.catch(() => undefined);
      if (id !== undefined) return id;
    }
    const id = this.#upload(kind, media, link, signal);
    this.#kept.set(key, { id, until: now + keptMs });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > maxKept && oldest !== undefined) this.#kept.delete(oldest);
    return id;
  }

  async #upload(
    kind: MediaType,
    media: MediaContent,
    link: string,
    signal: AbortSignal,
  ): Promise<string> {
    const { options, clock } = this.#scope;
    const fetched = await withDeadline((until) => options.fetchMedia(link, until), {
      clock,
      ms: options.deadlines.fetchMs,
      signal,
      onTimeout: () =>
        new GatewayError('timeout', 'The media could not be fetched in time; it is tried again.'),
    }).catch((cause: unknown) => {
      if (isGatewayError(cause)) throw cause;
      throw new GatewayError('media_unavailable', 'The media could not be fetched.', {
        cause,
        retryable: true,
      });
    });
    const mimeType = media.mime_type ?? fetched.mimeType;
    assertFits(kind, mimeType, fetched.data);
    const filename =
      media.filename ?? fetched.filename ?? `${kind}.${bareType(mimeType).split('/')[1]}`;
    return this.#uploader.forMessage({ data: fetched.data, mimeType, filename }, signal);
  }
}
