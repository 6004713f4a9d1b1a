import type { MediaUploadRequest } from '@blazz/core';
import type { StreamedBody } from '../graph/graph-request';

/**
 * Makes the form of `POST /{phone}/media`, streamed: a large file is never held whole.
 * @param boundary separates the parts; must not occur in the file
 * @param maxBytes the most bytes that are read
 * @param onTooLarge told when there are more; then the stream breaks off
 */
export function multipart(
  media: MediaUploadRequest,
  boundary: string,
  maxBytes: number,
  onTooLarge: () => Error,
): StreamedBody {
  const field = (name: string, value: string): string =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const filename = (media.filename ?? 'media').replace(/["\r\n\\]/g, '_');
  const head = Buffer.from(
    `${field('messaging_product', 'whatsapp')}${field('type', media.mimeType)}` +
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${filename}"\r\n` +
      `content-type: ${media.mimeType}\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  const { data } = media;
  const size = data instanceof Uint8Array ? data.byteLength : media.size;
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    size: size === undefined ? undefined : head.byteLength + size + tail.byteLength,
    bytes: async function* () {
      yield head;
      let read = 0;
      for await (const chunk of data instanceof Uint8Array ? [data] : data) {
        read += chunk.byteLength;
        if (read > maxBytes) throw onTooLarge();
        yield chunk;
      }
      yield tail;
    },
  };
}
