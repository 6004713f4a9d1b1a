import { createHash } from 'node:crypto';
import type { Clock } from '@blazz/core';
import type { GraphTimings } from '../options';
import type { Identifiers } from '../world/identifiers';

/** A medium at the simulated Meta. */
export interface GraphMedia {
  /** Its id. */
  readonly id: string;
  /** The business number that uploaded or received it. */
  readonly phoneNumberId: string;
  /** Its bytes. */
  readonly bytes: Buffer;
  /** Its type, such as `image/jpeg`. */
  readonly mimeType: string;
  /** The SHA-256 of its bytes. */
  readonly sha256: Buffer;
  /** When it is forgotten, in milliseconds since 1970. */
  readonly expiresAt: number;
}

interface Link {
  readonly mediaId: string;
  readonly expiresAt: number;
}

/** Everything that was uploaded or received, as long as it lives. */
export class MediaShelf {
  readonly #clock: Clock;
  readonly #timings: GraphTimings;
  readonly #ids: Identifiers;
  readonly #origin: () => string;
  readonly #media = new Map<string, GraphMedia>();
  readonly #links = new Map<string, Link>();

  /**
   * @param clock what the lives run on
   * @param timings how long they are
   * @param ids where new ids come from
   * @param origin where downloads are served
   */
  constructor(clock: Clock, timings: GraphTimings, ids: Identifiers, origin: () => string) {
    this.#clock = clock;
    this.#timings = timings;
    this.#ids = ids;
    this.#origin = origin;
  }

  /** Keeps a medium. */
  put(
    phoneNumberId: string,
    bytes: Buffer,
    mimeType: string,
    by: 'business' | 'customer',
  ): GraphMedia {
    const { uploadedMediaMs, receivedMediaMs } = this.#timings;
    const media: GraphMedia = {
      id: this.#ids.object(),
      phoneNumberId,
      bytes,
      mimeType,
      sha256: createHash('sha256').update(bytes).digest(),
      expiresAt: this.#clock.now() + (by === 'business' ? uploadedMediaMs : receivedMediaMs),
    };
    this.#media.set(media.id, media);
    return media;
  }

  /** A medium by its id, while it lives. */
  get(id: string): GraphMedia | undefined {
    const media = this.#media.get(id);
    return media && media.expiresAt > this.#clock.now() ? media : undefined;
  }

  /** Forgets a medium. @returns whether it was there */
  delete(id: string): boolean {
    return this.get(id) !== undefined && this.#media.delete(id);
  }

  /** A new download address of a medium; it dies soon. */
  address(media: GraphMedia): string {
    const hash = this.#ids.hash();
    const expiresAt = this.#clock.now() + this.#timings.mediaUrlMs;
    this.#links.set(hash, { mediaId: media.id, expiresAt });
    const ext = Math.floor(expiresAt / 1000);
    return `${this.#origin()}/whatsapp_business/attachments/?mid=${media.id}&ext=${ext}&hash=${hash}`;
  }

  /** The medium behind a download address, while both live. */
  follow(mediaId: string, hash: string): GraphMedia | undefined {
    const link = this.#links.get(hash);
    if (link?.mediaId !== mediaId || link.expiresAt <= this.#clock.now()) return undefined;
    return this.get(mediaId);
  }
}
