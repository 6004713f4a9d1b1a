import { randomUUID } from 'node:crypto';
import { GatewayError, type MediaUpload, type MediaUploadRequest } from '@blazz/core';
import { asText } from '../../json/raw';
import { GraphRefusal } from '../errors/graph-refusal';
import { unwrap } from '../errors/unwrap';
import type { GraphReply } from '../graph/graph-reply';
import type { MetaScope } from '../session/meta-scope';
import { ruleForUpload, tooLarge } from './media-rules';
import { multipart } from './multipart';

/** How long an uploaded file can be sent: 30 days, in milliseconds. */
const validMs = 30 * 86_400_000;

/** Brings files to Meta. */
export class Uploader implements MediaUpload {
  readonly #scope: MetaScope;

  /** @param scope what the parts of the session share */
  constructor(scope: MetaScope) {
    this.#scope = scope;
  }

  /** {@inheritDoc MediaUpload.upload} */
  async upload(
    media: MediaUploadRequest,
    signal: AbortSignal,
  ): Promise<{ readonly id: string; readonly validMs: number }> {
    const id = asText(unwrap(await this.#post(media, signal)).id);
    if (id === undefined) {
      throw new GatewayError(
        'provider_failed',
        'Meta took the file and named no id; upload again.',
      );
    }
    return { id, validMs };
  }

  /**
   * Uploads what a message needs.
   * @throws GraphRefusal when Meta refuses, or does not answer: the message itself has not left
   */
  async forMessage(media: MediaUploadRequest, signal: AbortSignal): Promise<string> {
    const reply = await this.#post(media, signal);
    const id = reply.kind === 'answer' ? asText(reply.json.id) : undefined;
    if (id !== undefined) return id;
    if (reply.kind !== 'answer') {
      throw new GraphRefusal(reply.kind === 'fault' ? { ...reply, left: false } : reply);
    }
    throw new GraphRefusal({ kind: 'fault', left: false, reason: 'answer' });
  }

  async #post(media: MediaUploadRequest, signal: AbortSignal): Promise<GraphReply> {
    if (/[\r\n]/.test(media.mimeType) || media.mimeType === '') {
      throw new GatewayError('media_unavailable', 'The media type is missing; say mime_type.');
    }
    const { maxBytes } = ruleForUpload(media.mimeType);
    const known = media.data instanceof Uint8Array ? media.data.byteLength : media.size;
    if (known !== undefined && known > maxBytes) throw tooLarge(maxBytes);
    const { settings, options } = this.#scope;
    let broke: GatewayError | undefined;
    const stream = multipart(media, `blazz-${randomUUID()}`, maxBytes, () => {
      broke = tooLarge(maxBytes);
      return broke;
    });
    const reply = await this.#scope.call({
      method: 'POST',
      path: `/${settings.phone_number_id}/media`,
      stream,
      deadlineMs: options.deadlines.uploadMs,
      signal,
    });
    if (broke !== undefined) throw broke;
    return reply;
  }
}
