const digits = '0123456789';
const base62 = `${digits}ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz`;
const hex = '0123456789ABCDEF';

/** Makes ids that look like Meta's, from the chance that was given. */
export class Identifiers {
  readonly #random: () => number;

  /** @param random chance, from 0 up to 1 */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** A number below `limit`. */
  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  /** An object's id: 15 digits, so that it survives being read as a JSON number. */
  object(): string {
    return `${1 + this.below(9)}${this.#text(14, digits)}`;
  }

  /** A message's id, with the other side's digits inside as in life. */
  message(number: string): string {
    const bytes = Buffer.concat([
      Buffer.from([0x1c, 0x18, number.length]),
      Buffer.from(number),
      Buffer.from([0x15, 0x02, 0x00, 0x11, 0x18, 0x12]),
      Buffer.from(this.#text(18, hex)),
      Buffer.from([0x00]),
    ]);
    return `wamid.${bytes.toString('base64')}`;
  }

  /** An access token. */
  token(): string {
    return `EAA${this.#text(60, base62)}`;
  }

  /** An app's secret. */
  secret(): string {
    return this.#text(32, '0123456789abcdef');
  }

  /** A business-scoped user id. */
  user(country: string): string {
    return `${country}.${this.#text(16, digits)}`;
  }

  /** What an answer's `fbtrace_id` is. */
  trace(): string {
    return `A${this.#text(22, base62)}`;
  }

  /** A code that somebody types: six digits. */
  code(): string {
    return this.#text(6, digits);
  }

  /** A hash in a download address. */
  hash(): string {
    return this.#text(24, base62);
  }

  #text(length: number, letters: string): string {
    let text = '';
    for (let i = 0; i < length; i++) text += letters[this.below(letters.length)];
    return text;
  }
}
