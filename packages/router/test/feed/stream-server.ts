import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GatewayEvent } from '@blazz/core';
import type { VerificationReason } from '@blazz/core/signing';
import { type WebSocket, WebSocketServer } from 'ws';
import { Instance } from '../instance';

export interface Subscribe {
  readonly type: 'subscribe';
  readonly workspace_id: string;
  readonly after?: number | 'head' | 'oldest';
  readonly types?: string[];
  readonly sessions?: string[];
  readonly consumer?: string;
}

function event(seq: number, padding = ''): GatewayEvent {
  return {
    id: `evt_${seq}`,
    seq,
    type: 'message.revoked',
    workspace_id: 'w1',
    session_id: 's1',
    time: '2026-03-01T12:00:00.000Z',
    data: { provider_message_id: `id_${seq}${padding}`, chat_id: '120363@g.us' },
  };
}

/** One connection, as the server sees it. */
export interface Peer {
  readonly socket: WebSocket;
  readonly upgrade: IncomingMessage;
  subscribe: Subscribe | undefined;
  cursor: number;
}

/**
 * A real event stream on the loopback: it verifies upgrades, keeps a log, serves it by cursor and
 * remembers what consumers acknowledged. A test makes it drop, stall, refuse and restart.
 */
export class StreamServer implements AsyncDisposable {
  readonly log: GatewayEvent[] = [];
  readonly subscribes: Subscribe[] = [];
  readonly acks: number[] = [];
  readonly cursors: Map<string, number> = new Map();
  readonly peers: Set<Peer> = new Set();
  readonly refused: VerificationReason[] = [];
  /** Given to every client; pings go out as often, unless `silent`. */
  heartbeatMs = 30_000;
  silent = false;
  /** Whether subscriptions are confirmed. */
  confirms = true;
  oldest = 1;
  hello: (() => string) | undefined;
  /** Refuses upgrades with these bytes instead. */
  refusal: (() => string | undefined) | undefined;
  onPeer: (peer: Peer, count: number) => void = () => undefined;
  #instance: Instance = new Instance();
  #sockets: WebSocketServer = new WebSocketServer({ noServer: true });
  #port = 0;
  #count = 0;
  readonly #timers: Set<NodeJS.Timeout> = new Set();

  async start(): Promise<this> {
    this.#instance = new Instance();
    this.#sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'blazz.v1' });
    this.#instance.server.on('upgrade', (request, socket, head) => {
      this.#upgrade(request, socket, head).catch((error: unknown) =>
        socket.destroy(error as Error),
      );
    });
    await this.#instance.start(this.#port);
    this.#port = this.#instance.port;
    return this;
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const { socket } of this.peers) socket.terminate();
    this.peers.clear();
    await this.#instance[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get head(): number {
    return this.oldest - 1 + this.log.length;
  }

  /** Appends events and sends them to whoever is subscribed. */
  append(count: number, padding = ''): void {
    for (let i = 0; i < count; i++) this.log.push(event(this.head + 1, padding));
    for (const peer of this.peers) this.serve(peer);
  }

  /** Forgets the oldest events, up to and including `seq`. */
  trim(seq: number): void {
    this.log.splice(0, seq - this.oldest + 1);
    this.oldest = seq + 1;
  }

  serve(peer: Peer): void {
    if (peer.subscribe === undefined) return;
    if (peer.cursor > this.head) {
      this.#send(peer, {
        type: 'gap',
        workspace_id: 'w1',
        from: peer.cursor + 1,
        to: this.oldest - 1,
      });
      peer.cursor = this.oldest - 1;
    } else if (peer.cursor < this.oldest - 1) {
      this.#send(peer, {
        type: 'gap',
        workspace_id: 'w1',
        from: peer.cursor + 1,
        to: this.oldest - 1,
      });
      peer.cursor = this.oldest - 1;
    }
    for (; peer.cursor < this.head; peer.cursor++) {
      const next = this.log[peer.cursor - this.oldest + 1];
      if (peer.socket.readyState !== 1) return;
      this.#send(peer, { type: 'event', event: next });
    }
  }

  #send({ socket }: Peer, frame: unknown): void {
    socket.send(JSON.stringify(frame));
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const refusal = this.refusal?.();
    if (refusal !== undefined) {
      socket.end(refusal);
      return;
    }
    const verification = await this.#instance.verifier.verify({
      method: request.method ?? '',
      authority: request.headers.host,
      rawTarget: request.url ?? '',
      headers: request.rawHeaders,
      body: new Uint8Array(),
      now: Date.now(),
    });
    if (!verification.ok) {
      this.refused.push(verification.reason);
      const body =
        '{"success":false,"error":{"code":"signature_invalid","message":"No.","retryable":false}}';
      socket.end(`HTTP/1.1 401 No\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (ws) => this.#greet(ws, request));
  }

  #greet(socket: WebSocket, upgrade: IncomingMessage): void {
    const peer: Peer = { socket, upgrade, subscribe: undefined, cursor: 0 };
    this.peers.add(peer);
    const beat = setInterval(() => {
      if (!this.silent) socket.ping();
    }, this.heartbeatMs);
    this.#timers.add(beat);
    socket.on('close', () => {
      clearInterval(beat);
      this.peers.delete(peer);
    });
    socket.on('error', () => undefined);
    socket.on('message', (data) => this.#onFrame(peer, JSON.parse(String(data))));
    this.onPeer(peer, ++this.#count);
    const bounds = { oldest_seq: this.oldest, head_seq: this.head };
    const hello = { type: 'hello', heartbeat_ms: this.heartbeatMs, ...bounds };
    socket.send(this.hello?.() ?? JSON.stringify(hello));
  }

  #onFrame(peer: Peer, frame: Subscribe | { type: 'ack'; seq: number }): void {
    if (frame.type === 'ack') {
      this.acks.push(frame.seq);
      const { consumer } = peer.subscribe ?? {};
      if (consumer !== undefined) this.cursors.set(consumer, frame.seq);
      return;
    }
    this.subscribes.push(frame);
    peer.subscribe = frame;
    const saved = this.cursors.get(frame.consumer ?? '');
    const { after = saved ?? 'head' } = frame;
    peer.cursor = after === 'head' ? this.head : after === 'oldest' ? this.oldest - 1 : after;
    const bounds = { oldest_seq: this.oldest, head_seq: this.head };
    const confirmation = { type: 'subscribed', workspace_id: 'w1', after: peer.cursor, ...bounds };
    if (this.confirms) this.#send(peer, confirmation);
    this.serve(peer);
  }
}
