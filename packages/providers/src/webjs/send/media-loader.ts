import { GatewayError, type MediaContent, withDeadline } from '@blazz/core';
import type { FetchedMedia } from '../../media/fetch-media';
import type { SendableContent } from '../encode/content';
import type { MediaDownloader } from '../session/media-downloader';
import type { SessionScope } from '../session/session-scope';

/** Gets the bytes that a message's media stands for, whether behind a link or in a chat. */
export class MediaLoader {
  readonly #scope: SessionScope;
  readonly #downloader: MediaDownloader;

  /**
   * @param scope what the parts of the session share
   * @param downloader fetches media of messages in the account
   */
  constructor(scope: SessionScope, downloader: MediaDownloader) {
    this.#scope = scope;
    this.#downloader = downloader;
  }

  /**
   * The media of a message; `undefined` when its type has none.
   * @throws GatewayError `media_unavailable`, `timeout`
   */
  async load(content: SendableContent, signal: AbortSignal): Promise<FetchedMedia | undefined> {
    const media = mediaOf(content);
    if (media === undefined) return undefined;
    const fetched = await this.#get(media, signal);
    if (fetched.data.byteLength <= this.#scope.options.maxMediaBytes) return fetched;
    throw new GatewayError(
      'media_unavailable',
      `The media is larger than the ${this.#scope.options.maxMediaBytes} bytes that this gateway sends; send a smaller one.`,
    );
  }

  #get({ link, id }: MediaContent, signal: AbortSignal): Promise<FetchedMedia> {
    const { options, clock } = this.#scope;
    if (id !== undefined) return this.#downloader.download(id, signal);
    return withDeadline((until) => options.fetchMedia(link ?? '', until), {
      clock,
      ms: options.deadlines.fetchMs,
      signal,
      onTimeout: () =>
        new GatewayError('timeout', 'The media could not be fetched in time; it is tried again.'),
    });
  }
}

function mediaOf(content: SendableContent): MediaContent | undefined {
  switch (content.type) {
    case 'image':
      return content.image;
    case 'video':
      return content.video;
    case 'audio':
      return content.audio;
    case 'document':
      return content.document;
    case 'sticker':
      return content.sticker;
    default:
      return undefined;
  }
}
