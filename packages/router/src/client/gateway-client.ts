import { type SessionStatus, systemClock } from '@blazz/core';
import { NonceSource, Signer } from '@blazz/core/signing';
import { Pool } from 'undici';
import { parseBaseUrl } from '../base-url';
import type {
  ConsumerPage,
  EventPage,
  Health,
  Message,
  MessagePage,
  PairingCodeAnswer,
  PairingQr,
  SendResult,
  StreamTicket,
} from './answers';
import { type Call, type CallOptions, encodeBody, requestTarget } from './call';
import type { GatewayClientOptions } from './gateway-client-options';
import { NumberCalls } from './number-calls';
import type {
  ConsumerListQuery,
  DecisionRequest,
  EventListQuery,
  MessageListQuery,
  SendMessageRequest,
  SendOptions,
  SendTemplateRequest,
} from './requests';
import { RetryBudget } from './retry-budget';
import { RetryingCaller } from './retrying-caller';
import { SessionCalls } from './session-calls';
import { SignedTransport } from './signed-transport';
import { TemplateCalls } from './template-calls';

/** How long an instance waits for a send's outcome when it is not told, in seconds. */
const DEFAULT_WAIT_SECONDS = 10;
/** Pairing starts a browser before there is a QR. */
const PAIRING_WAIT_MS = 60_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * Calls one instance: signs every request, keeps connections, bounds time, and repeats calls where
 * that cannot do a thing twice (what only reads, and sends, which always have an idempotency key).
 * Every failure is a `GatewayError`: with the instance's own code, or `connection_failed`,
 * `timeout` or `bad_response`. One whose signal is aborted fails with the signal's reason.
 */
export class GatewayClient implements AsyncDisposable {
  /** The templates of sessions' accounts. */
  readonly templates: TemplateCalls;
  /** Sessions' numbers at their platform. */
  readonly number: NumberCalls;
  readonly #pool: Pool;
  readonly #caller: RetryingCaller;
  readonly #nonces: NonceSource = new NonceSource();

  /** @throws GatewayError `invalid_config` for a malformed address or key */
  constructor(options: GatewayClientOptions) {
    const { clock = systemClock, key, tryTimeoutMs = 10_000 } = options;
    const url = parseBaseUrl(options.baseUrl, ['http:', 'https:']);
    const signer = 'sign' in key ? key : new Signer({ keyId: key.id, secret: key.secret, clock });
    this.#pool = new Pool(url.origin, {
      connections: options.connections ?? 32,
      pipelining: 1,
      connect: { timeout: Math.min(3_000, tryTimeoutMs) },
      maxResponseSize: MAX_ANSWER_BYTES,
      // Deadlines are the transport's; these would end a long wait for an outcome.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.#caller = new RetryingCaller({
      transport: new SignedTransport({ pool: this.#pool, signer, authority: url.host, clock }),
      clock,
      random: options.random ?? Math.random,
      budget: new RetryBudget(options.retryBudget),
      maxTries: options.maxTries ?? 4,
      tryTimeoutMs,
      timeoutMs: options.timeoutMs ?? 30_000,
      backoff: { baseMs: options.backoffMs ?? 200, maxMs: 5_000 },
    });
    const calls = new SessionCalls(this.#caller);
    this.templates = new TemplateCalls(calls);
    this.number = new NumberCalls(calls);
  }

  /**
   * Sends a message. By default it waits for the outcome: `status` is then `sent`; when the outcome
   * takes longer, it is how far the message is, and the event stream tells the rest.
   * @throws GatewayError `rejected`, `not_on_whatsapp` … when WhatsApp refused it; `details.outcome`
   * tells a message that was tried from a request that was refused. `details.idempotency_key` is
   * what to repeat the send with.
   */
  send(request: SendMessageRequest, options: SendOptions = {}): Promise<SendResult> {
    return this.#send('send-message', request, options);
  }

  /** Sends an approved template. As {@link GatewayClient.send}. */
  sendTemplate(request: SendTemplateRequest, options: SendOptions = {}): Promise<SendResult> {
    return this.#send('send-template', request, options);
  }

  /** How a session stands. @param id a session id, or a workspace id: then its primary session */
  sessionStatus(id: string, options?: CallOptions): Promise<SessionStatus> {
    return this.#read(['internal', 'session', id, 'status'], {}, options);
  }

  /** Starts pairing and gives the QR to scan. The event stream tells when it changes. */
  qr(id: string, options?: CallOptions): Promise<PairingQr> {
    return this.#act(id, 'qr', undefined, PAIRING_WAIT_MS, options);
  }

  /**
   * Starts pairing by a code to type into the phone.
   * @param phone the account's number, E.164 digits
   */
  pairingCode(id: string, phone: string, options?: CallOptions): Promise<PairingCodeAnswer> {
    return this.#act(id, 'pairing-code', { phone }, PAIRING_WAIT_MS, options);
  }

  /** Stops and starts a session; its link and its messages stay. */
  reconnect(id: string, options?: CallOptions): Promise<SessionStatus> {
    return this.#act(id, 'reconnect', undefined, 0, options);
  }

  /** Stops a session. Its link stays: it starts again without a new pairing. */
  stop(id: string, options?: CallOptions): Promise<SessionStatus> {
    return this.#act(id, 'stop', undefined, 0, options);
  }

  /** Ends a session's link and deletes its credentials. It must be paired anew. */
  logout(id: string, options?: CallOptions): Promise<SessionStatus> {
    return this.#act(id, 'logout', undefined, 0, options);
  }

  /** A message, its attempts and how it stands. @param workspaceId the tenant that it belongs to */
  message(id: string, workspaceId: string | number, options?: CallOptions): Promise<Message> {
    return this.#read(['internal', 'messages', id], { workspace_id: workspaceId }, options);
  }

  /** Messages, newest first, a page at a time. */
  messages(query: MessageListQuery, options?: CallOptions): Promise<MessagePage> {
    return this.#read(['internal', 'messages'], { ...query }, options);
  }

  /**
   * Decides on a message that is `unknown`, after a look into the chat: `retry` sends it once more,
   * `mark_sent` and `mark_failed` end it.
   * @throws GatewayError `conflict` when the message is not `unknown` any more
   */
  async decide(id: string, request: DecisionRequest, options?: CallOptions): Promise<Message> {
    const target = requestTarget(['internal', 'messages', id, 'decision']);
    // Repeated, it would find the message decided on, and fail: only what never arrived is repeated.
    const call: Call = {
      method: 'POST',
      target,
      body: encodeBody(request),
      replay: 'unsent',
      waitMs: 0,
    };
    return (await this.#caller.call(call, options)).data as Message;
  }

  /** A stretch of the event log, for those who would rather pull than keep a stream. */
  events(query: EventListQuery, options?: CallOptions): Promise<EventPage> {
    const { types, sessions, ...rest } = query;
    const lists = { types: types?.join(','), sessions: sessions?.join(',') };
    return this.#read(['internal', 'events'], { ...rest, ...lists }, options);
  }

  /** The named readers of events, by name, a page at a time. */
  consumers(query: ConsumerListQuery, options?: CallOptions): Promise<ConsumerPage> {
    return this.#read(['internal', 'consumers'], { ...query }, options);
  }

  /** The sessions of this instance that the key covers. */
  sessions(options?: CallOptions): Promise<readonly SessionStatus[]> {
    return this.#read(['internal', 'sessions'], {}, options);
  }

  /**
   * A ticket with which a browser opens the event stream.
   * @param workspaceId the only workspace that it is good for. Default: all that the key covers
   */
  async wsTicket(workspaceId?: string | number, options?: CallOptions): Promise<StreamTicket> {
    const target = requestTarget(['internal', 'ws-tickets']);
    const body = encodeBody({ workspace_id: workspaceId });
    const call: Call = { method: 'POST', target, body, replay: 'unsent', waitMs: 0 };
    return (await this.#caller.call(call, options)).data as StreamTicket;
  }

  /** How the instance is; an instance that is unwell answers too. Not signed. */
  async health(options?: CallOptions): Promise<Health> {
    const target = requestTarget(['health']);
    const call: Call = { method: 'GET', target, replay: 'safe', waitMs: 0, bare: true };
    return (await this.#caller.call(call, options)).data as Health;
  }

  /** Lets calls in flight end and closes the connections. Later calls fail with `shutting_down`. */
  async close(): Promise<void> {
    if (!this.#pool.closed) await this.#pool.close();
  }

  /** {@inheritDoc GatewayClient.close} */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #send(route: string, request: object, options: SendOptions): Promise<SendResult> {
    const { idempotencyKey = `idem_${this.#nonces.next()}`, wait } = options;
    const { data, header } = await this.#caller.call(
      {
        method: 'POST',
        target: requestTarget(['internal', route]),
        body: encodeBody(request),
        idempotencyKey,
        prefer: wait === undefined ? undefined : wait === 0 ? 'respond-async' : `wait=${wait}`,
        replay: 'safe',
        waitMs: (wait ?? DEFAULT_WAIT_SECONDS) * 1000,
      },
      options,
    );
    const replayed = header('idempotent-replayed') === 'true';
    // The data was parsed for this call alone; copying it would cost more than the signature.
    return Object.assign(data as SendResult, { idempotency_key: idempotencyKey, replayed });
  }

  async #read<T>(
    path: readonly string[],
    query: Readonly<Record<string, string | number | undefined>>,
    options: CallOptions | undefined,
  ): Promise<T> {
    const target = requestTarget(path, query);
    const call: Call = { method: 'GET', target, replay: 'safe', waitMs: 0 };
    return (await this.#caller.call(call, options)).data as T;
  }

  async #act<T>(
    id: string,
    action: string,
    body: object | undefined,
    waitMs: number,
    options: CallOptions | undefined,
  ): Promise<T> {
    const target = requestTarget(['internal', 'session', id, action]);
    const encoded = body && encodeBody(body);
    const call: Call = { method: 'POST', target, body: encoded, replay: 'unsent', waitMs };
    return (await this.#caller.call(call, options)).data as T;
  }
}
