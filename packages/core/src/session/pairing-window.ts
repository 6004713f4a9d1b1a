import type { Clock } from '../clock';

/** A QR that can be scanned. */
export interface QrCode {
  /** The text of the QR. Secret: whoever scans it owns the link. */
  readonly text: string;
  /** When it stops working, milliseconds since 1970. */
  readonly expiresAt: number;
}

/** The time in which an unlinked session waits for somebody to scan its QR. */
export class PairingWindow {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #onExpired: () => void;
  #qr: QrCode | undefined;
  #cancel: (() => void) | undefined;

  /**
   * @param clock measures the window
   * @param ms how long it stays open, in milliseconds
   * @param onExpired told when nobody scanned in time
   */
  constructor(clock: Clock, ms: number, onExpired: () => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#onExpired = onExpired;
  }

  /** The present QR, while it works. */
  get qr(): QrCode | undefined {
    const qr = this.#qr;
    return qr !== undefined && qr.expiresAt > this.#clock.now() ? qr : undefined;
  }

  /** Opens the window, or shows a new QR in it; a new QR does not prolong it. */
  open(qr?: QrCode): void {
    if (qr !== undefined) this.#qr = qr;
    this.#cancel ??= this.#clock.schedule(this.#ms, this.#onExpired);
  }

  /** Shows a QR that nobody has to scan in time: the session gets on without it. */
  show(qr: QrCode): void {
    this.#qr = qr;
  }

  /** Closes the window: linked, or stopped. */
  close(): void {
    this.#qr = undefined;
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
