import type { ModelParts } from '../page';
import type { Attributes, Collection, Emitter, Model, ModelSource } from '../things';

type Listener = (...args: never[]) => unknown;

/**
 * WhatsApp Web's data layer: emitters, models and collections that behave as Backbone's do.
 * `change:<attribute>` comes before `change`, and what happens to a model also happens to its
 * collections. Served to the browser as source: refers to nothing outside itself.
 */
export function models(): ModelParts {
  class PageEmitter implements Emitter {
    readonly #listeners = new Map<string, Set<{ run: Listener; origin: Listener }>>();

    on(names: string, listener: Listener): this {
      return this.#listen(names, listener, listener);
    }

    once(names: string, listener: Listener): this {
      const run: Listener = (...args) => {
        this.off(names, listener);
        return listener(...args);
      };
      return this.#listen(names, run, listener);
    }

    off(names: string, listener?: Listener): this {
      for (const name of names.split(/\s+/)) {
        const entries = this.#listeners.get(name);
        for (const entry of entries ?? []) {
          if (!listener || entry.origin === listener) entries?.delete(entry);
        }
      }
      return this;
    }

    trigger(name: string, ...args: unknown[]): this {
      for (const entry of [...(this.#listeners.get(name) ?? [])]) {
        // A listener that throws must not keep the others from hearing.
        try {
          (entry.run as (...args: unknown[]) => unknown)(...args);
        } catch (error) {
          console.error(error);
        }
      }
      return this;
    }

    #listen(names: string, run: Listener, origin: Listener): this {
      for (const name of names.split(/\s+/)) {
        const entries = this.#listeners.get(name) ?? new Set();
        entries.add({ run, origin });
        this.#listeners.set(name, entries);
      }
      return this;
    }
  }

  /** Plain, acyclic data: what may cross to Node. */
  function plain(value: unknown): unknown {
    if (value instanceof PageModel) return value.serialize();
    if (value instanceof PageCollection) return value.getModelsArray().map((model) => model.id);
    if (value instanceof Uint8Array || value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map(plain);
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => typeof member !== 'function')
        .map(([key, member]) => [key, plain(member)]),
    );
  }

  class PageModel extends PageEmitter implements Model {
    readonly #homes = new Set<PageCollection>();
    declare id: ModelSource['id'];

    constructor(attributes: Attributes) {
      super();
      Object.assign(this, attributes);
    }

    set(attributes: Attributes): this {
      const own = this as unknown as Attributes;
      const changed = Object.entries(attributes)
        .filter(([key, value]) => own[key] !== value)
        .map(([key, value]) => ({ key, value, previous: own[key] }));
      for (const { key, value } of changed) own[key] = value;
      for (const { key, value, previous } of changed) {
        this.trigger(`change:${key}`, this, value, previous);
      }
      if (changed.length > 0) this.trigger('change', this);
      return this;
    }

    override trigger(name: string, ...args: unknown[]): this {
      super.trigger(name, ...args);
      for (const home of this.#homes) home.trigger(name, ...args);
      return this;
    }

    joined(home: PageCollection): void {
      this.#homes.add(home);
    }

    left(home: PageCollection): void {
      this.#homes.delete(home);
    }

    serialize(): Attributes {
      return plain({ ...this }) as Attributes;
    }

    toJSON(): Attributes {
      return this.serialize();
    }

    unsafe(): this {
      return this;
    }
  }

  class PageCollection extends PageEmitter implements Collection {
    readonly #models = new Map<string, PageModel>();
    readonly modelClass = PageModel;
    declare comparator?: (a: never, b: never) => number;

    get length(): number {
      return this.#models.size;
    }

    add(model: Model): Model {
      const key = String(model.id._serialized);
      const known = this.#models.get(key);
      if (known) return known;
      this.#models.set(key, model as PageModel);
      (model as PageModel).joined(this);
      this.trigger('add', model);
      return model;
    }

    get(id: unknown): Model | undefined {
      const key = typeof id === 'string' ? id : (id as { _serialized?: string })?._serialized;
      return key === undefined ? undefined : this.#models.get(key);
    }

    async find(id: unknown): Promise<Model | undefined> {
      return this.get(id);
    }

    remove(model: Model): void {
      if (!this.#models.delete(String(model.id._serialized))) return;
      this.trigger('remove', model);
      (model as PageModel).left(this);
    }

    getModelsArray(): Model[] {
      const list = [...this.#models.values()];
      return this.comparator ? list.sort(this.comparator as (a: Model, b: Model) => number) : list;
    }

    serialize(): unknown[] {
      return this.getModelsArray().map((model) => model.serialize());
    }

    toJSON(): unknown[] {
      return this.serialize();
    }
  }

  return { Emitter: PageEmitter, Model: PageModel, Collection: PageCollection };
}
