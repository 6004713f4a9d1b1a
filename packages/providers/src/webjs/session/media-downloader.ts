import { type DownloadedMedia, delay, GatewayError, isGatewayError } from '@blazz/core';
import { asText } from '../decode/raw';
import type { LibraryMedia } from '../library/library-types';
import type { PageCalls } from './page-calls';
import type { SessionScope } from './session-scope';

/** How long WhatsApp gets to upload expired media again before the second try, in milliseconds. */
const reuploadMs = 1_500;

/** Fetches the media of messages that stand in the account. */
export class MediaDownloader {
  readonly #scope: SessionScope;
  readonly #calls: PageCalls;

  /**
   * @param scope what the parts of the session share
   * @param calls calls into the page
   */
  constructor(scope: SessionScope, calls: PageCalls) {
    this.#scope = scope;
    this.#calls = calls;
  }

  /** {@inheritDoc MediaDownload.download} */
  async download(mediaId: string, signal: AbortSignal): Promise<DownloadedMedia> {
    // The first try makes WhatsApp ask the phone to upload expired media again.
    const media = (await this.#try(mediaId, signal)) ?? (await this.#again(mediaId, signal));
    if (media === undefined || media.data === '') {
      throw unavailable('The media is gone, or its owner is offline; ask for it to be sent again.');
    }
    const filename = asText(media.filename);
    return {
      data: Buffer.from(media.data, 'base64'),
      mimeType: asText(media.mimetype) ?? 'application/octet-stream',
      ...(filename === undefined ? {} : { filename }),
    };
  }

  async #again(mediaId: string, signal: AbortSignal): Promise<LibraryMedia | undefined> {
    await delay(this.#scope.clock, reuploadMs, signal);
    return this.#try(mediaId, signal);
  }

  async #try(mediaId: string, signal: AbortSignal): Promise<LibraryMedia | undefined> {
    const { downloadMs } = this.#scope.options.deadlines;
    try {
      const media = await this.#calls.library(
        async (client) => (await client.getMessageById(mediaId))?.downloadMedia(),
        downloadMs,
        signal,
      );
      return media ?? undefined;
    } catch (thrown) {
      if (isGatewayError(thrown) || signal.aborted) throw thrown;
      this.#scope.logger.debug('a media download failed', { error: thrown });
      return undefined;
    }
  }
}

function unavailable(message: string): GatewayError {
  return new GatewayError('media_unavailable', message);
}
