/** A message that the simulated Meta accepted from a business: somebody may see it. */
export interface GraphEffect {
  /** The message's id, `wamid.…`. */
  readonly id: string;
  /** The business number that sent it. */
  readonly phoneNumberId: string;
  /** The recipient's digits. */
  readonly to: string;
  /** The type, such as `text` or `template`. */
  readonly type: string;
  /** The request's `biz_opaque_callback_data`. */
  readonly callbackData?: string;
  /** The request's body. */
  readonly message: Readonly<Record<string, unknown>>;
  /** When it was accepted, in milliseconds since 1970. */
  readonly time: number;
}

/** Every effect in the order in which it was made. Two of one intended message are a double. */
export class GraphLedger {
  readonly #effects: GraphEffect[] = [];
  readonly #byId = new Map<string, GraphEffect>();

  /** Everything so far. */
  get all(): readonly GraphEffect[] {
    return this.#effects;
  }

  /** Writes one more. */
  record(effect: GraphEffect): void {
    this.#effects.push(effect);
    this.#byId.set(effect.id, effect);
  }

  /** One by its message's id. */
  get(id: string): GraphEffect | undefined {
    return this.#byId.get(id);
  }
}
