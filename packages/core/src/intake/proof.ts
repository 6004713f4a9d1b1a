import type { HeaderOf, WebhookPart } from '../provider/platform-webhook';
import type { Seat, SeatsByAccount } from './seat';

/** Whether a payload is genuine, seat by seat: an app's secret may be that of many sessions, or of one. */
export class Proof {
  readonly #header: HeaderOf;
  readonly #body: Uint8Array;
  readonly #known = new Map<Seat, Map<string | undefined, boolean>>();

  /**
   * @param header the payload's headers
   * @param body the payload as it came
   */
  constructor(header: HeaderOf, body: Uint8Array) {
    this.#header = header;
    this.#body = body;
  }

  /**
   * Whether a seat's own secret proves the payload.
   * @param account one of several of the seat: then its own secret. Default: any of them
   */
  holds(seat: Seat, account?: string): boolean {
    const known = this.#known.get(seat) ?? new Map<string | undefined, boolean>();
    this.#known.set(seat, known);
    const before = known.get(account);
    if (before !== undefined) return before;
    const holds = seat.webhook.verify(seat.settings, this.#header, this.#body, account);
    known.set(account, holds);
    return holds;
  }

  /**
   * The seat that a part is for: the one whose account it names, if that account's own secret proves it
   * too. Whoever knows the secret of one cannot bring anything in for another. On which provider the
   * session runs is no matter, as the platform is the one that signed it.
   */
  find({ account }: WebhookPart, seats: SeatsByAccount): Seat | undefined {
    return seats.having(account).find((seat) => this.holds(seat, account));
  }

  /** Headers that prove a part by itself, to whoever has the secret by which a seat proves the whole. */
  of(part: WebhookPart, { webhook, settings }: Seat): Readonly<Record<string, string>> | undefined {
    return webhook.sign?.(settings, this.#header, this.#body, part);
  }
}
