import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A medium at the simulated media server. */
export interface StoredMedia {
  /** Its path on `https://mmg.whatsapp.net`. */
  readonly path: string;
  /** For example `image/png`. */
  readonly mimetype: string;
  /** Base64 of the SHA-256 over the bytes. */
  readonly hash: string;
  /** The bytes. */
  readonly bytes: Uint8Array;
}

/** The simulated media server's memory; with a folder, kept on disk as well. */
export class MediaVault {
  readonly #dir: string | undefined;
  readonly #media = new Map<string, StoredMedia>();

  /** @param dataDir keeps the media there; undefined keeps them in memory */
  constructor(dataDir: string | undefined) {
    this.#dir = dataDir === undefined ? undefined : join(dataDir, 'media');
  }

  /** Stores bytes under a new path. */
  async put(bytes: Uint8Array, mimetype: string): Promise<StoredMedia> {
    const name = randomBytes(16).toString('hex');
    const hash = createHash('sha256').update(bytes).digest('base64');
    const media: StoredMedia = { path: `/v/${name}`, mimetype, hash, bytes };
    this.#media.set(media.path, media);
    if (this.#dir !== undefined) {
      await mkdir(this.#dir, { recursive: true });
      await writeFile(join(this.#dir, name), bytes);
      await writeFile(join(this.#dir, `${name}.json`), JSON.stringify({ mimetype, hash }));
    }
    return media;
  }

  /** What lies under a path, if anything does. */
  async get(path: string): Promise<StoredMedia | undefined> {
    const known = this.#media.get(path);
    const name = /^\/v\/([0-9a-f]{32})$/.exec(path)?.[1];
    if (known || name === undefined || this.#dir === undefined) return known;
    try {
      const facts = JSON.parse(await readFile(join(this.#dir, `${name}.json`), 'utf8'));
      const bytes = await readFile(join(this.#dir, name));
      const media: StoredMedia = { path, bytes, ...facts };
      this.#media.set(path, media);
      return media;
    } catch {
      return undefined;
    }
  }
}
