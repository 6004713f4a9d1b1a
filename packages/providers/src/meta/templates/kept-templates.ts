import type { Clock, TemplateInfo } from '@blazz/core';

/** How many templates are kept at most before all are asked for anew: Meta allows 6 000 with languages. */
const maxKept = 10_000;

type Fits = (info: TemplateInfo) => boolean;

/** Templates that were read, believed for a while. */
export class KeptTemplates {
  readonly #clock: Clock;
  readonly #keepMs: number;
  readonly #known = new Map<string, { readonly info: TemplateInfo; readonly until: number }>();
  /** For each reading that goes on: what was forgotten since it began, of which it may bring yesterday's. */
  readonly #readings = new Set<Fits[]>();

  /**
   * @param clock measures how long they are believed
   * @param keepMs how long that is, in milliseconds
   */
  constructor(clock: Clock, keepMs: number) {
    this.#clock = clock;
    this.#keepMs = keepMs;
  }

  /** A template, while it is believed. */
  get(name: string, language: string): TemplateInfo | undefined {
    const kept = this.#known.get(keyOf(name, language));
    return kept !== undefined && this.#clock.monotonic() < kept.until ? kept.info : undefined;
  }

  /** Whether one with this id is believed. */
  has(id: string): boolean {
    const now = this.#clock.monotonic();
    return [...this.#known.values()].some(({ info, until }) => info.id === id && now < until);
  }

  /** Reads templates, and keeps those that were not forgotten meanwhile. */
  async reading(read: () => Promise<readonly TemplateInfo[]>): Promise<readonly TemplateInfo[]> {
    const forgotten: Fits[] = [];
    this.#readings.add(forgotten);
    try {
      const templates = await read();
      const until = this.#clock.monotonic() + this.#keepMs;
      for (const info of templates) {
        if (forgotten.some((fits) => fits(info))) continue;
        if (this.#known.size >= maxKept) this.#known.clear();
        this.#known.set(keyOf(info.name, info.language), { info, until });
      }
      return templates;
    } finally {
      this.#readings.delete(forgotten);
    }
  }

  /** Forgets the templates that fit: they are asked for anew. */
  forget(fits: Fits): void {
    for (const forgotten of this.#readings) forgotten.push(fits);
    for (const [key, { info }] of this.#known) if (fits(info)) this.#known.delete(key);
  }
}

function keyOf(name: string, language: string): string {
  return `${name}/${language}`;
}
