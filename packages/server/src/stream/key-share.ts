/** Counts what each key holds, so that one key cannot take what there is for all. */
export class KeyShare {
  readonly #most: number;
  readonly #held = new Map<string, number>();

  /** @param most how much one key may hold */
  constructor(most: number) {
    this.#most = most;
  }

  /** Takes one for a key. @returns whether there was one left for it */
  take(keyId: string): boolean {
    const held = this.#held.get(keyId) ?? 0;
    if (held >= this.#most) return false;
    this.#held.set(keyId, held + 1);
    return true;
  }

  /** Gives back one that was taken. */
  give(keyId: string): void {
    const left = (this.#held.get(keyId) ?? 0) - 1;
    if (left > 0) this.#held.set(keyId, left);
    else this.#held.delete(keyId);
  }
}
