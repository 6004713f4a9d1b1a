import type { CancelTimer, Clock } from '../clock';

/** How often at most it is told how far loading is, in milliseconds. */
const EVERY_MS = 1_000;

/** How far a session has loaded while it is `syncing`: tells only what is new, and not too often. */
export class SyncProgress {
  readonly #clock: Clock;
  readonly #tell: (percent: number) => void;
  #percent: number | undefined;
  #toldAt = 0;
  #cancel: CancelTimer | undefined;

  /**
   * @param clock spaces what is told
   * @param tell told how far it is, once a second at most
   */
  constructor(clock: Clock, tell: (percent: number) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** How far it is, 0 to 100; `undefined` when nobody knows, or nothing loads. */
  get percent(): number | undefined {
    return this.#percent;
  }

  /** A state was entered, and told just now with how far it is. */
  begin(percent: number | undefined): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#percent = percent;
    this.#toldAt = this.#clock.monotonic();
  }

  /** Loading goes on. */
  reached(percent: number | undefined): void {
    if (percent === undefined || percent === this.#percent) return;
    this.#percent = percent;
    if (this.#cancel !== undefined) return;
    const waitMs = this.#toldAt + EVERY_MS - this.#clock.monotonic();
    if (waitMs <= 0) this.#say();
    else this.#cancel = this.#clock.schedule(waitMs, () => this.#say());
  }

  #say(): void {
    this.#cancel = undefined;
    this.#toldAt = this.#clock.monotonic();
    if (this.#percent !== undefined) this.#tell(this.#percent);
  }
}
