/**
 * What one delivery of an event to one of many stream clients costs the server, beside a plain
 * `ws.send(buffer)` for each event and client, the buffer made once. Alternating rounds in one run,
 * the clients in a process of their own.
 * `npx tsx bench/stream-fanout.ts [rounds] [clients] [bursts per round]`
 *
 * Events come in bursts, and the next burst waits until every client has the one before: so exactly
 * that many are pending in a turn.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@blazz/core';
import { generateSecret, Signer } from '@blazz/core/signing';
import { type ServerProcess, serverProcess } from './support/child';
import type { ReceiverOrders } from './support/fanout-receivers';
import { loadNote, median } from './support/figures';

const [ROUNDS = 5, CLIENTS = 500, TURNS = 100] = process.argv.slice(2).map(Number);
const SIZES = [1, 8, 32];
const AIM = 0.3;
const secret = generateSecret();
const signer = new Signer({ keyId: 'bench', secret, clock: systemClock });

/** A server and the clients that are connected to it. */
class Side {
  readonly #server: ServerProcess;
  readonly #receivers: ChildProcess;
  #delivered = 0;

  private constructor(server: ServerProcess, receivers: ChildProcess) {
    this.#server = server;
    this.#receivers = receivers;
  }

  static async open(server: ServerProcess, orders: ReceiverOrders): Promise<Side> {
    const file = fileURLToPath(new URL('./support/fanout-receivers.ts', import.meta.url));
    const receivers = fork(file, { execArgv: ['--import', 'tsx'] });
    receivers.send(orders);
    await once(receivers, 'message');
    return new Side(server, receivers);
  }

  /** @returns CPU microseconds for each delivery */
  async round(burst: number): Promise<number> {
    const before = await this.#server.usage();
    for (let i = 0; i < TURNS; i++) {
      this.#delivered += burst * CLIENTS;
      const seen = once(this.#receivers, 'message');
      this.#receivers.send({ until: this.#delivered });
      this.#server.tell(burst);
      await seen;
    }
    const { cpuUs } = await this.#server.usage();
    return (cpuUs - before.cpuUs) / (TURNS * burst * CLIENTS);
  }

  async close(): Promise<void> {
    this.#receivers.disconnect();
    await this.#server.stop();
  }
}

const plainServer = await serverProcess('fanout-plain');
const gatewayServer = await serverProcess('fanout-gateway', secret);
const plain = await Side.open(plainServer, {
  port: plainServer.port,
  path: '/',
  headers: Array.from({ length: CLIENTS }, () => ({})),
});
const path = '/internal/ws';
const gateway = await Side.open(gatewayServer, {
  port: gatewayServer.port,
  path,
  headers: Array.from({ length: CLIENTS }, () => ({
    ...signer.sign({
      method: 'GET',
      authority: `127.0.0.1:${gatewayServer.port}`,
      rawTarget: path,
    }),
    'sec-websocket-protocol': 'blazz.v1',
  })),
  hello: JSON.stringify({ type: 'subscribe', workspace_id: 'bench', after: 'head' }),
});
console.log(`${CLIENTS} clients, ${TURNS} bursts a round; ${loadNote()}`);
for (const burst of SIZES) {
  const rows: { ours: number; plain: number }[] = [];
  for (let i = 0; i <= ROUNDS; i++) {
    const row = { plain: await plain.round(burst), ours: await gateway.round(burst) };
    if (i > 0) rows.push(row);
  }
  const ratio = median(rows.map((row) => row.ours / row.plain));
  const ours = median(rows.map((row) => row.ours)).toFixed(2);
  const theirs = median(rows.map((row) => row.plain)).toFixed(2);
  const judged = burst < 8 ? '' : `; aim at most ${AIM}: ${ratio <= AIM ? 'reached' : 'MISSED'}`;
  console.log(
    `bursts of ${burst}: ${ratio.toFixed(2)} (ours ${ours} µs CPU a delivery, plain ws.send ${theirs} µs${judged})`,
  );
}
console.log(loadNote());
await Promise.all([plain.close(), gateway.close()]);
