import { randomBytes } from 'node:crypto';

/** Gives `size` random bytes. */
export type RandomBytes = (size: number) => Uint8Array;

const NONCE_BYTES = 16;
const NONCES_PER_DRAW = 128;

/** Makes nonces of 128 random bits. It draws many at a time: one call per request would cost half an HMAC. */
export class NonceSource {
  readonly #random: RandomBytes;
  #drawn = Buffer.alloc(0);
  #offset = 0;

  /** @param random where chance comes from. Default: the operating system's generator. */
  constructor(random: RandomBytes = randomBytes) {
    this.#random = random;
  }

  /** A nonce of 22 characters of base64url. */
  next(): string {
    if (this.#offset >= this.#drawn.byteLength) {
      this.#drawn = Buffer.from(this.#random(NONCE_BYTES * NONCES_PER_DRAW));
      this.#offset = 0;
    }
    const start = this.#offset;
    this.#offset += NONCE_BYTES;
    return this.#drawn.toString('base64url', start, this.#offset);
  }
}
