import type { Clock, GatewayError, InboundMessage, ProviderEvent } from '@blazz/core';
import { GatewayError as Failure } from '@blazz/core';
import type { AckReceipt } from '../decode/ack';
import { Flight } from './flight';
import { RecentMap } from './recent-map';

/** What an outbound book needs. */
export interface OutboundBookContext {
  /** Time. */
  readonly clock: Clock;
  /** Reports an event. */
  readonly emit: (event: ProviderEvent) => void;
}

/** How many of its own messages a session remembers. */
const remembered = 5_000;

/**
 * Knows which of the account's own messages are ours. WhatsApp Web shows a message in the page
 * before the call that sent it returns, and acknowledges by ids that the caller may not have yet:
 * so while a send is under way, what cannot be told apart is held, and sorted out by id.
 */
export class OutboundBook {
  readonly #context: OutboundBookContext;
  readonly #ours = new RecentMap<string, string>(remembered);
  readonly #keyOf = new RecentMap<string, string>(remembered);
  readonly #acks = new RecentMap<string, AckReceipt>(remembered);
  readonly #waiting = new Map<string, (receipt: AckReceipt) => void>();
  readonly #flights = new Set<Flight>();
  #heldReceipts: { readonly key: string; readonly receipt: AckReceipt }[] = [];

  /** @param context what the book needs */
  constructor(context: OutboundBookContext) {
    this.#context = context;
  }

  /** Begins a send of one of the gateway's messages. */
  open(messageId: string): Flight {
    const flight = new Flight({
      claimed: (key) => {
        this.#ours.set(key, messageId);
        this.#keyOf.set(messageId, key);
        this.#sortOut();
      },
      closed: (told) => {
        this.#flights.delete(flight);
        this.#waiting.delete(flight.key ?? '');
        for (const echo of flight.release()) this.onEcho(echo);
        // After the outcome was returned and written down, not before.
        this.#context.clock.schedule(0, () => this.#flushReceipts(flight.key, told));
      },
    });
    this.#flights.add(flight);
    return flight;
  }

  /** Whether no send is under way. */
  get isIdle(): boolean {
    return this.#flights.size === 0;
  }

  /** Whether a message is ours. */
  isOurs(key: string): boolean {
    return this.#ours.has(key);
  }

  /** WhatsApp's id of one of the gateway's messages, when it was learnt in this run. */
  keyOf(messageId: string): string | undefined {
    return this.#keyOf.get(messageId);
  }

  /** A message of the account's own appeared. */
  onEcho(message: InboundMessage): void {
    if (this.#ours.has(message.provider_message_id)) return;
    const holder = [...this.#flights].find((flight) => flight.key === undefined);
    if (holder === undefined) this.#context.emit({ type: 'message.echo', message });
    else holder.hold(message);
  }

  /** A message of the account's own got further. */
  onReceipt(key: string, receipt: AckReceipt): void {
    this.#acks.set(key, receipt);
    this.#waiting.get(key)?.(receipt);
    const held = [...this.#flights].some(
      (flight) => flight.key === key || (flight.key === undefined && !this.#ours.has(key)),
    );
    if (held) this.#heldReceipts.push({ key, receipt });
    else this.#emitReceipt(key, receipt);
  }

  /** How far a message of the account's own is known to be. */
  receiptOf(key: string): AckReceipt | undefined {
    return this.#acks.get(key);
  }

  /** Resolves with the first receipt of a message: it may have come already. */
  acknowledged(key: string): Promise<AckReceipt> {
    const known = this.#acks.get(key);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve) => this.#waiting.set(key, resolve));
  }

  /** A flight has its key: whatever else was held on its account is somebody else's. */
  #sortOut(): void {
    const unclaimed = [...this.#flights].some((flight) => flight.key === undefined);
    for (const flight of this.#flights) {
      if (flight.key !== undefined) for (const echo of flight.release()) this.onEcho(echo);
    }
    if (unclaimed) return;
    const flying = new Set([...this.#flights].map((flight) => flight.key));
    const free = this.#heldReceipts.filter(({ key }) => !flying.has(key));
    this.#heldReceipts = this.#heldReceipts.filter(({ key }) => flying.has(key));
    for (const { key, receipt } of free) this.#emitReceipt(key, receipt);
  }

  #flushReceipts(key: string | undefined, told: AckReceipt | undefined): void {
    const busy = [...this.#flights].some((flight) => flight.key === undefined);
    const free = this.#heldReceipts.filter((held) => held.key === key || !busy);
    this.#heldReceipts = this.#heldReceipts.filter((held) => held.key !== key && busy);
    for (const held of free) {
      if (held.key !== key || held.receipt !== told) this.#emitReceipt(held.key, held.receipt);
    }
  }

  #emitReceipt(key: string, status: AckReceipt): void {
    const error: GatewayError | undefined =
      status === 'failed' ? new Failure('rejected', 'WhatsApp refused the message.') : undefined;
    this.#context.emit({
      type: 'message.receipt',
      provider_message_id: key,
      status,
      ...(error === undefined ? {} : { error }),
      at: this.#context.clock.now(),
    });
  }
}
