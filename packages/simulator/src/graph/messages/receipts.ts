import { GatewayError } from '@blazz/core';
import type { GraphContext } from '../graph-context';
import { statusValue } from '../webhooks/values';
import type { Contact } from '../world/contact';
import {
  type MessageStatus,
  type SentMessage,
  type StatusStep,
  statusOf,
  type WebhookState,
} from './sent-message';

/** The order of the statuses: a message only moves on. */
const rank: Readonly<Record<MessageStatus, number>> = {
  accepted: 0,
  sent: 1,
  delivered: 2,
  read: 3,
  played: 4,
  failed: 5,
};

/** How far the automatic modes go. */
const reach = { none: 0, sent: 1, delivered: 2, read: 3 } as const;

/** What becomes of accepted messages: statuses over time, told by webhooks. */
export class Receipts {
  readonly #context: GraphContext;
  readonly #sent = new Map<string, SentMessage>();
  readonly #held = new Map<Contact, SentMessage[]>();

  /** @param context everything else */
  constructor(context: GraphContext) {
    this.#context = context;
  }

  /** Every message that was accepted, in order. */
  get all(): readonly SentMessage[] {
    return [...this.#sent.values()];
  }

  /** A message by its id. */
  get(id: string): SentMessage | undefined {
    return this.#sent.get(id);
  }

  /** Sets a message on its way. */
  begin(message: SentMessage): void {
    const { timers, timings, switches } = this.#context;
    this.#sent.set(message.id, message);
    if (switches.receipts === 'none') return;
    timers.after(timings.sentMs, () => {
      this.#step(message, message.refusal ? 'failed' : 'sent');
      if (!message.refusal) this.#goOn(message);
    });
  }

  /**
   * Moves a message to a status now; it never goes back.
   * @throws GatewayError `not_found` when there is no such message
   */
  move(id: string, status: MessageStatus): void {
    const message = this.#sent.get(id);
    if (!message) throw new GatewayError('not_found', 'No message with this id was sent.');
    this.#step(message, status);
  }

  /** Delivers what waited for a phone to come back. */
  online(contact: Contact): void {
    const held = this.#held.get(contact) ?? [];
    this.#held.delete(contact);
    for (const message of held) this.#goOn(message);
  }

  #goOn(message: SentMessage): void {
    const { timers, timings, switches } = this.#context;
    if (reach[switches.receipts] < 2) return;
    if (!message.to.online) {
      this.#held.set(message.to, [...(this.#held.get(message.to) ?? []), message]);
      return;
    }
    timers.after(timings.deliveredMs, () => {
      this.#step(message, 'delivered');
      if (reach[switches.receipts] < 3) return;
      timers.after(timings.readMs, () => this.#step(message, 'read'));
    });
  }

  #step(message: SentMessage, status: MessageStatus): void {
    const { clock, publish, queue, switches, faults, timers } = this.#context;
    const before = statusOf(message);
    if (rank[status] <= rank[before] || before === 'failed') return;
    const step: StatusStep = { status, time: clock.now(), webhook: 'PENDING' };
    message.steps.push(step);
    if (status === 'delivered') publish('received', message);
    publish('status', { id: message.id, status });
    const value = statusValue(message, switches.userIds);
    const progress = (state: WebhookState): void => {
      step.webhook = state;
    };
    const item = { wabaId: message.from.wabaId, field: 'messages', value, progress };
    const fate = faults.statusFate(message, status);
    if (fate === 'lost') return;
    if (fate > 0) timers.after(fate, () => queue.push(item));
    else queue.push(item);
  }
}
