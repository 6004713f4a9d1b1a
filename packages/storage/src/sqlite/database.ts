import { statSync } from 'node:fs';
import { GatewayError } from '@blazz/core';
import Libsql from 'libsql';

/** A value that a column can hold. */
export type Value = string | number | Buffer | null;

/** A row, its values in the order of the columns asked for. */
export type Row = readonly Value[];

/** A statement that was prepared once and runs often. */
export interface Statement {
  /** Runs it for its effect. */
  run(params: readonly Value[]): { readonly changes: number };
  /** The first row. */
  get(params: readonly Value[]): Row | undefined;
  /** Every row. */
  all(params: readonly Value[]): readonly Row[];
}

/**
 * The files that this process has open. Locks are the process's own, as these are: whoever opens such
 * a file again, be it to look, and closes it, lets go of the lock that the first one holds.
 */
const openHere = new Set<string>();

/** Whether a file is open as a database in this process: it must not be opened again. */
export function isOpenHere(path: string): boolean {
  return openHere.has(identityOf(path));
}

/** One connection to one file, with its statements prepared once each. */
export class Database {
  #connection: Libsql.Database | undefined;
  #identity = '';
  readonly #statements = new Map<string, Statement>();

  /** Opens a file, and makes it when there is none. */
  open(path: string): void {
    this.#connection = new Libsql(path);
    this.#identity = identityOf(path);
    openHere.add(this.#identity);
  }

  /** Where the file is, links followed: the log lies beside it. */
  get path(): string {
    return String(this.prepare('PRAGMA database_list').get([])?.[2]);
  }

  /** Runs statements that take and give nothing. */
  exec(sql: string): void {
    this.#open().exec(sql);
  }

  /** Reads or sets a pragma. */
  pragma(text: string): Value | undefined {
    return this.prepare(`PRAGMA ${text}`).get([])?.[0];
  }

  /** A statement; the same object for the same text. */
  prepare(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const prepared = this.#open().prepare(sql);
    // Rows as arrays: objects would carry a property of the driver's own beside the columns.
    const raw = prepared.reader ? prepared.raw() : prepared;
    const statement: Statement = {
      run: (params) => raw.run(params),
      get: (params) => raw.get(params) as Row | undefined,
      all: (params) => raw.all(params) as readonly Row[],
    };
    this.#statements.set(sql, statement);
    return statement;
  }

  /** Closes the file. Idempotent. */
  close(): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    try {
      // The driver keeps the connection until its statements are collected. Its lock must not last
      // as long, and can only be given up outside of the write-ahead mode.
      this.pragma('journal_mode = DELETE');
      this.pragma('locking_mode = NORMAL');
      this.prepare('SELECT count(*) FROM sqlite_master').get([]);
    } catch {
      // A database that failed is closed as it is: the next start recovers it.
    }
    this.#connection = undefined;
    this.#statements.clear();
    connection.close();
    openHere.delete(this.#identity);
  }

  #open(): Libsql.Database {
    if (this.#connection !== undefined) return this.#connection;
    throw new GatewayError('store_unavailable', 'The store is not open; start it first.');
  }
}

/** What a file is known by, whatever leads to it; empty when there is none. */
function identityOf(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? '' : `${found.dev}:${found.ino}`;
}
