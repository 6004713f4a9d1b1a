import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock';
import { digestOf } from '../digest';
import { GatewayError, isGatewayError } from '../errors/gateway-error';
import type { GatewayEvent } from '../events/event';
import { type FollowOptions, follow } from '../events/follow';
import { newId } from '../ids';
import {
  assertInTime,
  type ParsedSendRequest,
  parseSendRequest,
} from '../messages/parse-send-request';
import { isSettled } from '../messages/receipt';
import type { Observer } from '../observer';
import type { Decision } from '../outbox/decision';
import type { MessageRecord, NewMessage } from '../outbox/message-record';
import type { MessageWatch } from '../outbox/message-watch';
import type { Session } from '../session/session';
import type { SessionManager } from '../session/session-manager';
import type { EventPage, EventQuery } from '../store/event-store';
import type { MessageQuery } from '../store/outbox-store';
import type { Store } from '../store/store';
import type { WorkspaceConfig } from './workspace-config';
import type { WorkspaceSource } from './workspace-source';

/** How to send. */
export interface SendOptions {
  /** The session to send by. Default: the workspace's primary one. */
  readonly sessionId?: string | undefined;
  /**
   * 16 to 128 letters, digits, `_` or `-`. The same key and message again gives the first one's
   * answer instead of a second message. Minted when left out. Remembered for 72 hours.
   */
  readonly idempotencyKey?: string | undefined;
}

/** A message that the gateway owes to WhatsApp. */
export interface Accepted {
  /** The message as it stands. */
  readonly message: MessageRecord;
  /** The key under which it was accepted. */
  readonly idempotencyKey: string;
  /** Whether it had been accepted before, under the same key. */
  readonly replayed: boolean;
}

/** What a workspace handle works with. */
export interface WorkspaceContext {
  /** Where state is. */
  readonly store: Store;
  /** The gateway's sessions. */
  readonly sessions: SessionManager;
  /** Where configurations come from. */
  readonly source: WorkspaceSource;
  /** Who waits for messages. */
  readonly watch: MessageWatch;
  /** Whether the gateway takes messages. */
  readonly isOpen: () => boolean;
  /** Time. */
  readonly clock: Clock;
  /** Metrics. */
  readonly observer: Observer;
}

/** How long an idempotency key is remembered, in milliseconds: 72 hours. */
const KEY_TTL_MS = 72 * 3_600_000;

/** The shape of an idempotency key. */
export const idempotencyKeyPattern: RegExp = /^[A-Za-z0-9_-]{16,128}$/;

/** One tenant, as its application sees it: nothing of another tenant can be reached through it. */
export class Workspace {
  /** The tenant's id. */
  readonly id: string;
  readonly #context: WorkspaceContext;

  /**
   * @internal Ask a gateway for one.
   * @param id the tenant's id
   * @param context what the handle works with
   */
  constructor(id: string, context: WorkspaceContext) {
    this.id = id;
    this.#context = context;
  }

  /**
   * The workspace's configuration.
   * @throws GatewayError `not_found`
   */
  async config(): Promise<WorkspaceConfig> {
    const config = await this.#context.source.get(this.id);
    if (config === undefined) throw notFound('workspace');
    return config;
  }

  /**
   * Accepts a message: once this resolves, the message is as durable as the store, and will be sent
   * as soon as the session is ready, once.
   * @param request a {@link SendRequest}; checked here
   * @throws GatewayError `invalid_message`, `invalid_recipient`, `unsupported_content`,
   *   `idempotency_mismatch`, `bad_request`, `not_found`, `store_unavailable`, `shutting_down`
   */
  async send(request: unknown, options: SendOptions = {}): Promise<Accepted> {
    const { store, clock, isOpen } = this.#context;
    if (!isOpen()) throw new GatewayError('shutting_down', 'The gateway is stopping; send later.');
    const parsed = parseSendRequest(request);
    const idempotencyKey = checkedKey(options.idempotencyKey);
    // What the caller said, not what it means today: a repeat is the same request, whatever changed.
    const digest = digestOf([options.sessionId ?? null, parsed]);
    try {
      return await this.#accept(parsed, options.sessionId, idempotencyKey, digest);
    } catch (refusal) {
      const isRepeat = options.idempotencyKey !== undefined && isGatewayError(refusal);
      if (!isRepeat || refusal.retryable) throw refusal;
      // It may have been accepted when there was nothing to refuse yet.
      const earlier = await store.outbox.replay(this.id, idempotencyKey, digest, clock.now());
      if (earlier?.kind !== 'replayed') throw refusal;
      return { message: earlier.message, idempotencyKey, replayed: true };
    }
  }

  async #accept(
    parsed: ParsedSendRequest,
    sessionId: string | undefined,
    idempotencyKey: string,
    digest: string,
  ): Promise<Accepted> {
    const { store, clock, observer } = this.#context;
    const now = clock.now();
    assertInTime(parsed, now);
    const config = await this.config();
    const session = await this.#context.sessions.ensure(config, sessionId);
    const { type } = parsed.content;
    if (!session.provider.capabilities.messageTypes.includes(type)) {
      const types = session.provider.capabilities.messageTypes.join(', ');
      const why = `This session's provider cannot send ${type} messages; it can send ${types}.`;
      throw new GatewayError('unsupported_content', why, { details: { path: 'type' } });
    }
    const message = this.#newMessage(parsed, session.id, idempotencyKey, now);
    const accepted = await store.outbox.accept(message, digest, KEY_TTL_MS);
    if (accepted.kind === 'mismatch') {
      const why =
        'This idempotency key was used for another message; take a new key for a new message.';
      throw new GatewayError('idempotency_mismatch', why);
    }
    const replayed = accepted.kind === 'replayed';
    if (!replayed) observer.messageAccepted?.({ type, provider: config.provider_type });
    // By name: a new configuration may have put another object in the session's place. And after a
    // replay too: it may be all that is left of an answer that was lost on its way from the store.
    this.#context.sessions.wake(session.id);
    return { message: accepted.message, idempotencyKey, replayed };
  }

  /**
   * Waits until a message has settled: sent, refused, expired, or unknown.
   * @param options.timeoutMs how long at most, in milliseconds
   * @returns the message as it stands then, settled or not
   * @throws GatewayError `not_found`
   */
  async settled(
    messageId: string,
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
  ): Promise<MessageRecord> {
    // Watch before looking, so that nothing falls between the two.
    const wait = this.#context.watch.settled(messageId, options.timeoutMs, options.signal);
    try {
      const now = await this.message(messageId);
      if (isSettled(now.status)) return now;
      return (await wait.record) ?? (await this.message(messageId));
    } finally {
      wait.end();
    }
  }

  /**
   * A message, its attempts and how it stands.
   * @throws GatewayError `not_found`
   */
  async message(messageId: string): Promise<MessageRecord> {
    const message = await this.#context.store.outbox.get(this.id, messageId);
    if (message === undefined) throw notFound('message');
    return message;
  }

  /**
   * Messages, newest first.
   * @throws GatewayError `not_found` when there is no such workspace
   */
  async messages(query: MessageQuery): Promise<readonly MessageRecord[]> {
    await this.config();
    return this.#context.store.outbox.list(this.id, query);
  }

  /**
   * Decides on a message that is `unknown`, for somebody who looked into the chat.
   * @param by who decides, for the record: the id of a key, or a name
   * @throws GatewayError `not_found`, or `conflict` when the message is not `unknown` any more
   */
  async decide(messageId: string, decision: Decision, by: string): Promise<MessageRecord> {
    const { store, clock, watch, sessions } = this.#context;
    const request = { workspaceId: this.id, messageId, decision, by, now: clock.now() };
    const decided = await store.outbox.decide(request);
    if (decided === undefined) throw notFound('message');
    const { record, changed } = decided;
    if (!changed) {
      const why = `Only a message that is unknown can be decided on; this one is ${record.status}.`;
      throw new GatewayError('conflict', why, { details: { status: record.status } });
    }
    watch.notify(record);
    sessions.wake(record.session_id);
    return record;
  }

  /**
   * A session of the workspace. Default: the primary one.
   * @throws GatewayError `not_found`
   */
  async session(sessionId?: string): Promise<Session> {
    return this.#context.sessions.ensure(await this.config(), sessionId);
  }

  /** Every session of the workspace, the primary one first. */
  async sessions(): Promise<readonly Session[]> {
    const config = await this.config();
    const { sessions } = this.#context;
    return Promise.all(
      config.sessions.map(({ session_id }) => sessions.ensure(config, session_id)),
    );
  }

  /**
   * A stretch of the workspace's event log.
   * @throws GatewayError `not_found` when there is no such workspace
   */
  async events(query: EventQuery): Promise<EventPage> {
    await this.config();
    return this.#context.store.events.read(this.id, query);
  }

  /** Reads the workspace's event log as it grows, at the reader's own speed. */
  follow(options: FollowOptions = {}): AsyncGenerator<GatewayEvent, void, undefined> {
    return follow(this.#context.store.events, this.id, options, this.#context.clock);
  }

  #newMessage(
    parsed: ParsedSendRequest,
    sessionId: string,
    idempotencyKey: string,
    now: number,
  ): NewMessage {
    const { reply_to, send_at, expires_at } = parsed;
    return {
      message_id: newId('msg', now),
      workspace_id: this.id,
      session_id: sessionId,
      recipient: parsed.recipient,
      content: parsed.content,
      lane: parsed.lane,
      on_ambiguous: parsed.on_ambiguous,
      idempotency_key: idempotencyKey,
      created_at: now,
      ...(reply_to === undefined ? {} : { reply_to }),
      ...(send_at === undefined ? {} : { send_at }),
      ...(expires_at === undefined ? {} : { expires_at }),
    };
  }
}

function checkedKey(key: string | undefined): string {
  if (key === undefined) return randomUUID();
  if (idempotencyKeyPattern.test(key)) return key;
  const why = 'An idempotency key is 16 to 128 letters, digits, "_" or "-".';
  throw new GatewayError('bad_request', why, { details: { field: 'Idempotency-Key' } });
}

function notFound(what: string): GatewayError {
  return new GatewayError('not_found', `There is no such ${what}.`);
}
