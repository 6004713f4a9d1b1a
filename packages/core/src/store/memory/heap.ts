/** A binary heap: what ranks lowest comes out first. */
export class Heap<T> {
  readonly #items: T[] = [];
  readonly #rank: (item: T) => number;

  /** @param rank the number that items are ordered by; must not change while an item is inside */
  constructor(rank: (item: T) => number) {
    this.#rank = rank;
  }

  /** How many items are inside. */
  get size(): number {
    return this.#items.length;
  }

  /** The lowest item, left inside. */
  peek(): T | undefined {
    return this.#items[0];
  }

  /** Puts an item in. */
  push(item: T): void {
    const items = this.#items;
    const rank = this.#rank(item);
    let hole = items.length;
    while (hole > 0) {
      const parent = (hole - 1) >>> 1;
      const above = items[parent] as T;
      if (this.#rank(above) <= rank) break;
      items[hole] = above;
      hole = parent;
    }
    items[hole] = item;
  }

  /** Takes the lowest item out. */
  pop(): T | undefined {
    const items = this.#items;
    const lowest = items[0];
    const last = items.pop();
    if (items.length > 0 && last !== undefined) this.#sink(last);
    return lowest;
  }

  #sink(item: T): void {
    const items = this.#items;
    const rank = this.#rank(item);
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= items.length) break;
      const right = child + 1;
      if (right < items.length && this.#rank(items[right] as T) < this.#rank(items[child] as T)) {
        child = right;
      }
      if (this.#rank(items[child] as T) >= rank) break;
      items[hole] = items[child] as T;
      hole = child;
    }
    items[hole] = item;
  }
}
