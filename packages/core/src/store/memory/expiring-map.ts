import { Heap } from './heap';

/** An entry, and when it ends. */
interface Held<V> {
  readonly value: V;
  readonly expiresAt: number;
}

/** When the entry of a key ends, unless it was written anew. */
interface End {
  readonly key: string;
  readonly at: number;
}

/** So many ends of entries that are gone may be around before they are cleared away. */
const SLACK = 1_000;

/** A map whose entries end by themselves. What has ended is let go at the next write. */
export class ExpiringMap<V> {
  readonly #entries = new Map<string, Held<V>>();
  #ends = new Heap<End>((end) => end.at);
  readonly #maxSize: number;

  /** @param maxSize how many entries at most; the one that was written first goes. Default: no bound */
  constructor(maxSize: number = Number.POSITIVE_INFINITY) {
    this.#maxSize = maxSize;
  }

  /** How many entries are kept, ended ones among them until the next write. */
  get size(): number {
    return this.#entries.size;
  }

  /** The value of a key, unless it has ended by `now`. */
  get(key: string, now: number): V | undefined {
    const held = this.#entries.get(key);
    return held !== undefined && held.expiresAt > now ? held.value : undefined;
  }

  /** Writes a value that ends at `expiresAt`, and lets go of those that have ended by `now`. */
  set(key: string, value: V, expiresAt: number, now: number): void {
    this.#sweep(now);
    this.#entries.delete(key);
    this.#entries.set(key, { value, expiresAt });
    this.#ends.push({ key, at: expiresAt });
    if (this.#entries.size > this.#maxSize) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    if (this.#ends.size > 2 * this.#entries.size + SLACK) this.#tidy();
  }

  /** Takes an entry out. */
  delete(key: string): void {
    this.#entries.delete(key);
  }

  #tidy(): void {
    this.#ends = new Heap((end) => end.at);
    for (const [key, { expiresAt }] of this.#entries) this.#ends.push({ key, at: expiresAt });
  }

  #sweep(now: number): void {
    for (let end = this.#ends.peek(); end !== undefined && end.at <= now; end = this.#ends.peek()) {
      this.#ends.pop();
      // A key that was written anew has a later end of its own.
      if (this.#entries.get(end.key)?.expiresAt === end.at) this.#entries.delete(end.key);
    }
  }
}
