/** Items between the socket and the consumer, in order, and how the feed ended. */
export class ItemQueue<T> {
  #items: T[] = [];
  #head = 0;
  #waiting: PromiseWithResolvers | undefined;
  #end: { readonly error?: unknown } | undefined;

  /** How many items wait. */
  get size(): number {
    return this.#items.length - this.#head;
  }

  /** Adds an item; after the end it is dropped. */
  push(item: T): void {
    if (this.#end !== undefined) return;
    this.#items.push(item);
    this.#wake();
  }

  /** Ends the queue: what waits can still be taken, then `take` tells the end. The first end counts. */
  end(end: { readonly error?: unknown }): void {
    this.#end ??= end;
    this.#wake();
  }

  /** Drops what waits. */
  clear(): void {
    this.#items = [];
    this.#head = 0;
  }

  /**
   * Takes the next item, and waits for it.
   * @returns undefined when the queue has ended
   * @throws the error that it ended with
   */
  async take(): Promise<T | undefined> {
    while (this.size === 0) {
      if (this.#end !== undefined) {
        if ('error' in this.#end) throw this.#end.error;
        return undefined;
      }
      this.#waiting ??= withResolvers();
      await this.#waiting.promise;
    }
    return this.#shift();
  }

  #shift(): T | undefined {
    const item = this.#items[this.#head];
    this.#head += 1;
    // Moving the rest on every item would cost as much as there are items.
    if (this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  #wake(): void {
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function withResolvers(): PromiseWithResolvers {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
