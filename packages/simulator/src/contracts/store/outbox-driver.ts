import {
  type AcceptResult,
  type AttemptResult,
  type ErrorBody,
  type MessageRecord,
  type NewMessage,
  parseRecipient,
  type Receipt,
  type SessionFence,
} from '@blazz/core';
import type { StoreUnderTest } from './store-harness';

/** Two persons. */
export const ann = '4915550001111';
/** The other one. */
export const bob = '4915550002222';

/** Why something failed, for tests. */
export const someError: ErrorBody = { code: 'rejected', message: 'No.', retryable: false };

/** A day: how long idempotency keys are remembered in these tests. */
const KEY_TTL_MS = 86_400_000;

/** A message to Ann that may go at once, with an idempotency key of its own. */
export function aMessage(
  under: StoreUnderTest,
  id: string,
  facts: Partial<NewMessage> & { readonly to?: string } = {},
): NewMessage {
  const { to = ann, ...rest } = facts;
  return {
    message_id: id,
    workspace_id: 'ws',
    session_id: 'main',
    recipient: parseRecipient(to),
    content: { type: 'text', text: { body: `text of ${id}` } },
    lane: 'interactive',
    on_ambiguous: 'hold',
    idempotency_key: `key-of-${id}`,
    created_at: under.clock.now(),
    ...rest,
  };
}

/** Drives one session's outbox in as few words as can be. */
export class OutboxDriver {
  readonly #under: StoreUnderTest;
  /** Under which names and epoch it writes. */
  readonly fence: SessionFence;

  /**
   * @param under the store of the test
   * @param fence under which names and epoch to write. Default: session `main` of workspace `ws`, epoch 1
   */
  constructor(under: StoreUnderTest, fence: Partial<SessionFence> = {}) {
    this.#under = under;
    this.fence = { workspaceId: 'ws', sessionId: 'main', epoch: 1, ...fence };
  }

  /** Accepts a message of this session. */
  async accept(
    id: string,
    facts: Partial<NewMessage> & { readonly to?: string } = {},
    digest: string = 'digest',
  ): Promise<AcceptResult> {
    const { workspaceId: workspace_id, sessionId: session_id } = this.fence;
    const message = aMessage(this.#under, id, { workspace_id, session_id, ...facts });
    return this.#under.store.outbox.accept(message, digest, KEY_TTL_MS);
  }

  /** The ids that may be sent now. */
  async claim(limit: number = 100, busy: readonly string[] = []): Promise<readonly string[]> {
    const { messages } = await this.#claim(limit, busy);
    return messages.map(({ message_id }) => message_id);
  }

  /** When to look again, in milliseconds from now. */
  async nextIn(): Promise<number | undefined> {
    const { nextAt } = await this.#claim(0, []);
    return nextAt === undefined ? undefined : nextAt - this.#now;
  }

  /** Begins an attempt. */
  begin(id: string): Promise<MessageRecord | undefined> {
    return this.#under.store.outbox.beginAttempt(this.fence, id, 'scripted', this.#now);
  }

  /** Ends an attempt. */
  finish(id: string, result: AttemptResult): Promise<MessageRecord> {
    return this.#under.store.outbox.finishAttempt(this.fence, id, result, this.#now);
  }

  /** Begins an attempt that WhatsApp takes. */
  async send(id: string, providerMessageId: string = `wa-${id}`): Promise<MessageRecord> {
    await this.begin(id);
    return this.finish(id, { outcome: 'sent', provider_message_id: providerMessageId });
  }

  /** Begins an attempt that leaves nothing behind, to be repeated after `ms`. */
  async backOff(id: string, ms: number): Promise<MessageRecord> {
    await this.begin(id);
    const retry_at = this.#now + ms;
    return this.finish(id, { outcome: 'not_sent', error: someError, retry_at });
  }

  /** Reports how far a message is. */
  receipt(
    providerMessageId: string,
    status: Receipt['status'],
    error?: ErrorBody,
  ): Promise<MessageRecord | undefined> {
    const receipt = { status, ...(error === undefined ? {} : { error }) };
    const { outbox } = this.#under.store;
    return outbox.applyReceipt(this.fence, providerMessageId, receipt, this.#now);
  }

  /** Reports how far a message is, and which attempt that is about. */
  tracked(
    messageId: string,
    attempt: number,
    providerMessageId: string,
    facts: Omit<Receipt, 'tracker'>,
  ): Promise<MessageRecord | undefined> {
    const receipt = { ...facts, tracker: { message_id: messageId, attempt } };
    const { outbox } = this.#under.store;
    return outbox.applyReceipt(this.fence, providerMessageId, receipt, this.#now);
  }

  /** Ends a queued message. */
  expire(id: string): Promise<MessageRecord | undefined> {
    return this.#under.store.outbox.expire(this.fence, id, this.#now);
  }

  /** Settles what an earlier owner left behind. */
  recover(): Promise<readonly MessageRecord[]> {
    return this.#under.store.outbox.recover(this.fence, this.#now);
  }

  /** A message as it stands. */
  get(id: string): Promise<MessageRecord | undefined> {
    return this.#under.store.outbox.get(this.fence.workspaceId, id);
  }

  /** What the log says about the session's messages: `id status`, in order. */
  async told(): Promise<readonly string[]> {
    const { workspaceId, sessionId } = this.fence;
    const query = { after: 0, limit: 1000, sessions: [sessionId] };
    const { events } = await this.#under.store.events.read(workspaceId, query);
    return events.flatMap((event) => {
      if (event.type !== 'message.status' && event.type !== 'message.unknown') return [];
      return `${event.data.message_id} ${event.data.status}`;
    });
  }

  get #now(): number {
    return this.#under.clock.now();
  }

  #claim(
    limit: number,
    busy: readonly string[],
  ): ReturnType<StoreUnderTest['store']['outbox']['claim']> {
    const { workspaceId, sessionId } = this.fence;
    const request = { workspaceId, sessionId, now: this.#now, limit, busy: new Set(busy) };
    return this.#under.store.outbox.claim(request);
  }
}
