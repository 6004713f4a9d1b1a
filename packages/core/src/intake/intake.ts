import type { Clock } from '../clock';
import { GatewayError, toGatewayError } from '../errors/gateway-error';
import type { WorkspaceConfig } from '../gateway/workspace-config';
import type { WorkspaceSource } from '../gateway/workspace-source';
import { newId } from '../ids';
import type { Logger } from '../logger';
import type { InboundMessage } from '../messages/inbound-message';
import type { Observer } from '../observer';
import type { HeaderOf, WebhookPart } from '../provider/platform-webhook';
import type { ProviderFactory } from '../provider/provider';
import { Retries } from '../retries';
import type { Session } from '../session/session';
import type { SessionManager } from '../session/session-manager';
import type { IntakeEntry, QuarantinedEntry } from '../store/intake-store';
import type { Store } from '../store/store';
import { Backlog } from './backlog';
import { Proof } from './proof';
import { forwarded } from './read-entry';
import type { Seat, Seats } from './seat';
import { SeatBook } from './seat-book';

/** What the intake works with. */
export interface IntakeContext {
  /** Where state is. */
  readonly store: Store;
  /** The gateway's sessions. */
  readonly sessions: SessionManager;
  /** The workspaces as they are in force. */
  readonly source: WorkspaceSource;
  /** The providers, by type. */
  readonly factories: ReadonlyMap<string, ProviderFactory>;
  /** Time. */
  readonly clock: Clock;
  /** Chance. */
  readonly random: () => number;
  /** Log lines. */
  readonly logger: Logger;
  /** Metrics. */
  readonly observer: Observer;
}

/** What was posted to a webhook address. */
export interface PostedWebhook {
  /** What the address ends in: a workspace's or a session's id. */
  readonly identifier: string;
  /** The headers. */
  readonly header: HeaderOf;
  /** The body as it came. */
  readonly body: Uint8Array;
}

/**
 * The door for what platforms and the primary application bring to us. Whatever is genuine is durable
 * before its sender is told so, and is read by its session afterwards; what cannot be read, or belongs
 * to nobody, is set aside for a person to look at.
 */
export class Intake {
  readonly #context: IntakeContext;
  readonly #seats: SeatBook;
  readonly #retries: Retries;
  readonly #backlog: Backlog;

  /**
   * @internal Made by the gateway.
   * @param context what it works with
   */
  constructor(context: IntakeContext) {
    this.#context = context;
    this.#seats = new SeatBook(context);
    this.#retries = new Retries(context, {
      waits: { baseMs: 1_000, maxMs: 300_000 },
      later: 'what came in is read later',
      noRoom: 'what came in is read with the next of its kind, or after a restart',
    });
    this.#backlog = new Backlog({ ...context, retries: this.#retries });
  }

  /** @internal A workspace was changed: what was known of its addresses is out of date. */
  changed(): void {
    this.#seats.forget();
  }

  /** @internal Tries nothing again any more. Idempotent. */
  stop(): void {
    this.#retries.stop();
  }

  /**
   * Answers a platform's question whether an address is ours.
   * @returns the text to answer with
   * @throws GatewayError `not_found` when nobody is told by webhooks there, `forbidden` when the
   *   question is not genuine, `not_ready` while that cannot be told
   */
  async handshake(identifier: string, query: Readonly<Record<string, string>>): Promise<string> {
    const { seats, broken } = await this.#seatsAt(identifier);
    for (const { webhook, settings } of seats) {
      const answer = webhook.handshake(settings, query);
      if (answer !== undefined) return answer;
    }
    if (broken.length > 0) throw cannotTell();
    throw new GatewayError('forbidden', 'The verify token is not the one that was configured.');
  }

  /**
   * Takes what a platform posted. Resolves once it is durable.
   * @returns how many parts it was cut into, one for each account that it is about
   * @throws GatewayError `not_found`, `signature_invalid` when it is not genuine, `not_ready` while that
   *   cannot be told, `store_unavailable`
   */
  async receive({ identifier, header, body }: PostedWebhook): Promise<number> {
    const { seats, broken } = await this.#seatsAt(identifier);
    const proof = new Proof(header, body);
    const first = seats.find((seat) => proof.holds(seat));
    if (first === undefined) {
      if (broken.length > 0) throw cannotTell();
      const why = 'The payload is not signed by the app secret that was configured.';
      throw new GatewayError('signature_invalid', why);
    }
    let parts: readonly WebhookPart[];
    try {
      parts = first.webhook.split(body);
    } catch (thrown) {
      const error = toGatewayError(thrown, 'bad_request', 'The payload could not be read.');
      await this.#setAside(first, Buffer.from(body).toString(), error);
      return 0;
    }
    await this.#keep(first, parts, seats, proof);
    this.#context.observer.webhookReceived?.({ provider: first.source, parts: parts.length });
    return parts.length;
  }

  /**
   * Takes a message that the primary application forwards, for a session to record. Resolves once it
   * is durable. The same message twice is recorded once.
   * @param sessionId Default: the primary session
   * @returns the session that records it
   * @throws GatewayError `not_found`, `store_unavailable`
   */
  async forward(
    workspaceId: string,
    sessionId: string | undefined,
    message: InboundMessage,
  ): Promise<Session> {
    const config = await this.#config(workspaceId);
    const session = await this.#context.sessions.ensure(config, sessionId);
    const body = JSON.stringify(message);
    await this.#context.store.intake.put([this.#entry(workspaceId, session.id, forwarded, body)]);
    session.read();
    return session;
  }

  /** What was set aside, newest first. */
  quarantined(
    workspaceId: string,
    query: { readonly before?: string | undefined; readonly limit: number },
  ): Promise<readonly QuarantinedEntry[]> {
    return this.#context.store.intake.quarantined(workspaceId, query);
  }

  /**
   * Has an entry that was set aside read again.
   * @param sessionId the session that it is for. Default: the one that it was for, else the primary one
   * @throws GatewayError `not_found`
   */
  async release(workspaceId: string, entryId: string, sessionId?: string): Promise<void> {
    const { store, sessions } = this.#context;
    const config = await this.#config(workspaceId);
    const [entry] = await store.intake.quarantined(workspaceId, {
      before: `${entryId}~`,
      limit: 1,
    });
    if (entry?.entry_id !== entryId) throw nothingSetAside();
    const to = sessionId ?? (entry.session_id === '' ? undefined : entry.session_id);
    const session = await sessions.ensure(config, to);
    if (!(await store.intake.release(workspaceId, entryId, session.id))) throw nothingSetAside();
    session.read();
  }

  /**
   * Forgets an entry that was set aside. One that still waits to be read stays.
   * @throws GatewayError `not_found`
   */
  async discard(workspaceId: string, entryId: string): Promise<void> {
    if (!(await this.#context.store.intake.discard(workspaceId, entryId))) throw nothingSetAside();
  }

  /**
   * Has sessions read what came in for them and was not read: before this process began, or while they
   * were made anew. What is for a session that is configured no more is set aside. Where that cannot be
   * done now, it is tried again by itself. Never rejects.
   * @param workspaceId only this workspace's. Default: all
   */
  resume(workspaceId?: string): Promise<void> {
    const names = { workspace_id: workspaceId };
    return this.#retries.run(workspaceId ?? '', names, () => this.#backlog.readAll(workspaceId));
  }

  async #keep(
    first: Seat,
    parts: readonly WebhookPart[],
    seats: readonly Seat[],
    proof: Proof,
  ): Promise<void> {
    const { store } = this.#context;
    const entries: IntakeEntry[] = [];
    for (const part of parts) {
      const seat =
        proof.find(part, seats, first.source) ??
        proof.find(part, (await this.#seats.all()).seats, first.source);
      if (seat === undefined) {
        const why = 'No session has the account that this is about. Configure one, and release it.';
        await this.#setAside(first, part.body, new GatewayError('not_found', why));
      } else {
        entries.push(this.#entry(seat.workspaceId, seat.sessionId, seat.source, part.body));
      }
    }
    await store.intake.put(entries);
    // It is durable: whatever keeps its session from reading it now is not the sender's to hear.
    const own = new Map(entries.map((entry) => [entry.session_id, entry.workspace_id]));
    for (const [sessionId, workspaceId] of own) void this.#backlog.read({ workspaceId, sessionId });
  }

  async #setAside(seat: Seat, body: string, error: GatewayError): Promise<void> {
    const { store, clock, observer } = this.#context;
    const entry = this.#entry(seat.workspaceId, '', seat.source, body);
    await store.intake.quarantine({ ...entry, error: error.toJSON(), quarantined_at: clock.now() });
    observer.intakeQuarantined?.({ provider: seat.source, code: error.code });
  }

  #entry(workspaceId: string, sessionId: string, source: string, body: string): IntakeEntry {
    const now = this.#context.clock.now();
    return {
      entry_id: newId('in', now),
      workspace_id: workspaceId,
      session_id: sessionId,
      source,
      body,
      received_at: now,
    };
  }

  async #config(workspaceId: string): Promise<WorkspaceConfig> {
    const config = await this.#context.source.get(workspaceId);
    if (config !== undefined) return config;
    throw new GatewayError('not_found', 'There is no such workspace.');
  }

  async #seatsAt(identifier: string): Promise<Seats> {
    const here = await this.#seats.at(identifier);
    if (here.seats.length + here.broken.length > 0) return here;
    const why = 'Nobody here is told by webhooks under this address.';
    throw new GatewayError('not_found', why);
  }
}

/** Whoever posts comes again, until somebody has mended the configuration. */
function cannotTell(): GatewayError {
  const why =
    'The configuration that this address belongs to cannot be read; the log says why. Come again later.';
  return new GatewayError('not_ready', why, { retryAfterMs: 60_000 });
}

function nothingSetAside(): GatewayError {
  return new GatewayError('not_found', 'There is no such entry among those set aside.');
}
