/** How long the first QR of a round works, in milliseconds. */
const firstMs = 60_000;
/** How long each later one does. */
const nextMs = 20_000;

/** Says when QR codes expire, which WhatsApp does not: the first of a round lives longer. */
export class QrClock {
  #first = true;

  /** A round of QR codes begins anew. */
  restart(): void {
    this.#first = true;
  }

  /** When a QR that was shown just now expires. */
  expiry(now: number): number {
    const ms = this.#first ? firstMs : nextMs;
    this.#first = false;
    return now + ms;
  }
}

/**
 * Whether a text is a QR. Before WhatsApp gave out a reference, and again when it ran out, the
 * library emits texts that begin with the word of an absent value.
 */
export function isQr(text: unknown): text is string {
  return typeof text === 'string' && !/^(undefined|null)?,/.test(text) && text.includes(',');
}
