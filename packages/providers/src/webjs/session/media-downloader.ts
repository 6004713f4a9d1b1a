import { type DownloadedMedia, delay, GatewayError, isGatewayError } from '@blazz/core';
import { asNumber, asRaw, asText } from '../../json/raw';
import type { LibraryClient, LibraryMedia, LibraryMessage } from '../library/library-types';
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
    const message = await this.#find(mediaId, signal);
    if (message === undefined) throw unavailable('There is no such media in the account');
    const { maxMediaBytes } = this.#scope.options;
    // All of it would come out of the page as one text, and a text has an end: beyond half a
    // gigabyte the process would be taken along.
    if ((asNumber(asRaw(message.rawData).size) ?? 0) > maxMediaBytes) {
      throw new GatewayError(
        'media_unavailable',
        `The media is larger than the ${maxMediaBytes} bytes that this gateway handles; open it on the phone.`,
      );
    }
    // The first try makes WhatsApp ask the phone to upload expired media again.
    const media = (await this.#fetch(message, signal)) ?? (await this.#again(message, signal));
    if (media === undefined || media.data === '') {
      throw unavailable('The media is gone, or its owner is offline');
    }
    const filename = asText(media.filename);
    return {
      data: Buffer.from(media.data, 'base64'),
      mimeType: asText(media.mimetype) ?? 'application/octet-stream',
      ...(filename === undefined ? {} : { filename }),
    };
  }

  #find(mediaId: string, signal: AbortSignal): Promise<LibraryMessage | undefined> {
    return this.#try((client) => client.getMessageById(mediaId), signal);
  }

  async #again(message: LibraryMessage, signal: AbortSignal): Promise<LibraryMedia | undefined> {
    await delay(this.#scope.clock, reuploadMs, signal);
    return this.#fetch(message, signal);
  }

  #fetch(message: LibraryMessage, signal: AbortSignal): Promise<LibraryMedia | undefined> {
    return this.#try(() => message.downloadMedia(), signal);
  }

  /** What the library throws means the same as what it does not find; what the gateway throws does not. */
  async #try<Found>(
    call: (client: LibraryClient) => Promise<Found | null | undefined>,
    signal: AbortSignal,
  ): Promise<Found | undefined> {
    try {
      const { downloadMs } = this.#scope.options.deadlines;
      return (await this.#calls.library(call, downloadMs, signal)) ?? undefined;
    } catch (thrown) {
      if (isGatewayError(thrown) || signal.aborted) throw thrown;
      this.#scope.logger.debug('a media download failed', { error: thrown });
      return undefined;
    }
  }
}

function unavailable(what: string): GatewayError {
  return new GatewayError('media_unavailable', `${what}; ask for it to be sent again.`);
}
