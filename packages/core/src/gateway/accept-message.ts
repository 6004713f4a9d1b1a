import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock';
import { digestOf } from '../digest';
import { GatewayError, isGatewayError } from '../errors/gateway-error';
import { newId } from '../ids';
import {
  assertInTime,
  type ParsedSendRequest,
  parseSendRequest,
} from '../messages/parse-send-request';
import type { Observer } from '../observer';
import type { MessageRecord, NewMessage } from '../outbox/message-record';
import type { SessionManager } from '../session/session-manager';
import type { Store } from '../store/store';
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

/** What acceptance works with. */
export interface AcceptContext {
  /** Where state is. */
  readonly store: Store;
  /** The gateway's sessions. */
  readonly sessions: SessionManager;
  /** Where configurations come from. */
  readonly source: WorkspaceSource;
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

/** A request as it is worked on. */
interface Asked {
  readonly workspaceId: string;
  readonly parsed: ParsedSendRequest;
  readonly sessionId: string | undefined;
  readonly idempotencyKey: string;
  /** What the caller said, not what it means today: a repeat is the same request, whatever changed. */
  readonly digest: string;
}

/** Accepts a message of a workspace. See `Workspace.send`. */
export async function acceptMessage(
  workspaceId: string,
  request: unknown,
  options: SendOptions,
  context: AcceptContext,
): Promise<Accepted> {
  const { store, clock, isOpen } = context;
  if (!isOpen()) throw new GatewayError('shutting_down', 'The gateway is stopping; send later.');
  const parsed = parseSendRequest(request);
  const idempotencyKey = checkedKey(options.idempotencyKey);
  const { sessionId } = options;
  const digest = digestOf([sessionId ?? null, parsed]);
  try {
    return await accept({ workspaceId, parsed, sessionId, idempotencyKey, digest }, context);
  } catch (refusal) {
    const isRepeat = options.idempotencyKey !== undefined && isGatewayError(refusal);
    if (!isRepeat || refusal.retryable) throw refusal;
    // It may have been accepted when there was nothing to refuse yet.
    const earlier = await store.outbox.replay(workspaceId, idempotencyKey, digest, clock.now());
    if (earlier?.kind !== 'replayed') throw refusal;
    return { message: earlier.message, idempotencyKey, replayed: true };
  }
}

async function accept(asked: Asked, context: AcceptContext): Promise<Accepted> {
  const { workspaceId, parsed, idempotencyKey } = asked;
  const { store, clock, observer, source, sessions } = context;
  const now = clock.now();
  assertInTime(parsed, now);
  const config = await source.get(workspaceId);
  if (config === undefined) throw new GatewayError('not_found', 'There is no such workspace.');
  const session = await sessions.ensure(config, asked.sessionId);
  const { type } = parsed.content;
  if (!session.provider.capabilities.messageTypes.includes(type)) {
    const types = session.provider.capabilities.messageTypes.join(', ');
    const why = `This session's provider cannot send ${type} messages; it can send ${types}.`;
    throw new GatewayError('unsupported_content', why, { details: { path: 'type' } });
  }
  const message = newMessage(asked, session.id, now);
  const accepted = await store.outbox.accept(message, asked.digest, KEY_TTL_MS);
  if (accepted.kind === 'mismatch') {
    const why =
      'This idempotency key was used for another message; take a new key for a new message.';
    throw new GatewayError('idempotency_mismatch', why);
  }
  const replayed = accepted.kind === 'replayed';
  if (!replayed) observer.messageAccepted?.({ type, provider: config.provider_type });
  // By name: a new configuration may have put another object in the session's place. And after a
  // replay too: it may be all that is left of an answer that was lost on its way from the store.
  sessions.wake(session.id);
  return { message: accepted.message, idempotencyKey, replayed };
}

function newMessage(
  { workspaceId, parsed, idempotencyKey }: Asked,
  sessionId: string,
  now: number,
): NewMessage {
  const { reply_to, send_at, expires_at } = parsed;
  return {
    message_id: newId('msg', now),
    workspace_id: workspaceId,
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

function checkedKey(key: string | undefined): string {
  if (key === undefined) return randomUUID();
  if (idempotencyKeyPattern.test(key)) return key;
  const why = 'An idempotency key is 16 to 128 letters, digits, "_" or "-".';
  throw new GatewayError('bad_request', why, { details: { field: 'Idempotency-Key' } });
}
