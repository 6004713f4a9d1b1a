import type { Page } from '../page';
import type { Attributes, Model } from '../things';

/**
 * WhatsApp Web's modules about media: preparing, uploading, downloading. Bytes travel as they are
 * (the simulator does not encrypt); hashes are real. Served to the browser as source: refers to
 * nothing outside itself.
 */
export function mediaModules(page: Page): Record<string, object> {
  const origin = 'https://mmg.whatsapp.net';
  const objects = new Map<string, Attributes>();

  class OpaqueData {
    readonly #blob: Blob;

    constructor(blob: Blob) {
      this.#blob = blob;
    }

    static async createFromData(data: Blob, type: string): Promise<OpaqueData> {
      return new OpaqueData(data.type === type ? data : new Blob([data], { type }));
    }

    get type(): string {
      return this.#blob.type;
    }

    get size(): number {
      return this.#blob.size;
    }

    url(): string {
      return URL.createObjectURL(this.#blob);
    }

    autorelease(): void {}

    formData(): Blob {
      return this.#blob;
    }
  }

  async function hashOf(blob: Blob): Promise<string> {
    const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
    return btoa(String.fromCharCode(...new Uint8Array(digest)));
  }

  function typeOf(mimetype: string, wish: Attributes): string {
    if (wish.asDocument) return 'document';
    if (wish.asSticker) return 'sticker';
    const [family] = mimetype.split('/');
    if (family === 'audio') return wish.isPtt ? 'ptt' : 'audio';
    return family === 'image' || family === 'video' ? family : 'document';
  }

  /** Has no id on purpose: whatsapp-web.js spreads it over the message that it makes. */
  class MediaData extends page.Model {
    override toJSON(): Attributes {
      const { mediaBlob, renderableUrl, ...rest } = this.serialize();
      return rest;
    }
  }

  function prepRawMedia(opaque: OpaqueData, wish: Attributes): object {
    async function waitForPrep(): Promise<Model> {
      const blob = opaque.formData() as Blob & { name?: string };
      return new MediaData({
        type: typeOf(opaque.type, wish),
        mimetype: opaque.type,
        filehash: await hashOf(blob),
        size: opaque.size,
        filename: blob.name,
        preview: '',
        isGif: Boolean(wish.asGif),
        mediaBlob: opaque,
      });
    }
    return { waitForPrep };
  }

  function getOrCreateMediaObject(filehash: string): object {
    const known = objects.get(filehash);
    if (known) return known;
    const made: Attributes = { filehash, contentInfo: {} };
    made.consolidate = (json: Attributes) => Object.assign(made, json);
    objects.set(filehash, made);
    return made;
  }

  async function upload(blob: Blob): Promise<Attributes> {
    const answer = await fetch(`${origin}/upload`, {
      method: 'POST',
      headers: { 'content-type': blob.type || 'application/octet-stream' },
      body: blob,
    });
    if (!answer.ok) {
      throw Object.assign(new Error('The media upload failed.'), { status: answer.status });
    }
    const { path } = (await answer.json()) as { path: string };
    const filehash = await hashOf(blob);
    return {
      url: `${origin}${path}`,
      mmsUrl: `${origin}${path}`,
      deprecatedMms3Url: `${origin}${path}`,
      directPath: path,
      mediaKey: btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)))),
      mediaKeyTimestamp: Math.floor(Date.now() / 1000),
      encFilehash: filehash,
      uploadHash: filehash,
    };
  }

  const blobs = new Map<string, Blob>();

  return {
    WAWebMediaOpaqueData: OpaqueData,
    WAWebPrepRawMedia: { prepRawMedia },
    WAWebMediaStorage: { getOrCreateMediaObject },
    WAWebMmsMediaTypes: {
      msgToMediaType: ({ type }: { type: string }) => type,
      castToV4: (type: string) => type,
    },
    WAWebMediaDataUtils: { shouldUseMediaCache: () => true },
    WAWebMediaInMemoryBlobCache: {
      InMemoryMediaBlobCache: { put: (hash: string, blob: Blob) => blobs.set(hash, blob) },
    },
    WAWebMediaMmsV4Upload: {
      async uploadMedia({ mediaObject }: { mediaObject: { filehash: string } }) {
        const blob = blobs.get(mediaObject.filehash);
        if (!blob) throw new Error('The media is not in the cache.');
        blobs.delete(mediaObject.filehash);
        return { mediaEntry: await upload(blob) };
      },
    },
    WAWebUploadManager: {
      encryptAndUpload: ({ blob }: { blob: Blob }) => upload(blob),
    },
    WAWebStartMediaUploadQpl: { startMediaUploadQpl: () => ({}) },
    WAWebImageUtils: { toWebpSticker: async (file: Blob) => file },
    WAWebDownloadManager: {
      downloadManager: {
        async downloadAndMaybeDecrypt({ directPath }: { directPath: string }) {
          const answer = await fetch(`${origin}${directPath}`);
          if (!answer.ok) {
            throw Object.assign(new Error('The media is gone.'), { status: answer.status });
          }
          return answer.arrayBuffer();
        },
      },
    },
  };
}
