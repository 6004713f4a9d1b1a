import type { Template } from '../world/template';

/** How long the name of a deleted template rests before it can be taken again, in its language. */
const restMs = 30 * 86_400_000;

/** The names of templates that were deleted after their approval. */
export class RestingNames {
  readonly #until = new Map<string, number>();

  /** A template was deleted. */
  add({ wabaId, name, language }: Readonly<Template>, now: number): void {
    this.#until.set(`${wabaId}/${name}/${language}`, now + restMs);
  }

  /** Whether a name cannot be taken yet. */
  has(wabaId: string, name: string, language: string, now: number): boolean {
    return (this.#until.get(`${wabaId}/${name}/${language}`) ?? 0) > now;
  }
}
