import type { Clock, TemplateInfo } from '@blazz/core';

/** How many templates are kept at most before all are asked for anew: Meta allows 6 000 with languages. */
const maxKept = 10_000;

/** Templates that were read, believed for a while. */
export class KeptTemplates {
  readonly #clock: Clock;
  readonly #keepMs: number;
  readonly #known = new Map<string, { readonly info: TemplateInfo; readonly until: number }>();
  /** How often something was forgotten: what was asked for before that may be of yesterday. */
  #changes = 0;

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

  /** Begins to read: the answer is kept unless something was forgotten meanwhile. */
  reader(): (templates: readonly TemplateInfo[]) => void {
    const before = this.#changes;
    return (templates) => {
      if (before !== this.#changes) return;
      const until = this.#clock.monotonic() + this.#keepMs;
      for (const info of templates) {
        if (this.#known.size >= maxKept) this.#known.clear();
        this.#known.set(keyOf(info.name, info.language), { info, until });
      }
    };
  }

  /** Forgets the templates that fit: they are asked for anew. */
  forget(fits: (info: TemplateInfo) => boolean): void {
    this.#changes += 1;
    for (const [key, { info }] of this.#known) if (fits(info)) this.#known.delete(key);
  }
}

function keyOf(name: string, language: string): string {
  return `${name}/${language}`;
}
