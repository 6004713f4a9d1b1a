import type { FramePage } from './frame-page';

/** The most bytes of frames that are kept for the next reader. */
const KEEP_BYTES = 4 * 1024 * 1024;

/** The most pages; a page of a rare type may hold next to nothing. */
const KEEP_PAGES = 1_000;

/** The pages of all logs that somebody read lately: forgets the oldest when they become too many. */
export class PageWindow {
  readonly #kept = new Map<string, { readonly page: Promise<FramePage>; bytes: number }>();
  #bytes = 0;

  /** The page under a key: the one that is there or being read, or else what `read` gives. */
  get(key: string, read: () => Promise<FramePage>): Promise<FramePage> {
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept.page;
    const entry = { page: read(), bytes: 0 };
    this.#kept.set(key, entry);
    entry.page.then(
      ({ byteLength }) => {
        if (this.#kept.get(key) !== entry) return;
        entry.bytes = byteLength;
        this.#bytes += byteLength;
        this.#forgetOldest();
      },
      () => {
        if (this.#kept.get(key) === entry) this.forget(key);
      },
    );
    return entry.page;
  }

  /** Forgets a page. Whoever has it keeps it. */
  forget(key: string): void {
    this.#bytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
  }

  #forgetOldest(): void {
    for (const key of this.#kept.keys()) {
      if (this.#bytes <= KEEP_BYTES && this.#kept.size <= KEEP_PAGES) return;
      this.forget(key);
    }
  }
}
