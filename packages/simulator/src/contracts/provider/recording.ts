import type { LogFields, LogFunction, Logger, ProviderEvent } from '@blazz/core';

type EventOf<T extends ProviderEvent['type']> = Extract<ProviderEvent, { type: T }>;

/** What one provider reported and logged, in order, and who waits for more. */
export class Recording {
  readonly #events: ProviderEvent[] = [];
  readonly #lines: string[] = [];
  readonly #listeners = new Set<() => void>();

  /** Everything that was reported. */
  get events(): readonly ProviderEvent[] {
    return this.#events;
  }

  /** Everything that was logged, as text. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Takes a report. */
  readonly emit = (event: ProviderEvent): void => {
    this.#events.push(event);
    for (const listener of [...this.#listeners]) listener();
  };

  /** Takes log lines. */
  get logger(): Logger {
    const write: LogFunction = (message, fields) => this.#lines.push(`${message} ${text(fields)}`);
    return { debug: write, info: write, warn: write, error: write };
  }

  /** The reports of one type. */
  all<T extends ProviderEvent['type']>(type: T): readonly EventOf<T>[] {
    return this.#events.filter((event): event is EventOf<T> => event.type === type);
  }

  /** Resolves with the first report, past or to come, that fits. */
  next<T extends ProviderEvent['type']>(
    type: T,
    timeoutMs: number,
    fits: (event: EventOf<T>) => boolean = () => true,
  ): Promise<EventOf<T>> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.all(type).find(fits);
        if (found === undefined) return;
        end();
        resolve(found);
      };
      const timer = setTimeout(() => {
        end();
        const seen = this.#events.map((event) => event.type).join(', ') || 'nothing';
        reject(new Error(`No fitting "${type}" within ${timeoutMs} ms. Reported so far: ${seen}.`));
      }, timeoutMs);
      const end = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(look);
      };
      this.#listeners.add(look);
      look();
    });
  }
}

function text(fields: LogFields = {}): string {
  const { error, ...rest } = fields;
  return `${JSON.stringify(rest)} ${error instanceof Error ? `${error.name} ${error.message}` : ''}`;
}
