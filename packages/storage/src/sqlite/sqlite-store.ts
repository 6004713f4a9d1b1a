import type {
  DeliveryStore,
  Durability,
  EventStore,
  IntakeStore,
  LeaseStore,
  NonceStore,
  OutboxStore,
  SessionStore,
  Store,
  WorkspaceStore,
} from '@blazz/core';
import { Committer } from './committer';
import { Database } from './database';
import { LogSync } from './log-sync';
import { openDatabase } from './open-database';
import { SqliteDeliveries } from './sqlite-deliveries';
import { SqliteEvents } from './sqlite-events';
import { SqliteIntake } from './sqlite-intake';
import { SqliteLeases } from './sqlite-leases';
import { SqliteNonces } from './sqlite-nonces';
import { SqliteOutbox } from './sqlite-outbox';
import { SqliteSessions } from './sqlite-sessions';
import { SqliteWorkspaces } from './sqlite-workspaces';
import { storageError } from './storage-error';

/** How {@link sqliteStore} keeps its state. */
export interface SqliteStoreOptions {
  /** The database file; it and its folder are made when they are missing. Put it on a local disk. */
  readonly path: string;
  /**
   * After how many 4 KiB pages the log is written back into the database, which takes a moment in
   * which nothing else is done. Default: 1000.
   */
  readonly checkpointPages?: number;
}

/**
 * A store in one SQLite file. Each answer comes after the sync of the log that holds its write: it
 * survives the process, `kill -9` and a power cut. One process owns the file.
 */
export class SqliteStore implements Store {
  /** Always `disk`. */
  readonly durability: Durability = 'disk';
  /** Messages owed to WhatsApp. */
  readonly outbox: OutboxStore;
  /** The event log. */
  readonly events: EventStore;
  /** What is known of sessions. */
  readonly sessions: SessionStore;
  /** Who owns a session. */
  readonly leases: LeaseStore;
  /** Nonces of signed requests. */
  readonly nonces: NonceStore;
  /** Configurations of workspaces. */
  readonly workspaces: WorkspaceStore;
  /** Webhook endpoints, and what they have yet to take. */
  readonly deliveries: DeliveryStore;
  /** What came in from outside and was not read yet. */
  readonly intake: IntakeStore;
  readonly #options: SqliteStoreOptions;
  readonly #database = new Database();
  readonly #committer: Committer;
  #log: LogSync | undefined;
  #stopping: Promise<void> | undefined;

  /** @param options where to keep it */
  constructor(options: SqliteStoreOptions) {
    const database = this.#database;
    const committer = new Committer(database);
    const leases = new SqliteLeases(database, committer);
    const events = new SqliteEvents(database, committer, leases);
    const outbox = new SqliteOutbox(database, committer, leases, events);
    const nonces = new SqliteNonces(database, committer);
    for (const part of [leases, outbox, events, nonces]) committer.add(part);
    this.#options = options;
    this.#committer = committer;
    this.outbox = outbox;
    this.events = events;
    this.leases = leases;
    this.nonces = nonces;
    this.sessions = new SqliteSessions(database, committer, leases);
    this.workspaces = new SqliteWorkspaces(database, committer, events);
    this.deliveries = new SqliteDeliveries(database, committer, events);
    this.intake = new SqliteIntake(database, committer);
  }

  /**
   * Opens the file, once a stop that is under way is over. A store that is open stays as it is.
   * @throws GatewayError `store_unavailable`: another process has it, or it is damaged, cut off,
   *   empty, another program's, a newer version's or not writable; the message says what to do
   */
  async start(): Promise<void> {
    await this.#stopping;
    if (this.#log !== undefined) return;
    openDatabase(this.#database, this.#options);
    try {
      this.#log = new LogSync(`${this.#database.path}-wal`);
      this.#committer.open(this.#log);
    } catch (error) {
      await this.stop();
      throw storageError(error);
    }
  }

  /** Writes what is pending, and closes the file. Idempotent. */
  stop(): Promise<void> {
    // All who stop it wait for the one end: its last commit needs the log.
    this.#stopping ??= this.#stop().finally(() => {
      this.#stopping = undefined;
    });
    return this.#stopping;
  }

  /** Same as {@link SqliteStore.stop}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #stop(): Promise<void> {
    await this.#committer.close();
    await this.#log?.close();
    this.#log = undefined;
    this.#database.close();
  }
}

/** Makes a {@link SqliteStore}. */
export function sqliteStore(options: SqliteStoreOptions): SqliteStore {
  return new SqliteStore(options);
}
