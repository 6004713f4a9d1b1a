import { hash } from 'node:crypto';
import type { Database } from './database';
import { PlaceIndex } from './place-index';
import { RowWriter } from './row-writer';

/** How many bytes of a name's hash are kept: two names never share them. */
const HASH = 16;
/** How many bytes say when it ends, in milliseconds since 1970. */
const END = 6;
const ENTRY = HASH + END;
/** How many bytes of a hash, its first, the index in memory gets. */
const INDEXED = 5;
const LATEST_END = 2 ** (8 * END) - 1;

/** How many names one row holds at most. */
const ROW_NAMES = 256;

/** How many rows are read at once. */
const PAGE = 1_000;

/**
 * After how many written rows those that have ended are looked for, how many are looked at, and how many
 * for each that was written: more than one, so that no row stays for ever.
 */
const SWEEP = { every: 64, rows: 500, perRow: 4 } as const;

/** A name that the coming commit brings. */
interface Entry {
  readonly hash: string;
  readonly place: number;
  readonly endsAt: number;
}

/**
 * Remembers names, each until its end: on disk their hashes in the order in which they came, many
 * to a row, and in memory where each hash is. Names are random: in an index on the disk each would
 * change a page of its own, and nearly every look at it would be for nothing.
 */
export class NameLog {
  readonly #database: Database;
  readonly #table: string;
  readonly #rows: RowWriter;
  #seed = '';
  #index = new PlaceIndex();
  #nextPlace = 1;
  #fresh: Entry[] = [];
  readonly #latest = new Map<string, Entry>();
  #now = 0;
  /** How many rows were written since rows were looked at. */
  #written: number = SWEEP.every;
  /** The place from which rows are looked at next. */
  #swept = 0;

  /**
   * @param database where they are
   * @param table a table of `place, ends_at, names`
   */
  constructor(database: Database, table: string) {
    this.#database = database;
    this.#table = table;
    this.#rows = new RowWriter(database, `INSERT INTO ${table}`, ['place', 'ends_at', 'names']);
  }

  /** Reads what is written down. */
  load(): void {
    // Nobody outside knows the seed, so that nobody can choose names that get in each other's way.
    const seed = "SELECT CAST(value AS TEXT) FROM marks WHERE name = 'name_seed'";
    this.#seed = String(this.#database.prepare(seed).get([])?.[0]);
    this.#index = new PlaceIndex();
    this.#nextPlace = 1;
    const sql = `SELECT place, names FROM ${this.#table} WHERE place >= ? ORDER BY place LIMIT ${PAGE}`;
    const page = this.#database.prepare(sql);
    for (let count = PAGE; count === PAGE; ) {
      const rows = page.all([this.#nextPlace]);
      for (const [place, names] of rows) this.#remember(Number(place), names as Buffer);
      count = rows.length;
    }
  }

  /** What a name goes by here. */
  hashOf(name: string): string {
    return hash('sha256', this.#seed + name, 'binary').slice(0, HASH);
  }

  /** The place of the name with this hash; `undefined` when it is not remembered. */
  find(hash: string, now: number): number | undefined {
    this.#now = now;
    const latest = this.#latest.get(hash);
    if (latest !== undefined) return latest.endsAt > now ? latest.place : undefined;
    return this.#index.find(indexed(hash)).find((place) => (this.#endOf(hash, place) ?? 0) > now);
  }

  /**
   * Puts a name down for the coming commit.
   * @param place a whole number higher than those before; the next one when it is left out
   */
  add(hash: string, endsAt: number, place: number = this.#nextPlace): void {
    const entry = { hash, place, endsAt: Math.min(endsAt, LATEST_END) };
    this.#nextPlace = place + 1;
    this.#fresh.push(entry);
    this.#latest.set(hash, entry);
  }

  /** Writes what was put down. */
  flush(): void {
    if (this.#fresh.length === 0) return;
    for (let at = 0; at < this.#fresh.length; ) {
      const row = this.#rowFrom(at);
      const ends = row.map(({ endsAt }) => endsAt);
      this.#rows.add([row[0]?.place ?? 0, Math.max(...ends), encode(row)]);
      this.#written += 1;
      at += row.length;
    }
    this.#rows.flush();
    if (this.#written >= SWEEP.every) this.#sweep();
  }

  /** The commit has what was put down. */
  committed(): void {
    for (const { hash, place, endsAt } of this.#fresh) {
      this.#index.add(indexed(hash), place, endsAt);
    }
    this.#index.forget(this.#now);
    this.reset();
  }

  /** The commit came to nothing. */
  reset(): void {
    this.#rows.discard();
    this.#fresh = [];
    this.#latest.clear();
  }

  /** As many names as fit into one row: their places follow each other. */
  #rowFrom(at: number): readonly Entry[] {
    const first = this.#fresh[at]?.place ?? 0;
    const row = this.#fresh.slice(at, at + ROW_NAMES);
    const gap = row.findIndex(({ place }, index) => place !== first + index);
    return gap < 0 ? row : row.slice(0, gap);
  }

  #remember(place: number, names: Buffer): void {
    for (let at = 0, next = place; at < names.length; at += ENTRY, next++) {
      const endsAt = names.readUIntBE(at + HASH, END);
      this.#index.add(names.readUIntBE(at, INDEXED), next, endsAt);
      this.#nextPlace = next + 1;
    }
  }

  /** When the name at a place ends; `undefined` when another is there, or none. */
  #endOf(hash: string, place: number): number | undefined {
    const sql = `SELECT place, names FROM ${this.#table} WHERE place <= ? ORDER BY place DESC LIMIT 1`;
    const row = this.#database.prepare(sql).get([place]);
    if (row === undefined) return undefined;
    const names = row[1] as Buffer;
    const at = (place - Number(row[0])) * ENTRY;
    if (names.toString('latin1', at, at + HASH) !== hash) return undefined;
    return names.readUIntBE(at + HASH, END);
  }

  /**
   * Looks at one stretch of rows after the other, round and round: the clock may have been ahead for a
   * while, and rows that end in years stand before those that have ended.
   */
  #sweep(): void {
    const limit = Math.max(SWEEP.rows, SWEEP.perRow * this.#written);
    this.#written = 0;
    const stretch = `SELECT place FROM ${this.#table} WHERE place >= ? ORDER BY place LIMIT ?`;
    const sql = `SELECT max(place), count(*) FROM (${stretch})`;
    const [last = null, count = 0] = this.#database.prepare(sql).get([this.#swept, limit]) ?? [];
    const ended = `DELETE FROM ${this.#table} WHERE place BETWEEN ? AND ? AND ends_at <= ?`;
    this.#database.prepare(ended).run([this.#swept, last, this.#now]);
    this.#swept = Number(count) < limit ? 0 : Number(last) + 1;
  }
}

/** What {@link Buffer.readUIntBE} would read of a hash. */
function indexed(hash: string): number {
  let number = 0;
  for (let at = 0; at < INDEXED; at++) number = number * 256 + hash.charCodeAt(at);
  return number;
}

function encode(row: readonly Entry[]): Buffer {
  const names = Buffer.allocUnsafe(row.length * ENTRY);
  for (const [index, { hash, endsAt }] of row.entries()) {
    names.write(hash, index * ENTRY, HASH, 'latin1');
    names.writeUIntBE(endsAt, index * ENTRY + HASH, END);
  }
  return names;
}
