/** A map that forgets its oldest entries above a size. Setting a key again makes it the newest. */
export class RecentMap<Key, Value> {
  readonly #limit: number;
  readonly #entries = new Map<Key, Value>();

  /** @param limit how many entries are kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The value of a key. */
  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  /** Whether a key is known. */
  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  /** Keeps a value. */
  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#limit) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }

  /** Forgets a key. */
  delete(key: Key): boolean {
    return this.#entries.delete(key);
  }
}
