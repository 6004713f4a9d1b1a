import type { Duplex } from 'node:stream';
import {
  type CancelTimer,
  type Clock,
  type Gateway,
  isGatewayError,
  type Logger,
} from '@blazz/core';
import type { RawData, WebSocket } from 'ws';
import { type Caller, onlyWorkspace } from '../http/caller';
import { type AckFrame, parseClientFrame, type SubscribeFrame } from './client-frames';
import { type CloseReason, closeCodes } from './close-codes';
import type { StreamLimits } from './limits';
import type { SharedLogs } from './shared-logs';
import { StreamWriter } from './stream-writer';
import { Subscription } from './subscription';

/** What a stream works with. */
export interface StreamContext {
  /** The gateway. */
  readonly gateway: Gateway;
  /** The workspaces' logs, as streams share them. */
  readonly logs: SharedLogs;
  /** The bounds. */
  readonly limits: StreamLimits;
  /** Time. */
  readonly clock: Clock;
  /** Log lines. */
  readonly logger: Logger;
  /** Whether the instance takes work; while it stops, the log may be closed already. */
  readonly isAccepting: () => boolean;
  /** Hears how many events were written. */
  readonly onStreamed: (count: number) => void;
}

/** How long a client may take over its half of the closing handshake, in milliseconds. */
const CLOSE_MS = 5_000;

/** One connection to the event stream: protocol `blazz.v1`. */
export class Stream {
  readonly #socket: WebSocket;
  readonly #caller: Caller;
  readonly #context: StreamContext;
  readonly #writer: StreamWriter;
  readonly #subscriptions = new Map<string, Subscription>();
  #answered = true;
  #frames = 0;
  #cancelBeat: CancelTimer = () => undefined;
  #ended = false;
  #greeted: Promise<void> = Promise.resolve();

  /**
   * @param socket the WebSocket
   * @param raw the socket below it
   * @param caller who connected
   * @param context what the stream works with
   */
  constructor(socket: WebSocket, raw: Duplex, caller: Caller, context: StreamContext) {
    const { limits, clock } = context;
    this.#socket = socket;
    this.#caller = caller;
    this.#context = context;
    this.#writer = new StreamWriter(socket, raw, limits, clock, () => this.close('slow'));
  }

  /** Greets the client and serves it until either side ends. */
  start(): void {
    const socket = this.#socket;
    socket.on('message', (data, isBinary) => this.#onFrame(data, isBinary));
    socket.on('pong', () => {
      this.#answered = true;
    });
    socket.on('error', () => socket.terminate());
    socket.once('close', () => this.#end());
    this.#beat();
    this.#greeted = this.#greet();
  }

  /** Ends the stream, with a code that tells the client why. */
  close(reason: CloseReason): void {
    this.#end();
    const [code, words] = closeCodes[reason];
    if (this.#socket.readyState === this.#socket.CLOSED) return;
    this.#socket.close(code, words);
    const cancel = this.#context.clock.schedule(CLOSE_MS, () => this.#socket.terminate());
    this.#socket.once('close', cancel);
  }

  /** Resolves when what the client acknowledged has been written. */
  async flushed(): Promise<void> {
    await Promise.all([...this.#subscriptions.values()].map((each) => each.flushed()));
  }

  #onFrame(data: RawData, isBinary: boolean): void {
    if (this.#ended) return;
    if (++this.#frames > this.#context.limits.maxFramesPerHeartbeat) return this.close('rate');
    const frame = isBinary ? undefined : parseClientFrame(String(data));
    if (frame?.type === 'subscribe') return void this.#subscribe(frame);
    if (frame?.type !== 'ack' || !this.#ack(frame)) this.close('bad_frame');
  }

  async #subscribe(request: SubscribeFrame): Promise<void> {
    const { gateway, clock, logger, limits, logs, onStreamed, isAccepting } = this.#context;
    const { workspaceId } = request;
    if (!this.#caller.covers(workspaceId)) return this.close('grant');
    this.#subscriptions.get(workspaceId)?.close();
    this.#subscriptions.delete(workspaceId);
    if (this.#subscriptions.size >= limits.maxSubscriptions) return this.close('rate');
    const { events } = gateway.store;
    const context = { events, clock, logs, writer: this.#writer, onStreamed };
    const subscription = new Subscription(request, context);
    this.#subscriptions.set(workspaceId, subscription);
    try {
      await this.#greeted;
      await gateway.workspace(workspaceId).config();
      await subscription.run();
    } catch (error) {
      if (this.#ended) return;
      if (isGatewayError(error) && error.code === 'not_found') return this.close('grant');
      if (!isAccepting()) return this.close('restart');
      logger.error('a stream could not read the event log', { error, workspace_id: workspaceId });
      this.close('internal');
    }
  }

  /** Whether the acknowledgement was about something. */
  #ack({ workspaceId, seq }: AckFrame): boolean {
    const [first, second] = this.#subscriptions.values();
    const only = second === undefined ? first : undefined;
    const target = workspaceId === undefined ? only : this.#subscriptions.get(workspaceId);
    target?.ack(seq);
    return target !== undefined;
  }

  async #greet(): Promise<void> {
    const only = onlyWorkspace(this.#caller);
    const bounds = only === undefined ? {} : await this.#bounds(only);
    const { heartbeatMs } = this.#context.limits;
    this.#writer.send(JSON.stringify({ type: 'hello', heartbeat_ms: heartbeatMs, ...bounds }));
  }

  async #bounds(workspaceId: string): Promise<Readonly<Record<string, number>>> {
    try {
      const { oldestSeq, headSeq } = await this.#context.gateway.store.events.bounds(workspaceId);
      return { oldest_seq: oldestSeq, head_seq: headSeq };
    } catch {
      return {};
    }
  }

  #beat(): void {
    const { clock, limits } = this.#context;
    this.#cancelBeat = clock.schedule(limits.heartbeatMs, () => {
      if (!this.#answered) return this.#socket.terminate();
      if (this.#caller.validity(clock.now()) !== 'valid') return this.close('key');
      this.#answered = false;
      this.#frames = 0;
      this.#socket.ping();
      for (const subscription of this.#subscriptions.values()) subscription.seen();
      this.#beat();
    });
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelBeat();
    for (const subscription of this.#subscriptions.values()) subscription.close();
    this.#writer.close();
  }
}
