import type { Database, Statement, Value } from './database';

/** How many rows one statement writes at most. Beyond this, longer statements gain nothing. */
const MOST_ROWS = 32;

/** How many rows are kept for later at most. */
const KEPT_ROWS = 1_024;

/**
 * Collects rows for one table and writes them with few statements: a call into the driver costs
 * more than the row.
 */
export class RowWriter {
  readonly #database: Database;
  readonly #head: string;
  readonly #row: string;
  readonly #tail: string;
  /** The statements' texts, by how many rows they write. */
  readonly #texts = new Map<number, string>();
  readonly #width: number;
  /** The values of the rows, one row after the other. */
  #values: Value[] = [];

  /**
   * @param database where to
   * @param head how the statement begins, such as `INSERT INTO events`
   * @param columns the table's columns, in the order of the rows
   * @param tail how the statement ends, such as `ON CONFLICT DO NOTHING`
   */
  constructor(database: Database, head: string, columns: readonly string[], tail: string = '') {
    this.#database = database;
    this.#head = `${head} (${columns.join(', ')}) VALUES `;
    this.#tail = ` ${tail}`;
    this.#width = columns.length;
    this.#row = `(${columns.map(() => '?').join(', ')})`;
  }

  /** Puts a row down for the next {@link RowWriter.flush}; inside a transaction, which may come by itself. */
  add(row: readonly Value[]): void {
    for (const value of row) this.#values.push(value);
    if (this.#values.length >= KEPT_ROWS * this.#width) this.flush();
  }

  /** Writes what was put down. */
  flush(): void {
    const values = this.#values;
    this.#values = [];
    for (let at = 0; at < values.length; ) {
      // Lengths are powers of two, so that there are few statements to prepare.
      const left = (values.length - at) / this.#width;
      const count = Math.min(MOST_ROWS, 2 ** Math.floor(Math.log2(left)));
      const end = at + count * this.#width;
      this.#statement(count).run(values.slice(at, end));
      at = end;
    }
  }

  /** Forgets what was put down. */
  discard(): void {
    this.#values = [];
  }

  #statement(count: number): Statement {
    const text =
      this.#texts.get(count) ?? this.#head + Array(count).fill(this.#row).join(', ') + this.#tail;
    this.#texts.set(count, text);
    return this.#database.prepare(text);
  }
}
