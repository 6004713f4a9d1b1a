/** Waits for the account's own reactions to appear in the page: their proof, and their id. */
export class ReactionBook {
  readonly #waiting = new Map<string, (key: string) => void>();

  /** Whether none is under way. */
  get isIdle(): boolean {
    return this.#waiting.size === 0;
  }

  /** Expects an own reaction. The promise never rejects; whoever waits sets a deadline. */
  expect(target: string, emoji: string): { readonly seen: Promise<string>; end(): void } {
    const slot = slotOf(target, emoji);
    const seen = new Promise<string>((resolve) => this.#waiting.set(slot, resolve));
    return { seen, end: () => this.#waiting.delete(slot) };
  }

  /**
   * An own reaction appeared.
   * @returns whether it was expected, so one of ours
   */
  onOwn(target: string, emoji: string, key: string): boolean {
    const resolve = this.#waiting.get(slotOf(target, emoji));
    resolve?.(key);
    return resolve !== undefined;
  }
}

function slotOf(target: string, emoji: string): string {
  return `${target} ${emoji}`;
}
