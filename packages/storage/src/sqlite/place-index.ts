/** How many entries a segment takes. */
const ENTRIES = 2 ** 16;

/** How many slots it has for them, so that a search ends after one or two. */
const SLOTS = 2 * ENTRIES;

/** Entries whose places are within 65,536 of each other. */
interface Segment {
  readonly base: number;
  /** Each slot has 16 bits of the hash and 16 bits of the place, counted from `base`; 0 is empty. */
  readonly slots: Uint32Array;
  count: number;
  /** When the last of its entries ends, milliseconds since 1970. */
  endsAt: number;
}

/**
 * Tells where a hash may have been written down, in 8 bytes of memory for each entry of a full
 * segment: millions are at hand without a look at the disk. It never misses a place; one in tens of
 * thousands that it tells of is wrong.
 */
export class PlaceIndex {
  /** Oldest first. */
  #segments: Segment[] = [];

  /**
   * Adds an entry.
   * @param hash a whole number of 33 random bits or more
   * @param place a whole number; places never fall
   * @param endsAt until when it is of interest, milliseconds since 1970
   */
  add(hash: number, place: number, endsAt: number): void {
    const { base, slots } = this.#room(place, endsAt);
    let at = slotOf(hash);
    while (slots[at] !== 0) at = (at + 1) % SLOTS;
    slots[at] = markOf(hash) * ENTRIES + (place - base);
  }

  /** Every place where a hash may be, newest first. */
  find(hash: number): readonly number[] {
    const places: number[] = [];
    const mark = markOf(hash);
    const start = slotOf(hash);
    for (const { slots, base } of this.#segments) {
      for (let at = start; ; at = (at + 1) % SLOTS) {
        const slot = slots[at] ?? 0;
        if (slot === 0) break;
        if (Math.floor(slot / ENTRIES) === mark) places.push(base + (slot % ENTRIES));
      }
    }
    return places.sort((a, b) => b - a);
  }

  /** Lets go of the segments in which every entry has ended, wherever they are. */
  forget(now: number): void {
    if (!this.#segments.some(({ endsAt }) => endsAt <= now)) return;
    this.#segments = this.#segments.filter(({ endsAt }) => endsAt > now);
  }

  #room(place: number, endsAt: number): Segment {
    const last = this.#segments.at(-1);
    if (last !== undefined && last.count < ENTRIES && place - last.base < ENTRIES) {
      last.count++;
      last.endsAt = Math.max(last.endsAt, endsAt);
      return last;
    }
    const fresh = { base: place, slots: new Uint32Array(SLOTS), count: 1, endsAt };
    this.#segments.push(fresh);
    return fresh;
  }
}

/** Where the search for a hash begins. */
function slotOf(hash: number): number {
  return hash % SLOTS;
}

/** Other bits of it, never 0. */
function markOf(hash: number): number {
  return Math.floor(hash / SLOTS) % ENTRIES || 1;
}
