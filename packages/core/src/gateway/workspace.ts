import { GatewayError } from '../errors/gateway-error';
import type { GatewayEvent } from '../events/event';
import { type FollowOptions, follow } from '../events/follow';
import { isSettled } from '../messages/receipt';
import type { Decision } from '../outbox/decision';
import type { MessageRecord } from '../outbox/message-record';
import type { MessageWatch } from '../outbox/message-watch';
import type { Session } from '../session/session';
import type { EventPage, EventQuery } from '../store/event-store';
import type { MessageQuery } from '../store/outbox-store';
import {
  type AcceptContext,
  type Accepted,
  acceptMessage,
  type SendOptions,
} from './accept-message';
import type { WorkspaceConfig } from './workspace-config';

/** What a workspace handle works with. */
export interface WorkspaceContext extends AcceptContext {
  /** Who waits for messages. */
  readonly watch: MessageWatch;
}

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
  send(request: unknown, options: SendOptions = {}): Promise<Accepted> {
    return acceptMessage(this.id, request, options, this.#context);
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
}

function notFound(what: string): GatewayError {
  return new GatewayError('not_found', `There is no such ${what}.`);
}
